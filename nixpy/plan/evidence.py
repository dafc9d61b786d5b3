"""Which of the Pythons that a project allows it can be installed and run on, and what says so."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from nixpy.metadata.model import Evidence, Project, Topic
from nixpy.plan.fitness import Fitness, Lack, number

# How many of the distributions without a wheel a reason names.
_SHOWN = 2


@dataclass(frozen=True, slots=True)
class Weighed:
    """The minors against which least speaks, and what speaks against the others."""

    minors: tuple[str, ...]
    lacks: Mapping[str, Lack]
    limits: Sequence[Evidence]
    newest: Evidence | None

    def against(self, minor: str) -> str:
        """Say why a minor is not among the best."""
        lack, least = self.lacks[minor], self.lacks[self.minors[0]]
        for limit in self.limits:
            if number(limit.text) < number(minor):
                return f"{limit.origin} {limit.why}, which ends at {limit.text}"
        if lack.cost > least.cost:
            names = [name for name in lack.names if name not in least.names] or list(lack.names)
            more = " and more" if len(names) > _SHOWN else ""
            shown = ", ".join(names[:_SHOWN])
            return f"{shown}{more} {_have(names)} no wheel for {minor}"
        if self.newest and number(self.newest.text) < number(minor):
            said = self.newest.why
            return f"{self.newest.origin} has {self.newest.text}, the newest that {said} names"
        return f"nixpkgs has packages built for it, not for {minor}"


def _have(names: Sequence[str]) -> str:
    return "have" if len(names) > 1 else "has"


def weigh(project: Project, minors: Sequence[str], cached: Collection[str] = ()) -> Weighed:
    """Find the minors against which least speaks.

    First counts what has no file at all that fits, then how far a minor lies beyond what the
    sources can do, then how many distributions have no wheel for it, then whether it is in
    ``cached`` (unless that is empty), and at last how far it lies beyond the newest that the
    project declares or tests.
    """
    fitness = Fitness(project, tuple(minors))
    lacks = {minor: fitness.lack(minor) for minor in minors}
    limits = sorted(_of(project, Topic.LIMIT), key=lambda one: number(one.text))
    newest = _newest(project)

    def cost(minor: str) -> tuple[int, ...]:
        impossible, run, other = lacks[minor].cost
        return (
            impossible,
            _beyond(minor, limits[:1]),
            run,
            other,
            bool(cached) and minor not in cached,
            _beyond(minor, [newest] if newest else []),
        )

    least = min(map(cost, minors))
    best = tuple(minor for minor in minors if cost(minor) == least)
    return Weighed(best, lacks, limits, newest)


def _of(project: Project, topic: Topic) -> list[Evidence]:
    return [one for one in project.evidence if one.topic is topic]


def _newest(project: Project) -> Evidence | None:
    """Give the newest Python that the project names; a linter's target only where more is named."""
    named = _of(project, Topic.PYTHON)
    if not named:
        return None
    return max((*named, *_of(project, Topic.TARGET)), key=lambda one: number(one.text))


def _beyond(minor: str, limits: Iterable[Evidence]) -> int:
    return sum(max(number(minor) - number(one.text), 0) for one in limits)
