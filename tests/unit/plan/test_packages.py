"""What Nix shall provide, and for whom."""

import pytest
from packaging.requirements import Requirement

from nixpy.config.parse import parse
from nixpy.errors import NixpyError, NixpyErrors
from nixpy.metadata.model import Kind, Project, Wanted
from nixpy.plan.model import Attribute
from nixpy.plan.packages import listed_tools, provided_packages
from nixpy.syntax.origin import Origin

HERE = Origin("pyproject.toml")


def wanting(*names: str, kind: Kind = Kind.RUN) -> Project:
    return Project(
        wanted=tuple(Wanted(name, name, Requirement(name), HERE, kind) for name in names)
    )


def names(attributes: tuple[Attribute, ...]) -> list[str]:
    return [one.alternatives[0] for one in attributes]


def test_pypi_names_become_attributes():
    """A PyPI name in any spelling and nixpkgs' own name mean the same attribute."""
    found, cautions = provided_packages(parse("packages: [PyGObject, NumPy]"), "3.13")
    assert names(found) == ["pygobject3", "numpy"]
    assert cautions == ()


@pytest.mark.parametrize("prefix", ["python3Packages.", "python312Packages.", "ps."])
def test_a_path_as_searches_show_it_is_taken_as_written(prefix):
    """What package searches show can be pasted, also for packages that no table has."""
    found, cautions = provided_packages(parse(f"packages: [{prefix}brandNew]"), "3.13")
    assert (names(found), cautions) == (["brandNew"], ())


def test_slips_are_told_all_at_once():
    """Each name that is nearly another gives an error with the other."""
    with pytest.raises(NixpyErrors) as caught:
        provided_packages(parse("packages: [nunpy, reqests]"), "3.13")
    first, second = caught.value.errors
    assert "`numpy`" in (first.hint or "")
    assert "`requests`" in (second.hint or "")


def test_a_program_belongs_under_tools():
    """What nixpkgs has as a program only is refused with the place where it belongs."""
    with pytest.raises(NixpyError) as caught:
        provided_packages(parse("packages: [pre-commit]"), "3.13")
    assert "`tools:`" in (caught.value.hint or "")


def test_an_unknown_name_is_taken_with_a_warning():
    """A name that is like no other may be newer than the tables."""
    found, (caution,) = provided_packages(parse("packages: [qqzzxxvvy]"), "3.13")
    assert names(found) == ["qqzzxxvvy"]
    assert "taken as written" in caution.text


def test_tools_that_wheels_bring_too_come_first():
    """A listed tool precedes the venv where a wheel would shadow it, and follows elsewhere."""
    first, after = listed_tools(parse("tools: [ruff, postgresql, black]"), wanting("black"))
    assert (names(first), names(after)) == (["ruff", "black"], ["postgresql"])


def test_a_tool_comes_first_by_whatever_name_a_wheel_brings_it():
    """nixpkgs' nodejs precedes the node of nodejs-bin, its just the one of rust-just."""
    first, after = listed_tools(parse("tools: [nodejs, just]"), wanting("nodejs-bin"))
    assert (names(first), names(after)) == (["nodejs"], ["just"])


@pytest.mark.parametrize("name", ["python3", "python312", "pypy310", "python312Full"])
def test_an_interpreter_is_no_tool(name):
    """A second interpreter among the tools would get into the way of the shell's own."""
    with pytest.raises(NixpyError, match="is an interpreter") as caught:
        listed_tools(parse(f"tools: [{name}]"), Project())
    assert "`pythons:`" in (caught.value.hint or "")
