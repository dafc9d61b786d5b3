"""Evaluating generated flakes, and the repository's own, against a nixpkgs."""

import json
import shutil
import subprocess
from pathlib import Path

from tests.support.nixpkgs import StandIn
from tools.evaluate_snapshots import complaints, systems

ROOT = Path(__file__).parents[3]
SNAPSHOTS = ROOT / "tests/unit/flake/snapshots"
MADE = """
{{
  outputs = {{ nixpkgs, self }}: {{
    devShells.x86_64-linux.default = nixpkgs.legacyPackages.x86_64-linux.{name};
  }};
  # systems = [ "x86_64-linux" ];
}}
"""


def test_a_rendered_flake_evaluates_on_every_system(any_standin: StandIn) -> None:
    """A snapshot that names what the stand-in has evaluates for each of its systems."""
    assert len(systems((SNAPSHOTS / "bare.nix").read_text())) == 3
    assert complaints(SNAPSHOTS / "bare.nix", any_standin.ref) == []


def test_what_this_nixpkgs_does_not_have_is_named(any_standin: StandIn, tmp_path: Path) -> None:
    """The system and Nix's own words are told."""
    for name, expected in (("hello", []), ("no-such", ["attribute 'no-such' missing"])):
        file = tmp_path / f"{name}.nix"
        file.write_text(MADE.format(name=name))
        found = complaints(file, any_standin.ref)
        assert [one.split(": ")[1] for one in found] == expected


def test_the_checks_and_the_formatter_of_the_repository_evaluate(
    any_standin: StandIn, tmp_path: Path
) -> None:
    """Of every system that the repository's flake names."""
    shutil.copy(ROOT / "flake.nix", tmp_path)  # Nix would copy all of the repository at each call
    for attribute in ("checks.{}.lint", "checks.{}.devShell", "formatter.{}"):
        for system in systems((ROOT / "flake.nix").read_text()):
            command = ["nix", "eval", "--json", "--no-write-lock-file"]
            command += ["--override-input", "nixpkgs", any_standin.ref]
            command.append(f"path:{tmp_path}#{attribute.format(system)}.name")
            done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
            assert done.returncode == 0, done.stderr
            assert json.loads(done.stdout)
