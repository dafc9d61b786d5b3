"""The program templates/venv.py, and folders shaped like Nix's."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from venv_project import HASH, PROGRAM, SITE, Env, Project, contents, place


@pytest.fixture(scope="session")
def program() -> ModuleType:
    """templates/venv.py as a module, for the functions that can be asked directly."""
    spec = importlib.util.spec_from_file_location("venv_program", PROGRAM)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Give an empty project."""
    (tmp_path / "project").mkdir()
    return Project(tmp_path / "project")


@pytest.fixture
def env(tmp_path: Path) -> Iterator[Env]:
    """Give a maker of envs, all of which must be unchanged when the test ends."""
    sealed: dict[Path, dict[str, bytes]] = {}

    def make(files: dict[str, str], name: str = "env") -> Path:
        folder = tmp_path / "store" / f"{HASH}-{name}"
        place(folder, files)
        (folder / SITE).mkdir(parents=True, exist_ok=True)
        sealed[folder] = contents(folder)
        return folder

    yield make
    for folder, before in sealed.items():
        assert contents(folder) == before, f"{folder} was written to"


@pytest.fixture(scope="session")
def uv() -> str:
    """Find the uv at hand."""
    found = shutil.which("uv") or shutil.which("uv", path=Path(sys.executable).parent)
    if found is None:
        pytest.skip("uv is not installed")
    return found


@pytest.fixture
def as_user() -> list[str]:
    """Give what to put before a command that file permissions shall bind even as root."""
    if os.geteuid() != 0:
        return []
    if shutil.which("setpriv") is None:
        pytest.skip("root without setpriv: permissions do not bind")
    return ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all", "--"]
