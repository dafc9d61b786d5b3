"""Evaluate the generated flakes of the tests against a nixpkgs, for every system that they name.

Run as ``python -m tools.evaluate_snapshots REF``, with a flake reference such as
``github:NixOS/nixpkgs/nixos-unstable``. Nothing is built. A name that this nixpkgs does not have,
or an alias of it that throws, is an error; each flake is told with what became of it.
"""

import re
import shutil
import sys
import tempfile
from pathlib import Path

import click

from nixpy.errors import NixpyError
from nixpy.flake.render import PROGRAMS
from nixpy.system import nix, process
from nixpy.system.console import say, tell_error

_ROOT = Path(__file__).parents[1]
_SNAPSHOTS = _ROOT / "tests/unit/flake/snapshots"
_SYSTEMS = re.compile(r"\bsystems = \[([^\]]*)\]")
_SECONDS = 900


def systems(text: str) -> list[str]:
    """Give the systems that a rendered flake names."""
    found = _SYSTEMS.search(text)
    return re.findall(r'"([^"]+)"', found[1]) if found else []


def complaints(snapshot: Path, nixpkgs: str) -> list[str]:
    """Give what Nix says of a rendered flake, a line for each system that does not evaluate."""
    text = snapshot.read_text(encoding="utf-8")
    found = []
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(snapshot, f"{folder}/flake.nix")
        Path(folder, ".nixpy").mkdir()
        for program in PROGRAMS:
            Path(folder, program).touch()
        for system in systems(text):
            done = process.run(
                [
                    *("nix", "--extra-experimental-features", "nix-command flakes"),
                    *("eval", "--raw", "--override-input", "nixpkgs", nixpkgs),
                    f"path:{folder}#devShells.{system}.default.drvPath",
                ],
                _SECONDS,
                cwd=folder,
            )
            if done.status:
                found.append(f"{system}: {nix.complaint(done.err)}")
    return found


@click.command()
@click.argument("nixpkgs")
def main(nixpkgs: str) -> None:
    """Evaluate every snapshot against NIXPKGS, a flake reference."""
    snapshots = sorted(_SNAPSHOTS.glob("*.nix"))
    if not snapshots:
        raise NixpyError(f"{_SNAPSHOTS}: no snapshot")
    failed = False
    for snapshot in snapshots:
        found = complaints(snapshot, nixpkgs)
        failed |= bool(found)
        say(f"{snapshot.name}: {'evaluates' if not found else ''}".rstrip())
        for one in found:
            say(f"  {one}")
    if failed:
        sys.exit(1)


if __name__ == "__main__":
    try:
        main()
    except NixpyError as error:
        tell_error(error)
        sys.exit(1)
