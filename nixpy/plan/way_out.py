"""A command with which a project gets a Python that it does not get as things are. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from nixpy.config.model import Config, Item
from nixpy.errors import NixpyError
from nixpy.knowledge.pythons import Branch, branches, last_release
from nixpy.metadata.model import Project
from nixpy.plan.model import PythonChoice
from nixpy.plan.ranges import minor_of
from nixpy.syntax.origin import Origin

# The program that makes venvs runs on these; newest first.
_ENDED = ("3.9", "3.8", "3.7")
# The parts of a full version: 3.8.20.
_FULL = 3

Choose = Callable[[Project, Config, Branch], PythonChoice]


def way_out(
    choose: Choose, project: Project, config: Config, branch: Branch, *, strict: bool = False
) -> str | None:
    """Return a hint with a command that gives the project a Python, or None if there is none.

    First other branches of nixpkgs are tried, newest first, then releases that have ended, which
    come of an input of their own, then, unless ``strict``, the Python that most of the project's
    ranges allow.
    """
    named = f"--python {config.python.text} " if config.python else ""
    for other in branches():
        if other.name != branch.name and (
            got := _tried(choose, project, replace(config, nixpkgs=other.ref), other)
        ):
            return (
                f"{other.name} has Python {got.minor}: `nixpy init {named}--nixpkgs {other.name}`"
            )
    for release in _ended(project, config):
        if _strictly(choose, project, _with(config, release), branch):
            return f"`nixpy init --python {release}` brings that release, which is compiled"
    if strict or config.python:
        return None
    minors = [branch.default, *reversed(branch.stable)]
    choices = [_tried(choose, project, _with(config, minor), branch) for minor in minors]
    best = min(filter(None, choices), key=lambda one: len(one.warnings), default=None)
    if best is None:
        return None
    minor = best.minor
    return f"`nixpy init --python {minor}` takes Python {minor} all the same"


def _ended(project: Project, config: Config) -> Iterator[str]:
    """Yield releases that no branch has: those that are named, then the last of each minor."""
    named = [config.python.text] if config.python else []
    named += [pin.version for pin in project.pins if pin.version]
    for text in named:
        if (minor_of(text) or "") in _ENDED:
            full = len(text.split(".")) == _FULL
            yield text if full else last_release(text) or text
    if project.ranges and not named:
        yield from filter(None, map(last_release, _ENDED))


def _with(config: Config, python: str) -> Config:
    return replace(config, python=Item(python, Origin("--python", value=python)))


def _tried(choose: Choose, project: Project, config: Config, branch: Branch) -> PythonChoice | None:
    try:
        return choose(project, config, branch)
    except NixpyError:
        return None


def _strictly(choose: Choose, project: Project, config: Config, branch: Branch) -> bool:
    """Whether a release is one that the project's ranges allow."""
    release = config.python.text if config.python else ""
    fits = all(one.specifiers.contains(release) for one in project.ranges)
    return fits and _tried(choose, project, config, branch) is not None
