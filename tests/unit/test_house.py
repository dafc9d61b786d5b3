"""The rule of the house: a package imports only what stands below it, and what decides acts not."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("module", "imports", "broken"),
    [
        ("syntax/upward.py", "nixpy.plan.make", "A package imports only what stands below it"),
        ("align/beside.py", "nixpy.doctor.run", "A package imports only what stands below it"),
        ("attic/new.py", "nixpy.errors", "A package imports only what stands below it"),
        ("plan/acting.py", "subprocess", "What decides starts nothing and writes nothing"),
        ("config/asking.py", "nixpy.system.nix", "What decides starts nothing and writes nothing"),
    ],
)
def test_an_import_against_the_rule_fails(
    module: str, imports: str, broken: str, tmp_path: Path
) -> None:
    """Linting names the contract for an arrow upward, a package without a floor, and an effect."""
    shutil.copy(REPOSITORY / "pyproject.toml", tmp_path)
    shutil.copytree(
        REPOSITORY / "nixpy", tmp_path / "nixpy", ignore=shutil.ignore_patterns("*.txt", "*.yaml")
    )
    added = tmp_path / "nixpy" / module
    if not added.parent.exists():
        added.parent.mkdir()
        (added.parent / "__init__.py").touch()
    added.write_text(f"import {imports}\n", encoding="utf-8")
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [linter, "--no-cache"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert f"{broken} BROKEN" in done.stdout
