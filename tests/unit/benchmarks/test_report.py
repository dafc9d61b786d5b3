"""The page on store safety: what it says of each row, and of what was not run."""

import pytest

from benchmarks.safety.report import markdown
from benchmarks.safety.svg import picture
from tests.support.safety.cells import Cell, Unit
from tests.support.safety.environments import ENVIRONMENTS, flake

RAN = Unit("bare", "uv", "argv0", "3.12", "0.13.8")
CELLS = [Cell(RAN, "sync", "pass", "", 1.0), Cell(RAN, "add", "bytecode", "cached x.pyc", 1.0)]


@pytest.mark.parametrize("row", ENVIRONMENTS, ids=lambda one: one.key)
def test_each_row_says_of_which_release_or_date_it_is(row):
    """Peers change: a row is true of a release, or of the day of the post that it is from."""
    cell = Cell(Unit(row.key, row.installers[0], row.kinds[0], "3.12", ""), "x", "pass", "", 1.0)
    assert any(character.isdigit() for character in row.version) or row.key == "nixpy"
    assert f"| {row.version} | {row.kinds[0]} |" in markdown([cell])
    assert row.version in picture([cell])


def test_the_page_says_what_was_not_run():
    """Whole releases and Pythons are named as such, what is left of the others row by row."""
    left = [
        Unit("bare", "uv", "argv0", "3.12", "0.4.30"),
        Unit("bare", "uv", "argv0", "3.10", "0.13.8"),
        Unit("bare", "poetry", "argv0", "3.12", ""),
    ]
    page = markdown(CELLS, left)
    assert "- Not run since the stand-in was last changed: Python 3.10, uv 0.4.30.\n" in page
    assert "- Left to run, in part, on Python 3.12: bare with poetry.\n" in page
    assert "Not run since" not in markdown(CELLS)


def test_devenvs_variables_of_today_and_before():
    """UV_PYTHON went with 2.1, and with it the PYTHONPATH that shows Nix's packages first."""
    text = {row.key: flake(row, "x86_64-linux", "python312", "", ()) for row in ENVIRONMENTS[1:]}
    assert "UV_PYTHON =" in text["devenv-before"]
    assert "UV_PYTHON =" not in text["devenv"]
    assert 'UV_PYTHON_PREFERENCE = "only-system";' in text["devenv"]
    assert "POETRY_VIRTUALENVS_IN_PROJECT" in text["devenv-poetry"]
    assert all("UV_" not in text[key] for key in ("devenv-venv", "devenv-before-venv"))
