"""What is published: the wheel and the sdist hold the templates and the tables."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from nixpy import __version__

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


@pytest.mark.network
@pytest.mark.parametrize("command", ["uv tool install .", "pipx install ."])
def test_the_lines_of_the_readme_install_it(command, tmp_path):
    """From a copy of the checkout, by what the README says, to a `nixpy` that runs."""
    readme = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    assert command in readme
    checkout = tmp_path / "checkout"
    ignored = shutil.ignore_patterns("build", ".git", ".*_cache")
    shutil.copytree(REPOSITORY, checkout, ignore=ignored, symlinks=True)
    uv = Path(sys.executable).with_name("uv")
    home = {"HOME": str(tmp_path), "PIPX_HOME": str(tmp_path / "pipx")}
    binaries = {"UV_TOOL_BIN_DIR": f"{tmp_path}/bin", "PIPX_BIN_DIR": f"{tmp_path}/bin"}
    words = command.split()
    words = [str(uv), *words[1:]] if words[0] == "uv" else [str(uv), "tool", "run", *words]
    subprocess.run(
        [*words, "--python", sys.executable],
        cwd=checkout, env={**os.environ, **home, **binaries}, check=True,
    )  # fmt: skip
    done = subprocess.run(
        [tmp_path / "bin/nixpy", "--version"], capture_output=True, check=True, text=True
    )
    assert done.stdout == f"nixpy {__version__}\n"


def test_the_sdist_holds_what_a_packager_needs(built):
    """Source, templates, tests, licence and documentation are in the sdist."""
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {f"templates/{name}" for name in TEMPLATES} <= names
    assert {"LICENSE", "CHANGELOG.md", "README.md", "flake.nix", "tests/conftest.py"} <= names
