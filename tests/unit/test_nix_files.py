"""Every Nix file is one: the stand-in's, nixpy's own, and those that the templates make."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.nixpkgs import NIX_CONFIG

ROOT = Path(__file__).resolve().parents[2]
# The templates are Nix only once they are filled: the snapshots are what comes of them.
FOLDERS = ("nix", "nixpy", "templates", "tests", "tools")


def parsers() -> list[str]:
    """Gives each `nix-instantiate` at hand, of whichever release."""
    folders = os.environ.get("PATH", "").split(os.pathsep)
    found = [shutil.which("nix-instantiate", path=folder) for folder in folders]
    return sorted({os.path.realpath(program): program for program in found if program}.values())


def nix_files() -> list[Path]:
    """Gives the repository's Nix files."""
    below = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*.nix")]
    return sorted([*ROOT.glob("*.nix"), *below])


def test_every_nix_file_parses(nix: str, tmp_path: Path) -> None:
    """Each is well-formed to every Nix at hand; Debian's is the oldest that nixpy supports."""
    files = [str(file) for file in nix_files()]
    assert any("tests/nixpkgs" in file for file in files)
    for program in parsers():
        done = subprocess.run(
            [program, "--parse", *files],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "NIX_CONFIG": NIX_CONFIG, "NIX_STATE_DIR": str(tmp_path)},
        )
        assert done.returncode == 0, f"{program}: {done.stderr}"


@pytest.mark.parametrize("text", ["{ a = 1 }", "with import <nixpkgs> {}; ["])
def test_a_broken_file_is_seen(nix: str, tmp_path: Path, text: str) -> None:
    """What these tests rely on: Nix refuses a file that is none."""
    (tmp_path / "broken.nix").write_text(text)
    command = [*parsers()[:1], "--parse", str(tmp_path / "broken.nix")]
    assert subprocess.run(command, capture_output=True, check=False).returncode != 0
