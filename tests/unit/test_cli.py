"""Errors that no command foresaw: one sentence, and never a traceback."""

import subprocess
import sys
from types import SimpleNamespace

import click
import pytest

from nixpy import cli
from nixpy.doctor import codec
from nixpy.doctor.gather import elf
from nixpy.errors import NixpyError
from nixpy.syntax import jsonc_edit

DIGITS = "9" * 5000


@pytest.fixture
def failing(monkeypatch):
    """A maker of a command `sync` that raises an error."""

    def make(error: BaseException) -> None:
        @click.command()
        def command() -> None:
            raise error

        monkeypatch.setattr(cli, "import_module", lambda _name: SimpleNamespace(command=command))

    return make


@pytest.mark.parametrize(
    ("error", "said", "code"),
    [
        (ZeroDivisionError("division by zero"), "a mistake of nixpy's own: ZeroDivisionError", 3),
        (MemoryError(), "there is not enough memory", 1),
        (RecursionError("maximum"), "nested too deeply", 1),
        (OSError(36, "File name too long", "a" * 9), "aaaaaaaaa: File name too long", 1),
    ],
)
def test_what_is_left_is_one_sentence(failing, capsys, monkeypatch, error, said, code):
    """The bugs among them are told as such, with how to report them."""
    monkeypatch.delenv("NIXPY_DEBUG", raising=False)
    failing(error)
    assert cli.run(["sync"]) == code
    told = capsys.readouterr().err
    assert said in told
    assert "Traceback" not in told
    assert ("NIXPY_DEBUG=1" in told) == (code == 3)


def test_the_traceback_is_shown_where_it_is_asked_for(failing, monkeypatch):
    """With NIXPY_DEBUG=1, for a report."""
    monkeypatch.setenv("NIXPY_DEBUG", "1")
    failing(ZeroDivisionError())
    with pytest.raises(ZeroDivisionError):
        cli.run(["sync"])


def sh(line: str, folder) -> subprocess.CompletedProcess[str]:
    """Run a line of sh in which `nixpy` is the program."""
    line = line.replace("nixpy", f"{sys.executable} -m nixpy")
    return subprocess.run(["/bin/sh", "-c", line], cwd=folder, capture_output=True, text=True)


@pytest.mark.parametrize(
    "command", [[], *([name] for name in ("init", "sync", "explain", "doctor", "eject", "align"))]
)
def test_the_current_folder_is_gone(tmp_path, command):
    """It was removed in another terminal."""
    (tmp_path / "gone").mkdir()
    line = f"cd gone; rmdir ../gone; nixpy {' '.join(command)}"
    done = sh(line, tmp_path)
    assert "Traceback" not in done.stderr
    if command:
        assert done.returncode in {1, 2}
        assert done.stderr.startswith(("error: ", "Usage", "warning: "))


@pytest.mark.parametrize("command", ["--version", "--help", "doctor --explain V1"])
def test_the_output_cannot_be_written(tmp_path, command):
    """A full disk is told, a closed output is not written to."""
    full = sh(f"nixpy {command} >/dev/full", tmp_path)
    assert (full.returncode, "Traceback" in full.stderr) == (1, False)
    assert "Exception ignored" not in full.stderr
    closed = sh(f"nixpy {command} >&-", tmp_path)
    assert (closed.returncode, closed.stderr) == (0, "")


def test_a_name_that_is_too_long(tmp_path):
    """The system's own words, with the name."""
    done = sh(f"nixpy sync -C {'a' * 300}", tmp_path)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("text", [DIGITS, "[" * 100_000, '{"nixpy_doctor_snapshot": ' + DIGITS])
def test_broken_snapshots(text):
    """What JSON allows and Python does not read is no snapshot."""
    with pytest.raises(NixpyError):
        codec.load(text)


def test_a_number_without_end_in_settings():
    """It is told as what cannot be edited."""
    with pytest.raises(NixpyError, match="not JSON with comments"):
        jsonc_edit.load(f'{{"a": {DIGITS}}}', "settings.json")


def test_a_corrupt_elf(tmp_path):
    """Offsets beyond what the system can count are no ELF file."""
    header = bytearray(64)
    header[:7] = b"\x7fELF\2\1\1"
    header[32:40] = b"\xff" * 8  # e_phoff
    header[54:58] = b"\x38\0\1\0"  # of one entry
    file = tmp_path / "lib.so"
    file.write_bytes(bytes(header))
    assert elf.read(str(file), "lib.so", elf.Counter()) is None
