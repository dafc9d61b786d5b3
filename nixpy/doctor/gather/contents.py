"""Reads what a venv's site-packages holds: links of nixpy's, and what is damaged."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlparse

from packaging.utils import canonicalize_name

from nixpy.doctor.snapshot import Mention
from nixpy.system.reading import read_head_text

FOLDERS_PTH = "zz_nixpy.pth"
_INFO = re.compile(r"([^~].*?)-[^-]+\.dist-info")
_TAG = re.compile(r"^Tag: *(\S+)$", re.MULTILINE)
_MOST_BYTES = 200_000


def linked_env(site: Path) -> str | None:
    """Give the site-packages of the env that nixpy linked into a venv."""
    return next((line for line in _lines(site / FOLDERS_PTH) if line.startswith("/")), None)


def damaged(site: Path) -> tuple[str, ...]:
    """Give the metadata folders that hold no metadata."""
    return tuple(
        name
        for name, _ in _infos(site)
        if not os.path.lexists(site / name / "METADATA") and not (site / name).is_symlink()
    )


def dead(site: Path) -> tuple[Mention, ...]:
    """Give the folders that .pth files and editable installs name, and that are gone."""
    found = []
    for file in sorted(site.glob("[!.]*.pth")):
        if file.name == FOLDERS_PTH:
            continue
        for number, line in enumerate(_lines(file), start=1):
            text = line.rstrip()
            if not text or text.startswith(("#", "import ", "import\t")) or "\0" in text:
                continue
            if not os.path.exists(site / text):  # noqa: PTH110 - raises nothing
                found.append(Mention(text[:300], f"{file.name}:{number}"))
    for name, _ in _infos(site):
        source = _editable(site / name / "direct_url.json")
        if source and not os.path.exists(source):  # noqa: PTH110 - raises nothing
            found.append(Mention(source, f"{name}/direct_url.json"))
    return tuple(found)


def tags(site: Path) -> dict[str, tuple[str, ...]]:
    """Give the tags of the wheels that were built for one kind of machine, by distribution."""
    found = {}
    for name, distribution in _infos(site):
        said = _TAG.findall("\n".join(_lines(site / name / "WHEEL")))
        if said and not any(tag.endswith("-any") for tag in said):
            found[distribution] = tuple(said[:20])
    return found


def _infos(site: Path) -> Iterator[tuple[str, str]]:
    try:
        names = sorted(os.listdir(site))  # noqa: PTH208 - only the names, of large folders
    except OSError:
        return
    for name in names:
        match = _INFO.fullmatch(name)
        if match:
            yield name, canonicalize_name(match[1])


def _lines(file: Path) -> list[str]:
    try:
        return read_head_text(file, _MOST_BYTES).splitlines()
    except OSError:
        return []


def _editable(file: Path) -> str | None:
    """Give the folder of an editable install; nothing else of the file is looked at."""
    try:
        said = json.loads("\n".join(_lines(file)) or "{}")
        if said["dir_info"]["editable"] and said["url"].startswith("file://"):
            return unquote(urlparse(said["url"]).path)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        pass
    return None
