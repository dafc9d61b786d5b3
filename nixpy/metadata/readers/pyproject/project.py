"""pyproject.toml: ``[project]`` (PEP 621), groups (PEP 735), ``[build-system]``, tools' tables."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from packaging.utils import canonicalize_name

from nixpy.metadata.model import Facts, Installer, Kind, Strength
from nixpy.metadata.readers.findings import Findings
from nixpy.metadata.readers.pip.requirements import gather_file
from nixpy.metadata.readers.pyproject import (
    hatch as _hatch,
)
from nixpy.metadata.readers.pyproject import (
    pdm as _pdm,
)
from nixpy.metadata.readers.pyproject import (
    poetry as _poetry_tables,
)
from nixpy.metadata.readers.pyproject import (
    uv as _uv,
)
from nixpy.syntax.table import Table
from nixpy.syntax.toml import load_toml

if TYPE_CHECKING:
    from nixpy.syntax.tree import Tree

# hatchling and setuptools are missing on purpose: projects of every installer build with them, so
# they say nothing of who installs. hatch is told by its `[tool.hatch.envs]`.
_BACKENDS = {
    "uv_build": Installer.UV,
    "poetry": Installer.POETRY,
    "poetry_dynamic_versioning": Installer.POETRY,
    "pdm": Installer.PDM,
}
_MOST_CYCLES = 10  # of groups that include each other: told
_LEGACY_FIELDS = ("dependencies", "optional-dependencies", "requires-python")


def read(tree: Tree, path: str) -> Facts:
    """Read a pyproject.toml and the files that its dynamic fields name.

    Raises NixpyError for broken TOML, wrong types and what is not a requirement (PEP 508); all
    mistakes of the file together.
    """
    found = Findings(path)
    root = load_toml(tree, path, found.errors)
    folder = posixpath.dirname(path)
    project, tool = root.table("project"), root.table("tool")
    _project(project, found, poetry="poetry" in tool)
    _groups(root.table("dependency-groups"), found)
    _build_system(root, found)
    _uv.read_tool(tool.table("uv"), folder, tree, found)
    _poetry_tables.read_tool(tool.table("poetry"), project, folder, found)
    _pdm.read_tool(tool.table("pdm"), found)
    _hatch.read_tool(tool.table("hatch"), folder, tree, found)
    _flit(tool.table("flit").table("metadata"), found)
    _setuptools(tool.table("setuptools").table("dynamic"), folder, tree, found)
    _dynamic(root, found)
    _own_name(folder, found)
    return found.facts()


def _project(project: Table, found: Findings, *, poetry: bool) -> None:
    found.name = project.string("name")
    where = project.origin("requires-python")
    found.allow(project.string("requires-python"), where, poetry=poetry)
    found.want_all(project.strings("dependencies"), Kind.RUN)
    for extra, items in project.table("optional-dependencies").lists():
        found.want_all(items, Kind.EXTRA, canonicalize_name(extra))


def _groups(groups: Table, found: Findings) -> None:
    """Take over the dependency groups; an included group is told under its own name only."""
    names: dict[str, str] = {}
    group: str
    for key in groups.data:
        if canonicalize_name(key) in names:
            groups.fail(f"names the same group as `{names[canonicalize_name(key)]}`", key)
        names[canonicalize_name(key)] = key
    includes: dict[str, list[str]] = {}
    for key, value in groups.data.items():
        group = canonicalize_name(key)
        includes[group] = []
        if not isinstance(value, list):
            hint = f'put it in brackets: `["{value}"]`' if isinstance(value, str) else None
            groups.wrong("an array of requirements", value, key, hint=hint)
            continue
        for index, item in enumerate(value):
            if isinstance(item, str):
                found.want(item, groups.origin(key, index), Kind.GROUP, group)
                continue
            other = item.get("include-group") if isinstance(item, dict) else None
            if not isinstance(other, str):
                hint = 'PEP 735 allows a requirement or `{include-group = "name"}`'
                groups.wrong("a requirement", item, key, index, hint=hint)
            elif canonicalize_name(other) not in names:
                groups.fail(f"includes the group `{other}`, which does not exist", key, index)
            else:
                includes[group].append(canonicalize_name(other))
    for cycle in islice(_cycles(includes), _MOST_CYCLES):
        groups.fail(f"includes itself: {' → '.join([*cycle, cycle[0]])}", names[cycle[0]])


def _cycles(includes: dict[str, list[str]]) -> Iterator[list[str]]:
    """Yield the groups from one back to itself, beginning with the first by name."""
    done: set[str] = set()
    for start in sorted(includes):
        chain = {start: iter(() if start in done else includes[start])}
        while chain:
            group, others = next(reversed(chain.items()))
            other = next(others, None)
            if other is None:
                done.add(group)
                chain.popitem()
            elif other in chain:
                names = list(chain)
                cycle = names[names.index(other) :]
                first = cycle.index(min(cycle))
                yield cycle[first:] + cycle[:first]
            elif other not in done:
                chain[other] = iter(includes[other])


def _build_system(root: Table, found: Findings) -> None:
    build = root.table("build-system")
    found.want_all(build.strings("requires"), Kind.BUILD)
    backend = build.string("build-backend")
    build.strings("backend-path")
    if backend:
        installer = _BACKENDS.get(re.split(r"[.:]", backend)[0])
        if installer:
            found.sign(installer, Strength.BACKEND, build.origin("build-backend"))


def _flit(metadata: Table, found: Findings) -> None:
    """Take over flit's own table, as it was before ``[project]``."""
    if not metadata:
        return
    found.name = found.name or metadata.string("dist-name") or metadata.string("module")
    found.allow(metadata.string("requires-python"), metadata.origin("requires-python"))
    found.want_all(metadata.strings("requires"), Kind.RUN)
    found.want_all(metadata.strings("dev-requires"), Kind.EXTRA, "dev")
    for extra, items in metadata.table("requires-extra").lists():
        found.want_all(items, Kind.EXTRA, canonicalize_name(extra))


def _setuptools(dynamic: Table, folder: str, tree: Tree, found: Findings) -> None:
    """Read the requirements files that ``[tool.setuptools.dynamic]`` names."""
    if "dependencies" in dynamic:
        _files(dynamic.table("dependencies"), folder, tree, found, Kind.RUN, None)
    for extra, table in dynamic.table("optional-dependencies").subtables():
        _files(table, folder, tree, found, Kind.EXTRA, canonicalize_name(extra))


def _files(
    table: Table, folder: str, tree: Tree, found: Findings, kind: Kind, group: str | None
) -> None:
    value = table.data.get("file")
    files = [(value, table.origin("file"))] if isinstance(value, str) else table.strings("file")
    for name, origin in files:
        gather_file(
            tree, posixpath.normpath(posixpath.join(folder, name)), found, origin, kind, group
        )


def _dynamic(root: Table, found: Findings) -> None:
    """Note what is left to setup.cfg and setup.py, and dependencies that nothing tells."""
    if "project" not in root:
        if root.table("tool").table("poetry") or root.table("tool").table("flit"):
            found.dynamic = ()
        return
    project = root.table("project")
    fields = tuple(field for field, _ in project.strings("dynamic"))
    backend = root.table("build-system").data.get("build-backend", "setuptools")
    setuptools = isinstance(backend, str) and backend.startswith(("setuptools", "pbr"))
    found.dynamic = tuple(field for field in fields if setuptools and field in _LEGACY_FIELDS)
    told = any(one.kind is Kind.RUN for one in found.wanted)
    if "dependencies" in fields and not (told or setuptools or root.table("tool").table("poetry")):
        found.note(
            "the dependencies are made by the build backend, so they are not known here",
            project.origin("dynamic"),
        )


def _own_name(folder: str, found: Findings) -> None:
    """Say of a requirement on the project itself (``app[extra]``) where it comes from."""
    if found.name:
        own, source = canonicalize_name(found.name), folder or "."
        found.wanted = [
            replace(one, source=source) if one.name == own and not one.source else one
            for one in found.wanted
        ]
