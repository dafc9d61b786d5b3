"""``nixpy eject``: leave plain Nix that needs no nixpy, and works."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from pathlib import Path

import click

from nixpy.commands._options import write_options
from nixpy.commands._private import take_away
from nixpy.commands._report import show_diff, tell_changes
from nixpy.config.model import FILE, Layout
from nixpy.errors import NixpyError
from nixpy.flake import eject, render
from nixpy.flake.header import claimed, pristine
from nixpy.flake.render import ENVRC
from nixpy.plan.model import Plan
from nixpy.system import files, git
from nixpy.system.console import say, tell
from nixpy.venv.links import unlink_packages
from nixpy.workspace.changes import Action, Change
from nixpy.workspace.locate import Place, find
from nixpy.workspace.workspace import Workspace

# Files that go on in another place.
_MOVED = {
    render.VENV: eject.PROGRAM,
    render.ENTER: eject.ENTER,
    Layout.FOLDER.flake: eject.FLAKE,
}


@click.command(short_help="leave plain Nix that needs no nixpy, and works")
@click.option("--dry-run", is_flag=True, help="Show what would change, write nothing.")
@click.option("--private", is_flag=True, help="Take away all that `nixpy init --private` has made.")
@write_options
def command(directory: Path, private: bool, dry_run: bool, force: bool, no_git: bool) -> int:
    """Turn what nixpy generated into plain files of your own, and remove nixpy.yaml.

    The shell stays the same, edits of the flake are kept, and nothing names nixpy any more. What an
    installer has put into .venv stays; the links to Nix's packages are made anew by the next shell.
    """
    place = find(directory)
    workspace = place.open()
    if private or workspace.private:
        return take_away(place, workspace, asked=private, dry_run=dry_run)
    plan = workspace.plan()
    removed = _removed(workspace, place)
    planned = _planned(workspace, plan, place)
    if not force:
        _check(workspace, plan, removed, planned)
    if dry_run:
        show_diff([*planned, *(_gone(workspace, path) for path in removed)])
        return 0
    added = workspace.write(planned, use_git=not no_git)
    for shell in plan.shells:
        venv = place.root / shell.folder / shell.venv
        if venv.is_symlink():
            name = posixpath.normpath(f"{shell.folder}/{shell.venv}")
            tell("note", f"{name} is a link, so what it leads to is left: remove it by hand")
        unlink_packages(venv, "nixpy")
    # An ejection that was interrupted may have left the folder alone.
    files.remove(place.root, [*render.PROGRAMS, *removed])
    tell_changes([one for one in planned if one.action is not Action.KEEP], added)
    for path in removed:
        say(f"removed    {path}")
    _tell_leftovers(planned, place)
    say()
    entering = "nix develop" if place.layout is Layout.ROOT else f"nix develop path:{eject.FOLDER}"
    say(f"next: `{entering}` links Nix's packages anew")
    return 0


def _removed(workspace: Workspace, place: Place) -> list[str]:
    choices = [posixpath.normpath(f"{part.folder}/{FILE}") for part in workspace.parts]
    # A flake in the folder of nixpy's name goes on in one of another name.
    flake = (place.layout.flake, place.layout.lock) if place.layout is Layout.FOLDER else ()
    # The choices go last: where this is interrupted before, it can be run again.
    removed = (*render.PROGRAMS, *flake, *choices)
    return [path for path in removed if workspace.existing(path) is not None]


def _check(workspace: Workspace, plan: Plan, removed: list[str], planned: Sequence[Change]) -> None:
    """Refuse to lose choices that no commit has, and to keep a flake that is out of date.

    What stands there already as it is to be was written by an ejection that was interrupted.
    """
    taken = [eject.PROGRAM, eject.ENTER]
    taken += [eject.FLAKE, eject.LOCK] if plan.layout is Layout.FOLDER else []
    for one in planned:
        if one.path in taken and one.action is Action.UPDATE:
            raise NixpyError(
                "the file is there already, where one of the ejected shell is to go",
                file=one.path,
                hint="move it away, or pass `--force` to replace it",
            )
    for path in removed:
        text = workspace.existing(path)
        if path.endswith(FILE) and text not in git.versions(workspace.root, path):
            raise NixpyError(
                "the file is in no commit as it is, and would be lost",
                file=path,
                hint="commit it, or pass `--force`",
            )
    for path, text in _rendered(workspace, plan).items():
        before = workspace.existing(path)
        if before is None and workspace.existing(_MOVED.get(path, path)) is not None:
            continue
        # The header names the files that the text follows from; it goes anyway.
        outdated = pristine(before or "") and claimed(before or "") != claimed(text)
        if before is None or outdated:
            raise NixpyError(
                "the file is out of date", file=path, hint="run `nixpy sync` before, or `--force`"
            )


def _rendered(workspace: Workspace, plan: Plan) -> dict[str, str]:
    texts = render.render(plan) if render.FLAKE in workspace.outputs else {}
    return texts | (render.modules(plan) if render.MODULE in workspace.outputs else {})


def _planned(workspace: Workspace, plan: Plan, place: Place) -> list[Change]:
    planned = []
    for path, text in _rendered(workspace, plan).items():
        before = workspace.existing(path)
        current = text if before is None else before
        if path in _MOVED:
            target = workspace.existing(_MOVED[path])
            if path in render.PROGRAMS:
                new = eject.plain_program(current)
            else:
                new = eject.plain_nix(current, "./")
            if before is None and target is not None:
                new = target  # it went there before this was interrupted
            planned.append(_change(_MOVED[path], target, new))
        else:
            here = "../" if path.startswith("nix/") else "./"
            planned.append(_change(path, before, eject.plain_nix(current, here)))
    lock = workspace.existing(Layout.FOLDER.lock)
    if plan.layout is Layout.FOLDER and lock is not None:
        planned.append(_change(eject.LOCK, workspace.existing(eject.LOCK), lock))
    for part in workspace.parts if render.FLAKE in place.outputs else ():
        path = posixpath.normpath(f"{part.folder}/{ENVRC}")
        before = workspace.existing(path)
        if before is not None:
            planned.append(_change(path, before, eject.plain_envrc(before)))
    return planned


def _change(path: str, before: str | None, after: str) -> Change:
    if before is None:
        return Change(path, Action.CREATE, None, after)
    return Change(path, Action.KEEP if before == after else Action.UPDATE, before, after)


def _gone(workspace: Workspace, path: str) -> Change:
    return Change(path, Action.REMOVE, workspace.existing(path), "")


def _tell_leftovers(planned: list[Change], place: Place) -> None:
    for one in planned:
        for line in eject.leftovers(one.after):
            tell("note", f"{one.path}:{line} still names nixpy, in a text that is your own")
    folder = place.root / posixpath.dirname(render.VENV)
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        tell(
            "note", f"{path.relative_to(place.root)} is left, since nixpy's shell does not need it"
        )
