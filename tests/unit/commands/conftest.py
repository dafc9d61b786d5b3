"""A project that `nixpy init` has been run on."""

import pytest

from nixpy.cli import run
from tests.support.living import CHOICES, PYPROJECT


@pytest.fixture
def synced(tmp_path, monkeypatch, capsys):
    """A project with a commented nixpy.yaml, outside of git, as the current folder."""
    (tmp_path / "pyproject.toml").write_text(PYPROJECT)
    (tmp_path / "nixpy.yaml").write_text(CHOICES)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    assert run(["init", "--no-folder"]) == 0
    capsys.readouterr()
    return tmp_path
