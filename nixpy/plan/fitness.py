"""For which Pythons the project's distributions have wheels. Pure: of the lock and of a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from nixpy.knowledge.wheels import minors_for, wheels_for
from nixpy.metadata.model import Kind, Locked, Project, Wanted
from nixpy.metadata.notation.markers import Markers

# Of a wheel's file name: Python, ABI and platform.
_TAGS = 3

# What Cython before 3 generates does not compile on later Pythons than this.
_OLD_CYTHON = "3.12"
_NEW_CYTHONS = ("3.0.12", "3.1.6", "3.2.4", "3.99")


@dataclass(frozen=True, slots=True)
class Lack:
    """What has no wheel for one Python.

    ``impossible`` are locked distributions without any file that fits, ``run`` those that the
    project needs to run, ``other`` those of its extras, groups, constraints and build. Each is
    shown as ``pandas==1.5.3``.
    """

    impossible: tuple[str, ...] = ()
    run: tuple[str, ...] = ()
    other: tuple[str, ...] = ()

    @property
    def cost(self) -> tuple[int, int, int]:
        """The fewer the better, the worst first."""
        return len(self.impossible), len(self.run), len(self.other)

    @property
    def names(self) -> tuple[str, ...]:
        """All of them, the worst first."""
        return tuple(dict.fromkeys((*self.impossible, *self.run, *self.other)))


@dataclass
class Fitness:
    """Says for each of some minors what has no wheel, and what will be built from source."""

    project: Project
    minors: Sequence[str]
    _markers: dict[str, Markers] = field(default_factory=dict)

    def lack(self, minor: str) -> Lack:
        """Return what has no wheel for a minor of CPython on Linux."""
        impossible: list[str] = []
        locked: list[str] = []
        for entry, fitting in self._locked:
            if minor not in fitting and self._counts(entry, minor):
                said = f"{entry.name}=={entry.version}"
                (locked if entry.sdist or not entry.wheels else impossible).append(said)
        run = [_said(one) for one in self._unlocked(minor) if one.kind is Kind.RUN]
        other = [_said(one) for one in self._unlocked(minor) if one.kind is not Kind.RUN]
        return Lack(tuple(impossible), (*locked, *run), tuple(other))

    def from_source(self, minor: str) -> frozenset[str]:
        """Return the names of what the installer has to build for a minor of CPython."""
        locked = [
            entry.name
            for entry, fitting in self._locked
            if minor not in fitting and self._counts(entry, minor)
        ]
        unlocked = [one.name for one in self._unlocked(minor) if one.kind is not Kind.BUILD]
        return frozenset((*locked, *unlocked))

    @cached_property
    def _locked(self) -> list[tuple[Locked, frozenset[str]]]:
        """The locked distributions without a wheel for every minor, each with those that have one.

        What has wheels for other systems only, or files for none of the minors, tells nothing.
        """
        found = []
        for entry in self.project.locked:
            if entry.source != "registry" or entry.version is None:
                continue
            if entry.wheels:
                fitting = _fitting(entry.wheels, self.minors)
            elif entry.sdist:
                fitting = frozenset()
            else:
                known = wheels_for(entry.name, entry.version)
                if known is None:
                    continue
                fitting = known.intersection(self.minors)
            if 0 < len(fitting) < len(self.minors) or (not fitting and entry.sdist):
                found.append((entry, fitting))
        return found

    @cached_property
    def _edges(self) -> dict[str, list[str | None]]:
        """The markers under which each locked distribution is required; None: without one."""
        edges: dict[str, list[str | None]] = {}
        for entry in self.project.locked:
            conditions: dict[str, list[str]] = {}
            for name, marker in entry.conditions:
                conditions.setdefault(name, []).append(marker)
            for name in entry.requires:
                edges.setdefault(name, []).extend(conditions.get(name) or [None])
        return edges

    def _counts(self, entry: Locked, minor: str) -> bool:
        """Whether an entry of the lock is installed for a minor on Linux, as far as it tells."""
        markers = self._for(minor)
        if not markers.any(entry.markers):
            return False
        asked = self._edges.get(entry.name)
        wanted = [one for one in self.project.wanted if one.name == entry.name]
        return (
            not (asked or wanted)
            or any(marker is None or markers.hold(marker) for marker in asked or ())
            or any(self._applies(one, minor) for one in wanted)
        )

    def _unlocked(self, minor: str) -> Iterator[Wanted]:
        """Yield the requirements, of what is not locked, that no release with a wheel meets."""
        names = self._names
        for one in self.project.wanted:
            if one.source or (one.name in names and one.kind is not Kind.BUILD):
                continue
            if self._lacks(one, minor) and self._applies(one, minor):
                yield one

    @cached_property
    def _names(self) -> frozenset[str]:
        return frozenset(entry.name for entry in self.project.locked)

    def _lacks(self, one: Wanted, minor: str) -> bool:
        if one.name == "cython" and one.kind is Kind.BUILD:
            return number(minor) > number(_OLD_CYTHON) and _before_cython_3(one)
        known = minors_for(one.name, str(one.requirement.specifier))
        return bool(known) and minor not in (known or ())

    def _applies(self, one: Wanted, minor: str) -> bool:
        marker = one.requirement.marker
        return marker is None or self._for(minor).hold(str(marker))

    def _for(self, minor: str) -> Markers:
        if minor not in self._markers:
            self._markers[minor] = Markers(
                {
                    "implementation_name": "cpython",
                    "implementation_version": f"{minor}.99",
                    "os_name": "posix",
                    "platform_machine": "x86_64",
                    "platform_python_implementation": "CPython",
                    "platform_release": "",
                    "platform_system": "Linux",
                    "platform_version": "",
                    "python_full_version": f"{minor}.99",
                    "python_version": minor,
                    "sys_platform": "linux",
                }
            )
        return self._markers[minor]


def number(minor: str) -> int:
    """Return what orders minors: 12 for ``3.12``."""
    return int(minor.partition(".")[2])


def _said(one: Wanted) -> str:
    return f"{one.requirement.name}{one.requirement.specifier}"


def _before_cython_3(one: Wanted) -> bool:
    specifier = one.requirement.specifier
    newest = any(specifier.contains(version) for version in _NEW_CYTHONS)
    named = any(one.operator != "<" and one.version.startswith("3") for one in specifier)
    return not newest and not named


def _fitting(wheels: Sequence[str], minors: Sequence[str]) -> frozenset[str]:
    """Give the minors for which some wheel fits, of glibc's Linux; all where none is for Linux.

    A distribution for Windows or macOS alone is not installed here.
    """
    found: set[str] = set()
    linux = False
    for wheel in wheels:
        tags = wheel.removesuffix(".whl").split("-")[-_TAGS:]
        glibc = len(tags) == _TAGS and "linux_" in tags[2] and "musl" not in tags[2]
        if not glibc and tags[-1] != "any":
            continue
        linux = True
        found.update(minor for minor in minors if _takes(minor, tags[0], tags[1]))
        if len(found) == len(minors):
            break
    return frozenset(found) if linux else frozenset(minors)


def _takes(minor: str, pythons: str, abis: str) -> bool:
    """Whether CPython of a minor version takes a wheel by its tags (PEP 425)."""
    own = f"cp{minor.replace('.', '')}"
    for python in pythons.split("."):
        if python in {"py3", own.replace("cp", "py")}:
            return True
        for abi in abis.split("."):
            if python == own and abi in {own, "none", "abi3"}:
                return True
            of_later = python.startswith(("cp3", "py3")) and abi in {"abi3", "none"}
            if of_later and int(python[3:] or 0) <= number(minor):
                return python.startswith("py3") or abi == "abi3"
    return False
