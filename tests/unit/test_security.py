"""SECURITY.md says what is so: each sentence names a test, and the table of programs is true."""

import json
import re
import shutil
from pathlib import Path

import pytest

from nixpy.cli import run

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "SECURITY.md").read_text("utf-8")
# The first of the two tables; the commands of the second are there to run a project's code.
ROWS = re.findall(
    r"^\| `nixpy ([\w -]+)` \| ([a-z, ]+) \|$", TEXT.split("## What each")[1], re.MULTILINE
)
ARGUMENTS = {
    "init": ["--no-git", "-p", "numpy"],
    "add": ["pandas"],
    "remove": ["numpy"],
    "editor": ["vscode"],
}


def test_each_sentence_has_its_test():
    """A test that is renamed or gone takes its sentence along."""
    sentences = re.findall(r"^- .*(?:\n  .*)*", TEXT, re.MULTILINE)
    assert len(sentences) > 12
    for sentence in sentences:
        named = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", sentence)
        assert named, sentence
        for file, test in named:
            assert f"def {test}(" in (ROOT / file).read_text("utf-8"), sentence


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project with a shell, in a checkout, and programs that note that they were started."""
    root = tmp_path / "app"
    (root / ".git").mkdir(parents=True)
    (tmp_path / "bin").mkdir()
    (root / "pyproject.toml").write_text('[project]\nname = "app"\nversion = "1"\n')
    (root / "uv.lock").write_text('version = 1\nrequires-python = ">=3.10"\n')
    monkeypatch.chdir(root)
    assert run(["init", "--no-git", "-p", "numpy"]) == 0
    hash_ = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
    locked = {"type": "tarball", "url": "https://host.example/a.tar.gz", "narHash": hash_}
    original = {"type": "github", "owner": "NixOS", "repo": "nixpkgs", "ref": "nixos-unstable"}
    nodes = {
        "root": {"inputs": {"nixpkgs": "n"}},
        "n": {"locked": locked, "original": original},
    }
    (root / "flake.lock").write_text(json.dumps({"nodes": nodes, "root": "root", "version": 7}))
    for name in (
        "git",
        "nix",
        "nix-store",
        "uv",
        "pip",
        "python3",
        "python",
        "curl",
        "sh",
        "direnv",
    ):
        program = tmp_path / "bin" / name
        program.write_text(f"#!/bin/sh\necho {name} >>{tmp_path}/started\n")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("NIX_STORE_DIR", f"{tmp_path}/store")
    return root


@pytest.mark.parametrize(("command", "starts"), ROWS)
def test_what_a_command_starts(project, command, starts):
    """No program but those that the table names is started, and each of them is."""
    if command == "init":
        for name in ("flake.nix", "nixpy.yaml"):
            (project / name).unlink()
        shutil.rmtree(project / ".nixpy")
    name, *options = command.split()
    run([name, *options, *(one for one in ARGUMENTS.get(name, []) if one != "--no-git")])
    noted = project.parent / "started"
    started = set(noted.read_text().split()) if noted.exists() else set()
    assert started == {*starts.split(", ")}


def test_the_table_has_all_that_only_write_or_look():
    """Eight commands, each once."""
    assert len(ROWS) == len({command for command, _ in ROWS}) == 8
