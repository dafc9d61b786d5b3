"""Which distributions bring programs that a NixOS without nix-ld cannot start."""

from dataclasses import dataclass
from functools import cache

from packaging.utils import canonicalize_name

from nixpy.knowledge.table import table

# Top-level attributes of nixpkgs that are not what PyPI has under the name, but its
# `python3Packages` are. nixpkgs' `nox` is PyPI's nix-nox, for reviewers of nixpkgs.
NAMESAKES = frozenset({"nox"})


@dataclass(frozen=True, slots=True)
class Program:
    """A distribution whose wheel holds programs built for a generic Linux.

    ``programs`` are their names on PATH; ``attribute`` is nixpkgs' top-level package of the same
    programs, or None. ``fetched`` tells that the wheel has none, and downloads them when it is
    first run. ``note`` is for the user.
    """

    distribution: str
    programs: tuple[str, ...]
    attribute: str | None = None
    fetched: bool = False
    note: str | None = None


def program(name: str) -> Program | None:
    """Give the programs that the distribution of a PyPI name brings, or None if there are none."""
    return _program(canonicalize_name(name))


@cache
def programs() -> tuple[Program, ...]:
    """Give all such distributions, sorted by name."""
    return tuple(found for name in table("programs.yaml") if (found := _program(name)))


def brought_by(attribute: str) -> tuple[str, ...]:
    """Give the distributions that bring the programs of a top-level attribute of nixpkgs.

    ``just`` gives ``("rust-just",)``: in a venv that has it, nixpkgs' program must come first.
    """
    return tuple(one.distribution for one in programs() if one.attribute == attribute)


def _program(name: str) -> Program | None:
    row = table("programs.yaml").get(name)
    if row is None:
        return None
    return Program(
        distribution=name,
        programs=tuple(row["programs"]),
        attribute=row.get("attribute"),
        fetched=row.get("fetched", False),
        note=row.get("note"),
    )
