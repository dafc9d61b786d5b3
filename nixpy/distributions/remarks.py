"""What is worth saying of a distribution: conflicts first, then what else the user should know."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from nixpy.distributions.case import Case, differs, parsed
from nixpy.distributions.model import Code, Provider, Remark, place
from nixpy.distributions.needs import from_nix_instead, needs_of
from nixpy.distributions.platform import fitting, systems
from nixpy.knowledge.libraries import needs
from nixpy.knowledge.names import Absent, Known, Unknown
from nixpy.knowledge.programs import program
from nixpy.knowledge.pythons import branches_with
from nixpy.metadata.model import Installer, Kind, Locked, Wanted

# Files in which people pin what a lock file would hold; a lock need not agree with them.
_PINNING = (".txt", ".in", ".lock")


def remarks(case: Case) -> tuple[Remark, ...]:
    """Give all that is to be said of a row, conflicts first."""
    found = [one for rule in RULES for one in rule(case)]
    return tuple(sorted(found, key=lambda one: not one.conflict))


def forbidding(limits: Sequence[Wanted], version: str) -> list[Wanted]:
    """Give the requirements whose specifiers a version does not meet."""
    ours = parsed(version)
    if ours is None:
        return []
    return [one for one in limits if not one.requirement.specifier.contains(ours, prereleases=True)]


def asks(one: Wanted) -> str:
    """Say what a requirement asks for: ``numpy>=2``, without its marker."""
    requirement = one.requirement
    return f"{requirement.name}{requirement.specifier}"


def _version(case: Case) -> Iterator[Remark]:
    """Lock and Nix, or a requirement and either of them, do not agree."""
    row, installer = case.row, case.scene.installer.value
    ours, locked = case.nix_version, row.locked_versions
    refused = forbidding(case.limits, ours) if ours else []
    for one in refused:
        yield Remark(
            Code.FORBIDDEN,
            f"{place(one.origin)} asks for {asks(one)}, Nix has {ours}",
            conflict=True,
            hint=f"let it allow {ours}, or leave `{row.name}` to {installer}",
        )
    if differs(locked, ours):
        hint = f"{installer} puts its own over Nix's"
        if not refused and case.scene.installer is not Installer.PIPENV:
            hint = f"`nixpy align {row.name}` brings them together; until then {hint}"
        yield Remark(
            Code.VERSION,
            f"locked {', '.join(locked)}, Nix has {ours}",
            conflict=True,
            hint=hint,
        )
    elsewhere = next((one for one in case.limits if one.source), None)
    if case.from_nix and elsewhere is not None:
        yield Remark(
            Code.VERSION,
            f"{place(elsewhere.origin)} takes it from `{elsewhere.source}`, not from Nix",
            conflict=True,
            hint=f"leave `{row.name}` out of `packages:`: {installer} puts its own over Nix's",
        )
    yield from _stale(case)


def _stale(case: Case) -> Iterator[Remark]:
    """Tell that the lock does not meet a requirement: it was changed since.

    Constraints include uv's overrides, which set requirements aside.
    """
    if len(case.row.locked) != 1 or any(one.kind is Kind.CONSTRAINT for one in case.limits):
        return
    entry = case.row.locked[0]
    if entry.source != "registry" or entry.version is None:
        return
    for one in forbidding(case.limits, entry.version):
        if not one.origin.file.endswith(_PINNING):
            yield Remark(
                Code.FORBIDDEN,
                f"{place(one.origin)} asks for {asks(one)}, "
                f"{place(entry.origin)} has {entry.version}",
                conflict=True,
                hint="the lock is older than the requirement: lock again",
            )


def _nixpkgs(case: Case) -> Iterator[Remark]:
    """Nixpkgs has it not, or otherwise."""
    known, listed = case.known, case.row.listed
    from_pypi = case.row.provider is Provider.PYPI and not case.elsewhere
    if isinstance(known, Absent):
        # Of programs in wheels it is told below what nixpkgs has for them.
        if listed or (from_pypi and not (known.program and program(case.row.name))):
            yield Remark(Code.NOT_IN_NIXPKGS, known.reason, bool(listed), _instead(known, listed))
    elif isinstance(known, Unknown):
        if listed and case.row.name not in case.scene.nix.versions:
            near = " or ".join(f"`{name}`" for name in known.nearest)
            hint = f"the nearest are {near}" if near else None
            yield Remark(Code.NOT_IN_NIXPKGS, "not known to be in nixpkgs", True, hint)
        elif from_pypi:
            yield Remark(Code.NOT_IN_NIXPKGS, "not in nixpkgs")
    else:
        yield from _known(case, known)


def _known(case: Case, known: Known) -> Iterator[Remark]:
    from packaging.specifiers import SpecifierSet

    config, python, listed = case.scene.config, case.scene.python, case.row.listed
    if known.conflict and case.row.provider is Provider.PYPI:
        yield Remark(Code.OTHER_PROJECT, f"nixpkgs' `{known.attribute}` is another project")
    if not case.from_nix:
        return
    if listed and known.python and not SpecifierSet(known.python).contains(f"{python}.99"):
        yield Remark(
            Code.OTHER_PYTHON,
            f"nixpkgs has it for Python {known.python} only, the shell has {python}",
            conflict=True,
            hint=f"leave it out of `packages:`, or set `python:` in {listed.partition(':')[0]}",
        )
    if known.unfree and not config.allow_unfree:
        yield Remark(
            Code.UNFREE,
            "has an unfree license, which Nix refuses",
            conflict=True,
            hint="set `allow_unfree: true` in nixpy.yaml to accept it",
        )
    if known.note:
        yield Remark(Code.FURTHER, known.note)


def _instead(known: Absent, listed: str | None) -> str | None:
    if not listed:
        return None
    if known.program:
        return f"put `{known.program}` under `tools:`"
    if known.instead:
        return f"take `{known.instead}`"
    return "remove it from `packages:`: the installer gets it"


def _compiled(case: Case) -> Iterator[Remark]:
    """Nix would build it, since the cache has no build for this Python."""
    branch, python = case.branch, case.scene.python
    if not case.from_nix or not branch.known or python in branch.cached:
        return
    having = branches_with(python, cached=True)
    instead = (
        f"{having[0].name} has: set `nixpkgs: {having[0].ref}` in nixpy.yaml"
        if having
        else f"it has them for Python {' and '.join(branch.cached)}"
    )
    yield Remark(
        Code.COMPILED,
        "would be compiled",
        conflict=True,
        hint=f"{branch.name} has no packages built for Python {python}; {instead}",
    )


def _files(case: Case) -> Iterator[Remark]:
    """No wheel of the lock fits this Python and platform."""
    for entry in case.row.locked:
        if entry.source != "registry" or not (entry.wheels or entry.sdist):
            continue
        if case.elsewhere or not case.installed_anew or fitting(entry.wheels, case.scene.tags):
            continue
        yield from _no_wheel(case, entry)


def _no_wheel(case: Case, entry: Locked) -> Iterator[Remark]:
    python, others = case.scene.python, systems(entry.wheels)
    here = {"linux": "Linux", "darwin": "macOS"}.get(case.scene.environment["sys_platform"], "")
    fits = f"no wheel of {entry.version} fits Python {python}"
    if entry.wheels and here and others and here not in others:
        fits = f"{entry.version} has wheels for {' and '.join(sorted(others))} only"
    if entry.sdist:
        needed = needs(case.row.name)
        text = f"built from source: {fits}" if entry.wheels else "built from source: has no wheels"
        if needed and needed.build:
            text += f"; that takes {', '.join(needed.build)}"
        yield Remark(Code.FROM_SOURCE, text, hint=from_nix_instead(case))
    else:
        yield Remark(
            Code.NO_FILE,
            f"{fits}, and there is no sdist",
            conflict=True,
            hint=from_nix_instead(case) or "lock a version that has one, or change `python:`",
        )


def _use(case: Case) -> Iterator[Remark]:
    """Say that nobody needs it, or nobody here."""
    row = case.row
    if row.listed and not (row.wanted or row.via or row.locked):
        yield Remark(Code.UNUSED, "nothing of the project asks for it")
    elif case.elsewhere:
        yield Remark(Code.ELSEWHERE, "not needed for this Python on this platform")


RULES: tuple[Callable[[Case], Iterator[Remark]], ...] = (
    _version,
    _files,
    _nixpkgs,
    _compiled,
    needs_of,
    _use,
)
