"""Whatever a file holds, reading it ends in facts or in an error for the user."""

import random
from collections.abc import Iterator
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nixpy.errors import NixpyError
from nixpy.metadata.read import READERS, read_project
from nixpy.syntax.tree import MemoryTree
from tests.support.sample_files import (
    COMPILED,
    ENVIRONMENT,
    PDM,
    PIPFILE,
    PIPFILE_LOCK,
    POETRY,
    POETRY_1,
    POETRY_2,
    PROJECT,
    PYLOCK,
    REQUIREMENTS,
    SETUP_CFG,
    SETUP_PY,
    UV_LOCK,
    WORKSPACE,
)

DEVBOX = '{\n  // c\n  "packages": ["python@3.12", "jq", {"a": 1}],\n}\n'
MISE = '[tools]\npython = ["3.12", { version = "3.11" }]\n'
FILES = [
    ("pyproject.toml", PROJECT),
    ("pyproject.toml", POETRY),
    ("pyproject.toml", WORKSPACE),
    ("uv.lock", UV_LOCK),
    ("poetry.lock", POETRY_1),
    ("poetry.lock", POETRY_2),
    ("pdm.lock", PDM),
    ("pylock.toml", PYLOCK),
    ("Pipfile", PIPFILE),
    ("Pipfile.lock", PIPFILE_LOCK),
    ("requirements.txt", REQUIREMENTS),
    ("requirements.txt", COMPILED),
    ("setup.cfg", SETUP_CFG),
    ("setup.py", SETUP_PY),
    ("environment.yml", ENVIRONMENT),
    (".python-version", "3.12.4\n>=3.10\npypy3.10\n"),
    (".tool-versions", "python 3.12 3.11\n"),
    ("mise.toml", MISE),
    ("devbox.json", DEVBOX),
    ("runtime.txt", "python-3.11.4\n"),
    ("hatch.toml", '[envs.default]\npython = "3.12"\ndependencies = ["a"]\n'),
    ("uv.toml", 'constraint-dependencies = ["a<2"]\n'),
    ("poetry.toml", "[virtualenvs]\nin-project = true\n"),
]
# What mutations put in place of a value: every type of TOML, JSON and YAML, and hostile text.
VALUES = [
    "3", "-1", "1.5", "true", "null", "nan", "1979-05-27", "[]", "{}", "[[]]", "[{}]",
    '""', '"?"', '"\\u0000"', "{ x = 1 }", '{"x": 1}', '[1, "a"]', "&a [*a]",
    "!!python/object:x {}", '"' + "9" * 5000 + '"',
]  # fmt: skip


def read(path: str, data: str | bytes) -> None:
    """Read one file; only an error for the user may end it."""
    with suppress(NixpyError):
        read_project(MemoryTree({path: data, "base.txt": "-r requirements.txt\n"}))


def ids() -> list[str]:
    """Name the files, numbered since some stand here twice."""
    return [f"{path}-{number}" for number, (path, _) in enumerate(FILES)]


def mutations(text: str, random_: random.Random) -> Iterator[str]:
    """Give texts that were cut, doubled or had a value replaced."""
    lines = text.split("\n")
    for number, line in enumerate(lines):
        for mark in ("=", ":"):
            head, sign, tail = line.partition(mark)
            if sign:
                for value in random_.sample(VALUES, 6):
                    comma = "," if tail.rstrip().endswith(",") else ""
                    yield "\n".join(
                        [*lines[:number], f"{head}{sign} {value}{comma}", *lines[number + 1 :]]
                    )
        yield "\n".join(lines[:number] + lines[number + 1 :])
        yield "\n".join([*lines[:number], line, *lines[number:]])
    for _ in range(60):
        yield text[: random_.randrange(len(text))]
        at = random_.randrange(len(text))
        yield text[:at] + random_.choice("[]{}\"'=:,#\\\n\0\té!*&") + text[at + 1 :]


@pytest.mark.parametrize(("path", "text"), FILES, ids=ids())
def test_damaged_files(path: str, text: str) -> None:
    """Cut, doubled and replaced parts end in facts or in an error, never in a traceback."""
    for mutant in mutations(text, random.Random(path)):
        read(path, mutant)


@pytest.mark.parametrize("path", [path.replace("*", "x") for path, _ in READERS])
@given(data=st.binary(max_size=60))
@settings(max_examples=40)
def test_arbitrary_bytes(path: str, data: bytes) -> None:
    """A file of random bytes ends in facts or in an error."""
    read(path, data)


@pytest.mark.parametrize("path", [path.replace("*", "x") for path, _ in READERS])
@pytest.mark.parametrize(
    "data",
    [
        "a = " + "[" * 5_000,
        "[" * 100_000,
        "{" * 100_000,
        "- " * 5_000,
        "a: " + "{a: " * 5_000,
        '{"packages": ' + "[" * 100_000,
        "x = " + "9" * 10_000,
        '{"default": ' + "9" * 10_000 + "}",
        "dependencies:\n- &a [*a]\n",
        "dependencies: &a\n- *a\n",
        "-" * 10_000,
        "setup(install_requires=" + "[" * 90 + "]" * 90 + ")",
        "x = x + x\nsetup(install_requires=x, extras_require=x)",
        "setup(install_requires=" + "+".join(["a"] * 5_000) + ")",
        "setup(**setup(**{}))",
        "a>=" + "1." * 5_000,
        "a" * 100_000,
        "a[" + "b," * 5_000 + "]",
        "python=" + "3." * 2_000,
        "\\\n" * 10_000,
    ],
    ids=range(20),
)
def test_absurd_depth_and_size(path: str, data: str) -> None:
    """Files made to exhaust a parser end in facts or in an error, and soon."""
    read(path, data)
