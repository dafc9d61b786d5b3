"""``nixpy mend``: let programs that were built for Linux at large start on NixOS."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from nixpy.commands._options import directory_option
from nixpy.errors import NixpyError
from nixpy.flake.render import templates
from nixpy.system import process
from nixpy.workspace.locate import find


@click.command(short_help="let programs of wheels start on NixOS without nix-ld")
@click.option("--caches", is_flag=True, help="Also uv's tools and cache, and pre-commit's cache.")
@directory_option
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
def command(caches: bool, directory: Path, paths: tuple[Path, ...]) -> int:
    """Mend the programs in each PATH, or in the project's venv.

    Programs that wheels bring (ruff, uv, node, cmake) name a loader that NixOS does not have.
    Entering the shell mends those of the venv; this does it at any time, in any folder, and says
    what it did. A program is changed on a copy that takes its place. Scripts, libraries, static
    programs and those of other machines are left, and so is everything where such programs start.

    Run it in the project's shell (`nixpy run nixpy mend`): loader and libraries are the shell's.
    """
    if not os.environ.get("NIX_LD"):
        raise NixpyError(
            "NIX_LD is not set, so there is no loader to mend programs by",
            hint="run it in the project's shell: `nixpy run nixpy mend`",
        )
    places = [*paths, *(path for path in _caches() if caches and path.is_dir())]
    worst = 0
    for place in places or _venvs(directory):
        program = str(templates() / "venv.py")
        done = process.run([sys.executable, "-IS", program, str(place.absolute()), "--mend"])
        click.echo(done.err, err=True, nl=False)
        worst = max(worst, done.status)
    return worst


def _venvs(directory: Path) -> list[Path]:
    """Give the venvs of the project, a monorepo's all."""
    place = find(directory)
    return [place.root / one.folder / one.config.venv for one in place.open().parts]


def _caches() -> list[Path]:
    """Give the folders of uv's tools, of uvx's environments and of pre-commit's."""
    home = Path.home()
    data = Path(os.environ.get("XDG_DATA_HOME") or home / ".local/share")
    cache = Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache")
    return [
        Path(os.environ.get("UV_TOOL_DIR") or data / "uv/tools"),
        Path(os.environ.get("UV_CACHE_DIR") or cache / "uv") / "archive-v0",
        Path(os.environ.get("PRE_COMMIT_HOME") or cache / "pre-commit"),
    ]
