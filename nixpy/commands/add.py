"""``nixpy add``: let Nix provide further packages, libraries or programs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import click

from nixpy.commands._options import Edit, editing
from nixpy.commands._report import finish
from nixpy.config import edit as yaml_edit
from nixpy.config.model import Item
from nixpy.config.parse import check_attribute
from nixpy.errors import NixpyError, all_of
from nixpy.flake.render import FLAKE
from nixpy.nixpkgs.ask import ask, nixpkgs_of
from nixpy.nixpkgs.query import queries
from nixpy.plan.model import Plan
from nixpy.system import nix
from nixpy.system.console import say, tell
from nixpy.system.files import read_text
from nixpy.workspace.choices import Kind, choices_text, edited, listed_items, plan_of, said_by
from nixpy.workspace.locate import Place, find
from nixpy.workspace.workspace import Workspace


@click.command(short_help="let Nix provide further packages, libraries or programs")
@editing
def command(edit: Edit) -> int:
    """Let Nix provide further Python packages, or with --library and --tool others.

    A Python package has its PyPI name or nixpkgs' name for it; libraries and tools have nixpkgs'.
    Edits nixpy.yaml in place and renders again. Where a name is wrong, nothing is written.
    """
    names, kind = edit.names, edit.kind
    _check(names)
    place = find(edit.directory)
    before = choices_text(place)
    after = yaml_edit.add_items(before, kind.value, names)
    have = {one.text for one in listed_items(before, kind)}
    new = [one for one in listed_items(after, kind) if one.text not in have]
    workspace = edited(place, after)
    origins = kind.origins(one.text for one in new)
    plan = plan_of(workspace, place.choices, origins)
    planned = workspace.changes(plan, force=edit.force)
    there = _ask(place, said_by(workspace, place.choices, origins).plan(), new) if new else set()
    plan = replace(plan, cautions=tuple(one for one in plan.cautions if one.unsure not in there))
    for name in dict.fromkeys(names):
        if name not in {one.text for one in new}:
            tell("note", f"`{name}` is listed in {place.choices} already")
    if new and not edit.dry_run:
        say(f"added      {', '.join([one.text for one in new])}")
    finish(workspace, plan, planned, dry_run=edit.dry_run, use_git=edit.use_git)
    if new and kind is Kind.PACKAGE:
        compare_with_lock(workspace, place, [one.text for one in new])
    if new and not edit.dry_run:
        say()
        say(f"next: `{place.entering}` again (direnv does so at the next prompt)")
    return 0


def _ask(place: Place, plan: Plan, new: list[Item]) -> set[str]:
    """Look up new names in the nixpkgs that flake.lock records, where Nix and it are at hand.

    Gives the names that it has. Raises NixpyErrors for those that it has not, or refuses.
    """
    lock = read_text(place.root, place.layout.lock)
    # A flake of the user's own has its own nixpkgs.
    reference = plan.nixpkgs if FLAKE in place.outputs else None
    nixpkgs = (
        nixpkgs_of(lock, reference, looking=place.root)
        if lock and nix.available(place.root)
        else None
    )
    if nixpkgs is None:
        return set()
    names = {one.text for one in new}
    asked = [
        one
        for one in queries(plan)
        if one.shell == place.project and (one.key == "python" or one.attribute.name in names)
    ]
    try:
        verdict = ask(nixpkgs, plan, asked, looking=True, outside=place.root, seconds=60)
    except nix.NixError:
        # That nixpkgs is not in the store, say, is no matter of the names: `nixpy check` tells it.
        return set()
    verdict.check()
    return names


def _check(names: tuple[str, ...]) -> None:
    errors = [
        NixpyError(said, hint=_without_version(name))
        for name in names
        if (said := check_attribute(name))
    ]
    if errors:
        raise all_of(errors)


def _without_version(name: str) -> str | None:
    if not any(char in name for char in "<>=!~["):
        return None
    bare = name.partition("[")[0].rstrip("<>=!~.0123456789 ,*")
    return f"write `{bare}`; `nixpy align` brings the lock to nixpkgs' version" if bare else None


def compare_with_lock(workspace: Workspace, place: Place, names: Iterable[str]) -> None:
    """Tell where the lock wants other versions of packages than Nix has, if Nix can be asked."""
    from nixpy.distributions.model import Code
    from nixpy.distributions.rows import listed_packages, make_table
    from nixpy.distributions.survey import gather

    part = next(one for one in workspace.parts if one.name == place.project)
    if not part.project.locked:
        return
    locked = {one.name for one in part.project.locked}
    scene = gather(place.root, part, workspace.config.nixpkgs)
    listed = {one.item.text: one.name for one in listed_packages(scene.config, locked)}
    wanted = {listed[name] for name in names if listed.get(name) in locked}
    if not wanted:
        return
    if not scene.nix.source:
        shown = ", ".join(f"`{name}`" for name in sorted(wanted))
        tell(
            "note",
            f"the lock has {shown} too; `nixpy explain` compares the versions, once "
            f"Nix's are known ({scene.nix.why})",
        )
        return
    for row in make_table(scene).rows:
        if row.name in wanted:
            for remark in row.conflicts:
                if remark.code not in {Code.VERSION, Code.FORBIDDEN}:
                    continue
                tell("warning", f"`{row.name}`: {remark.text}")
                if remark.hint:
                    tell("hint", remark.hint)
