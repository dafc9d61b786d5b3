"""What is published: the wheel and the sdist hold the templates and the tables."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
TEMPLATES = {path.name for path in (REPOSITORY / "templates").iterdir() if path.is_file()}


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A folder with the wheel, made from the sdist as installers do, and the sdist."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder)]
    done = subprocess.run([*command, str(REPOSITORY)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def test_the_wheel_works_by_itself(built, tmp_path):
    """From the unpacked wheel alone `nixpy init` writes the same files as from the checkout."""
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
        names = set(archive.namelist())
    assert {f"nixpy/templates/{name}" for name in TEMPLATES} <= names
    assert not [name for name in names if name.startswith("tests/")]
    texts = []
    for path in (tmp_path / "site", REPOSITORY):
        project = tmp_path / f"project-{len(texts)}"
        project.mkdir()
        script = f"import sys; sys.path.insert(0, {str(path)!r}); from nixpy.cli import run; run()"
        command = [sys.executable, "-P" if sys.version_info >= (3, 11) else "-E", "-c", script]
        subprocess.run(
            [*command, "init", "-p", "numpy", "--no-git"],
            check=True,
            capture_output=True,
            cwd=project,
        )
        texts.append({one.name: one.read_text() for one in project.rglob("*") if one.is_file()})
    assert texts[0] == texts[1]


def test_the_sdist_holds_what_a_packager_needs(built):
    """Source, templates, tests, licence and documentation are in the sdist."""
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {f"templates/{name}" for name in TEMPLATES} <= names
    assert {"LICENSE", "CHANGELOG.md", "README.md", "flake.nix", "tests/conftest.py"} <= names
