""".python-version, .tool-versions, mise.toml, runtime.txt and devbox.json."""

import pytest

from tests.support.reading import mistakes, notes, pins, project, ranges, told


def test_python_version() -> None:
    """All versions are read in their order; comments and environments' names are not versions."""
    text = (
        "3.12.4\r\n# later: 3.13\r\n3.11 # for CI\r\npypy3.10-7.3\r\nmy-env\r\n>=3.10, <4\r\n\r\n"
    )
    found = project({".python-version": text})
    assert pins(found) == ["3.12.4", "3.11", None]
    assert [one.origin.line for one in found.pins] == [1, 3, 4]
    assert ranges(found) == [">=3.10, <4"]
    assert notes(found) == [
        ".python-version:5: `my-env` names no Python version, so it says nothing here"
    ]


def test_python_versions() -> None:
    """Uv's file of several versions is read too."""
    assert pins(project({".python-versions": "3.13\n3.12\n"})) == ["3.13", "3.12"]


def test_tool_versions() -> None:
    """Of asdf's file only the line of python counts."""
    text = "nodejs 20.1\n# python 3.9\npython 3.12.1 3.11 system # x\npythonfoo 1\n"
    found = project({".tool-versions": text})
    assert pins(found) == ["3.12.1", "3.11", None]
    assert str(found.pins[0].origin) == ".tool-versions:3 python"


@pytest.mark.parametrize(
    "file", ["mise.toml", ".mise.toml", ".config/mise/config.toml", ".config/mise.toml"]
)
@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ('"3.12"', ["3.12"]),
        ('["3.12", "3.11"]', ["3.12", "3.11"]),
        ('{ version = "3.12.1", virtualenv = ".venv" }', ["3.12.1"]),
        ('[{ version = "3.12" }, "latest"]', ["3.12"]),
        ('"latest"', []),
        ('"prefix:3.12"', ["3.12"]),
    ],
)
def test_mise(file: str, value: str, expected: list[str]) -> None:
    """Each form that mise allows is read, in each place of its file."""
    assert pins(project({file: f'[tools]\nnode = "20"\npython = {value}\n'})) == expected


def test_a_number_for_mise() -> None:
    """A version that is not in quotes gets them in the hint."""
    (error,) = mistakes({"mise.toml": "[tools]\npython = 3.12\n"})
    assert str(error) == "mise.toml:2: `tools.python`: must be a string, but it is a number"
    assert error.hint == 'put it in quotes: `python = "3.12"`'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("python-3.11.4\n", ["3.11.4"]),
        ("python-3.6.8\n", ["3.6.8"]),
        ("3.11.4\n", ["3.11.4"]),
        ("pypy3.6-7.3\n", [None]),
        ("graalpy-24.0\n", [None]),
        ("r-2023-01-01\n", []),
        ("", []),
    ],
)
def test_runtime_txt(text: str, expected: list[str | None]) -> None:
    """Only a runtime.txt for Python counts."""
    assert pins(project({"runtime.txt": text})) == expected


@pytest.mark.parametrize(
    ("packages", "python", "others"),
    [
        ('["python@3.12", "nodejs@20", "go"]', ["3.12"], ("nodejs@20", "go")),
        ('["python311", "python310Packages.pip"]', ["3.11"], ("python310Packages.pip",)),
        ('["python3@latest", "python313FreeThreading"]', ["3.13"], ()),
        ('{"python": "3.11.4", "jq": {"version": "latest"}}', ["3.11.4"], ("jq",)),
        ('{"python": "latest", "nodejs": "20"}', [], ("nodejs@20",)),
    ],
)
def test_devbox(packages: str, python: list[str], others: tuple[str, ...]) -> None:
    """Devbox's Python is a pin; the others are attributes of nixpkgs, with their versions."""
    text = f'{{\n  // a comment, with "quotes"\n  "packages": {packages},\n}}\n'
    found = project({"devbox.json": text})
    assert pins(found) == python
    assert found.facts[0].packages == others


def test_devbox_packages_of_other_flakes() -> None:
    """What is not from nixpkgs is noted with its line."""
    text = '{"packages": [\n"github:o/r#x",\n"path:./y"\n]}'
    assert notes(project({"devbox.json": text})) == [
        "devbox.json:2 packages[0]: `github:o/r#x` is not from nixpkgs, so it was left out",
        "devbox.json:3 packages[1]: `path:./y` is not from nixpkgs, so it was left out",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"packages": 3}', "devbox.json:1: `packages`: must be an array or an object"),
        ('{"packages": {\n"a": 3}}', "devbox.json:2: `packages.a`: must be a version"),
        ('{"packages": [\n3]}', "devbox.json:2: `packages[0]`: must be a string"),
        ('{"packages": [}', "devbox.json:1:15: is not valid JSON"),
    ],
)
def test_mistakes_in_devbox_json(text: str, message: str) -> None:
    """Wrong types and broken JSON are told with their lines."""
    assert told({"devbox.json": text})[0].startswith(message)
