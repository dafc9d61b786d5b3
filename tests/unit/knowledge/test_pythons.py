"""Which Pythons a branch of nixpkgs has."""

import pytest

from nixpy.knowledge.pythons import (
    attribute_of,
    branch_of,
    branches,
    branches_with,
    last_release,
    removed,
)


@pytest.mark.parametrize(
    ("ref", "name"),
    [
        ("github:NixOS/nixpkgs/nixos-25.11", "nixos-25.11"),
        ("github:NixOS/nixpkgs/nixos-25.11-small", "nixos-25.11"),
        ("github:NixOS/nixpkgs/nixpkgs-25.05-darwin", "nixos-25.05"),
        ("github:NixOS/nixpkgs/release-24.11", "nixos-24.11"),
        ("github:someone/nixpkgs/nixos-26.05", "nixos-26.05"),
        ("nixpkgs/nixos-24.05", "nixos-24.05"),
        ("github:NixOS/nixpkgs?ref=nixos-25.05", "nixos-25.05"),
        ("git+https://github.com/NixOS/nixpkgs?ref=nixos-25.05&shallow=1", "nixos-25.05"),
        ("git+https://github.com/NixOS/nixpkgs?shallow=1&ref=nixos-unstable", "nixos-unstable"),
        ("https://channels.nixos.org/nixos-24.11/nixexprs.tar.xz", "nixos-24.11"),
        ("https://github.com/NixOS/nixpkgs/archive/nixos-25.11.tar.gz", "nixos-25.11"),
        ("https://github.com/NixOS/nixpkgs/archive/nixos-unstable.tar.gz", "nixos-unstable"),
        ("https://flakehub.com/f/NixOS/nixpkgs/0.2411.*.tar.gz", "nixos-24.11"),
        ("https://flakehub.com/f/NixOS/nixpkgs/0.2505", "nixos-25.05"),
        ("https://flakehub.com/f/NixOS/nixpkgs/0.1.*.tar.gz", "nixos-unstable"),
        ("github:NixOS/nixpkgs/nixpkgs-unstable", "nixos-unstable"),
        ("github:NixOS/nixpkgs/nixos-unstable-small", "nixos-unstable"),
        ("github:NixOS/nixpkgs/master", "nixos-unstable"),
        ("github:NixOS/nixpkgs", "nixos-unstable"),
        ("github:nixos/nixpkgs", "nixos-unstable"),
        ("nixpkgs", "nixos-unstable"),
        ("flake:nixpkgs", "nixos-unstable"),
    ],
)
def test_a_reference_names_its_branch(ref: str, name: str) -> None:
    """The ways in which people write a branch of nixpkgs are all understood."""
    branch = branch_of(ref)
    assert (branch.name, branch.known) == (name, True)


@pytest.mark.parametrize(
    ("ref", "name"),
    [
        ("github:NixOS/nixpkgs/" + "a" * 40, "nixos-unstable"),
        ("github:NixOS/nixpkgs/nixos-31.05", "nixos-unstable"),
        ("github:NixOS/nixpkgs/nixos-22.11", "nixos-24.05"),
        ("github:cachix/devenv-nixpkgs/rolling", "nixos-unstable"),
        ("path:../nixpkgs", "nixos-unstable"),
        ("/home/me/nixpkgs", "nixos-unstable"),
        ("", "nixos-unstable"),
    ],
)
def test_what_cannot_be_known_is_guessed(ref: str, name: str) -> None:
    """A revision, a path or a release out of the table's range is taken for the nearest branch."""
    branch = branch_of(ref)
    assert (branch.name, branch.known) == (name, False)


def test_branches_hold_together() -> None:
    """Each branch's default, cached and pre-release versions are among those that it has."""
    assert branches()[0].name == "nixos-unstable"
    names = [branch.name for branch in branches()[1:]]
    assert names == sorted(names, reverse=True)
    for branch in branches():
        assert list(branch.minors) == sorted(branch.minors, key=lambda minor: int(minor[2:]))
        assert branch.default in branch.cached
        assert set(branch.cached) <= set(branch.stable)
        assert set(branch.prerelease) <= set(branch.minors)
        assert branch_of(branch.ref) == branch


def test_versions_that_left_nixpkgs_are_found_on_older_branches() -> None:
    """Who asks for a removed version learns when it went and which branch has it."""
    assert removed("3.9") == (
        "python39 was removed from nixpkgs in April 2025;"
        " nixos-24.11 is the last branch that has it"
    )
    assert removed("3.10") == (
        "python310 was removed from nixpkgs in February 2026;"
        " nixos-25.11 is the last branch that has it"
    )
    assert removed("2.7") == "python27 was removed from nixpkgs in May 2026"
    assert removed("3.12") is None


@pytest.mark.parametrize("minor", [f"3.{number}" for number in range(5, 16)])
def test_every_version_is_to_be_had(minor: str) -> None:
    """A version is on some branch, or its last release is known, which an exact input has."""
    assert branches_with(minor) or last_release(minor)


def test_the_last_release_of_a_version() -> None:
    """Versions that have ended have a last release; those that are mended have none yet."""
    assert last_release("3.8") == "3.8.20"
    assert last_release("3.14") is None
    assert removed("3.8") == "python38 was removed from nixpkgs before nixos-24.05"


def test_branches_that_have_a_version() -> None:
    """The branches with a version are known, and those whose cache holds its packages."""
    assert branches_with("3.12", cached=True)[0].name == "nixos-25.11"
    assert branches_with("3.12")[0].name == "nixos-unstable"
    assert branches_with("3.7") == ()


def test_alphas_do_not_count_as_a_version() -> None:
    """A branch that has only an alpha of a version is not named for it."""
    assert "3.14" in branch_of("nixpkgs/nixos-24.11").minors
    assert "nixos-24.11" not in [branch.name for branch in branches_with("3.14")]


def test_the_attribute_of_a_version() -> None:
    """A version's attribute is written without the dot."""
    assert attribute_of("3.12") == "python312"


def test_systems_that_a_branch_no_longer_supports() -> None:
    """Intel Macs are supported by releases up to 26.05, and not after."""
    assert "x86_64-darwin" not in branch_of("github:NixOS/nixpkgs/nixos-unstable").systems
    assert "x86_64-darwin" in branch_of("github:NixOS/nixpkgs/nixos-26.05").systems
