"""Reads all of a project's files.

A reader is ``read(tree, path) -> Facts``, one metadata format a module of ``metadata.readers``.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING

from packaging.utils import canonicalize_name

from nixpy.errors import NixpyError, NixpyErrors
from nixpy.metadata.evidence import read_evidence
from nixpy.metadata.model import Facts, Kind, Locked, Project, Wanted, merge
from nixpy.metadata.readers.findings import raise_all, too_many
from nixpy.metadata.readers.pyproject.uv import WORKSPACE
from nixpy.syntax.limits import MOST_FILES, MOST_REQUIREMENTS

if TYPE_CHECKING:
    from nixpy.syntax.tree import Tree

Reader = Callable[["Tree", str], Facts]


def _reader(module: str, function: str = "read") -> Reader:
    """Give a reader whose module is imported when there is a file for it: start-up is measured."""

    def read(tree: Tree, path: str) -> Facts:
        found: Reader = getattr(import_module(f"nixpy.metadata.readers.{module}"), function)
        return found(tree, path)

    return read


# The first match of a file counts. The order is that of the facts: the first name given wins.
READERS: tuple[tuple[str, Reader], ...] = (
    ("pyproject.toml", _reader("pyproject.project")),
    ("uv.toml", _reader("pyproject.tool_toml", "read_uv")),
    ("hatch.toml", _reader("pyproject.tool_toml", "read_hatch")),
    ("poetry.toml", _reader("pyproject.tool_toml", "read_poetry")),
    ("setup.cfg", _reader("setuptools.setup_cfg")),
    ("setup.py", _reader("setuptools.setup_py")),
    ("uv.lock", _reader("locks.uv")),
    ("poetry.lock", _reader("locks.poetry")),
    ("pdm.lock", _reader("locks.pdm")),
    ("pylock.toml", _reader("locks.pylock")),
    ("pylock.*.toml", _reader("locks.pylock")),
    ("Pipfile", _reader("pipfile")),
    ("Pipfile.lock", _reader("locks.pipfile")),
    ("requirements.in", _reader("pip.requirements")),
    ("requirements.txt", _reader("pip.requirements")),
    ("requirements*.in", _reader("pip.requirements")),
    ("requirements*.txt", _reader("pip.requirements")),
    ("requirements*.lock", _reader("pip.requirements")),
    ("requirements/*.in", _reader("pip.requirements")),
    ("requirements/*.txt", _reader("pip.requirements")),
    ("*-requirements.in", _reader("pip.requirements")),
    ("*-requirements.txt", _reader("pip.requirements")),
    ("*_requirements.txt", _reader("pip.requirements")),
    ("constraints*.txt", _reader("pip.requirements")),
    ("environment.yml", _reader("conda.environment_yml")),
    ("environment.yaml", _reader("conda.environment_yml")),
    (".python-version", _reader("pins.python_version")),
    (".python-versions", _reader("pins.python_version")),
    (".tool-versions", _reader("pins.tool_versions")),
    ("mise.toml", _reader("pins.mise")),
    (".mise.toml", _reader("pins.mise")),
    ("mise/config.toml", _reader("pins.mise")),
    (".mise/config.toml", _reader("pins.mise")),
    (".config/mise.toml", _reader("pins.mise")),
    (".config/mise/config.toml", _reader("pins.mise")),
    ("runtime.txt", _reader("pins.runtime_txt")),
    ("devbox.json", _reader("devbox")),
)
_OF_MEMBERS = ("pyproject.toml", "setup.cfg", "setup.py")
_MOST_MISTAKES = 10  # of one file
_LEGACY = ("setup.cfg", "setup.py")
_FIELDS = {Kind.RUN: "dependencies", Kind.EXTRA: "optional-dependencies"}


def read_project(tree: Tree) -> Project:
    """Read all that the files of a project's root, and of its uv workspace's members, say.

    Raises NixpyError for what is wrong with one file, NixpyErrors for all of them together.
    """
    errors: list[NixpyError] = []
    facts = _read_root(tree, errors)
    members = [member for one in facts for member in one.members]
    facts += [one for member in members for one in _read_member(tree, member, errors)]
    raise_all(errors, _MOST_MISTAKES)
    project = merge(_without_repeats(_placed(_settled(facts), members)))
    return replace(project, evidence=read_evidence(tree, project)) if facts else project


def _read_root(tree: Tree, errors: list[NixpyError]) -> list[Facts]:
    found: list[Facts] = []
    seen: set[str] = set()
    for pattern, reader in READERS:
        paths = list(tree.glob(pattern)) if "*" in pattern else [pattern]
        if len(paths) > MOST_FILES:
            raise NixpyError(
                f"there are {len(paths):,} such files, of at most {MOST_FILES} that are read",
                file=pattern,
                hint="move those that belong to no project into another folder",
            )
        for path in paths:
            if path not in seen:
                seen.add(path)
                found += _read(reader, tree, path, errors)
                if sum(len(one.wanted) for one in found) > MOST_REQUIREMENTS:
                    raise too_many(path)
    return found


def _read_member(tree: Tree, member: str, errors: list[NixpyError]) -> list[Facts]:
    """Read a workspace member; of who installs it only the workspace's root tells."""
    readers = [(name, reader) for name, reader in READERS if name in _OF_MEMBERS]
    return [
        replace(one, signs=(), members=())
        for name, reader in readers
        for one in _read(reader, tree, f"{member}/{name}", errors)
    ]


def _read(reader: Reader, tree: Tree, path: str, errors: list[NixpyError]) -> list[Facts]:
    try:
        return [reader(tree, path)] if tree.read(path) is not None else []
    except NixpyErrors as several:
        errors += several.errors
    except NixpyError as error:
        errors.append(error)
    return []


def _settled(facts: list[Facts]) -> list[Facts]:
    """Drop what setup.cfg and setup.py say of fields that pyproject.toml settles.

    As setuptools does: it takes from them only what ``[project]`` lists as dynamic.
    """
    dynamic = {posixpath.dirname(one.file): one.dynamic for one in facts if one.dynamic is not None}
    found: list[Facts] = []
    for one in facts:
        fields = dynamic.get(posixpath.dirname(one.file))
        if fields is not None and posixpath.basename(one.file) in _LEGACY:
            wanted = tuple(
                item for item in one.wanted if _FIELDS.get(item.kind, "dependencies") in fields
            )
            ranges = one.ranges if "requires-python" in fields else ()
            notes = one.notes if "dependencies" in fields else ()
            found.append(replace(one, wanted=wanted, ranges=ranges, notes=notes))
        else:
            found.append(one)
    return found


def _placed(facts: list[Facts], members: list[str]) -> list[Facts]:
    """Say of requirements on a workspace's members in which folders these are."""
    folders: dict[str, str] = {
        canonicalize_name(one.name): posixpath.dirname(one.file) or "."
        for one in facts
        if one.name and (posixpath.dirname(one.file) in members or one.members)
    }

    def placed(item: Wanted) -> Wanted:
        # The root's sources count for all members: a member's name always means the member.
        if item.source == WORKSPACE or (members and not item.source and item.name in folders):
            return replace(item, source=folders.get(item.name, WORKSPACE))
        return item

    return [replace(one, wanted=tuple(placed(item) for item in one.wanted)) for one in facts]


def _without_repeats(facts: list[Facts]) -> list[Facts]:
    """Tell a line once, also where one file takes in another by ``-r``."""
    seen: set[tuple[str, int, str, str]] = set()
    told: set[Locked] = set()
    found: list[Facts] = []
    for one in facts:
        wanted: list[Wanted] = []
        for item in one.wanted:
            if item.origin.line is not None and item.origin.key is None:
                place = (item.origin.file, item.origin.line, item.name, str(item.requirement))
                if place in seen:
                    continue
                seen.add(place)
            wanted.append(item)
        locked = tuple(item for item in one.locked if item not in told)
        told.update(locked)
        found.append(replace(one, wanted=tuple(wanted), locked=locked))
    return found
