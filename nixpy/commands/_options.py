"""What `nixpy add`, `remove` and `sync` have in common: edit nixpy.yaml, render, write, tell."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any

import click

from nixpy.system.console import tell
from nixpy.system.files import locked
from nixpy.workspace.choices import Kind, choices_text, listed_items
from nixpy.workspace.locate import find

Command = Callable[..., int]


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

    @click.argument(
        "names", nargs=-1, required=True, metavar="NAME...", shell_complete=complete_names
    )
    @click.option(
        "--library", is_flag=True, help="All names are native libraries that wheels load."
    )
    @click.option("--tool", is_flag=True, help="All names are programs to have on PATH.")
    @click.option("--dry-run", is_flag=True, help="Show what would change, write nothing.")
    @write_options
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
        root = find(directory).root
        with locked(root, lambda: tell("note", f"waiting for another nixpy to finish in `{root}`")):
            return command(Edit(names, kind, directory, dry_run, force, not no_git))

    return called


def complete_names(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> list[str]:
    """Give the names that a word may become: those listed for `remove`, else nixpkgs'."""
    del parameter
    from nixpy.knowledge.names import attributes
    from nixpy.knowledge.top_level import names

    library, tool = context.params.get("library"), context.params.get("tool")
    kind = Kind.LIBRARY if library else Kind.TOOL if tool else Kind.PACKAGE
    if context.info_name == "remove":
        place = find(Path(context.params.get("directory") or "."))
        known: Iterable[str] = [one.text for one in listed_items(choices_text(place), kind)]
    else:
        known = attributes() if kind is Kind.PACKAGE else names()
    return sorted(name for name in known if name.startswith(incomplete))


def write_options(command: Command) -> Command:
    """Give a command the options that all have that write."""
    decorators: list[Callable[[Any], Any]] = [
        directory_option,
        click.option("--force", is_flag=True, help="Replace generated files that were edited."),
        click.option("--no-git", is_flag=True, help="Do not make git aware of new files."),
    ]
    for decorate in reversed(decorators):
        command = decorate(command)
    return command


directory_option = click.option(
    "-C",
    "--directory",
    type=click.Path(path_type=Path),
    default=Path(),
    help="A folder of the project; by default the current one.",
)
