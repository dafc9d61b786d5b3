"""`nixpy add`, `remove` and `sync`, and the shells that follow from them."""

from __future__ import annotations

import pytest

from tests.support.nixpkgs import available_pythons, preferred_python
from tests.support.project import lines

pytestmark = pytest.mark.e2e

PYPROJECT = '[project]\nname = "app"\nversion = "1"\nrequires-python = ">=3.10"\n'
CHOICES = "# ours\npackages:\n  - crc32c  # sums\n  # the end\ntools: []\n"


def test_an_added_package_is_there_and_a_removed_one_is_gone(make_project):
    """After `add` the next shell imports the package from Nix, and after `remove` it cannot."""
    project = make_project({"pyproject.toml": PYPROJECT, "nixpy.yaml": CHOICES})
    project.enter("python -c 'import crc32c'")
    project.nixpy("add", "cowsay")
    text = (project.root / "nixpy.yaml").read_text()
    assert "  - crc32c  # sums\n  - cowsay\n  # the end\n" in text
    found = lines(project.enter("python -c 'import crc32c, cowsay; print(cowsay.__file__)'"))
    assert found[-1].startswith("/nix/store/")
    assert "cowsay==6.1" in lines(project.enter("uv pip freeze"))
    project.nixpy("remove", "cowsay", "crc32c")
    gone = "import importlib.util as u; print(u.find_spec('cowsay'), u.find_spec('crc32c'))"
    assert lines(project.enter(f'python -c "{gone}"'))[-1] == "None None"
    assert "# the end\n" in (project.root / "nixpy.yaml").read_text()


def test_an_added_tool_and_library_are_there(make_project):
    """A tool is on PATH, a library's headers and pkg-config file are found, in the next shell."""
    project = make_project({"pyproject.toml": PYPROJECT})
    project.nixpy("add", "--tool", "pkg-config")
    project.nixpy("add", "--library", "zlib")
    done = project.enter("command -v pkg-config && pkg-config --libs zlib")
    program, libs = lines(done)[-2:]
    assert program.startswith("/nix/store/")
    assert "-lz" in libs


def test_sync_after_a_change_of_requires_python(make_project):
    """The shell has another Python after `sync`, and the venv is made again with it."""
    then = preferred_python()
    # nixos-unstable has no 3.10 any more.
    now = next((one for one in available_pythons() if one not in {then, "3.10"}), None)
    if now is None:
        pytest.skip("this machine has one Python only")
    project = make_project({"pyproject.toml": PYPROJECT}, "--python", then)
    assert lines(project.enter("python -V"))[-1].startswith(f"Python {then}.")
    yaml = project.root / "nixpy.yaml"
    yaml.write_text(yaml.read_text().replace(f'"{then}"', f'"{now}"'))
    checked = project.nixpy("sync", "--check", check=False)
    assert checked.returncode == 1
    assert lines(project.enter("python -V"))[-1].startswith(f"Python {then}.")
    project.nixpy("sync")
    assert project.nixpy("sync", "--check").returncode == 0
    entered = project.enter("python -V")
    assert lines(entered)[-1].startswith(f"Python {now}.")
    assert f"again: it is of Python {then}." in entered.stderr


def test_an_edited_flake_keeps_working(make_project):
    """A flake that the user edited is left alone by `add` and `sync`, and its shell still works."""
    project = make_project({"pyproject.toml": PYPROJECT}, "-p", "cowsay")
    flake = project.root / "flake.nix"
    text = flake.read_text()
    flake.write_text(text.replace("shellHook = ''\n", "shellHook = ''\n  export MINE=1\n"))
    edited = flake.read_text()
    for arguments in (["sync"], ["add", "crc32c"]):
        refused = project.nixpy(*arguments, check=False)
        assert refused.returncode == 1
        assert "`env: {MINE: …}` in nixpy.yaml does the same" in refused.stderr
        assert flake.read_text() == edited
    assert lines(project.enter("echo $MINE; python -c 'import cowsay'"))[-1] == "1"
