"""poetry.lock, of poetry 1 and 2."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from packaging.utils import canonicalize_name

from nixpy.metadata.model import Facts, Installer, Locked, Strength
from nixpy.metadata.readers.findings import Findings
from nixpy.metadata.readers.locks.entries import (
    conditions,
    file_name,
    mend_by,
    named,
    newer_format,
    strings_of,
    wheels_and_sdist,
)
from nixpy.metadata.readers.pyproject.poetry import python_versions
from nixpy.syntax.toml import load_toml

if TYPE_CHECKING:
    from nixpy.syntax.table import Table
    from nixpy.syntax.tree import Tree

_KNOWN = 2
_SOURCES = {"git": "git", "url": "url", "file": "path", "directory": "path", "hg": "git"}


def read(tree: Tree, path: str) -> Facts:
    """Read a poetry.lock; as :func:`nixpy.metadata.readers.locks.uv.read`."""
    found = Findings(path)
    root = load_toml(tree, path, found.errors, lock="package")
    found.sign(Installer.POETRY, Strength.LOCK, root.origin())
    metadata = root.table("metadata")
    version = metadata.data.get("lock-version", "1.0")
    newer = newer_format(found, metadata, "lock-version", version, _KNOWN)
    python = metadata.string("python-versions")
    if python:
        python_versions(python, metadata.origin("python-versions"), found)
    files = metadata.data.get("files")
    for package, name in named(root.tables("package"), found, newer):
        found.locked.append(_package(package, name, files if isinstance(files, dict) else {}))
    return found.facts_of_lock(newer, mend_by("poetry lock"))


def _package(package: Table, name: str, files: dict[str, Any]) -> Locked:
    data = package.data
    source = data.get("source")
    kind = source.get("type") if isinstance(source, dict) else None
    # Up to poetry 1.1 the files of all packages stand together at the end.
    listed = data.get("files") or files.get(name) or files.get(canonicalize_name(name))
    wheels, sdist = wheels_and_sdist(file_name(one) for one in strings_of(listed, "file"))
    edges = tuple(_edges(data.get("dependencies")))
    return Locked(
        canonicalize_name(name),
        package.string("version"),
        package.origin(),
        _SOURCES.get(kind, "registry") if isinstance(kind, str) else "registry",
        wheels,
        sdist,
        tuple(dict.fromkeys(other for other, _ in edges)),
        tuple(dict.fromkeys(_markers(data))),
        conditions(edges),
    )


def _edges(dependencies: object) -> Iterator[tuple[str, str | None]]:
    """Give the dependencies, each with its marker: one entry, or several for several markers."""
    for name, value in dependencies.items() if isinstance(dependencies, dict) else ():
        for entry in value if isinstance(value, list) else [value]:
            marker = entry.get("markers") if isinstance(entry, dict) else None
            yield canonicalize_name(name), marker if isinstance(marker, str) else None


def _markers(data: Mapping[str, object]) -> Iterator[str]:
    """Give the markers: one for all groups, or one for each; a group without one always counts."""
    markers, groups = data.get("markers"), data.get("groups")
    if isinstance(markers, str):
        yield markers
    elif isinstance(markers, dict):
        values = list(markers.values())
        always = isinstance(groups, list) and any(
            isinstance(group, str) and group not in markers for group in groups
        )
        if not always and all(isinstance(value, str) for value in values):
            yield from values
