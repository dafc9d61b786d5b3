"""What `nixpy add`, `remove` and `sync` have in common: edit nixpy.yaml, render, write, tell."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import wraps
from pathlib import Path
from typing import Any

import click

from nixpy import render, report
from nixpy.changes import Action, Change
from nixpy.config import FILE, Item, parse
from nixpy.console import tell
from nixpy.files import read_text
from nixpy.locate import Place
from nixpy.plan import Plan
from nixpy.workspace import Workspace, open_workspace

Command = Callable[..., int]


class Kind(Enum):
    """What a name that is added or removed stands for."""

    PACKAGE = "packages"
    LIBRARY = "libraries"
    TOOL = "tools"

    @property
    def option(self) -> str:
        """The option of `nixpy add` for it, with a space behind it."""
        return {"packages": "", "libraries": "--library ", "tools": "--tool "}[self.value]


@dataclass(frozen=True, slots=True)
class Edit:
    """What `nixpy add` and `nixpy remove` are asked for."""

    names: tuple[str, ...]
    kind: Kind
    directory: Path
    dry_run: bool
    force: bool
    use_git: bool


def editing(command: Callable[[Edit], int]) -> Command:
    """Give a command that edits a list its arguments and options, as an :class:`Edit`."""

    @click.argument("names", nargs=-1, required=True, metavar="NAME...")
    @click.option(
        "--library", is_flag=True, help="All names are native libraries that wheels load."
    )
    @click.option("--tool", is_flag=True, help="All names are programs to have on PATH.")
    @click.option("--dry-run", is_flag=True, help="Show what would change, write nothing.")
    @options
    @wraps(command)
    def called(
        names: tuple[str, ...],
        library: bool,
        tool: bool,
        dry_run: bool,
        directory: Path,
        force: bool,
        no_git: bool,
    ) -> int:
        if library and tool:
            message = "`--library` and `--tool` exclude each other: add one kind, then the other"
            raise click.UsageError(message)
        kind = Kind.LIBRARY if library else Kind.TOOL if tool else Kind.PACKAGE
        return command(Edit(names, kind, directory, dry_run, force, not no_git))

    return called


def options(command: Command) -> Command:
    """Give a command the options that all have that write."""
    decorators: list[Callable[[Any], Any]] = [
        directory,
        click.option("--force", is_flag=True, help="Replace generated files that were edited."),
        click.option("--no-git", is_flag=True, help="Do not make git aware of new files."),
    ]
    for decorate in reversed(decorators):
        command = decorate(command)
    return command


directory = click.option(
    "-C",
    "--directory",
    type=click.Path(path_type=Path),
    default=Path(),
    help="A folder of the project; by default the current one.",
)


def choices(place: Place) -> str:
    """Give the text of a project's nixpy.yaml, or a first one where it has none yet."""
    text = read_text(place.root, place.choices)
    if text is None:
        return render.nixpy_yaml()
    parse(text, place.choices)
    return text


def items(text: str, kind: Kind) -> tuple[Item, ...]:
    """Give what the text of a nixpy.yaml lists."""
    config = parse(text)
    return {
        Kind.PACKAGE: config.packages,
        Kind.LIBRARY: config.libraries,
        Kind.TOOL: config.tools,
    }[kind]


def edited(place: Place, text: str) -> Workspace:
    """Open a project as it will be once its nixpy.yaml has another text."""
    config = parse(text) if place.choices == FILE else place.config
    return open_workspace(place.root, config, {place.choices: text}, place.outputs)


def finish(
    workspace: Workspace, plan: Plan, planned: Sequence[Change], *, dry_run: bool, use_git: bool
) -> None:
    """Write what changes, or with ``dry_run`` show it; tell what was done and what is odd."""
    for caution in plan.cautions:
        tell("warning", caution.text)
        if caution.hint:
            tell("hint", caution.hint)
    changed = [one for one in planned if one.action is not Action.KEEP]
    if dry_run:
        report.show_diff(changed)
        return
    added = workspace.write(planned, use_git=use_git)
    report.tell_changes(changed, added)


def compare_with_lock(workspace: Workspace, place: Place, names: Iterable[str]) -> None:
    """Tell where the lock wants other versions of packages than Nix has, if Nix can be asked."""
    from nixpy.explain.gather import gather
    from nixpy.explain.model import Code
    from nixpy.explain.rows import listed_packages, make_table

    part = next(one for one in workspace.parts if one.name == place.project)
    if not part.project.locked:
        return
    locked = {one.name for one in part.project.locked}
    scene = gather(place.root, part, workspace.config.nixpkgs)
    listed = {one.item.text: one.name for one in listed_packages(scene, locked)}
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
