"""The gate to other programs."""

import os
import sys
import time
from pathlib import Path

import pytest

from nixpy.errors import NixpyError
from nixpy.system import nix, process


def test_what_a_program_writes_and_reads() -> None:
    """Its status, both streams, and what it is given on stdin."""
    text = "import sys; print(sys.stdin.read()); print('x', file=sys.stderr); sys.exit(3)"
    done = process.run([sys.executable, "-c", text], given="hello")
    assert done == process.Done(3, "hello\n", "x\n")


def test_without_anything_given_stdin_is_empty() -> None:
    """No program waits for a terminal."""
    done = process.run([sys.executable, "-c", "import sys; print(repr(sys.stdin.read()))"])
    assert done.out == "''\n"


def test_a_hanging_nix_is_ended_with_its_children(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a time-out neither Nix nor what it has started stays."""
    program = tmp_path / "nix"
    program.write_text(
        f"#!/bin/sh\n(trap '' TERM; exec sleep 60) & echo $! > {tmp_path}/child\nwait\n"
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with pytest.raises(NixpyError, match="`nix eval` took more than 1 seconds"):
        nix.evaluate("1", seconds=1)
    child = int((tmp_path / "child").read_text())
    until = time.monotonic() + 5
    while _alive(child) and time.monotonic() < until:
        time.sleep(0.05)
    assert not _alive(child)


def _alive(number: int) -> bool:
    try:
        state = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_a_program_in_the_folder_is_not_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A relative entry of PATH leads into whatever project one stands in."""
    (tmp_path / "nix").write_text("#!/bin/sh\n")
    (tmp_path / "nix").chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", ".::")
    assert process.find("nix") is None
    assert process.find("nix", str(tmp_path)) == str(tmp_path / "nix")
