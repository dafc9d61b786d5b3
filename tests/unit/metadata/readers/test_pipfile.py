"""Pipfile and Pipfile.lock."""

import pytest

from tests.support.reading import locked, mistakes, pins, project, ranges, signs, told, wanted
from tests.support.sample_files import PIPFILE, PIPFILE_LOCK


def test_pipfile() -> None:
    """Packages, categories and the Python are taken over."""
    found = project({"Pipfile": PIPFILE})
    assert wanted(found) == [
        "run requests",
        "run flask<3.0,>=2.0",
        "run bare==1.5",
        'run django[argon2]>=4 ; python_version < "4"',
        'run colorama ; sys_platform == "win32"',
        "run repo -> git+https://h.example/repo.git@main",
        "run near -> libs/near",
        "group[dev] pytest~=8.0",
        "group[docs] sphinx",
    ]
    assert found.wanted[0].origin.line == 7
    assert (ranges(found), pins(found)) == (["==3.11.*"], [])
    assert signs(found) == ["pipenv TABLE"]


@pytest.mark.parametrize("key", ["python_full_version", "python_version"])
def test_a_full_version_is_a_pin(key: str) -> None:
    """Pipenv only warns of another patch release, so a full version is a pin and no range."""
    found = project({"Pipfile": f'[requires]\n{key} = "3.9.2"\n'})
    assert (ranges(found), pins(found)) == ([], ["3.9.2"])


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("a = 1.0", "must be a string or a table, but it is a number"),
        ("a = { version = 1 }", "`version` must be a string, but it is a number"),
        ('a = { extras = "x" }', "`extras` must be an array of strings"),
        ('a = "^1.0"', "`a ^1.0` is not a requirement"),
    ],
)
def test_mistakes(line: str, message: str) -> None:
    """What pipenv would refuse is told with its line."""
    (error,) = mistakes({"Pipfile": f"[packages]\n{line}\n"})
    assert error.line == 2
    assert message in error.message


def test_pipfile_lock() -> None:
    """The lock of pipenv tells versions and sources, with lines."""
    found = project({"Pipfile.lock": PIPFILE_LOCK})
    assert locked(found.locked) == [
        "flask==3.0.0 registry",
        "repo==None git",
        "near==None path",
        "far==None url",
        "pytest==8.0 registry",
    ]
    assert [one.origin.line for one in found.locked] == [9, 14, 15, 16, 19]
    assert found.locked[0].markers == ("python_version >= '3.8'",)
    assert (ranges(found), signs(found)) == (["==3.11.*"], ["pipenv LOCK"])


def test_broken_json_is_told_with_line_and_column() -> None:
    """A mistake in JSON's syntax is told with its place."""
    assert told({"Pipfile.lock": '{\n  "a": 1,\n}\n'}) == [
        "Pipfile.lock:3:1: is not valid JSON: expecting property name enclosed in double quotes"
    ] or told({"Pipfile.lock": '{\n  "a": 1,\n}\n'}) == [
        "Pipfile.lock:2:9: is not valid JSON: illegal trailing comma before end of object"
    ]


@pytest.mark.parametrize("text", ["[]", "3", '"x"', "null"])
def test_json_of_another_shape_is_an_error(text: str) -> None:
    """A lock that holds no object is named as what it is."""
    (error,) = told({"Pipfile.lock": text})
    assert error.startswith("Pipfile.lock: must hold an object, but it holds")
