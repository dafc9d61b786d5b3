"""``nixpy align``: bring the lock to the versions that Nix has."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from nixpy.align.constraints import CONSTRAINTS, compile_command, constraints
from nixpy.align.targets import Move, Target, find_targets, missed, moves, pinned
from nixpy.commands._report import tell_changes
from nixpy.commands._restored import recover, restored
from nixpy.distributions.case import differs
from nixpy.distributions.rows import Table, make_table
from nixpy.distributions.survey import Surveyed, survey
from nixpy.errors import NixpyError
from nixpy.flake.header import pristine
from nixpy.installers.registry import spec
from nixpy.installers.spec import Lock
from nixpy.metadata.model import Installer
from nixpy.metadata.read import read_project
from nixpy.system import git, installers
from nixpy.system.console import printable, say, tell
from nixpy.system.files import DiskTree, write_all
from nixpy.workspace import changes


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be done for one project."""

    one: Surveyed
    table: Table
    targets: list[Target]
    lock: Lock | None


@click.command(short_help="bring the lock to the versions that Nix has")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option(
    "-C",
    "--directory",
    type=click.Path(path_type=Path),
    default=Path(),
    help="A folder of the project; by default the current one.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be locked, change nothing.")
def command(names: tuple[str, ...], directory: Path, dry_run: bool) -> int:
    """Bring the lock to the versions that Nix has of NAMEs, or of all that it provides.

    pyproject.toml stays as it is: uv, poetry and pdm lock again with Nix's versions, for pip and
    hatch a constraints file is written. Where a requirement forbids Nix's version, nothing is
    changed.
    """
    found = survey(directory)
    recovered = [recover(one.folder, file) for one in found if (file := _lock_of(one))]
    if any(recovered):
        found = survey(directory)
    jobs = [job for one in found if (job := _job(one, names))]
    for job in jobs:
        if len(found) > 1:
            say(f"# {job.one.part.name}")
        if job.lock:
            _align(job, job.lock, dry_run=dry_run)
        else:
            _constrain(job, dry_run=dry_run)
    return 0


def _lock_of(one: Surveyed) -> str | None:
    lock = spec(one.scene.installer).lock
    return lock.file if lock else None


def _job(one: Surveyed, names: tuple[str, ...]) -> Job | None:
    """Decide what is to be done for one project; None where Nix provides nothing of it."""
    scene = one.scene
    if not one.part.config.packages:
        if names or one.part.name == "default":
            raise NixpyError.at(
                one.part.config.origin("packages"),
                "Nix provides no packages, so there is nothing to align with",
                hint="`nixpy add NAME` lets it provide one",
            )
        return None
    if scene.nix.source is None:
        raise NixpyError(f"Nix's versions are not known: {scene.nix.why}")
    table = make_table(scene)
    lock = spec(scene.installer).lock
    tree = DiskTree(one.folder)
    if lock is None or (scene.installer is Installer.UV and not tree.read("pyproject.toml")):
        if scene.installer is Installer.PIPENV:
            raise NixpyError(
                "pipenv cannot lock a version that the Pipfile leaves open",
                hint="write Nix's version into the Pipfile: `nixpy explain` shows it",
            )
        return Job(one, table, pinned(table, names), None)
    if tree.read(lock.file) is None:
        raise NixpyError(
            f"there is no {lock.file} to align",
            hint=f"make one with `{scene.installer.value} lock`, then run `nixpy align` again",
        )
    return Job(one, table, find_targets(table, names), lock)


def _align(job: Job, lock: Lock, *, dry_run: bool) -> None:
    """Lock again with Nix's versions, and tell what moved."""
    if not job.targets:
        say(f"{lock.file} has the versions that Nix has")
        return
    program = job.one.scene.installer.value
    pins = [target.pin for target in job.targets]
    command = lock.command(pins, installers.major_version(program, job.one.folder))
    if dry_run:
        for target in job.targets:
            say(f"{target.name}  {_joined(job.table, target.name)} → {target.version}")
        first = f"write that into {lock.file}, and " if lock.edit else ""
        say(f"would {first}run `{shlex.join(command)}`")
        return
    tree = DiskTree(job.one.folder)
    with restored(job.one.folder, lock.file) as start_with:
        if lock.edit:
            moved = {key: new for one in job.targets for key, new in one.changes.items()}
            before = tree.read(lock.file) or b""
            start_with(lock.edit(before.decode(), moved))
        installers.run(command, job.one.folder)
        after = read_project(tree)
        now = make_table(job.one.scene.with_project(after))
        left = missed(job.targets, now.rows)
        if left:
            raise _kept(left[0], now, program, lock)
    changed = moves(job.one.scene.project.locked, after.locked)
    _tell_moves(changed, job.targets)
    if git.checkout_of(job.one.folder) and git.tracked(job.one.folder, [lock.file]):
        instead = "; with `keep: nix` in nixpy.yaml it could have stayed" if lock.leave_out else ""
        tell("note", f"git tracks {lock.file}: the others get these versions, too{instead}")
    say()
    again = [one.name for one in job.targets if one.name in job.one.scene.installed]
    if again:
        # What an installer has put into the venv is not linked over.
        remove = "uv pip uninstall" if program == "uv" else "python -m pip uninstall -y"
        say(f"next: `{remove} {' '.join(again)}`, then enter the shell anew for Nix's")
    say(f"{'then' if again else 'next'}: `{lock.install}`")


def _kept(target: Target, table: Table, program: str, lock: Lock) -> NixpyError:
    """Say that the installer did not take Nix's version, and who may be the reason."""
    row = table.row(target.name)
    if row and not differs(row.locked_versions, target.version):
        message = f"the index has no {target.version} of `{target.name}`, which Nix has"
        return NixpyError(message, file=lock.file)
    has = ", ".join(row.locked_versions) if row else "nothing"
    among = ", ".join(f"`{name}`" for name in (row.via if row else ()))
    return NixpyError(
        f"{program} locks {has} of `{target.name}`, not Nix's {target.version}",
        file=lock.file,
        hint=f"the index has no {target.version}"
        + (f", or one that requires it forbids that: {among}" if among else ""),
    )


def _tell_moves(changed: Sequence[Move], targets: Sequence[Target]) -> None:
    aligned = {one.name for one in targets}
    width = max((len(one.name) for one in changed), default=0)
    for one in changed:
        before, after = ", ".join(one.before) or "-", ", ".join(one.after) or "-"
        said = "Nix's version" if one.name in aligned else "along with it"
        say(printable(f"{one.name:<{width}}  {before} → {after}  ({said})"))


def _joined(table: Table, name: str) -> str:
    row = table.row(name)
    return ", ".join(row.locked_versions) if row else ""


def _constrain(job: Job, *, dry_run: bool) -> None:
    """Write the constraints file, and tell how it is used."""
    before = job.one.existing(CONSTRAINTS)
    if before is not None and not pristine(before):
        raise NixpyError(
            "the file was edited since nixpy wrote it, and is left as it is",
            file=CONSTRAINTS,
            hint="put the change into a file of your own, and remove this one",
        )
    planned = changes.own(CONSTRAINTS, constraints(job.targets), before)
    for target in job.targets:
        say(f"{target.name}  {target.version}")
    if dry_run:
        say(f"would write {CONSTRAINTS}")
        return
    write_all(job.one.folder, {CONSTRAINTS: planned.after})
    tell_changes([planned], [])
    say()
    for command in _compilations(job):
        say(f"next: {command}, to lock them")
    if job.one.scene.installer is Installer.HATCH:
        say(f"next: set PIP_CONSTRAINT={CONSTRAINTS} for hatch's environments")
    else:
        uv = "uv " if job.one.scene.installer is Installer.UV else ""
        say(f"next: `{uv}pip install -c {CONSTRAINTS} …` keeps to them")


def _compilations(job: Job) -> Iterator[str]:
    """Say how to compile again each requirements file with other versions in it."""
    locked = job.one.scene.project.locked
    for file in dict.fromkeys(one.origin.file for one in locked):
        entries = tuple(one for one in locked if one.origin.file == file)
        wanted = {(one.name, one.version) for one in job.targets}
        names = {name for name, _ in wanted}
        if all((one.name, one.version) in wanted for one in entries if one.name in names):
            continue
        made_by = compile_command(job.one.existing(file) or "")
        if made_by is not None:
            yield (
                f"`{made_by} -c {CONSTRAINTS}`" if made_by else f"compile {file} with {CONSTRAINTS}"
            )
