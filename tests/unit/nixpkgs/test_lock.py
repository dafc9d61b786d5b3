"""Which nixpkgs a flake.lock has."""

import pytest

from nixpy.nixpkgs.lock import Source, locked_nixpkgs, needed
from tests.support.explaining import flake_lock

LOCKED = {"type": "github", "owner": "NixOS", "repo": "nixpkgs", "rev": "0" * 40, "narHash": "s"}


def test_the_nixpkgs_of_a_flake_lock():
    """It is found by the root's input, with the folder that it may lie in apart."""
    found = locked_nixpkgs(
        flake_lock({"nixpkgs": "nixpkgs_2"}, nixpkgs_2={"locked": {**LOCKED, "dir": "sub"}})
    )
    assert found is not None
    assert (found.locked, found.folder) == (LOCKED, "/sub")


def test_an_input_that_follows_another():
    """The path of names is followed from the root."""
    found = locked_nixpkgs(
        flake_lock(
            {"nixpkgs": ["other", "pkgs"], "other": "other"},
            other={"inputs": {"pkgs": "theirs"}},
            theirs={"locked": LOCKED},
        )
    )
    assert found is not None
    assert found.locked == LOCKED


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"nodes": {}, "root": "root"}',
        flake_lock({"a": "b"}),
        "\x00",
        "[" * 200_000,
    ],
)
def test_a_lock_without_nixpkgs(text):
    """What is no lock, or has no such input, gives nothing."""
    assert locked_nixpkgs(text) is None


@pytest.mark.parametrize(
    ("original", "reference", "same"),
    [
        ({"type": "github", "owner": "NixOS", "repo": "nixpkgs"}, "github:NixOS/nixpkgs", True),
        (
            {"type": "github", "owner": "NixOS", "repo": "nixpkgs", "ref": "nixos-25.11"},
            "github:NixOS/nixpkgs/nixos-25.11",
            True,
        ),
        (
            {"type": "github", "owner": "NixOS", "repo": "nixpkgs", "ref": "nixos-25.11"},
            "github:NixOS/nixpkgs/nixos-unstable",
            False,
        ),
        ({"type": "indirect", "id": "nixpkgs"}, "nixpkgs", True),
        ({"type": "indirect", "id": "nixpkgs"}, "flake:nixpkgs", True),
        ({"type": "path", "path": "/srv/nixpkgs"}, "path:/srv/nixpkgs", True),
        ({"type": "tarball", "url": "https://a.example/b.tar.xz"}, "nixpkgs", False),
        ({"type": "tarball", "url": "https://a.example/b"}, "https://a.example/b", True),
        ({}, "None", False),
    ],
)
def test_what_was_locked(original, reference, same):
    """A lock is of the reference that the flake has now, or of another."""
    lock = flake_lock({"nixpkgs": "n"}, n={"locked": LOCKED, "original": original})
    found = locked_nixpkgs(lock)
    assert found is not None
    assert found.locks(reference) is same


def test_where_a_locked_source_lies_in_the_store():
    """As `nix-store --print-fixed-path --recursive sha256 HASH source` says; else it is unknown."""
    locked = {"narHash": "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="}
    assert Source(locked).store_name() == "f6jkrn77ysv9dhs8hh6s2faflhjc930i-source"
    assert Source(locked).store_name("/other/store") != Source(locked).store_name()
    for odd in ({}, {"narHash": 1}, {"narHash": "sha256-AA"}, {"narHash": "sha512-AA=="}):
        assert Source(odd).store_name() is None


def test_what_must_be_in_the_store_before_a_look():
    """It is nixpkgs, and folders of this machine; those below the flake are no inputs of others."""
    home = {"type": "path", "path": "/home/a", "narHash": "s"}
    clone = {"type": "git", "url": "file:///home/b", "narHash": "s"}
    below = {"type": "path", "path": "./sub"}
    text = flake_lock(
        {"nixpkgs": "n", "a": "a", "b": "b", "c": "c", "d": "d"},
        n={"locked": LOCKED},
        a={"locked": home},
        b={"locked": clone},
        c={"locked": below},
        d={"locked": {**LOCKED, "owner": "other"}},
    )
    assert [one.locked for one in needed(text)] == [LOCKED, home, clone]
    assert needed("[]") == []
