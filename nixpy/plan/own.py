"""What building and running the project's own code takes: its build backend, files and sources."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field

from packaging.utils import canonicalize_name

from nixpy.knowledge.libraries import TOOLS
from nixpy.knowledge.project_tools import build_programs, typelib, typelib_closure
from nixpy.metadata.model import Kind, Project, Topic

# Files that name what is developed here; an environment.yml names an environment.
_NAMING = frozenset({"pyproject.toml", "setup.cfg", "setup.py"})
_HOOK_RUNNERS = frozenset({"pre-commit", "prek"})
_INTROSPECTION = "pygobject"


@dataclass(frozen=True, slots=True)
class OwnBuild:
    """What the project's own code takes from nixpkgs, by attribute, each with its reasons.

    ``build`` is for the compiler, ``programs`` are on PATH, ``typelibs`` have what it imports by
    GObject introspection. ``like`` names distributions that are built here: what is known of them
    holds for the project.
    """

    build: dict[str, list[str]] = field(default_factory=dict)
    programs: dict[str, list[str]] = field(default_factory=dict)
    typelibs: dict[str, list[str]] = field(default_factory=dict)
    like: frozenset[str] = frozenset()


def own_build(project: Project) -> OwnBuild:
    """Find what the project's own code takes."""
    found = OwnBuild(like=frozenset(_like(project)))
    for wanted in project.wanted:
        for attribute in build_programs([wanted.name]) if wanted.kind is Kind.BUILD else ():
            kind = found.build if attribute in TOOLS else found.programs
            kind.setdefault(attribute, []).append(wanted.name)
    for one in project.evidence:
        reason = one.origin.file
        if one.topic is Topic.BUILD:
            found.build.setdefault(one.text, []).append(reason)
        elif one.topic is Topic.PROGRAM:
            found.programs.setdefault(one.text, []).append(reason)
        elif one.topic is Topic.TYPELIB:
            namespace, _, version = one.text.partition("-")
            for attribute in typelib_closure(typelib(namespace, version or None)):
                found.typelibs.setdefault(attribute, []).append(reason)
    _one_nodejs(found.programs)
    if {one.name for one in project.wanted} & _HOOK_RUNNERS:
        found.programs.pop("pre-commit", None)  # the venv has one, of the project's version
    return found


def own_names(project: Project) -> frozenset[str]:
    """Return the normalised names of what is developed here: the project, and its members."""
    return frozenset(
        canonicalize_name(facts.name)
        for facts in project.facts
        if facts.name and posixpath.basename(facts.file) in _NAMING
    )


def _like(project: Project) -> Iterator[str]:
    yield from own_names(project)
    if any(one.topic is Topic.TYPELIB for one in project.evidence):
        yield _INTROSPECTION


def _one_nodejs(programs: dict[str, list[str]]) -> None:
    """Keep one Node.js: of the first major that is asked for, where any is."""
    first, *others = [name for name in programs if name.startswith("nodejs_")] or ["nodejs"]
    for name in [*others, *(["nodejs"] if first != "nodejs" and "nodejs" in programs else [])]:
        programs[first] += programs.pop(name)
