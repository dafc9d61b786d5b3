"""Programs of wheels that name a loader which is not there."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from venv_project import run

from tests.support.lacking import lacking

Compile = Callable[..., Path]
USUAL = {"x86_64": "/lib64/ld-linux-x86-64.so.2", "aarch64": "/lib/ld-linux-aarch64.so.1"}


@pytest.fixture
def loader() -> Path:
    """The machine's own loader, which stands for the shell's."""
    if shutil.which("cc") is None or shutil.which("patchelf") is None:
        lacking("no C compiler, or no patchelf")
    return Path(USUAL[os.uname().machine])


@pytest.fixture
def compiled(tmp_path: Path, loader: Path) -> Compile:
    """Compiles a program for a system whose loader lies where this machine has none."""

    def make(path: Path, named: Path | None = None, *flags: str) -> Path:
        source = tmp_path / "answer.c"
        source.write_text('#include <stdio.h>\nint main(void) { puts("42"); return 0; }\n')
        path.parent.mkdir(parents=True, exist_ok=True)
        wanted = named or tmp_path / "usual" / loader.name
        run("cc", *flags, f"-Wl,--dynamic-linker={wanted}", "-o", path, source)
        return path

    return make


@pytest.fixture
def nixos(
    program: ModuleType, loader: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A machine without the usual loader, in a shell that names its own; gives the usual path."""
    usual = tmp_path / "usual" / loader.name
    monkeypatch.setattr(program, "LOADERS", {loader.name: str(usual)})
    monkeypatch.setenv("NIX_LD", str(loader))
    monkeypatch.setenv("NIX_LD_LIBRARY_PATH", str(tmp_path / "libraries"))
    return usual


def starts(path: Path) -> bool:
    """Tell whether a program runs here."""
    try:
        return subprocess.run([path], capture_output=True, check=True).stdout == b"42\n"
    except OSError:
        return False


def test_a_program_starts_afterwards_and_the_cache_is_as_it_was(
    program: ModuleType, compiled: Compile, nixos: Path, tmp_path: Path
):
    """Once for each file: the venv's copy takes its place, the file that uv linked it to stays."""
    cached = compiled(tmp_path / "cache/ruff")
    before = cached.read_bytes()
    venv = tmp_path / "venv"
    (venv / "bin").mkdir(parents=True)
    installed = venv / "bin/ruff"
    installed.hardlink_to(cached)
    installed.chmod(0o555)
    assert not starts(installed)
    remarks: list[str] = []
    assert program.mend(venv, remarks) == ["ruff"]
    assert starts(installed)
    assert installed.stat().st_mode & 0o7777 == 0o555
    assert cached.read_bytes() == before
    told = run("patchelf", "--print-rpath", installed).stdout
    assert str(tmp_path / "libraries") in told
    mended = installed.stat().st_ino
    assert program.mend(venv, remarks) == []
    assert installed.stat().st_ino == mended
    assert remarks == []


def test_a_stub_is_as_good_as_no_loader(
    program: ModuleType, compiled: Compile, nixos: Path, tmp_path: Path
):
    """NixOS' own prints a message and runs nothing."""
    stub = tmp_path / "h-stub-ld-x86_64-unknown-linux-musl/bin/stub-ld"
    stub.parent.mkdir(parents=True)
    stub.touch(0o755)
    nixos.parent.mkdir()
    nixos.symlink_to(stub)
    path = compiled(tmp_path / "venv/bin/uv")
    assert program.mend(tmp_path / "venv", []) == ["uv"]
    assert starts(path)


def test_nothing_is_touched_where_the_loader_is(
    program: ModuleType, compiled: Compile, loader: Path, nixos: Path, tmp_path: Path
):
    """Also nix-ld is one."""
    path = compiled(tmp_path / "venv/bin/uv")
    before = path.read_bytes()
    nixos.parent.mkdir()
    nixos.symlink_to(loader)
    assert program.mend(tmp_path / "venv", []) == []
    assert path.read_bytes() == before


def test_what_is_no_such_program_is_left(
    program: ModuleType, compiled: Compile, loader: Path, nixos: Path, tmp_path: Path
):
    """Scripts, links, libraries, static programs, those of another libc, what is cut short."""
    venv, place = tmp_path / "venv", tmp_path / "venv/bin"
    whole = compiled(tmp_path / "elsewhere/ruff")
    compiled(place / "right", loader)
    compiled(place / "static", None, "-static")
    compiled(place / "musl", Path("/lib/ld-musl-x86_64.so.1"))
    compiled(place / "_module.so")
    compiled(place / "data").chmod(0o644)
    (place / "link").symlink_to(whole)
    for name, content in {
        "script": b"#!/bin/sh\n",
        "empty": b"",
        "cut": whole.read_bytes()[:80],
        "head": whole.read_bytes()[:10],
    }.items():
        (place / name).write_bytes(content)
        (place / name).chmod(0o755)
    before = {path.name: path.read_bytes() for path in place.iterdir()}
    remarks: list[str] = []
    assert program.mend(venv, remarks) == []
    assert remarks == []
    assert {path.name: path.read_bytes() for path in place.iterdir()} == before
    assert (place / "link").is_symlink()


def test_what_cannot_be_mended_is_told_in_one_line(
    program: ModuleType, compiled: Compile, nixos: Path, tmp_path: Path
):
    """Each stays as it was: set-uid, too large, cut short behind its head."""
    place = tmp_path / "venv/bin"
    large, own = compiled(place / "large"), compiled(place / "own")
    own.chmod(0o4755)
    os.truncate(large, program.LARGEST_PROGRAM + 1)  # a hole, of no size on the disk
    short = compiled(place / "short")
    os.truncate(short, 2048)
    remarks: list[str] = []
    assert program.mend(tmp_path / "venv", remarks) == []
    said = {line.split("`")[1].rpartition("/")[2]: line for line in remarks}
    assert "too large" in said["large"]
    assert "set-uid" in said["own"]
    assert "was not mended" in said["short"]
    assert short.stat().st_size == 2048


def test_a_shell_without_patchelf_says_so_once(
    program: ModuleType,
    compiled: Compile,
    nixos: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    """Two programs, one line."""
    compiled(tmp_path / "venv/bin/ruff")
    compiled(tmp_path / "venv/bin/uv")
    monkeypatch.setenv("PATH", "")
    remarks: list[str] = []
    assert program.mend(tmp_path / "venv", remarks) == []
    (line,) = remarks
    assert line.endswith("its loader is missing, and so is patchelf")
