"""`nixpy doctor` in shells in which hardly anything works: it must still say what is wrong."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.scene import Scene

pytestmark = pytest.mark.e2e


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    """A project with a venv."""
    made = Scene.make(tmp_path)
    made.make_venv()
    return made


def test_modules_on_pythonpath_are_not_taken_for_nixpys(scene: Scene, tmp_path: Path) -> None:
    """A PYTHONPATH with a broken click and yaml does not break `python -I -m nixpy doctor`."""
    hostile = tmp_path / "hostile"
    hostile.mkdir()
    for name in ("click", "yaml", "packaging", "elftools", "sitecustomize"):
        (hostile / f"{name}.py").write_text(f'raise SystemExit("{name} of PYTHONPATH")\n')
    scene.set(PYTHONPATH=hostile)
    assert scene.findings() == []


def test_the_plain_program_under_a_hostile_pythonpath(scene: Scene, tmp_path: Path) -> None:
    """Also without `-I`, as the installed program runs, PYTHONPATH comes after nixpy's own."""
    hostile = tmp_path / "hostile"
    hostile.mkdir()
    for name in ("click", "yaml", "packaging", "elftools"):
        (hostile / f"{name}.py").write_text(f'raise SystemExit("{name} of PYTHONPATH")\n')
    scene.set(PYTHONPATH=hostile)
    command = [sys.executable, "-m", "nixpy", "doctor", "--json"]
    done = subprocess.run(
        command, capture_output=True, cwd=scene.root, env=scene.environment, text=True
    )
    assert json.loads(done.stdout)["findings"] == []


def test_without_path_home_or_venv(scene: Scene) -> None:
    """With an empty PATH, a HOME that is gone and a venv that is no venv, findings are told."""
    scene.set(PATH="", HOME="/gone", VIRTUAL_ENV="/gone/venv", PYTHONHOME="/gone", TMPDIR="/gone")
    (scene.venv / "bin/python3").unlink()
    (scene.venv / "bin/python3").symlink_to("/gone/python3")
    (scene.venv / "bin/python").unlink()
    (scene.venv / "bin/python").symlink_to("python3")
    assert sorted(scene.found()) == ["E5", "I5", "V1"]


def test_a_python_that_hangs_does_not_hold_the_doctor_up(scene: Scene, tmp_path: Path) -> None:
    """A `python3` on PATH that never ends is given up after its time."""
    folder = tmp_path / "hanging"
    folder.mkdir()
    (folder / "python3").write_text("#!/bin/sh\nsleep 600\n")
    (folder / "python3").chmod(0o755)
    scene.set(PATH=f"{folder}:{scene.environment['PATH']}:/usr/bin:/bin")
    begin = time.monotonic()
    scene.findings("--only", "I,V")
    assert time.monotonic() - begin < 30


def test_nothing_of_the_project_is_run(scene: Scene) -> None:
    """Modules in the project's folder, also those with names of Python's own, are not imported."""
    trap = (
        'import pathlib\npathlib.Path("/proc/self/cwd", "trapped").touch()\nraise SystemExit(9)\n'
    )
    names = ("json", "sysconfig", "setup", "conftest", "sitecustomize", "app")
    scene.write({f"{name}.py": trap for name in names})
    scene.write({"pyproject.toml": '[project]\nname = "app"\nversion = "1"\n'})
    assert scene.findings() == []
    assert not list(scene.root.parent.rglob("trapped"))


def test_broken_metadata_is_told_and_the_rest_is_checked(scene: Scene) -> None:
    """A pyproject.toml that is not TOML gives a warning on stderr; the other checks are made."""
    scene.write({"pyproject.toml": "[project\n", "nixpy.yaml": "pyhton: 3.12\n"})
    scene.set(SOURCE_DATE_EPOCH="1")
    done = scene.doctor()
    assert done.returncode == 1
    assert "warning: not read: pyproject.toml:1" in done.stderr
    assert "warning: not read: nixpy.yaml:1" in done.stderr
    assert "E3" in done.stdout
    assert "Traceback" not in done.stderr
