"""pdm.lock, lock format 4 and those before."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from packaging.utils import canonicalize_name

from nixpy.metadata.model import Facts, Installer, Locked, PythonRange, Strength
from nixpy.metadata.notation import poetry
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
from nixpy.syntax.toml import load_toml

if TYPE_CHECKING:
    from nixpy.syntax.table import Table
    from nixpy.syntax.tree import Tree

_KNOWN = 4
_NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]*")


def read(tree: Tree, path: str) -> Facts:
    """Read a pdm.lock; as :func:`nixpy.metadata.readers.locks.uv.read`.

    A lock for several targets allows any Python that one of them allows.
    """
    found = Findings(path)
    root = load_toml(tree, path, found.errors, lock="package")
    found.sign(Installer.PDM, Strength.LOCK, root.origin())
    metadata = root.table("metadata")
    version = metadata.data.get("lock_version", str(_KNOWN))
    newer = newer_format(found, metadata, "lock_version", version, _KNOWN)
    _targets(metadata, found)
    files = metadata.data.get("files")
    for package, name in named(root.tables("package"), found, newer):
        found.locked.append(_package(package, name, files if isinstance(files, dict) else {}))
    found.locked = _joined(found.locked)
    return found.facts_of_lock(newer, mend_by("pdm lock"))


def _targets(metadata: Table, found: Findings) -> None:
    texts = [
        text for target in metadata.tables("targets") if (text := target.string("requires_python"))
    ]
    where = metadata.origin("targets")
    if len(texts) == 1:
        found.allow(texts[0], where)
    elif texts:
        try:
            specifiers = poetry.specifiers(" || ".join(texts), python=True)
        except ValueError:
            metadata.fail("has a `requires_python` that is not a version specifier", "targets")
            return
        found.ranges.append(PythonRange(specifiers, " || ".join(texts), where))


def _package(package: Table, name: str, files: dict[str, Any]) -> Locked:
    data = package.data
    version = package.string("version")
    listed = data.get("files") or files.get(f"{name} {version}")
    names = [*strings_of(listed, "file"), *strings_of(listed, "url")]
    wheels, sdist = wheels_and_sdist(file_name(one) for one in names)
    source = next(
        (kind for kind in ("git", "hg", "svn", "path", "url") if kind in data), "registry"
    )
    marker = data.get("marker")
    edges = tuple(_edges(data.get("dependencies"), canonicalize_name(name)))
    return Locked(
        canonicalize_name(name),
        version,
        package.origin(),
        "git" if source in ("hg", "svn") else source,
        wheels,
        sdist,
        tuple(dict.fromkeys(other for other, _ in edges)),
        (marker,) if isinstance(marker, str) else (),
        conditions(edges),
    )


def _edges(dependencies: object, own: str) -> Iterator[tuple[str, str | None]]:
    """Give the dependencies, each with its marker; an extra's entry requires the package itself."""
    found: list[tuple[str, str]] = []
    if isinstance(dependencies, dict):  # lock formats before 3
        found = [(name, "") for name in dependencies]
    elif isinstance(dependencies, list):
        for text in dependencies:
            match = _NAME.match(text) if isinstance(text, str) else None
            if match:
                found.append((match[0], text.partition(";")[2].strip()))
    for name, marker in found:
        if canonicalize_name(name) != own:
            yield canonicalize_name(name), marker or None


def _joined(locked: list[Locked]) -> list[Locked]:
    """Join a distribution's entry with those of its extras, which stand by themselves."""
    found: dict[tuple[str, str | None, str], Locked] = {}
    for one in locked:
        place = (one.name, one.version, one.source)
        first = found.get(place)
        if first is None:
            found[place] = one
            continue
        requires = tuple(dict.fromkeys((*first.requires, *one.requires)))
        always = {
            name
            for entry in (first, one)
            for name in set(entry.requires) - {name for name, _ in entry.conditions}
        }
        edges = dict.fromkeys((*first.conditions, *one.conditions))
        markers = (
            tuple(dict.fromkeys((*first.markers, *one.markers)))
            if first.markers and one.markers
            else ()
        )
        wheels = tuple(dict.fromkeys((*first.wheels, *one.wheels)))
        found[place] = replace(
            first,
            requires=requires,
            markers=markers,
            wheels=wheels,
            sdist=first.sdist or one.sdist,
            conditions=tuple(edge for edge in edges if edge[0] not in always),
        )
    return list(found.values())
