"""`nixpy shell` and `nixpy run`: which command they become. Nix is a script that shows it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from nixpy.commands._own_shell import own_shell

NIX = '#!/bin/sh\nfor word; do echo "$word"; done\n'
FIRST = ["--extra-experimental-features", "nix-command flakes", "develop", "--no-warn-dirty"]


@pytest.fixture
def told(synced, tmp_path_factory):
    """Run nixpy with a Nix that prints its arguments; give those."""
    programs = tmp_path_factory.mktemp("bin")
    (programs / "nix").write_text(NIX)
    (programs / "nix").chmod(0o755)
    (synced / "a/b").mkdir(parents=True)

    def run(*arguments: str, folder: str = ".", **variables: str) -> list[str]:
        environment = {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}", **variables}
        done = subprocess.run(
            [sys.executable, "-I", "-m", "nixpy", *arguments],
            capture_output=True,
            cwd=synced / folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.splitlines()

    return run


def test_words_are_passed_on(told):
    """All behind the command's name is its own, and a first `--` is not."""
    command = ["ls", "-l", "--help", "--", "-C", "", "a b"]
    assert told("run", *command) == [*FIRST, ".#default", "--command", *command]
    assert told("run", "--", *command) == [*FIRST, ".#default", "--command", *command]


def test_from_any_folder(told, synced):
    """The flake is named from where the user is, or from the folder that is asked for."""
    assert told("run", "true", folder="a/b")[4] == "../..#default"
    assert told("run", "-C", str(synced / "a"), "pwd", folder="/")[4] == "..#default"
    assert told("shell", folder="a", SHELL="/bin/bash")[4:] == ["..#default", "--command", "bash"]


def test_the_users_shell():
    """bash is Nix's own matter in a terminal; fish and zsh start with PATH as it is inside."""
    zsh = Path("/share/zsh")
    for program in ("/bin/bash", "/bin/sh", ""):
        assert own_shell({"SHELL": program}, zsh, terminal=True) == ()
    assert own_shell({"SHELL": "/bin/bash"}, zsh, terminal=False) == ("bash",)
    for program in ("/usr/bin/fish", "/bin/zsh"):
        command = own_shell({"SHELL": program}, zsh, terminal=True)
        assert "NIXPY_PATH" in command[2]
        assert command[-2:] == (program, "/share/zsh")
    assert "NIXPY_PATH" not in " ".join(own_shell({"SHELL": "/bin/nu"}, zsh, terminal=True))


def test_without_nix(synced):
    """Where there is no Nix, the user is told so."""
    done = subprocess.run(
        [sys.executable, "-I", "-m", "nixpy", "run", "true"],
        capture_output=True,
        cwd=synced,
        env={"PATH": "/nowhere"},
        text=True,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("error: Nix is not installed, or not on PATH\n")
