"""The choice of a shell's Python, with its reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from nixpy.config.model import Config
from nixpy.errors import NixpyError
from nixpy.knowledge.pythons import Branch, attribute_of, branches_with, removed
from nixpy.metadata.model import Project, PythonPin, PythonRange
from nixpy.plan.allowed import best, uncached
from nixpy.plan.model import Caution, PythonChoice
from nixpy.plan.ranges import allows, conflicts, minor_of
from nixpy.plan.way_out import way_out
from nixpy.syntax.origin import Origin

# Implementations that a pin may name, and for which CPython stands in.
_OTHER_PYTHONS = frozenset(
    {"graalpy", "jython", "ironpython", "micropython", "stackless", "pyston"}
)


def choose_python(project: Project, config: Config, branch: Branch) -> PythonChoice:
    """Choose the interpreter.

    nixpy.yaml decides, else a version manager's pin (its minor), else nixpkgs' default, else the
    newest version that requires-python and the lock allow. Where Nix is to provide packages,
    versions whose packages the branch's cache holds come first. A pin that the branch has not, or
    that the project's own range forbids, gives way to a version that the range allows.
    Raises NixpyError, naming file and key, where no version that nixpkgs has fits; its hint is a
    command that was tried: with it there is a Python.
    """
    try:
        return _choose(project, config, branch)
    except NixpyError as error:
        error.hint = way_out(_choose, project, config, branch) or error.hint
        raise


def _choose(project: Project, config: Config, branch: Branch) -> PythonChoice:
    if config.python:
        return _named(config, project, branch)
    passed_over: list[Caution] = []
    lacking: PythonPin | None = None
    for pin in project.pins:
        if pin.implementation == "pypy":
            raise _no_pypy(pin, branch)
        minor = minor_of(pin.version) if pin.version else None
        if minor and (forbids := _forbids(project, minor)):
            said = f"{pin.origin} names {pin.text}, which {forbids.origin} forbids: {forbids.text}"
            hint = f"correct {pin.origin.file}, which other programs read, too"
            passed_over.append(Caution(said, hint))
        elif minor and _has(branch, minor):
            chosen = _pinned(pin, minor, config, branch)
            return replace(chosen, warnings=(*passed_over, *chosen.warnings))
        elif minor:
            lacking = lacking or pin
        elif pin.implementation in _OTHER_PYTHONS:
            passed_over.append(_other_python(pin))
    if lacking and not project.ranges:
        raise _lacks(branch, minor_of(lacking.version or "") or "", lacking.origin)
    chosen = best(project, config, branch, near=minor_of(lacking.version or "") if lacking else "")
    if lacking:
        passed_over.append(_stands_in(chosen.minor, lacking, project, config, branch))
    return replace(chosen, warnings=(*passed_over, *chosen.warnings))


def _forbids(project: Project, minor: str) -> PythonRange | None:
    return next((one for one in project.ranges if not allows(one, minor)), None)


def _has(branch: Branch, minor: str) -> bool:
    return minor in branch.minors or (not branch.known and bool(branches_with(minor)))


def _lacks(branch: Branch, minor: str, origin: Origin) -> NixpyError:
    said = f"Python {minor} is not in {branch.name}, which has {', '.join(branch.minors)}"
    return NixpyError.at(origin, said, hint=removed(minor))


def _stands_in(
    minor: str, pin: PythonPin, project: Project, config: Config, branch: Branch
) -> Caution:
    """Say that a pin gives way to a Python that the project allows, and how to have the pin's."""
    allowed = next(one for one in project.ranges if allows(one, minor))
    said = (
        f"{pin.origin} names {pin.text}, which {branch.name} does not have; Python {minor} is "
        f"allowed by {allowed.origin}, too"
    )
    unbound = replace(project, ranges=())
    return Caution(said, way_out(_choose, unbound, config, branch, strict=True))


def _named(config: Config, project: Project, branch: Branch) -> PythonChoice:
    assert config.python is not None  # noqa: S101 - for the type checker
    text, origin = config.python.text, config.python.origin
    minor = minor_of(text) or text
    exact = text if text != minor else None
    if exact is None:
        if not _has(branch, minor):
            raise _lacks(branch, minor, origin if origin.value else replace(origin, key="python"))
        warnings = conflicts(minor, project.ranges) + uncached(minor, config, branch)
    else:
        warnings = _exact(exact, project.ranges, config)
    return PythonChoice(minor, str(origin), exact, origin, warnings)


def _exact(exact: str, ranges: Iterable[PythonRange], config: Config) -> tuple[Caution, ...]:
    cautions = [
        Caution(f"{one.origin} asks for Python {one.text}, which Python {exact} does not meet")
        for one in ranges
        if not one.specifiers.contains(exact, prereleases=True)
    ]
    built = ", ".join([f"Python {exact}", *(item.text for item in config.packages)])
    text = f"{built} will be compiled: no cache of nixpkgs holds single patch releases"
    minor = minor_of(exact) or ""
    hint = f'`python: "{minor}"` takes the release that nixpkgs has built'
    return (*cautions, Caution(text, hint if branches_with(minor) else None))


def _pinned(pin: PythonPin, minor: str, config: Config, branch: Branch) -> PythonChoice:
    warnings: list[Caution] = []
    if pin.implementation == "freethreaded":
        warnings.append(
            Caution(
                f"{pin.origin} names {pin.text}, a free-threaded build; the shell has the usual "
                f"{attribute_of(minor)}",
                "no packages are built for free-threaded Pythons: "
                f"`tools: [{attribute_of(minor)}FreeThreading]` brings the interpreter beside it",
            )
        )
    elif pin.version != minor:
        warnings.append(
            Caution(
                f"{pin.origin} names {pin.text}, but nixpkgs has one patch release of each "
                f"minor version; it is taken as {minor}",
                f'`python: "{pin.version}"` in nixpy.yaml brings exactly that release',
            )
        )
    warnings += uncached(minor, config, branch)
    return PythonChoice(minor, f"{pin.origin} names {pin.text}", None, pin.origin, tuple(warnings))


def _other_python(pin: PythonPin) -> Caution:
    return Caution(
        f"{pin.origin} names {pin.text}, which is not CPython; nixpy makes shells for CPython only",
        "`python:` in nixpy.yaml names the version to take",
    )


def _no_pypy(pin: PythonPin, branch: Branch) -> NixpyError:
    said = f"{pin.text} is not CPython, and nixpy makes shells for CPython only"
    return NixpyError.at(pin.origin, f"{said}; {branch.name} has {', '.join(branch.minors)}")
