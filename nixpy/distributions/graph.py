"""Who requires whom: from the project's requirements to everything in its lock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from nixpy.metadata.model import Kind, Locked, Project, Wanted
from nixpy.metadata.notation.markers import Markers

ROOTS = frozenset({Kind.RUN, Kind.EXTRA, Kind.GROUP})


@dataclass(frozen=True, slots=True)
class Chain:
    """One way in which the project comes to need a distribution.

    ``root`` is the project's requirement; ``names`` are the distributions from the one it names to
    the one that is asked about.
    """

    root: Wanted
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Graph:
    """The distributions that each one requires, here and at all.

    ``entries`` are the lock's entries by name; ``requires`` the edges that count for this Python
    and platform, ``everywhere`` all edges.
    """

    entries: Mapping[str, tuple[Locked, ...]]
    requires: Mapping[str, tuple[str, ...]]
    everywhere: Mapping[str, tuple[str, ...]]

    def reached(self, roots: Iterable[str], *, everywhere: bool = False) -> dict[str, str | None]:
        """Give what the roots need, each with the one that leads to it; breadth first."""
        edges = self.everywhere if everywhere else self.requires
        found: dict[str, str | None] = dict.fromkeys(roots)
        waiting = list(found)
        for name in waiting:
            for other in edges.get(name, ()):
                if other not in found:
                    found[other] = name
                    waiting.append(other)
        return found

    def parents(self) -> dict[str, list[str]]:
        """Give for each distribution those that require it, here or elsewhere."""
        found: dict[str, list[str]] = {}
        for name, others in self.everywhere.items():
            for other in others:
                found.setdefault(other, []).append(name)
        return found

    def chains(self, name: str, wanted: Iterable[Wanted]) -> list[Chain]:
        """Give the shortest chain from each requirement of the project that leads to a name.

        The shortest come first. Chains that count here are preferred to those that count elsewhere.
        """
        nearer = self._towards(name, self.requires)
        further = self._towards(name, self.everywhere)
        found = []
        for root in wanted:
            steps = nearer if root.name in nearer else further
            if root.name in steps:
                names = [root.name]
                while names[-1] != name:
                    names.append(steps[names[-1]])
                found.append(Chain(root, tuple(names)))
        return sorted(found, key=lambda one: len(one.names))

    @staticmethod
    def _towards(name: str, edges: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
        """Give for each distribution that leads to a name the next one on a shortest way."""
        parents: dict[str, list[str]] = {}
        for one, others in edges.items():
            for other in others:
                parents.setdefault(other, []).append(one)
        found = {name: name}
        waiting = [name]
        for one in waiting:
            for parent in sorted(parents.get(one, ())):
                if parent not in found:
                    found[parent] = one
                    waiting.append(parent)
        return found


def make_graph(project: Project, markers: Markers) -> Graph:
    """Make the graph of what the lock files say.

    Of a name's entries those count whose markers hold; where none does, it is not needed here.
    """
    entries: dict[str, list[Locked]] = {}
    for one in project.locked:
        entries.setdefault(one.name, []).append(one)
    requires: dict[str, tuple[str, ...]] = {}
    everywhere: dict[str, tuple[str, ...]] = {}
    for name, several in entries.items():
        everywhere[name] = _joined(one.requires for one in several)
        requires[name] = _joined(
            _required_here(one, markers) for one in several if markers.any(one.markers)
        )
    return Graph({name: tuple(several) for name, several in entries.items()}, requires, everywhere)


def _joined(several: Iterable[Iterable[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for names in several for name in names))


def _required_here(entry: Locked, markers: Markers) -> tuple[str, ...]:
    if not entry.conditions:
        return entry.requires
    conditional = {name for name, _ in entry.conditions}
    holding = {name for name, marker in entry.conditions if markers.hold(marker)}
    return tuple(name for name in entry.requires if name not in conditional or name in holding)


def counts(one: Wanted, markers: Markers) -> bool:
    """Whether a requirement's marker holds here."""
    return one.requirement.marker is None or markers.hold(str(one.requirement.marker))
