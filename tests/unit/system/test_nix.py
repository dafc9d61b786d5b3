"""The gate to Nix, before a program that stands in for it."""

import sys

import pytest

from nixpy.errors import NixpyError
from nixpy.system import nix


@pytest.fixture
def fake(tmp_path, monkeypatch):
    """A maker of a `nix` that runs a Python text, alone on PATH."""

    def make(text: str) -> None:
        program = tmp_path / "nix"
        program.write_text(f"#!{sys.executable}\nimport sys\n{text}\n")
        program.chmod(0o755)

    monkeypatch.setenv("PATH", str(tmp_path))
    return make


def test_a_value_is_read(fake):
    """Features are switched on for the one command, and the value is JSON."""
    fake("import json; print(json.dumps(sys.argv[1:3]))")
    assert nix.evaluate("1") == ["--extra-experimental-features", "nix-command flakes"]


def test_offline_is_asked_for(fake):
    """An evaluation that may not fetch says so; none is impure."""
    fake("import json; print(json.dumps([one in sys.argv for one in ('--offline', '--impure')]))")
    assert nix.evaluate("1") == [False, False]
    assert nix.evaluate("1", looking=True) == [True, False]


@pytest.mark.parametrize(
    ("said", "version"), [("nix (Nix) 2.8.0", "2.8.0"), ("nix (Lix, like Nix) 2.91.1", "2.91.1")]
)
def test_the_version(fake, said, version):
    """The version is a number, whoever made this Nix."""
    fake(f"print({said!r})")
    assert nix.version() == version


def test_an_error_keeps_all_that_nix_said(fake):
    """The message is Nix's last error; the whole is kept without colours."""
    text = r"warning: x\n\x1b[31;1merror:\x1b[0m bad thing\n\n  at y\n"
    fake(f"sys.stderr.write('{text}'); sys.exit(1)")
    with pytest.raises(nix.NixError, match="`nix eval` failed: bad thing") as caught:
        nix.evaluate("1")
    assert caught.value.raw == "warning: x\nerror: bad thing\n\n  at y\n"


def test_no_json(fake):
    """Output that is no JSON is an error, not a traceback."""
    fake("print('oops')")
    with pytest.raises(NixpyError, match="gave no JSON"):
        nix.evaluate("1")


def test_it_may_not_take_for_ever(fake):
    """A command that hangs ends in an error."""
    fake("import time; time.sleep(60)")
    with pytest.raises(NixpyError, match="took more than 1 seconds"):
        nix.evaluate("1", seconds=1)


def test_no_nix(tmp_path, monkeypatch):
    """Without Nix the error says where to get it."""
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not nix.available()
    with pytest.raises(NixpyError, match="Nix is not installed") as caught:
        nix.version()
    assert caught.value.hint == "see https://nixos.org/download"


def test_a_program_that_cannot_be_started(tmp_path, monkeypatch):
    """A `nix` for another machine is an error, not a traceback."""
    (tmp_path / "nix").write_bytes(b"\x7fELF nonsense")
    (tmp_path / "nix").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NixpyError, match="Nix cannot be started"):
        nix.version()
