"""A stranger's repository: commands that look at it start nothing of it, and ask no network."""

import json
import subprocess

import pytest

from nixpy.cli import run
from nixpy.nixpkgs.lock import Source
from nixpy.system import git

HASH = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
LOCKED = {"type": "tarball", "url": "https://evil.example/nixpkgs.tar.gz", "narHash": HASH}
LOOKS = (["explain"], ["align", "--dry-run"], ["add", "--dry-run", "pandas"])


@pytest.fixture
def hostile(tmp_path, monkeypatch):
    """A project with a flake.lock and programs of its own, and a Nix that notes what it is told."""
    root = tmp_path / "app"
    (root / "bin").mkdir(parents=True)
    (tmp_path / "bin").mkdir()
    (root / "pyproject.toml").write_text('[project]\nname = "app"\nversion = "1"\n')
    (root / "uv.lock").write_text('version = 1\nrequires-python = ">=3.10"\n')
    (root / "nixpy.yaml").write_text('python: "3.12"\npackages: [numpy]\n')
    nodes = {"root": {"inputs": {"nixpkgs": "n"}}, "n": {"locked": LOCKED}}
    (root / "flake.lock").write_text(json.dumps({"nodes": nodes, "root": "root", "version": 7}))
    for name in ("nix", "git", "uv"):
        (root / "bin" / name).write_text(f"#!/bin/sh\necho {name} >>{tmp_path}/ran\n")
        (root / "bin" / name).chmod(0o755)
    nix = tmp_path / "bin/nix"
    nix.write_text(f'#!/bin/sh\necho "proxy=$https_proxy $*" >>{tmp_path}/asked\nexit 1\n')
    nix.chmod(0o755)
    monkeypatch.setenv("NIX_STORE_DIR", f"{tmp_path}/store")
    monkeypatch.setenv("PATH", f"{root}/bin:bin:{tmp_path}/bin:/usr/bin:/bin")
    monkeypatch.chdir(root)
    return tmp_path


def asked(hostile) -> str:
    """Return what Nix was told."""
    file = hostile / "asked"
    return file.read_text() if file.exists() else ""


@pytest.mark.parametrize("command", LOOKS)
def test_no_program_of_the_project_is_started(hostile, command):
    """Entries of PATH in the project, and relative ones, are passed over."""
    run(command)
    assert not (hostile / "ran").exists()


@pytest.mark.parametrize("command", LOOKS)
def test_what_is_not_in_the_store_is_not_evaluated(hostile, command):
    """A lock may name any URL, which Nix would fetch, also where it is told to be offline."""
    run(command)
    assert " eval " not in asked(hostile)


def test_why_the_versions_are_not_known(hostile, capsys):
    """The sentence says how they become known."""
    assert run(["explain"]) == 0
    said = "the nixpkgs of flake.lock is not on this machine yet: enter the shell once"
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("command", LOOKS[:2])
def test_an_evaluation_for_a_look_builds_and_fetches_nothing(hostile, command):
    """Import from derivation would build; fetches in an expression find no network."""
    (hostile / "store" / (Source(LOCKED).store_name(f"{hostile}/store") or "")).mkdir(parents=True)
    run(command)
    line = next(line for line in asked(hostile).splitlines() if " eval " in line)
    assert "--option allow-import-from-derivation false" in line
    assert "--offline" in line
    assert "proxy=http://127.0.0.1:9" in line


def test_an_installer_of_the_project_is_not_run(hostile, capsys):
    """`align` says where it found the only one."""
    info = hostile / "app/env/lib/python3.12/site-packages/numpy-2.1.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("")
    (hostile / "app/.venv").mkdir()
    stamp = f"/p /v {hostile}/app/.venv --env {hostile}/app/env"
    (hostile / "app/.venv/.nixpy-stamp").write_text(stamp)
    lock = hostile / "app/uv.lock"
    source = 'source = { registry = "https://index.example/simple" }'
    lock.write_text(f'{lock.read_text()}[[package]]\nname = "numpy"\nversion = "2.0"\n{source}\n')
    (hostile / "app/pyproject.toml").write_text(
        '[project]\nname = "app"\nversion = "1"\ndependencies = ["numpy"]\n'
    )
    assert run(["align", "--dry-run"]) == 1
    assert "`uv` is found only in the project" in capsys.readouterr().err
    assert not (hostile / "ran").exists()


def test_objects_that_a_clone_lacks_are_not_fetched(tmp_path):
    """A partial clone fetches them by a program that its own configuration names."""

    def call(*arguments: str) -> str:
        command = ["git", "-C", str(tmp_path), "-c", "user.name=a", "-c", "user.email=a@b.example"]
        return subprocess.run(
            [*command, *arguments], check=True, capture_output=True, text=True
        ).stdout

    call("init", "-q")
    (tmp_path / "flake.nix").write_text("{ }\n")
    call("add", "flake.nix")
    call("commit", "-qm", "a")
    name = call("rev-parse", "HEAD:flake.nix").strip()
    (tmp_path / ".git/objects" / name[:2] / name[2:]).unlink()
    for key, value in {
        "core.repositoryformatversion": "1",
        "extensions.partialClone": "evil",
        "remote.evil.promisor": "true",
        "remote.evil.url": str(tmp_path),
        "remote.evil.uploadpack": f"touch {tmp_path}/ran; git-upload-pack",
        "protocol.file.allow": "always",
    }.items():
        call("config", key, value)
    git.versions(tmp_path, "flake.nix")
    assert not (tmp_path / "ran").exists()
