"""Fixtures for all tests. What enters real shells is marked `e2e` and asks for `nix`."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.support.lacking import lacking
from tests.support.nixpkgs import NIX_CONFIG, StandIn, nix_environment, stand_in

# What points a tool at an environment: with an activated one, uv of a test would change that.
_STEERS = ("VIRTUAL_ENV", "CONDA_PREFIX", "UV_PROJECT_ENVIRONMENT", "UV_PYTHON", "PYTHONPATH")


def pytest_configure(config: pytest.Config) -> None:
    """Take away what the developer's own shell would steer the tests' tools by."""
    for name in _STEERS:
        os.environ.pop(name, None)


@pytest.fixture(scope="session")
def nix() -> str:
    """The path of the program `nix`. Without it the test is skipped; in CI that is a failure."""
    found = shutil.which("nix")
    if found is None:
        lacking("Nix is not installed: tests that enter real shells need it")
    return found


@pytest.fixture(scope="session")
def nix_config(nix: str) -> str:
    """Sets NIX_CONFIG, for this process and those it starts: offline, without sandbox or daemon."""
    os.environ.update(nix_environment({}))
    return NIX_CONFIG


@pytest.fixture(scope="session", params=["argv0", "legacy"])
def standin(
    request: pytest.FixtureRequest, nix_config: str, tmp_path_factory: pytest.TempPathFactory
) -> StandIn:
    """The stand-in for nixpkgs, once for each of the two kinds of Python environment that differ.

    The third, `resolve`, is like `argv0` on Linux; test_standin.py looks at all three.
    """
    return stand_in(tmp_path_factory.mktemp("nixpkgs"), request.param)


@pytest.fixture(scope="session")
def nixpkgs_flake(standin: StandIn) -> str:
    """The flake reference of the stand-in, once for each kind of Python environment."""
    return standin.ref


@pytest.fixture(scope="session")
def any_standin(nix_config: str, tmp_path_factory: pytest.TempPathFactory) -> StandIn:
    """The stand-in for nixpkgs of the newer kind: for what has to do with no environment."""
    return stand_in(tmp_path_factory.mktemp("nixpkgs"))


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home folder."""
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("HOME", str(folder))
    return folder
