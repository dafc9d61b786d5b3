"""``nixpy doctor``: say what is wrong with a Python on Nix, why, and what mends it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nixpy.errors import NixpyError
from nixpy.system.console import say, tell

if TYPE_CHECKING:
    from nixpy.doctor.snapshot import Snapshot


def _names(
    context: click.Context, parameter: click.Parameter, value: tuple[str, ...]
) -> tuple[str, ...]:
    del context, parameter
    return tuple(name for text in value for name in text.replace(",", " ").split())


def _complete_ids(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    del context, parameter
    from nixpy.doctor.rules.registry import RULES

    return [one.id for one in RULES if one.id.startswith(incomplete.upper())]


@click.command(short_help="say what is wrong with a Python on Nix, and what mends it")
@click.argument(
    "directory",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=Path(),
    metavar="[DIRECTORY]",
)
@click.option("--fix", is_flag=True, help="Mend what is safe to mend, telling each step first.")
@click.option("--yes", is_flag=True, help="With --fix: also remove what cannot be brought back.")
@click.option(
    "--run-venv", is_flag=True, help="Run the project's own Python, with what its venv starts."
)
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@click.option(
    "--explain",
    metavar="ID",
    help="Tell all about a finding, such as L1.",
    shell_complete=_complete_ids,
)
@click.option(
    "--only", multiple=True, callback=_names, metavar="IDS", help="Check only these: I1,L or so."
)
@click.option("--ignore", multiple=True, callback=_names, metavar="IDS", help="Do not check these.")
@click.option(
    "--log",
    type=click.Path(path_type=Path, exists=True, dir_okay=False, allow_dash=True),
    metavar="FILE",
    help="Look for known errors in what a failed command printed; - is standard input.",
)
@click.option(
    "--snapshot",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE",
    help="Check a saved snapshot, and nothing of this machine.",
)
@click.option(
    "--save-snapshot",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Save what was seen, for a bug report.",
)
def command(
    directory: Path,
    fix: bool,
    yes: bool,
    run_venv: bool,
    as_json: bool,
    explain: str | None,
    only: tuple[str, ...],
    ignore: tuple[str, ...],
    log: Path | None,
    snapshot: Path | None,
    save_snapshot: Path | None,
) -> int:
    """Say what is wrong with the Python of the project in DIRECTORY, and with the shell around it.

    Looks at the interpreters, the venv, the libraries in it, the variables, the flake and git,
    in any shell, made by nixpy or not. Nothing that lies in the project is run, unless --run-venv
    allows it. Exits 0 if nothing but notes is found, 1 if something is wrong or could not be
    examined.
    """
    try:
        if explain is not None:
            return _explain(explain)
        return run(
            directory,
            fix=fix,
            agreed=yes,
            run_venv=run_venv,
            as_json=as_json,
            only=only,
            ignore=ignore,
            log=log,
            replayed=snapshot,
            saved=save_snapshot,
        )
    except _WrongUsageError as error:
        raise click.UsageError(error.said) from None


class _WrongUsageError(Exception):
    def __init__(self, error: NixpyError | str) -> None:
        hint = f"; {error.hint}" if isinstance(error, NixpyError) and error.hint else ""
        self.said = f"{error}{hint}"
        super().__init__(self.said)


def _explain(identifier: str) -> int:
    from nixpy.doctor.report import show_text
    from nixpy.doctor.texts import explain

    try:
        show_text(explain(identifier))
    except NixpyError as error:
        raise _WrongUsageError(error) from None
    return 0


def run(
    directory: Path,
    *,
    fix: bool = False,
    agreed: bool = False,
    run_venv: bool = False,
    as_json: bool = False,
    only: Sequence[str] = (),
    ignore: Sequence[str] = (),
    log: Path | None = None,
    replayed: Path | None = None,
    saved: Path | None = None,
) -> int:
    """Check the project in a folder, or a snapshot; give 0 with nothing wrong, 1 otherwise.

    ``only`` and ``ignore`` are ids or families, ``log`` a file (``-``: standard input) of what a
    failed command printed. ``replayed`` is a snapshot to check, ``saved`` where to save one.
    """
    from nixpy.doctor.gather.gather import gather
    from nixpy.doctor.model import Severity
    from nixpy.doctor.report import as_json as json_of
    from nixpy.doctor.report import show
    from nixpy.doctor.run import findings, messages, parts, select
    from nixpy.doctor.snapshot import Part

    if fix and (replayed or as_json):
        raise _WrongUsageError("--fix goes with neither --snapshot nor --json")
    try:
        selected = select(only, ignore)
    except NixpyError as error:
        raise _WrongUsageError(error) from None
    # A saved snapshot serves whoever reads the bug report: it has all parts.
    wanted = frozenset(Part) - {Part.LOG} if saved else parts(selected)

    def look() -> Snapshot:
        return gather(directory, wanted, lines, run_venv=run_venv)

    lines = messages(_read_log(log)) if log else ()
    snapshot = _load(replayed) if replayed else look()
    if fix and snapshot.venv.kind == "missing" and _heal(Path(snapshot.venv.path)):
        snapshot = look()
    if saved:
        _save(snapshot, saved)
    found = findings(snapshot, selected)
    mended = True
    if fix and any(one.mend for one in found):
        from nixpy.doctor.fix import Fixer

        done, mended = Fixer(snapshot, agreed).mend(found)
        if done:
            say()
            lines = ()
            snapshot = look()
            found = findings(snapshot, selected)
    unread, unexamined = snapshot.project.unreadable, snapshot.unexamined
    if as_json:
        say(json_of(found, unread, unexamined))
    else:
        for one in unread:
            tell("warning", f"not read: {one}")
        for one in unexamined:
            tell("warning", f"not examined: {one}")
        checks = len([one for one in selected if one.reads <= set(snapshot.gathered)])
        show(found, checks, whole=not (unread or unexamined))
    wrong = any(one.severity is not Severity.NOTE for one in found)
    return 1 if wrong or unread or unexamined or not mended else 0


def _heal(venv: Path) -> bool:
    """Put back the venv that a ``--fix`` moved aside before it was killed."""
    from nixpy.doctor.fix import put_back

    if not put_back(venv):
        return False
    say(f"fix: put {venv} back, which a run that was ended had moved aside")
    return True


def _read_log(log: Path) -> str:
    if str(log) == "-":
        return sys.stdin.buffer.read().decode("utf-8", "replace")
    return log.read_text("utf-8", "replace")


def _load(file: Path) -> Snapshot:
    from nixpy.doctor.codec import load

    try:
        return load(file.read_text("utf-8", "replace"), str(file))
    except NixpyError as error:
        raise _WrongUsageError(error) from None


def _save(snapshot: Snapshot, file: Path) -> None:
    from nixpy.doctor.codec import dump

    try:
        file.write_text(dump(snapshot), "utf-8")
    except OSError as error:
        raise _WrongUsageError(f"{file}: cannot be written: {error.strerror}") from None
    tell("note", f"the snapshot is in `{file}`")
