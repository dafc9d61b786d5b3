"""What `nixpy shell` and `nixpy run` have in common: which shell, and how it is entered."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NoReturn

from nixpy.errors import NixpyError
from nixpy.flake.render import FLAKE
from nixpy.system import nix
from nixpy.workspace.locate import Place, find

# `shell: fhs` has a program that runs what sees the usual folders; there is none but on Linux.
_IN_FHS = 'if type -p "$0" >/dev/null; then exec "$0" -c \'exec "$@"\' "$0" "$@"; fi; exec "$@"'


def place_of(directory: Path, asked: str | None) -> Place:
    """Find the project to enter, and make its folder the current one where one is given.

    ``asked`` names a shell of the project's flake: ``api``, or ``.#api`` as Nix writes it. Raises
    NixpyError where there is no project, or no such shell.
    """
    place = find(directory)
    if directory != Path():
        os.chdir(directory)
    if asked is None:
        return place
    return place.named(asked.removeprefix(".").removeprefix("#"))


def is_fhs(place: Place) -> bool:
    """Whether the shell is entered by a program that shows the folders of other Linux systems."""
    return place.choices_made().shell == "fhs"


def enter(place: Place, command: tuple[str, ...]) -> NoReturn:
    """Become the shell, or a command in it; raises NixError where Nix cannot be started."""
    if command and is_fhs(place):
        plan = place.open().plan()
        fhs = next(shell.fhs for shell in plan.shells if shell.name == place.project)
        command = ("bash", "-c", _IN_FHS, str(fhs), *command)
    if not (place.root / place.layout.flake).is_file():
        raise NixpyError(
            "the file is missing",
            file=place.layout.flake,
            hint="`nixpy sync` writes it" if FLAKE in place.outputs else "`nix-shell` may enter",
        )
    nix.enter(place.reference(Path()), command)
