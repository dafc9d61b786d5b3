"""``nixpy completion``: what makes a shell complete nixpy's commands, options and names."""

from __future__ import annotations

import click
from click.shell_completion import BashComplete, FishComplete, ZshComplete

from nixpy.system.console import say

_SHELLS = {"bash": BashComplete, "zsh": ZshComplete, "fish": FishComplete}


@click.command(short_help="print what makes bash, zsh or fish complete nixpy's words")
@click.argument("shell", type=click.Choice([*_SHELLS]))
@click.pass_context
def command(context: click.Context, shell: str) -> int:
    r"""Print the script by which SHELL completes commands, options and names of packages.

    \b
    bash: source <(nixpy completion bash)     in ~/.bashrc
    zsh:  source <(nixpy completion zsh)      in ~/.zshrc, after compinit
    fish: nixpy completion fish > ~/.config/fish/completions/nixpy.fish
    """
    complete = _SHELLS[shell](context.find_root().command, {}, "nixpy", "_NIXPY_COMPLETE")
    # Not by `source()`: that runs bash to learn its version, and what it prints is the same.
    say((complete.source_template % complete.source_vars()).strip())
    return 0
