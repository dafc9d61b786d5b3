"""``nixpy editor``: point an editor at the project's venv."""

from __future__ import annotations

import posixpath
from pathlib import Path
from typing import Any

import click

from nixpy.commands._options import directory_option
from nixpy.commands._report import show_diff, tell_changes
from nixpy.errors import NixpyError
from nixpy.syntax import jsonc_edit
from nixpy.system.console import say, tell
from nixpy.system.files import read_text
from nixpy.workspace.changes import Action, Change
from nixpy.workspace.locate import Place, find

SETTINGS = ".vscode/settings.json"
EXTENSIONS = ".vscode/extensions.json"
DIRENV = "mkhl.direnv"


@click.command(short_help="point an editor at the project's venv")
@click.argument("editor", type=click.Choice(["vscode"]))
@click.option("--dry-run", is_flag=True, help="Show what would change, write nothing.")
@directory_option
def command(editor: str, dry_run: bool, directory: Path) -> int:  # noqa: ARG001 - there is one
    """Write the venv's interpreter, and how it gets the shell's variables, into EDITOR's settings.

    For vscode: `.vscode/settings.json` names the venv and lets the direnv extension restart others
    when the shell changed; `.vscode/extensions.json` recommends it. What is there is kept, comments
    too.
    """
    place = find(directory)
    workspace = place.open()
    shell = next(one for one in workspace.plan().shells if one.name == place.project)
    planned = [
        _change(place, SETTINGS, _settings(shell.venv)),
        _change(place, EXTENSIONS, None),
    ]
    _tell_replaced(planned[0])
    changed = [one for one in planned if one.action is not Action.KEEP]
    if dry_run:
        show_diff(changed)
        return 0
    workspace.write(changed, use_git=False)
    tell_changes(planned, [])
    say()
    say(f"next: install the extension {DIRENV}, and `direnv allow` in the project's folder")
    return 0


def _settings(venv: str) -> dict[str, Any]:
    return {
        "python.defaultInterpreterPath": f"${{workspaceFolder}}/{venv}/bin/python",
        # The shell's variables come through direnv: activating the venv would add nothing to them.
        "python.terminal.activateEnvironment": False,
        "direnv.restart.automatic": True,
    }


def _change(place: Place, name: str, values: dict[str, Any] | None) -> Change:
    path = posixpath.normpath(f"{place.folder}/{name}")
    before = read_text(place.root, path)
    text = before or ""
    if values is None:
        listed = jsonc_edit.load(text, path).get("recommendations", [])
        if not isinstance(listed, list):
            raise NixpyError("expected a list", file=path, key="recommendations")
        both = listed if DIRENV in listed else [*listed, DIRENV]
        values = {"recommendations": both}
    after = jsonc_edit.set_values(text, values, path)
    if before is None:
        return Change(path, Action.CREATE, None, after)
    return Change(path, Action.KEEP if after == before else Action.UPDATE, before, after)


def _tell_replaced(settings: Change) -> None:
    old = jsonc_edit.load(settings.before or "", settings.path)
    new = jsonc_edit.load(settings.after, settings.path)
    for key, value in old.items():
        if new[key] != value:
            tell("note", f"{settings.path}: `{key}` was `{value}`")
