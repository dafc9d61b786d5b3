"""uv.lock, lock format 1 of all revisions; of newer formats what is alike."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from packaging.utils import canonicalize_name

from nixpy.metadata.model import Facts, Installer, Locked, Strength
from nixpy.metadata.readers.findings import Findings
from nixpy.metadata.readers.locks.entries import (
    conditions,
    edges_of,
    file_name,
    mend_by,
    named,
    newer_format,
    wheels_and_sdist,
)
from nixpy.syntax.toml import load_toml

if TYPE_CHECKING:
    from nixpy.syntax.table import Table
    from nixpy.syntax.tree import Tree

_KNOWN = 1
_SOURCES = {
    "registry": "registry",
    "git": "git",
    "url": "url",
    "path": "path",
    "directory": "path",
    "editable": "path",
    "virtual": "path",
}


def read(tree: Tree, path: str) -> Facts:
    """Read a uv.lock.

    Of a lock written by a newer uv what can be read is read, and a note names the rest. Raises
    NixpyError for broken TOML, and for wrong types in a format that is known.
    """
    found = Findings(path)
    root = load_toml(tree, path, found.errors, lock="package")
    found.sign(Installer.UV, Strength.LOCK, root.origin())
    newer = newer_format(found, root, "version", root.data.get("version", _KNOWN), _KNOWN)
    found.allow(root.string("requires-python"), root.origin("requires-python"))
    for package, name in named(root.tables("package"), found, newer):
        found.locked.append(_package(package, name))
    return found.facts_of_lock(newer, mend_by("uv lock"))


def _package(package: Table, name: str) -> Locked:
    data = package.data
    source = data.get("source")
    kind = (
        next((key for key in source if key in _SOURCES), None) if isinstance(source, dict) else None
    )
    wheels, _ = wheels_and_sdist(_files(data.get("wheels")))
    version = package.string("version")
    edges = tuple(_edges(data))
    markers = data.get("resolution-markers")
    return Locked(
        canonicalize_name(name),
        version,
        package.origin(),
        _SOURCES.get(kind or "registry", "registry"),
        wheels,
        isinstance(data.get("sdist"), dict),
        tuple(dict.fromkeys(other for other, _ in edges)),
        tuple(one for one in markers if isinstance(one, str)) if isinstance(markers, list) else (),
        conditions(edges),
    )


def _files(wheels: object) -> Iterator[str]:
    """Give the file names: of a URL, of a path, or as they stand where the index is a flat file."""
    if isinstance(wheels, list):
        for wheel in wheels:
            if isinstance(wheel, dict):
                place = wheel.get("url") or wheel.get("path") or wheel.get("filename")
                if isinstance(place, str):
                    yield file_name(place)


def _edges(data: Any) -> Iterator[tuple[str, str | None]]:
    yield from edges_of(data.get("dependencies"))
    for key in ("optional-dependencies", "dev-dependencies"):
        groups = data.get(key)
        if isinstance(groups, dict):
            for entries in groups.values():
                yield from edges_of(entries)
