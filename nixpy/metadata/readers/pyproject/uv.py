"""``[tool.uv]`` of a pyproject.toml: workspace, sources, and requirements of uv's own."""

from __future__ import annotations

import posixpath
import re
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from packaging.utils import canonicalize_name

from nixpy.metadata.model import Installer, Kind, Strength
from nixpy.metadata.readers.findings import Findings
from nixpy.syntax.table import Table

if TYPE_CHECKING:
    from nixpy.syntax.tree import Tree

WORKSPACE = "workspace"  # the source of a member, until its folder is known
_DEEPEST = 6  # folder levels that `**` in a workspace's members stands for


def read_tool(uv: Table, folder: str, tree: Tree, found: Findings) -> None:
    """Take over what ``[tool.uv]`` says of requirements."""
    if set(uv.data) - {"build-backend"}:
        found.sign(Installer.UV, Strength.TABLE, uv.origin())
    requirements(uv, found)
    _groups(uv, found)
    if "workspace" in uv:
        found.members += _members(uv.table("workspace"), folder, tree, found)
    sources: dict[str, str] = {
        canonicalize_name(name): source
        for name in uv.table("sources").data
        if (source := _source(uv.table("sources"), name, folder))
    }
    found.wanted = [
        replace(one, source=sources[one.name]) if one.name in sources and not one.source else one
        for one in found.wanted
    ]


def requirements(uv: Table, found: Findings) -> None:
    """Take over the requirements that uv's settings may hold, here or in a uv.toml."""
    found.want_all(uv.strings("dev-dependencies"), Kind.GROUP, "dev")
    found.want_all(uv.strings("constraint-dependencies"), Kind.CONSTRAINT)
    found.want_all(uv.strings("override-dependencies"), Kind.CONSTRAINT)
    for settings in (uv, uv.table("pip")):
        found.no_binary += [
            canonicalize_name(name) for name, _ in settings.strings("no-binary-package")
        ]
    found.no_binary += [":all:"] if uv.data.get("no-binary") is True else []
    if version := uv.string("required-version"):
        found.uv_versions.append((version, uv.origin("required-version")))


def _groups(uv: Table, found: Findings) -> None:
    """Take over the Pythons of the groups that `uv sync` installs unasked."""
    default = uv.data.get("default-groups", ["dev"])
    for name, settings in uv.table("dependency-groups").subtables():
        if default == "all" or (isinstance(default, list) and name in default):
            origin = settings.origin("requires-python")
            found.allow(settings.string("requires-python"), origin)


def _source(sources: Table, name: str, folder: str) -> str | None:
    """Give the URL or path that a source names; None for an index, which is no other place."""
    value = sources.data[name]
    entries = list(sources.tables(name)) if isinstance(value, list) else [sources.table(name)]
    for entry in entries:
        git = entry.string("git")
        if git:
            revision = next(
                (value for key in ("rev", "tag", "branch") if (value := entry.string(key))), None
            )
            return f"git+{git.removeprefix('git+')}{'@' + revision if revision else ''}"
        url, path = entry.string("url"), entry.string("path")
        if url:
            return url
        if path:
            return posixpath.normpath(posixpath.join(folder, path))
        if entry.data.get("workspace") is True:
            return WORKSPACE
    return None


def _members(workspace: Table, folder: str, tree: Tree, findings: Findings) -> list[str]:
    """Find the folders of a workspace's members: those that hold a pyproject.toml."""
    exclude = [pattern.strip("/") for pattern, _ in workspace.strings("exclude")]
    found: list[str] = []
    for pattern, origin in workspace.strings("members"):
        full = posixpath.normpath(posixpath.join(folder, pattern.strip("/")))
        if full == ".." or full.startswith("../"):
            findings.note(f"`{pattern}` leads out of the workspace, so it was left out", origin)
            continue
        full = re.sub(r"[^/]\*\*+|\*\*+[^/]", "*", full)  # `**` counts as a whole level only
        for depth in range(_DEEPEST if "**" in full.split("/") else 1):
            for file in tree.glob(f"{_levels(full, depth)}/pyproject.toml".removeprefix("./")):
                member = posixpath.dirname(file)
                inside = posixpath.relpath(member or ".", folder or ".")
                below = inside != "." and not inside.startswith("../")
                if below and not any(_matches(inside, one) for one in exclude):
                    found.append(member)
    return list(dict.fromkeys(found))


def _levels(pattern: str, depth: int) -> str:
    """Write ``**`` as so many folder levels."""
    parts = pattern.split("/")
    return "/".join(
        level for part in parts for level in (["*"] * depth if part == "**" else [part])
    )


def _matches(path: str, pattern: str) -> bool:
    parts = path.split("/")
    for depth in range(_DEEPEST if "**" in pattern.split("/") else 1):
        wanted = _levels(pattern, depth).split("/")
        if len(wanted) == len(parts) and all(
            fnmatchcase(part, one) for part, one in zip(parts, wanted, strict=True)
        ):
            return True
    return False
