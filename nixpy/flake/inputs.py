"""Flake inputs that a shell takes beside nixpkgs. Pure.

Each follows nixpkgs, so all that a shell loads comes from one revision, with one glibc.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from nixpy.plan.model import Shell


@dataclass(frozen=True, slots=True)
class Input:
    """A flake input: its name, its reference, and those of its inputs that are the flake's own."""

    name: str
    url: str
    follows: tuple[str, ...] = ("nixpkgs",)


# https://github.com/cachix/nixpkgs-python: every release of CPython, built by nixpkgs' expressions.
NIXPKGS_PYTHON = Input("nixpkgs-python", "github:cachix/nixpkgs-python")

# https://pyproject-nix.github.io/uv2nix/usage/hello-world.html
UV2NIX = (
    Input(
        "pyproject-build-systems",
        "github:pyproject-nix/build-system-pkgs",
        ("nixpkgs", "pyproject-nix", "uv2nix"),
    ),
    Input("pyproject-nix", "github:pyproject-nix/pyproject.nix"),
    Input("uv2nix", "github:pyproject-nix/uv2nix", ("nixpkgs", "pyproject-nix")),
)


def inputs_of(shells: Iterable[Shell]) -> tuple[Input, ...]:
    """Give the inputs that shells need, sorted by name."""
    found: set[Input] = set()
    for shell in shells:
        found |= {NIXPKGS_PYTHON} if shell.python.exact else set()
        found |= set(UV2NIX) if shell.provider == "uv2nix" else set()
    return tuple(sorted(found, key=lambda one: one.name))
