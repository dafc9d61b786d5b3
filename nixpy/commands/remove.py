"""``nixpy remove``: let Nix no longer provide packages, libraries or programs."""

from __future__ import annotations

from difflib import get_close_matches

import click

from nixpy.commands._options import Edit, editing
from nixpy.commands._report import finish
from nixpy.config import edit as yaml_edit
from nixpy.errors import NixpyError, all_of
from nixpy.knowledge.names import Known, lookup
from nixpy.plan.model import Plan
from nixpy.plan.packages import bare_attribute
from nixpy.system.console import say, tell
from nixpy.workspace.choices import Kind, choices_text, edited, listed_items
from nixpy.workspace.locate import Place, find


@click.command(short_help="let Nix no longer provide packages, libraries or programs")
@editing
def command(edit: Edit) -> int:
    """Let Nix no longer provide Python packages, or with --library and --tool others.

    A Python package may be named as it is listed, or by any other name it has on PyPI or in
    nixpkgs. Edits nixpy.yaml in place and renders again. Where a name is not listed, nothing is
    written.
    """
    kind = edit.kind
    place = find(edit.directory)
    before = choices_text(place)
    listed = {other: [one.text for one in listed_items(before, other)] for other in Kind}
    found = {name: _match(name, listed[kind], kind) for name in dict.fromkeys(edit.names)}
    missing = [name for name, entry in found.items() if entry is None]
    if missing:
        errors = [_not_listed(name, place, kind, listed) for name in missing]
        raise all_of(errors)
    gone = dict.fromkeys(entry for entry in found.values() if entry)
    after = yaml_edit.remove_items(before, kind.value, gone)
    workspace = edited(place, after)
    plan = workspace.plan()
    planned = workspace.changes(plan, force=edit.force)
    if not edit.dry_run:
        say(f"removed    {', '.join(gone)}")
    finish(workspace, plan, planned, dry_run=edit.dry_run, use_git=edit.use_git)
    for name in gone:
        because = _still_there(name, kind, plan, place)
        if because:
            tell("note", f"the shell still has `{name}`, for {because}")
    if not edit.dry_run:
        say()
        say(f"next: `{place.entering}` again (direnv does so at the next prompt)")
    return 0


def _match(name: str, listed: list[str], kind: Kind) -> str | None:
    """Give the entry that a name means."""
    same = yaml_edit.same_as(kind.value)
    for entry in listed:
        if same(entry) == same(name):
            return entry
    if kind is not Kind.PACKAGE:
        return None
    return next((entry for entry in listed if _attribute(entry) == _attribute(name)), None)


def _attribute(name: str) -> str:
    bare = bare_attribute(name)
    known = lookup(bare)
    return known.attribute if isinstance(known, Known) else bare


def _not_listed(name: str, place: Place, kind: Kind, listed: dict[Kind, list[str]]) -> NixpyError:
    elsewhere = next((other for other in Kind if _match(name, listed[other], other)), None)
    near = get_close_matches(name, listed[kind], n=1)
    hint = None
    if elsewhere:
        hint = f"`nixpy remove {elsewhere.option}{name}` removes it from `{elsewhere.value}:`"
    elif near:
        hint = f"did you mean `{near[0]}`?"
    elif listed[kind]:
        hint = f"listed are {', '.join(f'`{one}`' for one in listed[kind])}"
    message = f"`{name}` is not listed"
    return NixpyError(message, file=place.choices, key=kind.value, hint=hint)


def _still_there(name: str, kind: Kind, plan: Plan, place: Place) -> str | None:
    """Say what else brings a library that nixpy.yaml no longer lists."""
    if kind is not Kind.LIBRARY:
        return None
    shell = next(one for one in plan.shells if one.name == place.project)
    return next((str(one.reason) for one in shell.libraries if name in one.alternatives), None)
