"""The choice of the program that owns the virtual environment: evidence is weighed, and said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from nixpy.config.model import Config
from nixpy.metadata.model import (
    Evidence,
    Installer,
    InstallerSign,
    Kind,
    Project,
    Strength,
    Topic,
)
from nixpy.plan.model import InstallerChoice

# A lock that matches what the project asks for beats a tool's table, which beats the commands of CI
# and the like; table and commands together do not beat such a lock, but one that nothing else of
# the project speaks for. A build backend speaks for a lock only.
_LOCK, _LONE_LOCK, _TABLE, _COMMANDS = 8, 3, 4, 3
# Those that do not work without a table, a file or a backend of their own.
_NEEDS_A_TABLE = frozenset({Installer.POETRY, Installer.PDM, Installer.PIPENV, Installer.HATCH})
_ORDER = tuple(Installer)


@dataclass(frozen=True, slots=True)
class _Case:
    """What speaks for one installer: its weight, and the strongest of it in words."""

    installer: Installer
    weight: int
    said: str


def choose_installer(project: Project, config: Config) -> InstallerChoice:
    """Choose the installer: nixpy.yaml's, else the one for which most speaks, else uv."""
    if config.installer:
        return InstallerChoice(config.installer, str(config.origin("installer")))
    stale = {lock.origin.file: why for lock in _locks(project) if (why := _stale(project, lock))}
    commands = _commands(project)
    cases = [case for one in _ORDER if (case := _case(one, project, stale, commands))]
    passed_over = [f"{file} {why}" for file, why in stale.items()]
    if not cases:
        backend = next((one for one in project.signs if one.strength is Strength.BACKEND), None)
        no_other = "no file of the project names another"
        if backend and not stale:
            no_other = f"{backend.origin} names the backend of {backend.installer.value} only"
        return InstallerChoice(Installer.UV, "; ".join([f"the default: {no_other}", *passed_over]))
    best = max(cases, key=lambda case: (case.weight, _of(commands, case.installer)))
    rivals = [
        lock.origin.file
        for lock in _locks(project)
        if lock.installer is not best.installer and lock.origin.file not in stale
    ]
    if rivals:
        files = ", ".join(dict.fromkeys(rivals))
        passed_over.append(f"{files} is there, too: `installer:` in nixpy.yaml decides otherwise")
    return InstallerChoice(best.installer, "; ".join([best.said, *passed_over]))


def _case(
    installer: Installer, project: Project, stale: dict[str, str], commands: list[Evidence]
) -> _Case | None:
    signs = [one for one in project.signs if one.installer is installer]
    table = next((one for one in signs if one.strength is Strength.TABLE), None)
    lock = next(
        (one for one in signs if one.strength is Strength.LOCK and one.origin.file not in stale),
        None,
    )
    backend = any(one.strength is Strength.BACKEND for one in signs)
    most = bool(commands) and _of(commands, installer) == max(
        _of(commands, one) for one in Installer
    )
    weight = _TABLE * bool(table) + _COMMANDS * most
    if lock:
        lone = installer in _NEEDS_A_TABLE and not (table or backend or most)
        weight += _LONE_LOCK if lone else _LOCK
        weight += _TABLE * (installer is Installer.UV and not table)
        return _Case(installer, weight, f"{lock.origin.file} is there")
    if table:
        return _Case(installer, weight, f"{table.origin} is for it")
    # `pipenv run` without a Pipfile, `hatch run` without its environments: what was so once.
    if most and (backend or installer not in _NEEDS_A_TABLE):
        run = next(one for one in commands if one.text == installer.value)
        return _Case(installer, weight, f"{run.origin} runs `{run.why}`")
    return None


def _commands(project: Project) -> list[Evidence]:
    return [one for one in project.evidence if one.topic is Topic.INSTALLER]


def _of(commands: list[Evidence], installer: Installer) -> int:
    return Counter(one.text for one in commands)[installer.value]


def _locks(project: Project) -> Iterator[InstallerSign]:
    return (one for one in project.signs if one.strength is Strength.LOCK)


def _stale(project: Project, lock: InstallerSign) -> str | None:
    """Say why a lock is not in use: it lacks most of what the project itself asks for."""
    wanted = {
        one.name: one.requirement.name
        for one in project.wanted
        if one.kind is Kind.RUN and not one.source and not one.requirement.marker
    }
    locked = {one.name for one in project.locked if one.origin.file == lock.origin.file}
    missing = [said for name, said in wanted.items() if name not in locked]
    if not wanted or len(missing) * 2 <= len(wanted):
        return None
    return f"does not lock {missing[0]}, and is passed over" if locked else "is empty"
