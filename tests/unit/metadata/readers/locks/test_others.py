"""poetry.lock, pdm.lock and pylock.toml."""

import pytest

from tests.support.reading import locked, mistakes, notes, project, ranges, signs
from tests.support.sample_files import PDM, POETRY_1, POETRY_2, PYLOCK


def test_poetry_2() -> None:
    """A lock of poetry 2 tells files, dependencies, markers and the range of Python."""
    found = project({"poetry.lock": POETRY_2})
    assert locked(found.locked) == ["flask-thing==3.0.0 registry click colorama", "near==0.1 path"]
    thing, near = found.locked
    assert (thing.wheels, thing.sdist) == (("flask_thing-3.0.0-py3-none-any.whl",), True)
    assert thing.markers == ('python_version < "3.13"',)
    assert thing.conditions == (("colorama", 'platform_system == "Windows"'),)
    assert near.markers == ('python_version < "3.13"', 'sys_platform == "win32"')
    assert [one.origin.line for one in found.locked] == [3, 23]
    assert (ranges(found), signs(found)) == (["^3.9 || ~2.7"], ["poetry LOCK"])
    assert str(found.ranges[0].origin) == "poetry.lock:39 metadata.python-versions"


def test_poetry_1() -> None:
    """A lock of poetry 1, with all files at the end, tells the same."""
    found = project({"poetry.lock": POETRY_1})
    assert locked(found.locked) == ["markdown==3.4.1 registry", "repo==1.0 git"]
    assert found.locked[0].wheels == ("Markdown-3.4.1-py3-none-any.whl",)
    assert found.locked[0].sdist


def test_pdm() -> None:
    """Targets are alternatives, and the entry of an extra belongs to its distribution."""
    found = project({"pdm.lock": PDM})
    assert locked(found.locked) == ["httpx==0.27 registry anyio tomli h2", "near==0.1 path"]
    httpx = found.locked[0]
    assert (httpx.wheels, httpx.sdist) == (("httpx-0.27-py3-none-any.whl",), True)
    assert httpx.conditions == (("tomli", 'python_version < "3.11"'),)
    assert signs(found) == ["pdm LOCK"]
    assert ["3.10.1" in one.specifiers for one in found.ranges] == [False]
    assert all(version in found.ranges[0].specifiers for version in ("3.9.1", "3.11.1", "3.14"))


def test_pdm_before_format_4() -> None:
    """An older lock keeps the files at the end and dependencies in a table."""
    text = """\
[[package]]
name = "a"
version = "1"
[package.dependencies]
b = ">=1"
[metadata]
lock_version = "2"
[metadata.files]
"a 1" = [{file = "a-1-py3-none-any.whl", hash = "sha256:00"}]
"""
    found = project({"pdm.lock": text})
    assert locked(found.locked) == ["a==1 registry b"]
    assert found.locked[0].wheels == ("a-1-py3-none-any.whl",)


def test_pylock() -> None:
    """A PEP 751 lock tells sources and files, and its maker tells the installer."""
    found = project({"pylock.toml": PYLOCK})
    assert locked(found.locked) == [
        "attrs==25.1.0 registry b",
        "b==None git",
        "c==None path",
        "d==None url",
    ]
    attrs = found.locked[0]
    assert (attrs.wheels, attrs.sdist) == (("attrs-25.1.0-py3-none-any.whl",), True)
    assert attrs.markers == ("os_name == 'posix'",)
    assert (ranges(found), signs(found)) == ([">=3.12"], ["pip LOCK"])


def test_pylock_of_an_unknown_maker_names_no_installer() -> None:
    """Several tools write pylock.toml, so by itself it says nothing of the installer."""
    found = project({"pylock.dev.toml": PYLOCK.replace('"pip"', '"mousebender"')})
    assert len(found.locked) == 4
    assert signs(found) == []


ENTRY = 'name = "a"\nversion = [1]\n'


@pytest.mark.parametrize(
    ("file", "text"),
    [
        (
            "poetry.lock",
            '[[package]]\nname = "a"\nversion = [1]\n[metadata]\nlock-version = "3.0"\n',
        ),
        ("pdm.lock", '[[package]]\nname = "a"\nversion = [1]\n[metadata]\nlock_version = "5.0"\n'),
        ("pylock.toml", 'lock-version = "2.0"\n[[packages]]\nname = "a"\nversion = [1]\n'),
    ],
)
def test_newer_formats_are_read_as_far_as_possible(file: str, text: str) -> None:
    """What a newer installer wrote differently is named in a note, and the rest is read."""
    found = project({file: text})
    assert locked(found.locked) == ["a==None registry"]
    assert len(notes(found)) == 2
    assert "is newer than" in notes(found)[0]
    assert "version" in notes(found)[1]


@pytest.mark.parametrize(
    ("file", "command"),
    [("poetry.lock", "poetry lock"), ("pdm.lock", "pdm lock"), ("Pipfile.lock", "pipenv lock")],
)
def test_damaged_locks_are_written_anew(file: str, command: str) -> None:
    """The hint names the command that writes a lock anew."""
    text = '{"default": 3}' if file == "Pipfile.lock" else "package = 3\n"
    (error,) = mistakes({file: text})
    assert error.file == file
    assert error.hint == f"run `{command}` to write the file anew"
