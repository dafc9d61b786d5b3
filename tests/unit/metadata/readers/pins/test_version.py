"""The names of Python versions."""

import pytest

from nixpy.metadata.readers.pins.version import parse_pin
from nixpy.syntax.origin import Origin

HERE = Origin("x")


@pytest.mark.parametrize(
    ("text", "version", "implementation"),
    [
        ("3", "3", "cpython"),
        ("3.12", "3.12", "cpython"),
        ("3.12.4", "3.12.4", "cpython"),
        ("cpython-3.12.4-linux-x86_64-gnu", "3.12.4", "cpython"),
        ("cpython@3.12", "3.12", "cpython"),
        ("python3.11", "3.11", "cpython"),
        ("python-3.11.4", "3.11.4", "cpython"),
        ("cp312", "3.12", "cpython"),
        ("v3.12", "3.12", "cpython"),
        ("v3.12.4", "3.12.4", "cpython"),
        ("prefix:3.12", "3.12", "cpython"),
        ("latest:3.12", "3.12", "cpython"),
        ("3.13t", "3.13", "freethreaded"),
        ("3.13+freethreaded", "3.13", "freethreaded"),
        ("3.14.0rc1", "3.14", "cpython"),
        ("3.14-dev", "3.14", "cpython"),
        ("3.11.4/envs/my-env", "3.11.4", "cpython"),
        ("2.7.18", "2.7.18", "cpython"),
        ("pypy3.10-7.3.12", None, "pypy"),
        ("pypy@3.10", None, "pypy"),
        ("graalpy-24.0", None, "graalpy"),
        ("miniconda3-4.7.12", None, "miniconda"),
        ("system", None, "system"),
    ],
)
def test_names_of_version_managers(text: str, version: str | None, implementation: str) -> None:
    """Each manager's way to name a version is understood."""
    pin = parse_pin(text, HERE)
    assert pin is not None
    assert (pin.text, pin.version, pin.implementation) == (text, version, implementation)


@pytest.mark.parametrize("text", ["my-env-3.11", "lts", "4.1", "", "/usr/bin/python3", "latest"])
def test_other_names_are_not_guessed(text: str) -> None:
    """The name of a virtual environment is not taken for a version."""
    assert parse_pin(text, HERE) is None
