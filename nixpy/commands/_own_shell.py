"""The user's own shell inside the project's: what to run, so that its settings come along. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePath

# What a shell's own start-up files put before PATH (pyenv, conda, ~/.local/bin) would hide the
# project's programs, so PATH is set once more after them.
_FISH = (
    'exec "$1" --init-command "set -gx PATH (string split : -- \\$NIXPY_PATH); set -e NIXPY_PATH"'
)
_ZSH = 'NIXPY_ZDOTDIR=${ZDOTDIR-} ZDOTDIR=$2 exec "$1"'


def own_shell(environment: Mapping[str, str], startup: Path, *, terminal: bool) -> tuple[str, ...]:
    """Give the command that is the user's shell, by SHELL; empty where `nix develop` has it itself.

    It is started by the bash of the project's shell. ``startup`` is the folder of zsh's start-up
    files that go on with the user's; ``terminal``: somebody types.
    """
    program = environment.get("SHELL", "")
    name = PurePath(program).name
    if name in {"", "bash", "sh"}:
        # In a terminal Nix starts bash with the user's settings; else it would not set anything.
        return () if terminal else ("bash",)
    start = {"fish": _FISH, "zsh": _ZSH}.get(name, 'exec "$1"')
    script = f'export NIXPY_PATH="$PATH" SHELL="$1"; {start}'
    if name not in {"fish", "zsh"}:
        script = f'export SHELL="$1"; {start}'
    return ("bash", "-c", script, "nixpy", program, str(startup))
