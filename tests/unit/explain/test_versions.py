"""Which versions Nix has: from flake.lock's nixpkgs, or from what is linked into the venv."""

import json

import pytest

from nixpy.explain.rows import listed_packages
from nixpy.explain.versions import (
    environment_versions,
    expression,
    installed,
    linked_environment,
    locked_nixpkgs,
    versions_of,
)
from nixpy.tree import MemoryTree
from tests.support.explaining import scene

LOCKED = {"type": "github", "owner": "NixOS", "repo": "nixpkgs", "rev": "0" * 40, "narHash": "s"}
SITE = "lib/python3.13/site-packages"


def flake_lock(inputs, **nodes):
    """Give a flake.lock of some nodes."""
    return json.dumps({"nodes": {"root": {"inputs": inputs}, **nodes}, "root": "root"})


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
    "text", ["", "[]", "{}", '{"nodes": {}, "root": "root"}', flake_lock({"a": "b"}), "\x00"]
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


def test_names_in_the_expression_are_quoted():
    """No name can leave its string, and both names of a renamed attribute are tried."""
    source = locked_nixpkgs(flake_lock({"nixpkgs": "n"}, n={"locked": LOCKED}))
    assert source is not None
    listed = listed_packages(scene({}, yaml="packages: [discordpy, bloodhound]\n"))
    text = expression(source, "x86_64-linux", "3.13", listed)
    assert 'system = "x86_64-linux";' in text
    assert "pkgs.python313.pkgs" in text
    assert r"[[[\"discordpy\"]], [[\"bloodhound\"], [\"bloodhound-py\"]]]" in text
    assert "@" not in text


def test_versions_have_pypis_names():
    """Listed packages keep the project's name for them; a missing one has no version."""
    listed = listed_packages(scene({}, yaml="packages: [discordpy, numpy]\n"))
    value = {
        "listed": [{"name": "discord.py", "version": "2.4.0"}, None],
        "all": [
            {"name": "discord.py", "version": "2.4.0"},
            {"name": "typing_extensions", "version": "4.12.2"},
        ],
    }
    assert versions_of(value, listed) == {"discord-py": "2.4.0", "typing-extensions": "4.12.2"}


def test_distributions_of_an_environment():
    """Wheels' and eggs' metadata folders tell names and versions; links tell who made them."""
    tree = MemoryTree(
        {
            f"{SITE}/ruamel.yaml-0.18.6.dist-info/METADATA": "",
            f"{SITE}/ruamel.yaml-0.18.6.dist-info/INSTALLER": "nixpy\n",
            f"{SITE}/foo_bar-1.0.dist-info/METADATA": "",
            f"{SITE}/foo_bar-1.0.dist-info/INSTALLER": "uv",
            f"{SITE}/old_egg-2.0-py3.13.egg-info/PKG-INFO": "",
            "lib/python3.12/site-packages/other-1.0.dist-info/METADATA": "",
        }
    )
    assert installed(tree, "3.13") == {
        "ruamel-yaml": ("0.18.6", "nixpy"),
        "foo-bar": ("1.0", "uv"),
        "old-egg": ("2.0", ""),
    }
    assert environment_versions(tree, "3.13")["old-egg"] == "2.0"


def test_the_environment_that_a_stamp_names():
    """It is read from the arguments that the venv was made with."""
    assert linked_environment("/p /v /x/.venv --env /nix/store/a-env --library /l") == (
        "/nix/store/a-env"
    )
    assert linked_environment("/p /v /x/.venv --library /l") is None
