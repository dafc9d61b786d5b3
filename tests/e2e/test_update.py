"""`nixpy update` from one state of nixpkgs to the next, by the real Nix."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.support.nixpkgs import StandIn
from tests.support.project import lines

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.parametrize("standin", ["legacy"], indirect=True, ids=["legacy"]),
]
PYPROJECT = """\
[project]
name = "app"
version = "1"
requires-python = ">=3.10"
dependencies = ["cowsay"]
"""


@pytest.fixture
def moving(standin: StandIn, tmp_path: Path) -> Path:
    """A nixpkgs of the test's own, which can become a newer one."""
    folder = tmp_path / "moving"
    shutil.copytree(standin.folder, folder, symlinks=True)
    return folder


def newer(nixpkgs: Path) -> None:
    """Give this nixpkgs a newer cowsay."""
    for file in nixpkgs.rglob("*.nix"):
        if file.is_file() and "6.1" in (text := file.read_text()):
            file.chmod(0o644)
            file.write_text(text.replace("6.1", "6.2"))


def test_what_changes_is_told(make_project, moving):
    """The package's new version, the lock that has another, and nothing by --dry-run."""
    project = make_project(
        {"pyproject.toml": PYPROJECT, "nixpy.yaml": f"nixpkgs: path:{moving}\n"},
        "-p", "cowsay",
    )  # fmt: skip
    project.run(["nix", "flake", "lock"])
    lock = (project.root / "flake.lock").read_text()
    assert "as new as they can be" in project.nixpy("update").stdout
    newer(moving)
    told = lines(project.nixpy("update", "--dry-run"))
    assert told == ["cowsay  6.1 → 6.2"]
    assert (project.root / "flake.lock").read_text() == lock
    done = project.nixpy("update", "nixpkgs")
    assert "cowsay  6.1 → 6.2" in lines(done)
    assert "updated    flake.lock" in lines(done)
    assert (project.root / "flake.lock").read_text() != lock
    assert "as new as they can be" in project.nixpy("update").stdout


def test_an_input_that_is_not_there(make_project, moving):
    """Nix passes over it without an error; here it is one, and the lock is as it was."""
    project = make_project({"pyproject.toml": PYPROJECT, "nixpy.yaml": f"nixpkgs: path:{moving}\n"})
    project.run(["nix", "flake", "lock"])
    lock = (project.root / "flake.lock").read_text()
    done = project.nixpy("update", "nixpgks", check=False)
    assert (project.root / "flake.lock").read_text() == lock
    assert done.stderr == (
        "error: flake.nix: the flake has no input `nixpgks`\nhint: it has nixpkgs\n"
    )
