"""Every id of `nixpy doctor` in a place built for it: found, and nothing else is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.nixpkgs import StandIn, stand_in
from tests.support.scene import Scene
from tests.support.scenes import SCENES, Stage, environment, flake, interpreter, libraries, venv

pytestmark = pytest.mark.e2e

assert {interpreter, venv, libraries, environment, flake}  # imported: they fill the table


@pytest.fixture(scope="session")
def standin_of(
    nix_config: str, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], StandIn]:
    """Gives the stand-in for nixpkgs of a kind of env."""
    made: dict[str, StandIn] = {}

    def give(kind: str) -> StandIn:
        if kind not in made:
            made[kind] = stand_in(tmp_path_factory.mktemp(kind), kind)
        return made[kind]

    return give


@pytest.fixture
def stage(tmp_path: Path, standin_of: Callable[[str], StandIn]) -> Stage:
    """An empty project, and what scenes are built from."""
    return Stage(Scene.make(tmp_path), tmp_path, standin_of)


@pytest.mark.parametrize("identifier", SCENES)
def test_the_doctor_finds_it_and_nothing_else(identifier: str, stage: Stage) -> None:
    """In a place that is broken in one way, the doctor names that way alone."""
    SCENES[identifier](stage)
    found = stage.scene.findings()
    assert {one["id"] for one in found} == {identifier}, found
