"""`nixpy mend` from the command line."""

from __future__ import annotations

import os

import pytest
from click.testing import CliRunner

from nixpy.cli import cli
from nixpy.errors import NixpyError

LOADER = {"x86_64": "/lib64/ld-linux-x86-64.so.2", "aarch64": "/lib/ld-linux-aarch64.so.1"}


def test_outside_of_a_shell_there_is_no_loader_to_mend_by(tmp_path, monkeypatch):
    """One sentence names the command that works."""
    monkeypatch.delenv("NIX_LD", raising=False)
    result = CliRunner().invoke(cli, ["mend", str(tmp_path)])
    assert isinstance(result.exception, NixpyError)
    assert result.exception.hint == "run it in the project's shell: `nixpy run nixpy mend`"


@pytest.mark.parametrize("options", [[], ["--caches"]])
def test_it_says_that_there_is_nothing_to_do_where_programs_start(
    tmp_path, monkeypatch, capfd, options
):
    """Where the loader is that wheels ask for, no file is touched."""
    monkeypatch.setenv("NIX_LD", LOADER[os.uname().machine])
    for name in ("UV_TOOL_DIR", "UV_CACHE_DIR", "PRE_COMMIT_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    result = CliRunner().invoke(cli, ["mend", *options, str(tmp_path)])
    assert result.exception is None or result.exit_code == 0
    assert "nothing was touched" in result.stderr + capfd.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_path_that_is_not_there_is_an_error(tmp_path, monkeypatch, capfd):
    """Exit status 1, and its name."""
    monkeypatch.setenv("NIX_LD", LOADER[os.uname().machine])
    result = CliRunner().invoke(cli, ["mend", str(tmp_path / "gone")], standalone_mode=False)
    assert result.return_value == 1
    assert f"`{tmp_path / 'gone'}` does not exist" in result.stderr + capfd.readouterr().err
