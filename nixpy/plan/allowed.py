"""The best of the Pythons that a project and its lock allow."""

from __future__ import annotations

from dataclasses import dataclass, field

from nixpy.config.model import Config
from nixpy.errors import NixpyError
from nixpy.knowledge.pythons import Branch, branches_with
from nixpy.metadata.model import Project, PythonRange
from nixpy.plan.evidence import weigh
from nixpy.plan.fitness import number
from nixpy.plan.model import Caution, PythonChoice
from nixpy.plan.ranges import allows, allows_latest, release_in


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


def best(project: Project, config: Config, branch: Branch, near: str | None = "") -> PythonChoice:
    """Choose the best version of the branch that all ranges allow.

    ``near`` is a minor that the project names and cannot have: of those against which least speaks,
    the nearest to it is taken. Raises NixpyError where the ranges allow none.
    """
    ranges = project.ranges
    fits = [minor for minor in branch.stable if all(allows(one, minor) for one in ranges)]
    if not fits:
        raise _nothing_fits(ranges, branch)
    # `==3.11.9` and `<3.12.4` leave a minor version that nixpkgs' latest patch release is not in.
    latest = [minor for minor in fits if all(allows_latest(one, minor) for one in ranges)]
    found = _Candidates(latest or fits, ranges)
    usual, why = _prefer(found.allowed, config, branch)
    fewest = weigh(project, found.allowed, branch.cached if config.packages else ())
    minor = usual
    if near:
        minor = min(fewest.minors, key=lambda one: abs(number(one) - number(near)))
        why = f"the nearest to {near}"
    elif usual not in fewest.minors:
        minor, _ = _prefer(list(fewest.minors), config, branch)
        why = fewest.against(usual)
    warnings: tuple[Caution, ...] = ()
    if not latest:
        tight = next(one for one in ranges if not allows_latest(one, minor))
        release = release_in(ranges, minor)
        warnings = (
            Caution(
                f"{tight.origin} asks for Python {tight.text}; nixpkgs has one patch release of "
                f"{minor}, which may not be in that range",
                f"`nixpy init --python {release}` brings a release that is" if release else None,
            ),
        )
    warnings += uncached(minor, config, branch)
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
        if not any(allows(one, minor) for minor in branch.stable):
            return NixpyError.at(
                one.origin, f"no Python of {branch.name} meets `{one.text}`; it has {have}"
            )
    first, *others = ranges
    said = " and ".join(f"`{one.text}` ({one.origin})" for one in others)
    return NixpyError.at(
        first.origin,
        f"no Python of {branch.name} meets `{first.text}` together with {said}; it has {have}",
    )


def uncached(minor: str, config: Config, branch: Branch) -> tuple[Caution, ...]:
    """Warn that packages which Nix is to provide are not built for a minor version."""
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
