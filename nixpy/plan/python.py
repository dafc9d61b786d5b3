"""Choices that a shell needs: its Python and its installer, each with a reason."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from nixpy.config.model import Config
from nixpy.errors import NixpyError
from nixpy.knowledge.pythons import Branch, attribute_of, branches_with, removed
from nixpy.metadata.model import Project, PythonPin, PythonRange
from nixpy.plan.evidence import weigh
from nixpy.plan.model import Caution, PythonChoice
from nixpy.syntax.origin import Origin

# Implementations that a pin may name, and for which CPython stands in.
_OTHER_PYTHONS = frozenset(
    {"graalpy", "jython", "ironpython", "micropython", "stackless", "pyston"}
)


def minor_of(version: str) -> str | None:
    """Give ``3.12`` for ``3.12`` and ``3.12.4``; None where no minor is named."""
    found = re.match(r"\d+\.\d+", version)
    return found.group(0) if found else None


def choose_python(project: Project, config: Config, branch: Branch) -> PythonChoice:
    """Choose the interpreter.

    nixpy.yaml decides, else a version manager's pin (its minor), else nixpkgs' default, else the
    newest version that requires-python and the lock allow. Where Nix is to provide packages,
    versions whose packages the branch's cache holds come first.
    Raises NixpyError, naming file and key, where no version that nixpkgs has fits.
    """
    if config.python:
        return _named(config, project, branch)
    passed_over: list[Caution] = []
    for pin in project.pins:
        if pin.implementation == "pypy":
            raise _no_pypy(pin, branch)
        minor = minor_of(pin.version) if pin.version else None
        if minor:
            return _pinned(pin, minor, project, config, branch)
        if pin.implementation in _OTHER_PYTHONS:
            passed_over.append(_other_python(pin))
    best = _best(project, config, branch)
    return replace(best, warnings=(*passed_over, *best.warnings))


def _known(minor: str, branch: Branch, origin: Origin) -> None:
    if minor in branch.minors or (not branch.known and branches_with(minor)):
        return
    other = branches_with(minor)
    if other:
        hint = f"{other[0].name} has it: set `nixpkgs: {other[0].ref}` in nixpy.yaml"
    else:
        hint = f"choose one of them; {removed(minor)}" if removed(minor) else "choose one of them"
    raise NixpyError.at(
        origin,
        f"Python {minor} is not in {branch.name}, which has {', '.join(branch.minors)}",
        hint=hint,
    )


def _named(config: Config, project: Project, branch: Branch) -> PythonChoice:
    assert config.python is not None  # noqa: S101 - for the type checker
    text, origin = config.python.text, config.python.origin
    minor = minor_of(text) or text
    exact = text if text != minor else None
    if exact is None:
        _known(minor, branch, origin if origin.value else replace(origin, key="python"))
        warnings = _conflicts(minor, project.ranges) + _uncached(minor, config, branch)
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
    hint = f'`python: "{minor_of(exact)}"` takes the release that nixpkgs has built'
    return (*cautions, Caution(text, hint))


def _pinned(
    pin: PythonPin, minor: str, project: Project, config: Config, branch: Branch
) -> PythonChoice:
    _known(minor, branch, pin.origin)
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
    warnings += _conflicts(minor, project.ranges)
    warnings += _uncached(minor, config, branch)
    return PythonChoice(minor, f"{pin.origin} names {pin.text}", None, pin.origin, tuple(warnings))


def allows(one: PythonRange, minor: str) -> bool:
    """Whether some patch release of a minor version lies in the range."""
    patches = {0, 99}
    for spec in one.specifiers:
        found = re.match(rf"{re.escape(minor)}\.(\d+)", spec.version)
        if found:
            number = int(found.group(1))
            patches |= {max(number - 1, 0), number, number + 1}
    return any(one.specifiers.contains(f"{minor}.{patch}") for patch in patches)


def _allows_latest(one: PythonRange, minor: str) -> bool:
    return one.specifiers.contains(f"{minor}.99")


def _conflicts(minor: str, ranges: Iterable[PythonRange]) -> tuple[Caution, ...]:
    return tuple(
        Caution(f"{one.origin} asks for Python {one.text}, which Python {minor} does not meet")
        for one in ranges
        if not allows(one, minor)
    )


def _uncached(minor: str, config: Config, branch: Branch) -> tuple[Caution, ...]:
    if not config.packages or minor in branch.cached or not branch.known:
        return ()
    cached = branches_with(minor, cached=True)
    names = ", ".join(item.text for item in config.packages)
    hint = (
        f"{cached[0].name} has them built: set `nixpkgs: {cached[0].ref}` in nixpy.yaml"
        if cached
        else f"{branch.name} has packages built for Python {' and '.join(branch.cached)}"
    )
    text = (
        f"{names} and all below will be compiled: the cache of {branch.name} holds no packages "
        f"for Python {minor}"
    )
    return (Caution(text, hint),)


def _other_python(pin: PythonPin) -> Caution:
    return Caution(
        f"{pin.origin} names {pin.text}, which is not CPython; nixpy makes shells for CPython only",
        "`python:` in nixpy.yaml names the version to take",
    )


def _no_pypy(pin: PythonPin, branch: Branch) -> NixpyError:
    return NixpyError(
        f"{pin.text} is not CPython, and nixpy makes shells for CPython only",
        file=pin.origin.file,
        line=pin.origin.line,
        key=pin.origin.key,
        hint=f'set `python: "{branch.default}"` in nixpy.yaml; '
        f"{branch.name} has {', '.join(branch.minors)}",
    )


@dataclass(slots=True)
class _Candidates:
    allowed: list[str] = field(default_factory=list)
    ranges: tuple[PythonRange, ...] = ()

    def reason(self, why: str) -> str:
        """Join why with the ranges that allow it, each text once."""
        said: dict[str, str] = {}
        for one in self.ranges:
            said.setdefault(one.text, str(one.origin))
        given = "; ".join(f"{text} in {origin}" for text, origin in list(said.items())[:2])
        return f"{why}; {given}" if given else why


def _best(project: Project, config: Config, branch: Branch) -> PythonChoice:
    ranges = project.ranges
    fits = [minor for minor in branch.stable if all(allows(one, minor) for one in ranges)]
    if not fits:
        raise _nothing_fits(ranges, branch)
    # `==3.11.9` and `<3.12.4` leave a minor version that nixpkgs' latest patch release is not in.
    latest = [minor for minor in fits if all(_allows_latest(one, minor) for one in ranges)]
    found = _Candidates(latest or fits, ranges)
    usual, why = _prefer(found.allowed, config, branch)
    fewest = weigh(project, found.allowed, branch.cached if config.packages else ())
    minor = usual
    if usual not in fewest.minors:
        minor, _ = _prefer(list(fewest.minors), config, branch)
        why = fewest.against(usual)
    warnings: tuple[Caution, ...] = ()
    if not latest:
        tight = next(one for one in ranges if not _allows_latest(one, minor))
        warnings = (
            Caution(
                f"{tight.origin} asks for Python {tight.text}; nixpkgs has one patch release of "
                f"{minor}, which may not be in that range",
                f'`python: "{minor}.N"` in nixpy.yaml brings exactly that release',
            ),
        )
    warnings += _uncached(minor, config, branch)
    return PythonChoice(minor, found.reason(why), warnings=warnings)


def _prefer(allowed: list[str], config: Config, branch: Branch) -> tuple[str, str]:
    cached = [minor for minor in allowed if minor in branch.cached]
    if branch.default in allowed and (not config.packages or branch.default in cached):
        return branch.default, f"the default of {branch.name}"
    if config.packages and cached:
        return cached[-1], f"the newest that {branch.name} has packages built for"
    if branch.default in allowed:
        return branch.default, f"the default of {branch.name}"
    return allowed[-1], f"the newest of {branch.name} that is allowed"


def _nothing_fits(ranges: tuple[PythonRange, ...], branch: Branch) -> NixpyError:
    have = ", ".join(branch.stable)
    for one in ranges:
        if any(allows(one, minor) for minor in branch.stable):
            continue
        other = [
            (minor, having[0])
            for minor in ("3.10", "3.9", "3.8")
            if allows(one, minor) and (having := branches_with(minor))
        ]
        hint = (
            f"{other[0][1].name} has {other[0][0]}: set `nixpkgs: {other[0][1].ref}` in nixpy.yaml"
            if other
            else "widen the range, or set `python:` in nixpy.yaml"
        )
        return NixpyError(
            f"no Python of {branch.name} meets `{one.text}`; it has {have}",
            file=one.origin.file,
            line=one.origin.line,
            key=one.origin.key,
            hint=hint,
        )
    first, *others = ranges
    said = " and ".join(f"`{one.text}` ({one.origin})" for one in others)
    return NixpyError(
        f"no Python of {branch.name} meets `{first.text}` together with {said}; it has {have}",
        file=first.origin.file,
        line=first.origin.line,
        key=first.origin.key,
        hint="make the ranges agree, or set `python:` in nixpy.yaml",
    )
