"""Lists the distributions in a site-packages folder by the names of its metadata folders."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from packaging.utils import canonicalize_name

# pip renames what it is about to remove to ~name.
_DIST_INFO = re.compile(r"([^~].*?)-([^-]+)\.dist-info")
_EGG_INFO = re.compile(r"([^~].*?)-([^-]+)(?:-py3[\d.]*)?\.egg-info")


@dataclass(frozen=True, slots=True)
class Distribution:
    """An installed distribution; ``installer`` is what its INSTALLER file says."""

    name: str
    version: str
    installer: str = ""


def site_packages(prefix: Path, python: str) -> Path:
    """Return the site-packages folder below the prefix of a Python of a minor version."""
    return prefix / "lib" / f"python{python}" / "site-packages"


def installed(folder: Path) -> tuple[Distribution, ...]:
    """Give the distributions of a site-packages folder, sorted; none if it cannot be read."""
    try:
        names = sorted(one.name for one in folder.iterdir())
    except OSError:
        return ()
    found = []
    for name in names:
        match = _DIST_INFO.fullmatch(name) or _EGG_INFO.fullmatch(name)
        # An env of Nix is made of links, which lead nowhere once a package was collected.
        if match and (folder / name).exists():
            found.append(Distribution(canonicalize_name(match[1]), match[2], _installer(folder / name)))
    return tuple(sorted(found, key=lambda one: (one.name, one.version)))


def _installer(metadata: Path) -> str:
    try:
        file = metadata / "INSTALLER"
        if not file.is_file():  # a FIFO would be waited for
            return ""
        with file.open("rb") as opened:
            return opened.read(200).decode("utf-8", "replace").strip()[:40]
    except OSError:
        return ""
