"""``nixpy run``: run one command in the shell."""

from __future__ import annotations

from pathlib import Path

import click

from nixpy.commands._entering import enter, place_of
from nixpy.commands._options import directory_option


@click.command(
    short_help="run one command in the shell",
    # What stands behind the command's name is the command's, `--help` and `--` too.
    context_settings={"allow_interspersed_args": False},
)
@click.option("--project", metavar="NAME", help="Another project of the monorepo.")
@directory_option
@click.argument("command_line", nargs=-1, required=True, type=click.UNPROCESSED, metavar="CMD...")
def command(project: str | None, directory: Path, command_line: tuple[str, ...]) -> int:
    """Run CMD in the project's shell, from any folder of the project.

    As `nix develop -c CMD` does, in whichever place the flake lies, and where Nix has flakes turned
    off too. The command takes nixpy's place: it gets the signals, and its exit code is the result.
    """
    enter(place_of(directory, project), command_line)
