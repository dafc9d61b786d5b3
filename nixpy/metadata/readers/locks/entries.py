"""What lock files have in common."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from packaging.utils import canonicalize_name

from nixpy.metadata.readers.findings import Findings
from nixpy.syntax.table import Table


def file_name(url: str) -> str:
    """Give the file name at the end of a URL or path."""
    name = url.partition("#")[0].partition("?")[0].rpartition("/")[2]
    if "%" not in name:
        return name
    from urllib.parse import unquote

    return unquote(name)


def wheels_and_sdist(names: Iterable[str]) -> tuple[tuple[str, ...], bool]:
    """Part file names into wheels, and whether a source distribution is among them."""
    wheels: list[str] = []
    sdist = False
    for name in names:
        if name.endswith(".whl"):
            wheels.append(name)
        elif not name.endswith((".egg", ".exe", ".msi", ".rpm")):
            sdist = True
    return tuple(wheels), sdist


def edges_of(entries: object) -> Iterator[tuple[str, str | None]]:
    """Give the normalised names of a list of tables with ``name``, each with its ``marker``.

    What has no name is ignored.
    """
    if isinstance(entries, list):
        for entry in entries:
            name = entry.get("name") if isinstance(entry, dict) else None
            if isinstance(name, str):
                marker = entry.get("marker")
                yield canonicalize_name(name), marker if isinstance(marker, str) else None


def names_of(entries: object) -> Iterator[str]:
    """Give the normalised names of a list of tables with ``name``."""
    return (name for name, _ in edges_of(entries))


def conditions(edges: Iterable[tuple[str, str | None]]) -> tuple[tuple[str, str], ...]:
    """Give the markers of dependencies, as ``(name, marker)``; ``edges`` may name one repeatedly.

    A name that stands without a marker somewhere is required everywhere.
    """
    found: dict[tuple[str, str], None] = {}
    everywhere: set[str] = set()
    for name, marker in edges:
        if marker is None:
            everywhere.add(name)
        else:
            found[name, marker] = None
    return tuple(one for one in found if one[0] not in everywhere) if found else ()


def strings_of(value: Any, key: str) -> Iterable[str]:
    """Give the strings under a key of each table of a list, ignoring what has none."""
    if isinstance(value, list):
        for entry in value:
            text = entry.get(key) if isinstance(entry, dict) else None
            if isinstance(text, str):
                yield text


def newer_format(found: Findings, table: Table, key: str, version: object, known: int) -> bool:
    """Tell whether a lock has a newer format than the known one, and note it if so."""
    major = re.match(r"\d+", str(version))
    if major is None or len(major[0]) > 9 or int(major[0]) <= known:
        return False
    found.note(
        f"lock format {version} is newer than {known}, the one known here: "
        "it was read as far as the two are alike",
        table.origin(key),
    )
    return True


def named(packages: Iterable[Table], found: Findings, newer: bool) -> Iterator[tuple[Table, str]]:
    """Give the entries of a lock that have a name, with it.

    One without is an error, or, in a newer format, is counted in a note.
    """
    skipped = 0
    origin = None
    for package in packages:
        name = package.data.get("name")
        if isinstance(name, str):
            yield package, name
        elif newer:
            skipped += 1
            origin = origin or package.origin()
        elif name is None:
            package.fail("has no `name`")
        else:
            package.string("name")
    if origin is not None:
        found.note(f"entries without a name were left out, {skipped} in all", origin)


def mend_by(command: str | None) -> str:
    """Say how a broken lock is mended."""
    return f"run `{command}` to write the file anew" if command else "write the file anew"
