"""`nixpy explain` on projects whose shell was entered, and before that."""

from __future__ import annotations

import json

import pytest

from tests.support.project import lines

pytestmark = pytest.mark.e2e

PYPROJECT = """\
[project]
name = "app"
version = "1"
requires-python = ">=3.10"
dependencies = ["herd"]

[dependency-groups]
dev = ["cluck"]
"""


def rows(project) -> dict[str, dict]:
    """Give the rows of `nixpy explain --json` by name."""
    told = json.loads(project.nixpy("explain", "--json").stdout)
    return {one["name"]: one for one in told["projects"]["default"]["distributions"]}


def test_a_lock_that_wants_another_version(make_project):
    """The versions of lock, of Nix and of the venv are told, also once the lock has won."""
    project = make_project({"pyproject.toml": PYPROJECT}, "-p", "cowsay")
    project.enter("uv lock -q")
    conflict = "    ! locked 6.2, Nix has 6.1"
    entered = lines(project.nixpy("explain"))
    assert conflict in entered
    assert any(line.startswith("cowsay        via herd") for line in entered)
    assert rows(project)["quack"]["version"] is None
    project.enter("uv sync -q --no-dev")
    assert conflict in lines(project.nixpy("explain"))
    assert rows(project)["quack"]["version"] == "2.0"
    told = project.nixpy("explain", "cowsay").stdout
    assert "  wanted by   herd (pyproject.toml:5) → cowsay\n" in told
    assert "  from        Nix, which has 6.1 (what is linked into .venv)\n" in told
    assert "built from source: has no wheels" in project.nixpy("explain", "cluck").stdout


def test_versions_from_the_flakes_own_nixpkgs(make_project):
    """Before the shell was entered Nix evaluates what flake.lock names, builds nothing."""
    files = {"pyproject.toml": PYPROJECT, "uv.lock": "version = 1\nrequires-python = '>=3.10'\n"}
    project = make_project(files, "-p", "cowsay", "-p", "crc32c")
    before = project.nixpy("explain")
    assert "Nix's versions are not known: there is no flake.lock" in before.stderr
    assert rows(project)["cowsay"]["version"] is None
    command = ["nix", "flake", "lock", "--override-input", "nixpkgs", project.nixpkgs]
    project.run(command)
    told = rows(project)
    assert (told["cowsay"]["version"], told["crc32c"]["version"]) == ("6.1", "2.7.1")
    assert "the nixpkgs of flake.lock" in project.nixpy("explain").stdout
    assert not project.venv.exists()
