"""What lock files have in common."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from nixpy.readers._requirement import normalise


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


def names_of(entries: object) -> Iterable[str]:
    """Give the normalised names of a list of tables with ``name``, ignoring what has none."""
    if isinstance(entries, list):
        for entry in entries:
            name = entry.get("name") if isinstance(entry, dict) else None
            if isinstance(name, str):
                yield normalise(name)


def strings_of(value: Any, key: str) -> Iterable[str]:
    """Give the strings under a key of each table of a list, ignoring what has none."""
    if isinstance(value, list):
        for entry in value:
            text = entry.get(key) if isinstance(entry, dict) else None
            if isinstance(text, str):
                yield text
