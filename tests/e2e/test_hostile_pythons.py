"""Pythons that are not the shell's, versions that it has not, and further ones for tox and nox."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.nixpkgs import available_pythons, preferred_python
from tests.support.project import lines

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.parametrize("standin", ["legacy"], indirect=True, ids=["legacy"]),
]

PYPROJECT = """\
[project]
name = "app"
version = "1"
requires-python = "REQUIRES"
dependencies = ["quack"]
"""
FILES = {"pyproject.toml": PYPROJECT.replace("REQUIRES", ">=3.10")}
BASE = "python -c 'import sys; print(sys.base_prefix)'"


def foreign(folder: Path) -> Path:
    """Make a folder of programs that pose as every Python, and fail."""
    folder.mkdir()
    for name in ("python", "python3", *(f"python3.{minor}" for minor in range(9, 16))):
        program = folder / name
        program.write_text("#!/bin/sh\necho 'pyenv: version is not installed' >&2\nexit 127\n")
        program.chmod(0o755)
    return folder


def test_shims_first_on_path_are_passed_over(make_project, tmp_path):
    """Pyenv's shims stand before everything when the shell is entered, and are never asked."""
    project = make_project(FILES)
    shims = foreign(tmp_path / "shims")
    environment = {"PATH": f"{shims}:{project.environment['PATH']}"}
    entered = project.enter(f"uv sync -q; {BASE}; quack", environment=environment)
    assert "/nix/store/" in lines(entered)[-2]
    assert lines(entered)[-1] == "quack 2.0"


def test_a_foreign_python_first_on_path_inside_the_shell(make_project, tmp_path):
    """A shell's start-up file that prepends to PATH does not change what uv makes venvs from."""
    project = make_project(FILES)
    other = tmp_path / "foreign"
    other.mkdir()
    for name in ("python", "python3", f"python{preferred_python()}"):
        (other / name).symlink_to("/usr/bin/python3")
    script = f'export PATH="{other}:$PATH"; rm -rf .venv; uv sync -q; grep home .venv/pyvenv.cfg'
    assert "/nix/store/" in project.enter(script).stdout


def test_a_patch_level_that_is_not_there(make_project):
    """`.python-version` names a patch release that nixpkgs lacks; the minor version counts."""
    pin = f"{preferred_python()}.99"
    project = make_project({**FILES, ".python-version": f"{pin}\n"})
    shown = lines(project.enter("uv sync -q; uv run python -V; python -V"))
    assert len(set(shown[-2:])) == 1
    assert shown[-1].startswith(f"Python {preferred_python()}.")


def test_a_python_that_requires_python_excludes(make_project):
    """Uv says which Python it has and which is asked for; nothing is installed anywhere."""
    project = make_project(FILES)
    text = PYPROJECT.replace("REQUIRES", ">=3.99")
    (project.root / "pyproject.toml").write_text(text)
    refused = project.enter("uv sync", check=False)
    assert refused.returncode != 0
    assert "3.99" in refused.stderr
    assert not list(project.venv.glob("lib/python3.*/site-packages/quack.py"))


def test_an_activated_conda_and_another_venv(make_project, tmp_path):
    """The outer shell has a conda environment and a venv active, with their programs on PATH."""
    project = make_project(FILES)
    conda = foreign(tmp_path / "conda")
    (tmp_path / "conda/conda-meta").mkdir()
    environment = {
        "CONDA_PREFIX": str(conda),
        "CONDA_DEFAULT_ENV": "base",
        "CONDA_SHLVL": "1",
        "VIRTUAL_ENV": str(tmp_path / "other-venv"),
        "PATH": f"{tmp_path}/other-venv/bin:{conda}:{project.environment['PATH']}",
    }
    entered = project.enter("uv pip install -q quack; quack", environment=environment)
    assert lines(entered)[-1] == "quack 2.0"
    assert list(project.venv.glob("lib/python3.*/site-packages/quack.py"))


FURTHER = [one for one in available_pythons() if one not in {preferred_python(), "3.10"}]
TOX = """\
[tox]
envlist = ENVS
skipsdist = true

[testenv]
skip_install = true
commands = python -V
"""
NOX = """\
import nox


@nox.session(python=VERSIONS)
def check(session):
    session.run("python", "-V")
"""


@pytest.fixture
def several(make_project):
    """A project with every further Python of the machine, and with tox and nox."""
    if not FURTHER:
        pytest.skip("this machine has one Python only")
    versions = [preferred_python(), *FURTHER]
    files = {
        **FILES,
        "nixpy.yaml": f"pythons: {FURTHER}\n".replace("'", '"'),
        "tox.ini": TOX.replace("ENVS", ",".join("py" + one.replace(".", "") for one in versions)),
        "noxfile.py": NOX.replace("VERSIONS", repr(versions)),
    }
    return make_project(files, "--tool", "tox", "--package", "nox")


def test_further_pythons_leave_the_projects_python(several):
    """The venv, `python` and `python3` are the project's; the others are found by their names."""
    minor = preferred_python()
    shown = lines(several.enter("python -V; python3 -V; uv run --no-project python -V"))
    assert all(one.startswith(f"Python {minor}.") for one in shown[-3:])
    for other in FURTHER:
        found = lines(several.enter(f"python{other} -V; uv python find {other}"))
        assert found[-2].startswith(f"Python {other}.")
        assert found[-1].startswith("/nix/store/")


def test_tox_finds_further_pythons(several):
    """Each environment of tox runs under the version that its name asks for."""
    shown = several.enter("tox run").stdout
    for version in [preferred_python(), *FURTHER]:
        assert f"Python {version}." in shown


def test_nox_finds_further_pythons(several):
    """Each session of nox runs under the version that it asks for."""
    done = several.enter("nox")
    for version in [preferred_python(), *FURTHER]:
        assert f"Python {version}." in done.stdout + done.stderr


@pytest.mark.parametrize(
    "command",
    [
        ["fish", "-c"],
        ["fish", "-ic"],
        ["fish", "-lc"],
        ["zsh", "-c"],
        ["zsh", "-ic"],
        ["zsh", "-lc"],
    ],
    ids=" ".join,
)
def test_other_shells_keep_the_environment(make_project, command):
    """fish and zsh, plain, interactive and as login shells, run the venv's Python."""
    project = make_project(FILES)
    shell = " ".join(command)
    shown = lines(project.enter(f"{shell} 'command -v python; echo $VIRTUAL_ENV $UV_PYTHON'"))
    assert shown[-2] == f"{project.venv}/bin/python"
    assert shown[-1] == f"{project.venv} {preferred_python()}"
