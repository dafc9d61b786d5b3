"""Looks at the folders of PATH."""

from __future__ import annotations

import os
import re
from collections.abc import Collection
from pathlib import Path

from nixpy.doctor.snapshot import SearchEntry

_PYTHON = re.compile(r"python(?:3(?:\.\d+)?)?")
# What checks ask for by name; the programs of wheels are added to these.
_WATCHED = frozenset(
    (
        "autoconf",
        "automake",
        "cargo",
        "cc",
        "clang",
        "cmake",
        "gcc",
        "gfortran",
        "meson",
        "ninja",
        "mariadb_config",
        "mysql_config",
        "nix",
        "pg_config",
        "pip",
        "pip3",
        "pkg-config",
        "rustc",
        "swig",
        "uv",
        "xcrun",
    )
)


def search(path: str, folder: Path, further: Collection[str] = ()) -> tuple[SearchEntry, ...]:
    """List the watched programs in each folder of PATH, each folder once.

    ``folder`` is what relative entries start from, ``further`` are names to watch.
    """
    watched = _WATCHED.union(further)
    entries = {}
    for text in path.split(os.pathsep):
        place = Path(folder, text).absolute()
        if text and str(place) not in entries:
            entries[str(place)] = SearchEntry(
                str(place), os.path.realpath(place), _programs(place, watched)
            )
    return tuple(one for one in entries.values() if one.programs)


def _programs(folder: Path, watched: Collection[str]) -> dict[str, str]:
    try:
        names = sorted(one.name for one in folder.iterdir())
    except OSError:
        return {}
    return {
        name: os.path.realpath(folder / name)
        for name in names
        if (name in watched or _PYTHON.fullmatch(name)) and _starts(folder / name)
    }


def _starts(path: Path) -> bool:
    # A link that leads nowhere is no program; a venv's is looked at elsewhere.
    return path.is_file() and os.access(path, os.X_OK)
