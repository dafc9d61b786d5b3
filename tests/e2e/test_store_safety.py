"""A part of the store safety matrix: nixpy's shell, its oldest and newest uv, every installer."""

from __future__ import annotations

import pytest

from benchmarks.store_safety import uv_releases
from tests.support import wheelhouse
from tests.support.nixpkgs import preferred_python
from tests.support.safety.cells import Unit, run_unit
from tests.support.safety.operations import INSTALLERS, operations
from tests.support.safety.projects import INDEX

pytestmark = pytest.mark.e2e

UNITS = [
    *(
        Unit("nixpy", "uv", kind, preferred_python(), uv)
        for kind in ("argv0", "legacy")
        for uv in (uv_releases()[0], uv_releases()[-1])
    ),
    # The env brings pip and uv, which would take it for a venv of their own.
    *(Unit("nixpy", "env", kind, preferred_python(), "") for kind in ("argv0", "legacy")),
    *(
        Unit("nixpy", one, "legacy", preferred_python(), "")
        for one in INSTALLERS
        if one not in ("uv", "env")
    ),
]
# Slow, and much like the others; the whole matrix has them.
LEFT_OUT = {"add", "editable", "python -m pip", "remove", "run script", "subfolder"}


@pytest.fixture(scope="module")
def local_index(tmp_path_factory, watched_store):
    """The index of the matrix."""
    with wheelhouse.serve(wheelhouse.build(tmp_path_factory.mktemp("index"), INDEX)) as url:
        yield url


@pytest.mark.parametrize(
    "unit",
    UNITS,
    ids=lambda one: f"{one.installer}{one.uv}-{one.kind}",
)
def test_no_operation_touches_the_store(local_index, tmp_path, unit):
    """Each works, installs into the project's venv, and leaves the store byte for byte alone."""
    wanted = [one for one in operations(unit.installer) if unit.uv or one.name not in LEFT_OUT]
    cells = run_unit(unit, tmp_path / "unit", local_index, wanted)
    failed = [cell for cell in cells if cell.outcome != "pass"]
    assert failed == []


def test_a_recipe_that_writes_to_the_store_is_caught(local_index, tmp_path):
    """UV_PYTHON at a legacy env makes `uv pip install` write there, and the store stays whole."""
    unit = Unit("uv-python-env", "uv", "legacy", preferred_python(), uv_releases()[-1])
    (wanted,) = (one for one in operations("uv") if one.name == "pip install")
    (cell,) = run_unit(unit, tmp_path / "unit", local_index, [wanted])
    assert cell.outcome == "store"
    assert "-env/.lock" in cell.detail
