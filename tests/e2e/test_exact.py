"""Pins: an exact release of Python, other systems, and nixpkgs by branch, revision or name."""

from __future__ import annotations

import json

import pytest

from tests.support.nixpkgs import attribute, preferred_python, system
from tests.support.project import Project, lines

pytestmark = pytest.mark.e2e

MINOR = preferred_python()
PYPROJECT = '[project]\nname = "app"\nversion = "1"\nrequires-python = ">=3.10"\n'
# What nixpkgs-python offers: its packages are called by their versions.
STAND_IN = """\
{
  inputs.nixpkgs.url = "nixpkgs";
  outputs =
    { nixpkgs, ... }:
    let
      python = nixpkgs.legacyPackages.SYSTEM.PYTHON;
    in
    {
      packages.SYSTEM = {
        ${python.version} = python;
      };
    };
}
"""


def exactly(project: Project, release: str, *further: str) -> None:
    """Choose a release, and put a stand-in for nixpkgs-python below the project in its place."""
    text = STAND_IN.replace("SYSTEM", system()).replace("PYTHON", attribute(MINOR))
    project.write({"releases/flake.nix": text})
    project.run(["git", "add", "-N", "releases"])
    project.nixpy("init", "--python", release, *further)
    flake = project.root / "flake.nix"
    text = flake.read_text().replace('"github:cachix/nixpkgs-python"', '"path:./releases"')
    flake.write_text(text)


@pytest.fixture
def release(any_standin) -> str:
    """The release that the stand-in has of the preferred version."""
    path = any_standin.build(f'pkgs.writeText "v" pkgs.{attribute(MINOR)}.version')
    return path.read_text()


def test_the_very_release(make_project, release):
    """`python: X.Y.Z` brings that release, for the shell and for what Nix links."""
    project = make_project({"pyproject.toml": PYPROJECT})
    exactly(project, release, "-p", "cowsay")
    text = (project.root / "flake.nix").read_text()
    assert 'inputs.nixpkgs.follows = "nixpkgs";' in text
    assert f"pkgs.{attribute(MINOR)}" not in text
    shown = lines(project.enter('python -V; python -c "import cowsay; print(cowsay.__file__)"'))
    assert shown[-1].startswith("/nix/store/")
    assert shown[-2].startswith(f"Python {MINOR}.")
    before = project.store()
    project.enter("uv pip install -q quack && uv lock -q")
    assert before.changes(project.store()) == []


def test_a_release_that_there_is_not(make_project):
    """A release that nixpkgs-python has not is told plainly."""
    project = make_project({"pyproject.toml": PYPROJECT})
    exactly(project, f"{MINOR}.99")
    yaml = project.root / "nixpy.yaml"
    yaml.write_text(yaml.read_text() + f'\nnixpkgs: "{project.nixpkgs}"\n')
    flake = project.root / "flake.nix"
    url = '"github:NixOS/nixpkgs/nixos-unstable"'
    flake.write_text(flake.read_text().replace(url, f'"{project.nixpkgs}"'))
    done = project.nixpy("check", check=False)
    assert done.returncode == 1
    assert f"error: nixpkgs-python has no Python {MINOR}.99\n" in done.stderr


def test_a_release_in_a_module(make_project, release):
    """A module takes the flake input as an argument, and the printed lines declare it."""
    project = make_project({"pyproject.toml": PYPROJECT})
    exactly(project, release, "-p", "cowsay")
    flake = project.root / "flake.nix"
    flake.write_text("{ }\n")
    said = project.nixpy("init", "--module").stdout
    printed = [line.strip() for line in said.splitlines() if line.startswith("  ")]
    url, follows, line = printed
    flake.write_text(
        f"{{\n  {url.replace('github:cachix/nixpkgs-python', 'path:./releases')}\n  {follows}\n"
        "  outputs =\n    inputs@{ nixpkgs, ... }:\n    let\n"
        f'      system = "{system()}";\n      pkgs = nixpkgs.legacyPackages.${{system}};\n'
        f"    in\n    {{\n      {line}\n    }};\n}}\n"
    )
    shown = lines(project.enter('python -c "import sys, cowsay; print(sys.prefix)"'))
    assert shown[-1] == str(project.venv)


@pytest.mark.parametrize(
    ("said", "url"),
    [
        ("nixos-25.11", "github:NixOS/nixpkgs/nixos-25.11"),
        ("a" * 40, f"github:NixOS/nixpkgs/{'a' * 40}"),
        ("nixpkgs", "nixpkgs"),
        ("flake:nixpkgs", "flake:nixpkgs"),
        ("github:NixOS/nixpkgs?ref=nixos-unstable", "github:NixOS/nixpkgs?ref=nixos-unstable"),
    ],
)
def test_nixpkgs_by_branch_revision_or_name(make_project, said, url):
    """What nixpy.yaml calls nixpkgs becomes a flake reference, and the shell is the same."""
    project = make_project({"pyproject.toml": PYPROJECT}, "--nixpkgs", said)
    assert f'inputs.nixpkgs.url = "{url}";' in (project.root / "flake.nix").read_text()
    assert lines(project.enter("echo $VIRTUAL_ENV"))[-1] == str(project.venv)


def test_systems_are_narrowed_and_widened(make_project):
    """The flake has shells for the systems listed, evaluated for each."""
    project = make_project({"pyproject.toml": PYPROJECT})
    yaml = project.root / "nixpy.yaml"
    yaml.write_text(yaml.read_text() + f"\nsystems: [{system()}, x86_64-darwin]\n")
    project.nixpy("sync")
    command = ["nix", "eval", "--json", ".#devShells", *project.flake_options(), "--apply"]
    shown = project.run([*command, "builtins.attrNames"]).stdout.strip()
    assert json.loads(shown) == sorted({system(), "x86_64-darwin"})
    every = "builtins.mapAttrs (_: shells: shells.default.drvPath)"
    assert ".drv" in project.run([*command, every]).stdout
