"""`nixpy update` as its user sees it, with a Nix that answers at once."""

import json

import pytest

from nixpy.cli import run
from nixpy.system import nix
from tests.support.explaining import entry, uv_lock

HASH = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="


def lock(path: str) -> str:
    """Give a flake.lock whose nixpkgs lies in a folder."""
    node = {"locked": {"type": "path", "path": path, "narHash": HASH}}
    nodes = {"nixpkgs": node, "root": {"inputs": {"nixpkgs": "nixpkgs"}}}
    return json.dumps({"nodes": nodes, "root": "root", "version": 7})


@pytest.fixture
def project(synced, monkeypatch):
    """A project whose nixpkgs can go from /old to /new, where uv is gone and numpy newer."""
    (synced / "flake.lock").write_text(lock("/old"))
    (synced / "uv.lock").write_text(uv_lock(entry("numpy", "2.1")))
    (synced / "nixpy.yaml").write_text("packages: [numpy]\ninstaller: uv\npython: '3.13'\n")
    assert run(["sync"]) == 0

    def evaluate(expression, **_options):
        new = "/new" in expression
        if "parseDrvName" in expression and "genericClosure" in expression:
            return {"listed": [{"name": "numpy", "version": "2.3" if new else "2.1"}], "all": []}
        return ["3.13.9", None if new else "0.9.1", "15.2.0", "1.3.1"]

    monkeypatch.setattr(nix, "evaluate", evaluate)
    monkeypatch.setattr(nix, "available", lambda *_: True)
    monkeypatch.setattr(nix, "holds", lambda *_: True)
    monkeypatch.setattr(nix, "updated_lock", lambda *_: lock("/new"))
    return synced


def test_versions_that_change_and_the_lock(project, capsys):
    """What is newer, what is gone, what the lock now has otherwise, and the next step."""
    capsys.readouterr()
    assert run(["update"]) == 0
    out, err = capsys.readouterr()
    assert "numpy  2.1 → 2.3\n" in out
    assert "uv     0.9.1 → (gone)\n" in out
    assert "python" not in out
    assert out.endswith("next: `nix develop` again (direnv does so at the next prompt)\n")
    assert "warning: the new nixpkgs has no `uv`\n" in err
    assert "`numpy`: locked 2.1, Nix has 2.3" in err
    assert (project / "flake.lock").read_text() == lock("/new")


def test_a_dry_run_writes_nothing(project, capsys):
    assert run(["update", "--dry-run"]) == 0
    assert "numpy  2.1 → 2.3\n" in capsys.readouterr().out
    assert (project / "flake.lock").read_text() == lock("/old")


def test_nix_fails(project, monkeypatch, capsys):
    """What Nix says is told, and the lock stays."""

    def fail(*_arguments):
        raise nix.NixError("`nix flake` failed: no network")

    monkeypatch.setattr(nix, "updated_lock", fail)
    assert run(["update"]) == 1
    assert "no network" in capsys.readouterr().err
    assert (project / "flake.lock").read_text() == lock("/old")
