"""What the doctor advises in shells that work by other means: followed, nothing is lost."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import sys

import pytest

from tests.support.nixpkgs import attribute, preferred_python
from tests.support.project import Project, lines

pytestmark = pytest.mark.e2e

PYPROJECT = """\
[project]
name = "app"
version = "1"
requires-python = ">=3.10"
dependencies = ["quack"]
"""
FLAKE = """\
{
  inputs.nixpkgs.url = "nixpkgs";
  outputs =
    { nixpkgs, ... }:
    {
      devShells = builtins.mapAttrs (
        system: pkgs:
        let
          python = pkgs.PYTHON;
          pythonEnv = python.withPackages (ps: [ ps.cowsay ]);
        in
        {
          default = pkgs.mkShell { SHELL };
        }
      ) nixpkgs.legacyPackages;
    };
}
"""
# The recipe most often posted, with the env on PATH or not.
BY_PATH = """
packages = [ python pkgs.uv ];
env.UV_PYTHON = python.interpreter;
shellHook = "export PYTHONPATH=${pythonEnv}/${python.sitePackages}";
"""
BESIDE_ENV = """
packages = [ pythonEnv pkgs.uv ];
shellHook = "export UV_PYTHON=${python.interpreter} PYTHONPATH=${pythonEnv}/${python.sitePackages}";
"""
NO_SYNC = """
packages = [ pythonEnv pkgs.uv ];
env = { UV_NO_SYNC = "1"; UV_PYTHON = "${pythonEnv}/bin/python"; };
shellHook = "unset PYTHONPATH";
"""
BOTH = "python -c 'import cowsay, quack; print(cowsay.__file__)'"


def with_own_shell(make_project, shell: str) -> Project:
    """Give a project whose flake is its user's own, as it was before nixpy."""
    project = make_project({"pyproject.toml": PYPROJECT})
    for name in ("flake.nix", "nixpy.yaml", ".envrc"):
        (project.root / name).unlink()
    shutil.rmtree(project.root / ".nixpy")
    flake = FLAKE.replace("PYTHON;", f"{attribute(preferred_python())};").replace("SHELL", shell)
    project.write({"flake.nix": flake})
    project.run(["git", "add", "--all"])
    project.enter("uv sync -q")
    return project


def findings(project: Project) -> dict[str, dict[str, str]]:
    """Give what the doctor finds in the user's own shell, by its id."""
    done = project.enter(f"{sys.executable} -I -m nixpy doctor --json || true")
    return {one["id"]: one for one in json.loads(done.stdout)["findings"]}


@pytest.mark.parametrize("shell", [BY_PATH, BESIDE_ENV], ids=["python", "env"])
def test_packages_by_python_path(make_project, shell):
    """Taking PYTHONPATH away would lose the package: the advice brings it into the venv first."""
    project = with_own_shell(make_project, shell)
    assert lines(project.enter(f"uv run {BOTH}"))[-1].startswith("/nix/store/")
    fix = findings(project)["E1"]["fix"]
    first = re.match(r"`nixpy (init [^`]+)`, then `nixpy shell`", fix)
    assert first, fix
    assert "to unset it before would lose cowsay" in fix
    project.nixpy(*shlex.split(first[1]), "--python", preferred_python())
    done = project.enter(f"uv sync -q; {BOTH}", flake="path:.nixpy")
    assert lines(done)[-1].startswith("/nix/store/")
    assert project.enter("true", flake="path:.nixpy").returncode == 0


def test_an_env_is_no_venv_that_nix_builds(make_project):
    """UV_NO_SYNC is right with uv2nix; with `withPackages` uv says that it uses the wrong venv."""
    project = with_own_shell(make_project, NO_SYNC)
    assert "incompatible environment" in project.enter("uv run true").stderr
    assert "I3" in findings(project)
