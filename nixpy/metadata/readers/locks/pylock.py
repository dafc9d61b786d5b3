"""pylock.toml and pylock.NAME.toml (PEP 751)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from packaging.utils import canonicalize_name

from nixpy.metadata.model import Facts, Installer, Locked, Strength
from nixpy.metadata.readers.findings import Findings
from nixpy.metadata.readers.locks.entries import (
    file_name,
    mend_by,
    named,
    names_of,
    newer_format,
    wheels_and_sdist,
)
from nixpy.syntax.toml import load_toml

if TYPE_CHECKING:
    from nixpy.syntax.table import Table
    from nixpy.syntax.tree import Tree

_KNOWN = 1
_TOOLS = ("uv", "pip", "pdm", "poetry", "hatch", "pipenv")


def read(tree: Tree, path: str) -> Facts:
    """Read a PEP 751 lock file; as :func:`nixpy.metadata.readers.locks.uv.read`.

    Several installers share the format: one is hinted at only where ``created-by`` names it.
    """
    found = Findings(path)
    root = load_toml(tree, path, found.errors, lock="packages")
    newer = newer_format(found, root, "lock-version", root.data.get("lock-version", "1.0"), _KNOWN)
    maker = (root.string("created-by") or "").lower()
    if maker in _TOOLS:
        found.sign(Installer(maker), Strength.LOCK, root.origin("created-by"))
    found.allow(root.string("requires-python"), root.origin("requires-python"))
    for package, name in named(root.tables("packages"), found, newer):
        found.locked.append(_package(package, name))
    return found.facts_of_lock(newer, mend_by(f"{maker} lock" if maker in _TOOLS else None))


def _package(package: Table, name: str) -> Locked:
    data = package.data
    wheels, _ = wheels_and_sdist(_files(data.get("wheels")))
    marker = data.get("marker")
    return Locked(
        canonicalize_name(name),
        package.string("version"),
        package.origin(),
        _source(package),
        wheels,
        "sdist" in data,
        tuple(dict.fromkeys(names_of(data.get("dependencies")))),
        (marker,) if isinstance(marker, str) else (),
    )


def _source(package: Table) -> str:
    if "vcs" in package:
        return "git"
    if "directory" in package:
        return "path"
    archive = package.data.get("archive")
    if isinstance(archive, dict):
        return "url" if "url" in archive else "path"
    return "registry"


def _files(wheels: object) -> Iterator[str]:
    if isinstance(wheels, list):
        for wheel in wheels:
            if isinstance(wheel, dict):
                name = wheel.get("name") or wheel.get("url") or wheel.get("path")
                if isinstance(name, str):
                    yield file_name(name)
