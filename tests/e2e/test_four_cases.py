"""The four cases of uv's issue 7395: which venv and which installer end in a read-only store."""

from __future__ import annotations

import pytest

from benchmarks.store_safety import uv_releases
from tests.support import wheelhouse
from tests.support.nixpkgs import preferred_python
from tests.support.safety.cells import Unit, run_unit
from tests.support.safety.operations import Operation
from tests.support.safety.projects import INDEX
from tests.support.wheelhouse import Distribution

pytestmark = pytest.mark.e2e

CASES = [
    Operation(
        "uv",
        f"{maker} / {installer}",
        f"rm -rf .venv; hash -r; {maker} .venv; . .venv/bin/activate; {installer} install -U pip",
        there=("{any}/pip-99.0.dist-info/METADATA",),
    )
    for maker in ("python -m venv", "uv venv")
    for installer in ("pip", "uv pip")
]


@pytest.fixture(scope="module")
def index_with_pip(tmp_path_factory, watched_store):
    """The URL of an index that has a newer pip."""
    distributions = (*INDEX, Distribution("pip", "99.0"))
    folder = wheelhouse.build(tmp_path_factory.mktemp("index"), distributions)
    with wheelhouse.serve(folder) as url:
        yield url


# The release of the report's time, and today's.
@pytest.mark.parametrize("uv", ["0.4.30", uv_releases()[-1]])
@pytest.mark.parametrize(
    ("row", "kind", "outcomes"),
    [
        # The reporter's UV_PYTHON was the Python of their env: one success, as they say.
        ("uv-python-env", "legacy", ["pass", "store", "fails", "store"]),
        # Without it `uv pip` takes the venv, and `uv venv` finds no Python to make one from.
        ("bare", "legacy", ["pass", "pass", "fails", "fails"]),
        # A venv of uv's has no pip before the shell is entered again.
        ("nixpy", "legacy", ["pass", "pass", "fails", "pass"]),
        ("nixpy", "argv0", ["pass", "pass", "fails", "pass"]),
        ("nixpy", "resolve", ["pass", "pass", "fails", "pass"]),
    ],
)
def test_upgrading_pip(index_with_pip, tmp_path, row, kind, outcomes, uv):
    """In a bare legacy shell it comes out as reported; nixpy's never writes to the store."""
    unit = Unit(row, "uv", kind, preferred_python(), uv)
    cells = list(run_unit(unit, tmp_path / "unit", index_with_pip, CASES))
    assert [cell.outcome for cell in cells] == outcomes, [(c.operation, c.detail) for c in cells]
