"""A uv that the project does not accept refuses to run, so it is told before the shell is made."""

import pytest

from nixpy.config.parse import parse
from nixpy.metadata.read import read_project
from nixpy.plan.make import make_plan
from nixpy.plan.model import Part
from nixpy.syntax.tree import MemoryTree

PROJECT = '[project]\nname = "app"\nversion = "1"\n'


def told(version, nixpkgs="nixos-25.11", file="pyproject.toml", choices=""):
    """Give the warning and its hint for a project that asks for a version of uv."""
    files = {"pyproject.toml": PROJECT}
    if file == "uv.toml":
        files[file] = f'required-version = "{version}"\n'
    else:
        files[file] += f'[tool.uv]\nrequired-version = "{version}"\n'
    config = parse(f"nixpkgs: {nixpkgs}\n{choices}")
    plan = make_plan([Part("default", ".", read_project(MemoryTree(files)), config)])
    return [(one.text, one.hint) for one in plan.cautions if "uv will refuse" in one.text]


@pytest.mark.parametrize("file", ["pyproject.toml", "uv.toml"])
def test_the_branch_that_has_it_is_named(file):
    """With where it is asked for, and what the chosen branch has instead."""
    ((text, hint),) = told("<0.8", file=file)
    assert f"{file}:" in text
    assert text.endswith("asks for `<0.8`, and nixos-25.11 has uv 0.9.29")
    assert hint == "`nixpkgs: nixos-25.05` in nixpy.yaml has uv 0.7.22"


def test_where_no_branch_has_it():
    ((_, hint),) = told("==0.6.3")
    assert "name a revision of nixpkgs" in hint


@pytest.mark.parametrize("version", ["0.9.29", ">=0.5", "~=0.9.1", "what"])
def test_one_that_fits_or_is_none(version):
    """What is no version uv tells itself."""
    assert told(version) == []


@pytest.mark.parametrize(
    ("version", "count"), [("<0.8", 1), ("0.7.12", 1), (">=0.13", 0), ("==0.12.*", 0), (">=0.9", 0)]
)
def test_a_branch_that_moves(version, count):
    """nixos-unstable may have a newer one by now, but no older one."""
    assert len(told(version, nixpkgs="nixos-unstable")) == count


def test_other_branches_and_installers():
    """Where nobody knows the branch's uv, or nobody runs it, nothing is said."""
    assert told("<0.8", nixpkgs="nixos-24.11") == []
    assert told("<0.8", choices="installer: pip\n") == []
