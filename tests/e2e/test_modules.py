"""`programs.nixpy` of NixOS and Home Manager: a user's Pythons and uv outside of any project."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.support.nixpkgs import StandIn, attribute, preferred_python, stand_in
from tests.support.project import user_environment
from tests.support.store import closure, snapshot

pytestmark = pytest.mark.e2e

ROOT = Path(__file__).parents[2]
MODULES = {"home": ROOT / "nix/home-module.nix", "nixos": ROOT / "nix/nixos-module.nix"}
PYTHON = attribute(preferred_python())
CHOICES = f"enable = true; pythons = [ pkgs.{PYTHON} ]; packages = ps: [ ps.cowsay ];"


def session(standin: StandIn, host: str, choices: str) -> dict[str, Any]:
    """Build what a module makes of a user's choices."""
    arguments = f"choices = {{ {choices} }}; host = {json.dumps(host)}; module = {MODULES[host]};"
    evaluated = ROOT / "tests/support/modules.nix"
    file = standin.build(f"import {evaluated} {{ inherit pkgs; {arguments} }}")
    found: dict[str, Any] = json.loads(file.read_text())
    return found


@dataclass(frozen=True, slots=True)
class User:
    """Someone who has logged in: packages on PATH, variables set."""

    variables: Mapping[str, str]
    packages: list[str]
    activation: str
    folder: Path

    def run(self, *command: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a command in this user's folder."""
        done = subprocess.run(
            command,
            capture_output=True,
            check=False,
            cwd=self.folder,
            env=self.variables,
            text=True,
        )
        assert not check or done.returncode == 0, done.stderr
        return done


@pytest.fixture(params=sorted(MODULES))
def user(request: pytest.FixtureRequest, standin: StandIn, index: str, tmp_path: Path) -> User:
    """A user whose configuration has one Python, and cowsay for it."""
    found = session(standin, request.param, CHOICES)
    assert found["warnings"] == []
    (activation,) = found["activation"].values()
    folders = [*(f"{one}/bin" for one in found["packages"]), "/usr/bin", "/bin"]
    (tmp_path / "home").mkdir()
    (tmp_path / "app").mkdir()
    variables = user_environment(
        tmp_path / "home",
        PATH=":".join(folders),
        UV_DEFAULT_INDEX=index,
        UV_CACHE_DIR=str(tmp_path / "cache"),
        **found["variables"],
    )
    return User(variables, found["packages"], activation, tmp_path / "app")


def test_the_global_python_has_its_packages_and_uv_does_not_meet_it(user):
    """`python` imports cowsay; uv installs into venvs of the clean Python, and nowhere else."""
    before = snapshot(closure(*user.packages))
    assert user.run("python3", "-c", "import cowsay; print(1)").stdout == "1\n"
    assert "UV_PYTHON" not in user.variables
    refused = user.run("uv", "pip", "install", "quack", check=False)
    assert refused.returncode != 0
    assert "No virtual environment found" in refused.stderr
    user.run("uv", "venv")
    user.run("uv", "pip", "install", "quack")
    base = "import sys; print(sys.base_prefix, sys.prefix)"
    clean, venv = user.run(".venv/bin/python", "-c", base).stdout.split()
    assert clean == str(Path(user.variables["UV_PYTHON_SEARCH_PATH"]).parent)
    assert venv == str(user.folder / ".venv")
    assert not before.changes(snapshot(closure(*user.packages)))


def test_tools_outlive_garbage_collection(user):
    """The Python of what `uv tool install` made is a root; of what is gone, no longer."""
    user.run("uv", "tool", "install", "quack")
    command = ["bash", "-c", f'run() {{ "$@"; }}; {user.activation}']
    user.run(*command)
    roots = Path(user.variables["HOME"], ".local/state/nixpy/uv-tools")
    python = Path(user.variables["UV_PYTHON_SEARCH_PATH"]).parent
    assert (roots / "quack").readlink() == python
    live = user.run("nix-store", "--query", "--roots", str(python)).stdout
    assert str(roots / "quack") in live
    user.run("uv", "tool", "uninstall", "quack")
    user.run(*command)
    assert not list(roots.iterdir())


@pytest.mark.parametrize("host", sorted(MODULES))
def test_what_is_not_enabled_sets_nothing(any_standin, host):
    """Importing a module changes nothing by itself."""
    disabled = CHOICES.replace("true", "false")
    nothing = {"activation": {}, "packages": [], "variables": {}, "warnings": []}
    assert session(any_standin, host, disabled) == nothing


@pytest.mark.parametrize(("choices", "complaint"), [
    ("pythons = [ ];", "pythons"),
    ("python = pkgs.python3;", "python' does not exist"),
    ('packages = [ "numpy" ];', "packages"),
])  # fmt: skip
def test_a_wrong_choice_is_refused(any_standin, choices, complaint):
    """The error names the option."""
    with pytest.raises(RuntimeError, match=f"programs.nixpy.{complaint}"):
        session(any_standin, "home", f"enable = true; {choices}")


def test_a_uv_that_is_too_old_is_told(tmp_path):
    """Releases that do not know UV_PYTHON_SEARCH_PATH would take the global Python."""
    old = stand_in(tmp_path, uv="0.9.30")
    (warning,) = session(old, "nixos", CHOICES)["warnings"]
    assert "uv 0.9.30 does not know UV_PYTHON_SEARCH_PATH" in warning
