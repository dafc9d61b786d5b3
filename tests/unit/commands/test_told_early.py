"""What costs hours or a license is told by `init` and `add`, before Nix builds anything."""

import pytest

from nixpy.cli import run

PYPROJECT = """\
[project]
name = "app"
version = "1"
requires-python = "==3.12.*"
dependencies = ["pandas", "customtkinter"]
"""
COMPILED = """\
warning: pandas and all below will be compiled: the cache of nixos-unstable holds no packages for \
Python 3.12
hint: nixos-25.11 has them built: set `nixpkgs: github:NixOS/nixpkgs/nixos-25.11` in nixpy.yaml
"""
UNFREE = """\
warning: `gurobipy` (nixpy.yaml:4) has an unfree license, which Nix refuses
hint: set `allow_unfree: true` in nixpy.yaml to accept it
"""
TKINTER = """\
warning: `customtkinter` imports `tkinter`, which nixpkgs keeps apart from Python, and PyPI has not
hint: `nixpy add tkinter` puts it under `packages:` in nixpy.yaml
"""


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project that takes Python 3.12, which nixos-unstable has no packages built for."""
    (tmp_path / "pyproject.toml").write_text(PYPROJECT)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("option", [["--dry-run"], []])
def test_init_tells_what_would_be_compiled(project, capsys, option):
    """A listed package without a build in the cache is named, with the branch that has one."""
    assert run(["init", "--package", "pandas", *option]) == 0
    err = capsys.readouterr().err
    assert COMPILED in err
    assert TKINTER in err
    assert run(["init", "--package", "pandas", "--nixpkgs", "nixos-25.11"]) == 0
    assert "compiled" not in capsys.readouterr().err


def test_init_tells_of_unfree_packages(project, capsys):
    """The key that accepts the license is named; with it nothing is said."""
    assert run(["init", "--no-folder", "--package", "gurobipy"]) == 0
    assert UNFREE in capsys.readouterr().err
    choices = project / "nixpy.yaml"
    choices.write_text(choices.read_text() + "allow_unfree: true\n")
    assert run(["sync"]) == 0
    assert "unfree" not in capsys.readouterr().err
    assert "config.allowUnfree = true;" in (project / "flake.nix").read_text()


def test_add_tells_both(project, capsys):
    """`nixpy add` says the same, and that a library is unfree."""
    assert run(["init", "--no-folder"]) == 0
    assert "compiled" not in capsys.readouterr().err, "no package from Nix, so nothing to compile"
    assert run(["add", "pandas"]) == 0
    assert COMPILED in capsys.readouterr().err
    assert run(["remove", "pandas"]) == 0
    assert run(["add", "gurobipy"]) == 0
    assert UNFREE in capsys.readouterr().err
    assert run(["add", "--library", "cudaPackages.cudnn"]) == 0
    assert "hint: set `cuda: true` in nixpy.yaml to accept it" in capsys.readouterr().err
