"""The projects of `examples/` in their real shells, with real wheels from PyPI.

Wheels are kept in `build/uv-cache`, which the first run fills: about 300 MB.
"""

from __future__ import annotations

import ctypes.util
import shutil
import sys
from pathlib import Path

import pytest

from tests.support.lacking import lacking
from tests.support.nixpkgs import StandIn, preferred_python
from tests.support.project import Project, lines, user_environment

pytestmark = [pytest.mark.e2e, pytest.mark.network]

REPOSITORY = Path(__file__).resolve().parents[2]
CACHE = REPOSITORY / "build" / "uv-cache"
NIXPY = f"{sys.executable} -I -m nixpy"


@pytest.fixture
def example(standin: StandIn, tmp_path: Path):
    """A maker of shells: ``example(folder, *init_arguments)``."""

    def make(folder: str, *arguments: str) -> Project:
        home = tmp_path / "home"
        home.mkdir()
        root = tmp_path / folder
        shutil.copytree(REPOSITORY / "examples" / folder, root)
        project = Project(root, standin.ref, user_environment(home, UV_CACHE_DIR=str(CACHE)))
        project.git()
        project.nixpy("init", "--python", preferred_python(), *arguments)
        return project

    return make


def works(project: Project, script: str) -> list[str]:
    """Run a script twice over: installing and running leaves the store as it was."""
    project.enter("true")
    before = project.store()
    shown = lines(project.enter(f"uv sync -q && {script}"))
    assert before.changes(project.store()) == []
    return shown


def test_opencv(example):
    """cv2 imports, and counts coins: the libraries that its wheel loads come from Nix."""
    if not ctypes.util.find_library("GL"):
        lacking("this machine has no libGL that the stand-in could take: install libgl1")
    project = example("opencv")
    assert "# opencv-python" in (project.root / "flake.nix").read_text()
    maps = "import cv2; print(open('/proc/self/maps').read())"
    shown = works(project, f'python coins.py && python -c "{maps}"')
    assert shown[0] == "5 coins"
    for library in ("libGL.so", "libglib-2.0.so", "libX11.so"):
        loaded = {line.split()[-1] for line in shown if f"/{library}" in line}
        # The stand-in's libraries are the host's own, which look for each other there.
        assert any(path.startswith("/nix/store/") for path in loaded), loaded


def test_psycopg2(example):
    """psycopg2 is built against Nix's libpq, and reads a connection string with it."""
    if not shutil.which("pg_config"):
        lacking("this machine has no libpq that the stand-in could take: install libpq-dev")
    project = example("psycopg2")
    shown = works(project, "python dsn.py")
    assert shown[:2] == ["connect_timeout  3", "dbname           shop"]


def test_a_wheel_in_cpp_beside_numpy_from_nix(example):
    """Once aligned, contourpy from PyPI works on numpy's arrays from Nix."""
    project = example("cpp-wheel-with-numpy", "-p", "numpy")
    project.enter(f"uv lock -q && {NIXPY} align")
    where = 'python -c "import numpy, contourpy; print(numpy.__file__, contourpy.__file__)"'
    shown = works(project, f"python levels.py && {where}")
    assert shown[0].startswith(" 20 m: a line of ")
    numpy, contourpy = shown[-1].split()
    assert numpy.startswith("/nix/store/")
    assert contourpy.startswith(f"{project.venv}/")


def test_a_notebook_in_a_kernel_from_nix(example):
    """nbclient from PyPI finds Nix's kernelspec, and the kernel runs in the project's venv."""
    project = example("jupyter-kernel", "-p", "ipykernel")
    project.enter(f"uv lock -q && {NIXPY} align")
    shown = works(project, "python run.py")
    assert shown[0] == "5050"
    assert shown[1] == str(project.venv)
    assert shown[2].startswith("/nix/store/")


def test_ruff_as_a_program_of_a_wheel(example):
    """The wheel's ruff is installed, and nixpkgs' is the one that runs."""
    project = example("ruff-elf", "--tool", "ruff")
    shown = works(project, "command -v ruff && (ruff check . || true) && ls .venv/bin/ruff")
    assert shown[0].startswith("/nix/store/")
    assert any("F401" in line for line in shown)
    assert shown[-1] == ".venv/bin/ruff"
