"""`nixpy align` with the real installers, where Nix has an older version than the index."""

from __future__ import annotations

import sys

import pytest

from tests.support.project import lines

pytestmark = pytest.mark.e2e

NIXPY = f"{sys.executable} -I -m nixpy"

PYPROJECT = """\
[project]
name = "app"
version = "1"
requires-python = ">=3.10"
dependencies = ["herd", "moo<1.1"]
"""
POETRY = """
[tool.poetry]
package-mode = false

[[tool.poetry.source]]
name = "here"
url = "INDEX"
"""
PDM = """
[tool.pdm]
distribution = false

[[tool.pdm.source]]
name = "pypi"
url = "INDEX"
verify_ssl = false
"""
# Where Python finds cowsay, and its version by metadata.
WHERE = (
    "python -c 'import cowsay, importlib.metadata as m;"
    ' print(m.version("cowsay"), cowsay.__file__)\''
)


def locked(project, file: str) -> str:
    """Give the version of cowsay in a lock."""
    text = (project.root / file).read_text()
    return text.partition('name = "cowsay"\n')[2].partition('version = "')[2].partition('"')[0]


def aligned(project, file: str, lock: str, install: str) -> None:
    """Lock, align, install: the lock moves to Nix's version only, and Nix's package stays."""
    project.enter(lock)
    assert locked(project, file) == "6.2"
    others = (project.root / file).read_text()
    metadata = (project.root / "pyproject.toml").read_bytes()
    done = project.enter(f"{NIXPY} align")
    assert "cowsay  6.2 → 6.1  (Nix's version)" in lines(done)
    assert f"next: `{install}`" in lines(done)
    after = (project.root / file).read_text()
    assert others.replace("6.2", "6.1").count("\n") == after.count("\n")
    assert locked(project, file) == "6.1"
    assert "6.2" not in after
    assert (project.root / "pyproject.toml").read_bytes() == metadata
    version, place = lines(project.enter(f"{install} >&2; {WHERE}"))[-1].split()
    assert version == "6.1"
    assert place.startswith("/nix/store/")
    # A later lock keeps the version.
    project.enter(lock)
    assert locked(project, file) == "6.1"


def test_uv(make_project):
    """uv.lock moves to Nix's version, and `uv sync` keeps Nix's package."""
    project = make_project({"pyproject.toml": PYPROJECT}, "-p", "cowsay")
    aligned(project, "uv.lock", "uv lock -q", "uv sync")


def test_poetry(make_project, index):
    """poetry.lock moves to Nix's version with its content hash, and `poetry install` keeps it."""
    text = PYPROJECT + POETRY.replace("INDEX", f"{index}/")
    project = make_project({"pyproject.toml": text}, "-p", "cowsay", "--installer", "poetry")
    aligned(project, "poetry.lock", "poetry lock -q", "poetry install")
    project.enter("poetry check --lock")


def test_pdm(make_project, index):
    """pdm.lock moves to Nix's version with the hashes of its files, and `pdm sync` keeps it."""
    text = PYPROJECT + PDM.replace("INDEX", index)
    project = make_project({"pyproject.toml": text}, "-p", "cowsay", "--installer", "pdm")
    aligned(project, "pdm.lock", "pdm lock -q --update-reuse", "pdm sync")
    project.enter("pdm lock --check")


def test_pip(make_project):
    """With the constraints file pip keeps Nix's version where it would take a newer one."""
    files = {"requirements.txt": "herd\n"}
    project = make_project(files, "-p", "cowsay", "--installer", "pip")
    project.enter("true")
    done = project.enter(f"{NIXPY} align")
    assert "wrote      .nixpy/constraints.txt" in lines(done)
    upgrade = "pip install -q --upgrade --upgrade-strategy eager -r requirements.txt"
    version, place = lines(project.enter(f"{upgrade} -c .nixpy/constraints.txt; {WHERE}"))[
        -1
    ].split()
    assert version == "6.1"
    assert place.startswith("/nix/store/")
    version, place = lines(project.enter(f"{upgrade}; {WHERE}"))[-1].split()
    assert version == "6.2"


def test_a_dependency_that_forbids_nixs_version(make_project):
    """Nothing is changed, and uv's reason is shown."""
    text = PYPROJECT.replace('"moo<1.1"', '"fussy"')
    project = make_project({"pyproject.toml": text}, "-p", "cowsay")
    project.enter("uv lock -q")
    before = (project.root / "uv.lock").read_bytes()
    done = project.enter(f"{NIXPY} align", check=False)
    assert done.returncode == 1
    assert "fussy" in done.stderr
    assert "note: uv.lock is as it was\n" in done.stderr
    assert "error: `uv lock -P cowsay==6.1` failed with exit status 1\n" in done.stderr
    assert (project.root / "uv.lock").read_bytes() == before


def test_a_wheel_in_the_venv_is_left_by_making_it_anew(make_project):
    """After the lock had its way once, the steps that align tells bring Nix's package back."""
    project = make_project({"pyproject.toml": PYPROJECT}, "-p", "cowsay")
    assert lines(project.enter(f"uv sync -q; {WHERE}"))[-1].startswith(f"6.2 {project.venv}/")
    done = project.enter(f"{NIXPY} align")
    assert "next: `uv pip uninstall cowsay`, then enter the shell anew for Nix's" in lines(done)
    project.enter("uv pip uninstall cowsay")
    assert lines(project.enter(f"uv sync -q; {WHERE}"))[-1].startswith("6.1 /nix/store/")
