"""The gate to installers: uv, poetry and pdm are started here, to lock."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from pathlib import Path

from nixpy.errors import NixpyError
from nixpy.system import process


def major_version(program: str, folder: Path) -> int:
    """Give the first number of the version that a program on PATH says it has, for a project.

    Raises NixpyError where it is not there, or does not say.
    """
    done = process.run([_on_path(program, folder), "--version"], cwd="/")
    found = re.search(r"(\d+)\.\d", done.out)
    if done.status or found is None:
        raise NixpyError(f"`{program} --version` does not say a version", hint=_first(done.err))
    return int(found[1])


def run(command: Sequence[str], folder: Path) -> None:
    """Run an installer in a folder; what it prints goes to stderr, as it comes.

    Raises NixpyError where it is not on PATH, or fails.
    """
    program, *arguments = command
    status = process.show([_on_path(program, folder), *arguments], cwd=folder)
    if status:
        raise NixpyError(f"`{shlex.join(command)}` failed with exit status {status}")


def _on_path(program: str, folder: Path) -> str:
    """Find a program outside of the project: one in it is its author's."""
    path = process.find(program, outside=folder)
    inside = None if path else process.find(program)
    if inside:
        raise NixpyError(
            f"`{program}` is found only in the project, at `{inside}`, and was not run",
            hint=f"let Nix provide it: `nixpy add --tool {program}`, or enter the shell anew",
        )
    if path is None:
        raise NixpyError(f"`{program}` is not on PATH", hint="enter the shell first: `nix develop`")
    return path


def _first(text: str) -> str | None:
    return next((line.strip() for line in text.splitlines() if line.strip()), None)
