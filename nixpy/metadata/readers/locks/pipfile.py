"""Pipfile.lock, pipenv's lock file (JSON)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from packaging.utils import canonicalize_name

from nixpy.metadata.model import Facts, Installer, Locked, Strength
from nixpy.metadata.readers.findings import Findings
from nixpy.metadata.readers.locks.entries import mend_by, newer_format
from nixpy.metadata.readers.pipfile import required_python
from nixpy.syntax.json import load_json

if TYPE_CHECKING:
    from nixpy.syntax.table import Table
    from nixpy.syntax.tree import Tree

_KNOWN = 6


def read(tree: Tree, path: str) -> Facts:
    """Read a Pipfile.lock; as :func:`nixpy.metadata.readers.locks.uv.read`.

    It tells neither files nor who depends on whom. Raises NixpyError for broken JSON.
    """
    found = Findings(path)
    root = load_json(tree, path, found.errors)
    found.sign(Installer.PIPENV, Strength.LOCK, root.origin())
    meta = root.table("_meta")
    version = meta.data.get("pipfile-spec", _KNOWN)
    newer = newer_format(found, meta, "pipfile-spec", version, _KNOWN)
    required_python(meta.table("requires"), found)
    for category in root.data:
        if category != "_meta":
            for name, entry in root.table(category).subtables():
                found.locked.append(_package(canonicalize_name(name), entry))
    return found.facts_of_lock(newer, mend_by("pipenv lock"))


def _package(name: str, entry: Table) -> Locked:
    version = entry.string("version")
    marker = entry.data.get("markers")
    source = "registry"
    if any(vcs in entry for vcs in ("git", "hg", "svn", "bzr")):
        source = "git"
    elif "file" in entry or "path" in entry:
        place = entry.data.get("file") or entry.data.get("path")
        source = "url" if isinstance(place, str) and "://" in place else "path"
    return Locked(
        name,
        version.removeprefix("==") if version else None,
        entry.origin(),
        source,
        markers=(marker,) if isinstance(marker, str) else (),
    )
