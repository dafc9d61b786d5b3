"""The questions to Nix are files of their own; every Nix at hand parses them."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

import nixpy

PACKAGE = Path(nixpy.__file__).parent
FILES = sorted(PACKAGE.rglob("*.nix"))
# The Nix on PATH, and further releases: paths of their `nix-instantiate`, as PATH lists folders.
PARSERS = [
    parser
    for parser in (
        shutil.which("nix-instantiate"),
        *os.environ.get("NIXPY_NIX_INSTANTIATE", "").split(os.pathsep),
    )
    if parser
]


def test_there_are_some():
    """What Nix is asked stands in files that an editor and a formatter see."""
    assert [file.name for file in FILES] == ["programs.nix", "query.nix", "versions.nix"]
    assert PARSERS


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_nix_parses_it(parser, file):
    """An expression that no Nix can read would make `nixpy check` say nothing."""
    done = subprocess.run([parser, "--parse", file], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_no_module_holds_nix_of_several_lines():
    """A `let` that begins a line in a Python string is Nix that no formatter sees."""
    for module in PACKAGE.rglob("*.py"):
        assert "\nlet\n" not in module.read_text(), module
