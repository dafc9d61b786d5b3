"""Fixtures of the tests that enter real shells."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support import wheelhouse
from tests.support.lacking import lacking
from tests.support.nixpkgs import StandIn, preferred_python
from tests.support.project import Project, user_environment
from tests.support.safety.sandbox import can_mount
from tests.support.wheelhouse import Distribution

MakeProject = Callable[..., Project]

# `cowsay` and `crc32c` are what Nix provides; the index has them too, at Nix's version and newer,
# so that a test can see an installer take the wrong one.
INDEX = (
    *wheelhouse.USUAL,
    Distribution("cowsay", "6.1"),
    Distribution("cowsay", "6.2"),
    Distribution("crc32c", "2.7.1"),
    Distribution("six", "1.17"),
    Distribution("herd", "1.0", requires=("cowsay>=6", "quack")),
    Distribution("fussy", "1.0", requires=("cowsay>6.1",)),
    # Programs of these names that are no installers, as a wheel's is none where it cannot start.
    *(Distribution(name, "99.0") for name in ("hatch", "pdm", "pipenv", "poetry", "uv")),
)


@pytest.fixture(scope="session")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a package index with a few own-made distributions."""
    folder = tmp_path_factory.mktemp("index")
    with wheelhouse.serve(wheelhouse.build(folder, INDEX)) as url:
        yield url


@pytest.fixture(scope="session")
def watched_store(nix_config: str) -> None:
    """The right to mount over the Nix store in a namespace, where a write to it is seen."""
    if not can_mount():
        lacking("this machine does not let us mount over /nix/store")


@pytest.fixture
def make_project(
    standin: StandIn, index: str, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> MakeProject:
    """A maker of projects: ``make_project(files, *init_arguments, name=…, git=…)``."""
    home = tmp_path / "home"
    home.mkdir()
    environment = user_environment(
        home,
        UV_DEFAULT_INDEX=index,
        PIP_INDEX_URL=index,
        UV_CACHE_DIR=str(tmp_path_factory.getbasetemp() / "uv-cache"),
    )

    def make(
        files: dict[str, str], *arguments: str, name: str = "app", git: bool = True
    ) -> Project:
        root = tmp_path / name
        root.mkdir(parents=True)
        project = Project(root, standin.ref, environment)
        project.write(files)
        if git:
            project.git()
        # Outside git the flake would go into `.nixpy`, which has tests of its own.
        arguments = arguments if git else ("--no-folder", *arguments)
        python = () if "--python" in arguments else ("--python", preferred_python())
        project.nixpy("init", *python, *arguments)
        return project

    return make
