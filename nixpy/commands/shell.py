"""``nixpy shell``: enter the project's shell."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from nixpy.commands._entering import enter, is_fhs, place_of
from nixpy.commands._options import directory_option
from nixpy.commands._own_shell import own_shell
from nixpy.flake.render import templates


@click.command(short_help="enter the shell, from anywhere in the project")
@click.argument("project", required=False, metavar="[NAME]")
@directory_option
def command(project: str | None, directory: Path) -> int:
    """Enter the project's shell, from any folder of the project; in a monorepo that of NAME.

    As `nix develop` does, in whichever place the flake lies, and where Nix has flakes turned off
    too. Inside is your own shell (SHELL: bash, zsh, fish), with its own settings. NAME may be
    written as Nix does: `.#api`.
    """
    place = place_of(directory, project)
    terminal = sys.stdin.isatty()
    inside: tuple[str, ...] = ()
    # In an FHS environment, which bash enters by itself, the user's own shell may not be there.
    if not (terminal and is_fhs(place)):
        inside = own_shell(os.environ, templates() / "zsh", terminal=terminal)
    enter(place, inside)
