"""``nixpy add``: let Nix provide further packages, libraries or programs."""

from __future__ import annotations

from pathlib import Path

import click

from nixpy import changing, yaml_edit
from nixpy.changing import Kind
from nixpy.config import FILE, Item, check_attribute
from nixpy.console import say, tell
from nixpy.errors import NixpyError, NixpyErrors
from nixpy.locate import find


@click.command(short_help="let Nix provide further packages, libraries or programs")
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@changing.choice
@click.option("--dry-run", is_flag=True, help="Show what would change, write nothing.")
@changing.options
def command(
    names: tuple[str, ...],
    library: bool,
    tool: bool,
    directory: Path,
    dry_run: bool,
    force: bool,
    no_git: bool,
) -> int:
    """Let Nix provide further Python packages, or with --library and --tool others.

    A Python package has its PyPI name or nixpkgs' name for it; libraries and tools have nixpkgs'.
    Edits nixpy.yaml in place and renders again. Where a name is wrong, nothing is written.
    """
    kind = changing.kind_of(library=library, tool=tool)
    _check(names)
    place = find(directory)
    before = changing.choices(place)
    after = yaml_edit.add_items(before, kind.value, names)
    have = {one.text for one in changing.items(before, kind)}
    new = [one for one in changing.items(after, kind) if one.text not in have]
    try:
        workspace = changing.edited(place, after)
        plan = workspace.plan()
        planned = workspace.changes(plan, force=force)
    except NixpyError as error:
        raise _blamed(error, place.choices, new) from None
    for name in dict.fromkeys(names):
        if name not in {one.text for one in new}:
            tell("note", f"`{name}` is listed in {place.choices} already")
    if new and not dry_run:
        say(f"added      {', '.join([one.text for one in new])}")
    changing.finish(workspace, plan, planned, dry_run=dry_run, use_git=not no_git)
    if new and kind is Kind.PACKAGE:
        changing.compare_with_lock(workspace, place, [one.text for one in new])
    if new and not dry_run:
        say()
        say("next: `nix develop` again (direnv does so at the next prompt)")
    return 0


def _check(names: tuple[str, ...]) -> None:
    errors = [
        NixpyError(said, hint=_without_version(name))
        for name in names
        if (said := check_attribute(name))
    ]
    if errors:
        raise errors[0] if len(errors) == 1 else NixpyErrors(errors)


def _without_version(name: str) -> str | None:
    if not any(char in name for char in "<>=!~["):
        return None
    bare = name.partition("[")[0].rstrip("<>=!~.0123456789 ,*")
    return f"write `{bare}`; `nixpy align` brings the lock to nixpkgs' version" if bare else None


def _blamed(error: NixpyError, file: str, new: list[Item]) -> NixpyError:
    """Leave out the line of a nixpy.yaml that was not written, where a new name is wrong."""
    lines = {int(one.where.removeprefix(f"{FILE}:")): one.text for one in new}
    found = [
        NixpyError(one.message, hint=one.hint)
        if one.file == file and lines.get(one.line or 0, "") and lines[one.line or 0] in one.message
        else one
        for one in (error.errors if isinstance(error, NixpyErrors) else (error,))
    ]
    return found[0] if len(found) == 1 else NixpyErrors(found)
