"""What a shell completes."""

import os
import shutil
import subprocess
import sys

import pytest

from nixpy.cli import run
from tests.support.lacking import lacking


def completed(folder, *words: str) -> list[str]:
    """Give what bash is offered for the last of some words."""
    variables = {
        **os.environ,
        "_NIXPY_COMPLETE": "bash_complete",
        "COMP_WORDS": " ".join(["nixpy", *words]),
        "COMP_CWORD": str(len(words)),
    }
    done = subprocess.run(
        [sys.executable, "-m", "nixpy"],
        capture_output=True, check=True, cwd=folder, env=variables, text=True,
    )  # fmt: skip
    return [line.partition(",")[2] for line in done.stdout.splitlines()]


def test_commands_and_names(synced):
    """Packages, tools and libraries by nixpkgs' names, what is listed, and ids of the doctor."""
    assert {"shell", "sync"} <= {*completed(synced, "s")}
    assert "opencv4" in completed(synced, "add", "opencv")
    assert "ripgrep" in completed(synced, "add", "--tool", "ripg")
    assert "libGL" in completed(synced, "add", "--library", "libG")
    assert completed(synced, "remove", "num") == ["numpy"]
    assert "I3" in completed(synced, "doctor", "--explain", "i")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_is_one_of_the_shell(shell, capsys, tmp_path):
    """The shell itself reads it without complaint."""
    assert run(["completion", shell]) == 0
    script = tmp_path / "script"
    script.write_text(capsys.readouterr().out)
    assert "_NIXPY_COMPLETE" in script.read_text()
    if not shutil.which(shell):
        lacking(f"{shell} is missing")
    subprocess.run([shell, "-n", str(script)], check=True)


def test_another_shell(capsys):
    assert run(["completion", "tcsh"]) == 2
    assert "'bash', 'zsh', 'fish'" in capsys.readouterr().err
