"""templates/venv.py on real store paths: both kinds of env, roots, and a hidden libstdc++."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.lacking import lacking
from tests.support.nixpkgs import StandIn, attribute, nix_environment, preferred_python
from tests.support.store import closure, snapshot

pytestmark = pytest.mark.e2e

PROGRAM = Path(__file__).parents[2] / "templates" / "venv.py"
ATTRIBUTE = attribute(preferred_python())


@dataclass
class Provided:
    """What Nix provides: the clean interpreter, an env with two packages, and a library."""

    python: Path
    env: Path
    gcc: Path


@pytest.fixture
def provided(standin: StandIn) -> Provided:
    """Build what Nix provides."""
    return Provided(
        standin.build(f"pkgs.{ATTRIBUTE}") / "bin" / f"python{preferred_python()}",
        standin.build(f"pkgs.{ATTRIBUTE}.withPackages (ps: [ ps.cowsay ps.crc32c ])"),
        standin.build("pkgs.lib.getLib pkgs.stdenv.cc.cc"),
    )


def run(*command: object) -> str:
    """Run a command that must succeed, and return what it printed on both streams."""
    words = [str(word) for word in command]
    done = subprocess.run(words, capture_output=True, text=True, env=nix_environment(), timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def enter(venv: Path, provided: Provided, stamp: str = "1") -> str:
    """Run the program as the shell's hook does, and return its messages."""
    arguments = ("--env", provided.env, "--library", provided.gcc, "--stamp", stamp)
    return run(provided.python, "-IS", PROGRAM, venv, *arguments)


def test_packages_of_the_store_are_used_and_kept(provided: Provided, tmp_path: Path):
    """Modules and programs come from the store, unchanged, and Nix knows that it is in use."""
    venv = tmp_path / ".venv"
    paths = closure(provided.python.parents[1], provided.env, provided.gcc)
    before = snapshot(paths)
    assert enter(venv, provided).endswith("with 2 packages from Nix\n")
    where = run(venv / "bin/python", "-c", "import cowsay, crc32c; print(crc32c.__file__)")
    assert where.startswith(str(provided.env))
    assert "moo" in run(venv / "bin/cowsay", "-t", "moo")
    for path in (provided.python.parents[1], provided.env, provided.gcc):
        assert f"{venv}/.nixpy-gcroot" in run("nix-store", "--query", "--roots", path)
    assert before.changes(snapshot(paths)) == []


@pytest.mark.parametrize("maker", ["venv", "uv"])
def test_a_venv_that_rests_on_the_env_is_made_again(
    standin: StandIn, provided: Provided, tmp_path: Path, maker: str
):
    """A venv that sees the env or installs into it is recognised, and the user told.

    `python -m venv` makes one from an argv0 env, uv of 2024 from each kind; from a legacy env
    `python -m venv` takes the clean Python, and that venv is left as it is.
    """
    venv = tmp_path / ".venv"
    python = provided.env / "bin/python3"
    if maker == "venv":
        run(python, "-m", "venv", "--without-pip", venv)
    else:
        uv = standin.build('pkgs.uvVersions."0.4.30"')
        run(uv / "bin/uv", "venv", "--python", python, venv)
    rests_on_env = maker == "uv" or standin.kind != "legacy"
    again = f"making `{venv}` again: it rests on `{provided.env}/bin`"
    assert (again in enter(venv, provided)) is rests_on_env
    bases = run(venv / "bin/python", "-c", "import sys; print(sys.prefix, sys.base_prefix)")
    assert bases == f"{venv} {provided.python.parents[1]}\n"


HIDE = """
for folder in /lib /lib64 /usr/lib /usr/lib64; do
  for library in "$folder"/libstdc++.so.6* "$folder"/*-linux-gnu/libstdc++.so.6*; do
    [ -e "$library" ] && [ ! -L "$library" ] && mount --bind /dev/null "$library"
  done
done
exec "$@"
"""


def test_a_hidden_libstdcxx_is_found_in_the_store(provided: Provided, tmp_path: Path):
    """A wheel's C++ loads the store's file where the machine has none; its programs still run."""
    hidden = ["unshare", "--mount", "--map-root-user", "sh", "-c", HIDE, "sh"]
    if shutil.which("c++") is None:
        lacking("no C++ compiler")
    if subprocess.run([*hidden, "true"], capture_output=True).returncode:
        lacking("this machine allows no mount namespace")
    source = tmp_path / "wheel.cpp"
    source.write_text(
        '#include <iostream>\nextern "C" int answer() { std::cout << ""; return 42; }\n'
    )
    wheel = tmp_path / "wheel.so"
    run("c++", "-shared", "-fPIC", "-o", wheel, source)
    code = (
        f"import ctypes, subprocess; print(ctypes.CDLL({str(wheel)!r}).answer())\n"
        "print(open('/proc/self/maps').read(), subprocess.check_output(['cat', '/dev/null']))"
    )
    venv = tmp_path / ".venv"
    enter(venv, provided)
    clean = subprocess.run([*hidden, provided.python, "-c", code], capture_output=True, text=True)
    assert "libstdc++.so.6" in clean.stderr
    told = run(*hidden, venv / "bin/python", "-c", code)
    assert told.startswith("42\n")
    assert f"{os.path.realpath(provided.gcc / 'lib/libstdc++.so.6')}\n" in told
