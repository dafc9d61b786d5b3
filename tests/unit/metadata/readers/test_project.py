"""A whole project, and a workspace of uv."""

import pytest

from nixpy.errors import NixpyError
from nixpy.metadata.read import read_project
from nixpy.syntax.tree import MemoryTree
from tests.support.reading import mistakes, project, ranges, signs, wanted
from tests.support.sample_files import WORKSPACE


def member(name: str, dependencies: str = "", extra: str = "") -> str:
    """Write a member's pyproject.toml."""
    return f'[project]\nname = "{name}"\ndependencies = [{dependencies}]\n{extra}'


def test_a_workspace() -> None:
    """Members' requirements and ranges count; members that require each other are told so."""
    found = project(
        {
            "pyproject.toml": WORKSPACE,
            "packages/a/pyproject.toml": member("Lib_A", '"numpy"', "[tool.pdm]\nx = 1\n"),
            "packages/b/pyproject.toml": '[project]\nname = "b"\nrequires-python = ">=3.11"\n',
            "packages/b/setup.py": "setup(install_requires=['ignored'])",
            "packages/old/pyproject.toml": "not TOML",
            "packages/no-project/README": "",
            "deep/pyproject.toml": "not TOML",
            "deep/one/two/x-y/pyproject.toml": member("y", '"lib-a", "b"'),
            "deep/x-skip/pyproject.toml": "not TOML",
        }
    )
    assert wanted(found) == [
        "run lib-a -> packages/a",
        "run numpy",
        "run lib-a -> packages/a",
        "run b -> packages/b",
    ]
    assert str(found.wanted[1].origin) == "packages/a/pyproject.toml:3 project.dependencies[0]"
    assert found.facts[0].members == ("packages/a", "packages/b", "deep/one/two/x-y")
    assert (found.name, ranges(found), signs(found)) == ("app", [">=3.10", ">=3.11"], ["uv TABLE"])
    assert "deep/one/two/x-y/pyproject.toml" in found.files


@pytest.mark.parametrize("pattern", ["", ".", "/", "../*", "a**b", "[", "***", "{a,b}"])
def test_odd_patterns_of_members_do_no_harm(pattern: str) -> None:
    """A pattern that means nothing finds nothing."""
    text = f'[project]\nname = "a"\n[tool.uv.workspace]\nmembers = ["{pattern}"]\n'
    assert project({"pyproject.toml": text}).facts[0].members == ()


def test_nothing_at_all() -> None:
    """A folder without metadata is an empty project."""
    assert project({"README.md": "hello"}).empty


def test_mistakes_of_all_files_are_told_together() -> None:
    """One pass finds what is wrong in every file."""
    found = mistakes(
        {
            "pyproject.toml": "[project\n",
            "requirements.txt": "a b\n",
            "uv.lock": "package = 1\n",
            ".python-version": b"\xff",
        }
    )
    assert [error.file for error in found] == [
        "pyproject.toml",
        "uv.lock",
        "requirements.txt",
        ".python-version",
    ]


def test_the_first_name_wins() -> None:
    """pyproject.toml names the project, not an environment of conda."""
    files = {"environment.yml": "name: env\n", "pyproject.toml": '[project]\nname = "app"\n'}
    assert project(files).name == "app"


def test_unreadable_files_are_told_with_the_others() -> None:
    """What the disk refuses is one mistake among others."""

    class Locked(MemoryTree):
        def read(self, path: str) -> bytes | None:
            if path == "setup.cfg":
                raise NixpyError("cannot be read: Permission denied", file=path)
            return super().read(path)

    with pytest.raises(NixpyError) as raised:
        read_project(Locked({"setup.cfg": "", "requirements.txt": "a b\n"}))
    assert "setup.cfg: cannot be read" in str(raised.value)
    assert "requirements.txt:1" in str(raised.value)


def test_uv_toml_is_a_sign_and_may_constrain() -> None:
    """Uv's settings in a file of their own count like its table."""
    found = project({"uv.toml": 'constraint-dependencies = ["urllib3<2"]\n'})
    assert (signs(found), wanted(found)) == (["uv TABLE"], ["constraint urllib3<2"])
