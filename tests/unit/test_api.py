"""What other programs may build on."""

import subprocess
import sys

import pytest

import nixpy

PYPROJECT = '[project]\nname = "app"\nversion = "1"\ndependencies = ["psycopg2"]\n'


def test_a_plan_and_its_files(tmp_path):
    """What init would write, and nothing is written."""
    (tmp_path / "pyproject.toml").write_text(PYPROJECT)
    plan = nixpy.plan_project(tmp_path)
    assert isinstance(plan, nixpy.Plan)
    assert "libpq" in {one.name for one in plan.shells[0].libraries}
    texts = nixpy.render(plan)
    assert set(texts) == {"flake.nix", ".nixpy/enter.bash", ".nixpy/venv.py"}
    assert nixpy.render(nixpy.plan_project(str(tmp_path))) == texts
    assert "nix/python-shell.nix" in nixpy.render(plan, module=True)
    assert [path.name for path in tmp_path.iterdir()] == ["pyproject.toml"]


def test_choices_are_read(tmp_path):
    (tmp_path / "nixpy.yaml").write_text("python: '3.12'\nprojects: {api: api}\n")
    (tmp_path / "api").mkdir()
    plan = nixpy.plan_project(tmp_path)
    assert [shell.name for shell in plan.shells] == ["default", "api"]
    assert plan.shells[0].python.minor == "3.12"


def test_what_is_wrong_is_told_with_its_place(tmp_path):
    (tmp_path / "pyproject.toml").write_text("[project\n")
    with pytest.raises(nixpy.NixpyError) as caught:
        nixpy.plan_project(tmp_path)
    (error,) = caught.value.errors
    assert (error.file, error.line) == ("pyproject.toml", 1)
    with pytest.raises(nixpy.NixpyError, match="no such folder"):
        nixpy.plan_project(tmp_path / "nowhere")


def test_a_name_that_is_not_there():
    with pytest.raises(AttributeError, match="no attribute 'made_up'"):
        _ = nixpy.made_up


def test_importing_costs_nothing():
    """Nothing else of nixpy is imported before it is used."""
    code = "import nixpy, sys; print([one for one in sys.modules if one.startswith('nixpy.')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert done.stdout == "[]\n"
