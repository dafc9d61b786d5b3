"""Healthy places, in which `nixpy doctor` must find nothing."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.nixpkgs import StandIn, attribute, preferred_python
from tests.support.scene import Scene, host_python
from tests.support.scenes.libraries import EXTENSION

pytestmark = pytest.mark.e2e

DOCTOR = f"{sys.executable} -I -m nixpy doctor --json || true"
PYPROJECT = """\
[project]
name = "app"
version = "1"
requires-python = ">=3.10"
dependencies = ["cowsay", "quack"]
"""


def found(text: str) -> list[dict[str, str]]:
    """Give the findings in the doctor's JSON."""
    findings: list[dict[str, str]] = json.loads(text)["findings"]
    return findings


def test_a_shell_of_nixpy_for_uv(make_project):
    """In nixpy's shell, before and after `uv sync`, on both kinds of env, there is no finding."""
    project = make_project({"pyproject.toml": PYPROJECT}, "-p", "cowsay")
    assert found(project.enter(DOCTOR).stdout) == []
    synced = project.enter(f"uv lock -q -P cowsay==6.1 && uv sync -q && {DOCTOR}")
    assert found(synced.stdout) == []
    src = project.root / "src"
    src.mkdir()
    assert found(project.enter(DOCTOR, cwd=src).stdout) == []


def test_a_shell_of_nixpy_for_pip(make_project):
    """In nixpy's shell for pip, whose venv has pip, there is no finding."""
    project = make_project(
        {"requirements.txt": "cowsay\nquack\n"}, "-p", "cowsay", "--installer", "pip"
    )
    script = f"pip install -q -r requirements.txt && {DOCTOR}"
    assert found(project.enter(script).stdout) == []


def test_outside_of_the_shell_of_nixpy(make_project):
    """Outside of the shell, a project of nixpy gives no finding either."""
    project = make_project({"pyproject.toml": PYPROJECT}, "-p", "cowsay")
    project.enter("true")
    assert found(project.nixpy("doctor", "--json", check=False).stdout) == []


@pytest.fixture
def without_nix(tmp_path: Path) -> Scene:
    """A project on a machine without Nix: neither the program nor a store."""
    scene = Scene.make(tmp_path)
    (tmp_path / "programs/nix").unlink(missing_ok=True)
    scene.set(NIX_STORE_DIR=tmp_path / "no-store")
    scene.first_on_path(host_python().parent)
    return scene


def test_a_venv_of_the_distribution(without_nix: Scene) -> None:
    """A plain venv with an extension that needs the host's libraries, as on any Debian."""
    without_nix.make_venv()
    options = ["-Wl,--no-as-needed", "-l:libstdc++.so.6", "-l:libgcc_s.so.1"]
    target = without_nix.site_packages / f"speedy/_speedy{EXTENSION}"
    without_nix.compile(target, *options)
    without_nix.write({"pyproject.toml": PYPROJECT, ".python-version": "3.9.1\n"})
    without_nix.set(VIRTUAL_ENV=without_nix.venv, LANG="en_US.UTF-8", PYTHONHASHSEED="0")
    without_nix.first_on_path(without_nix.venv / "bin")
    assert without_nix.findings() == []


def test_a_conda_environment(without_nix: Scene, tmp_path: Path) -> None:
    """An activated conda environment: a Python with its own prefix, no venv and no store."""
    prefix = tmp_path / "conda"
    (prefix / "bin").mkdir(parents=True)
    (prefix / "conda-meta").mkdir()
    python = prefix / "bin" / host_python().name
    shutil.copy(host_python(), python)
    (prefix / "lib").symlink_to(Path(sys.base_prefix) / "lib")
    (prefix / "bin/python3").symlink_to(python.name)
    without_nix.write({"environment.yml": "dependencies:\n  - python=3.9\n  - pip\n  - numpy\n"})
    without_nix.set(CONDA_PREFIX=prefix, CONDA_DEFAULT_ENV="base")
    without_nix.first_on_path(prefix / "bin")
    assert without_nix.findings() == []


def test_a_shell_like_devenvs(standin: StandIn, tmp_path: Path) -> None:
    """What devenv's Python module exports for uv: a venv in its state folder, made from an env."""
    name = attribute(preferred_python())
    env = standin.build(f"pkgs.{name}.withPackages (ps: [ ps.cowsay ])")
    clean = standin.build(f"pkgs.{name}")
    scene = Scene.make(tmp_path)
    state = scene.root / ".devenv/state"
    venv = state / "venv"
    command = [clean / "bin/python3", "-I", "-m", "venv", "--without-pip", venv]
    subprocess.run(command, check=True, env=scene.environment)
    for script in (venv / "bin").glob("[aA]ctivate*"):
        script.chmod(0o644)
    scene.write(
        {"pyproject.toml": PYPROJECT, "uv.lock": 'version = 1\nrequires-python = ">=3.10"\n'}
    )
    site_packages = f"lib/python{preferred_python()}/site-packages"
    scene.set(
        DEVENV_ROOT=scene.root,
        DEVENV_STATE=state,
        IN_NIX_SHELL="impure",
        # The profile of a shell whose Python has no packages holds its start-up file alone.
        PYTHONPATH=clean / site_packages,
        UV_PROJECT_ENVIRONMENT=venv,
        UV_PYTHON_DOWNLOADS="never",
        UV_PYTHON_PREFERENCE="only-system",
        VIRTUAL_ENV=venv,
    )
    scene.first_on_path(venv / "bin", clean / "bin")
    assert scene.findings() == []
    # With packages from Nix, devenv shows them by PYTHONPATH: they are seen, and come first.
    scene.set(PYTHONPATH=env / site_packages)
    scene.first_on_path(venv / "bin", env / "bin")
    assert scene.found() == ["E1"]


def test_an_empty_folder(tmp_path: Path) -> None:
    """In an empty folder, with whatever the tests' own environment is, there is no finding."""
    folder = tmp_path / "empty"
    folder.mkdir()
    command = [sys.executable, "-I", "-m", "nixpy", "doctor", "--json"]
    environment = {**os.environ, "PWD": str(folder)}
    done = subprocess.run(
        command, capture_output=True, check=False, cwd=folder, env=environment, text=True
    )
    assert (done.returncode, found(done.stdout)) == (0, [])
