"""The hook that the repository offers to pre-commit."""

import re
import shlex
from pathlib import Path

import pytest
import yaml

from nixpy.cli import COMMANDS, run
from nixpy.metadata.read import READERS

(HOOK,) = yaml.safe_load(
    (Path(__file__).parents[2] / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
)


def test_the_entry_is_a_command_of_nixpy(tmp_path, monkeypatch, capsys):
    """It succeeds where the flake is up to date, and fails where it is not."""
    program, command, *options = shlex.split(HOOK["entry"])
    assert program == "nixpy"
    assert command in COMMANDS
    monkeypatch.chdir(tmp_path)
    assert run(["init"]) == 0
    assert run([command, *options]) == 0
    (tmp_path / "nixpy.yaml").write_text("tools: [jq]\n")
    assert run([command, *options]) == 1
    assert HOOK["pass_filenames"] is False
    capsys.readouterr()


@pytest.mark.parametrize("pattern", [pattern for pattern, _ in READERS])
def test_it_runs_for_all_that_is_read(pattern):
    """A change of any file that a flake follows from makes the hook run, in a subfolder too."""
    path = pattern.replace("*", "dev")
    assert re.search(HOOK["files"], path)
    assert re.search(HOOK["files"], f"services/api/{path}")


@pytest.mark.parametrize("path", ["flake.nix", "nixpy.yaml", ".nixpy/venv.py", ".envrc"])
def test_it_runs_for_what_is_written(path):
    """So does a change of what nixpy writes."""
    assert re.search(HOOK["files"], path)


@pytest.mark.parametrize("path", ["src/app.py", "README.md", "docs/uv.lock.md", "my-setup.py.txt"])
def test_it_does_not_run_for_the_rest(path):
    """Commits of the project's code are not held up."""
    assert not re.search(HOOK["files"], path)
