"""``nixpy sync``: render again from nixpy.yaml and the project's metadata."""

from __future__ import annotations

from pathlib import Path

import click

from nixpy import __version__
from nixpy.commands._options import write_options
from nixpy.commands._report import finish, show_diff
from nixpy.flake.header import writer
from nixpy.system.console import say, tell
from nixpy.workspace.changes import Action, Change
from nixpy.workspace.locate import find


@click.command(short_help="render again after a change of nixpy.yaml or metadata")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if something would change.")
@click.option("--diff", is_flag=True, help="Write nothing; show what would change.")
@write_options
def command(check: bool, diff: bool, directory: Path, force: bool, no_git: bool) -> int:
    """Render flake.nix and what belongs to it again, from nixpy.yaml and the project's metadata.

    A generated file that was edited is left alone: each edit is told, with the key of nixpy.yaml
    that does the same where there is one. What was removed by hand (.envrc, .gitignore) stays away.
    """
    workspace = find(directory).open()
    plan = workspace.plan()
    planned = workspace.changes(plan, force=force)
    changed = [one for one in planned if one.action is not Action.KEEP]
    if diff:
        show_diff(changed)
    if check:
        stale = [one for one in changed if not one.reworded]
        for one in stale:
            tell("error", f"`{one.path}` is out of date: {_why(one)}")
        if stale:
            tell("hint", "`nixpy sync` writes it anew")
        return 1 if stale else 0
    if diff:
        return 0
    if not changed:
        added = workspace.write(planned, use_git=not no_git)
        for path in added:
            say(f"git add --intent-to-add {path}")
        say("up to date")
        return 0
    # What another version wrote is shown: the change is nixpy's, not the user's.
    renewed = [
        one for one in changed if (wrote := writer(one.before or "")) and wrote != __version__
    ]
    show_diff(renewed)
    finish(workspace, plan, planned, dry_run=False, use_git=not no_git)
    return 0


def _why(one: Change) -> str:
    if one.action is Action.CREATE:
        return "it is missing"
    if one.action is Action.REMOVE:
        return "the flake's place is another one now"
    wrote = writer(one.before or "")
    if wrote and wrote != __version__:
        return f"nixpy {wrote} wrote it, and this is {__version__}"
    return "nixpy.yaml or the project's metadata say otherwise"
