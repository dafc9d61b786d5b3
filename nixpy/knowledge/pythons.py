"""Which CPython versions nixpkgs has, on which branch, and for which its cache holds packages."""

import re
from dataclasses import dataclass, replace
from functools import cache
from urllib.parse import parse_qs, urlsplit

from nixpy.knowledge.table import table

_SYSTEMS = ("aarch64-darwin", "aarch64-linux", "x86_64-darwin", "x86_64-linux")

# When a version left nixpkgs, for the ones that people still ask for.
_REMOVED = {
    "2.7": "in May 2026",
    "3.6": "before nixos-22.05",
    "3.7": "before nixos-23.05",
    "3.8": "before nixos-24.05",
    "3.9": "in April 2025",
    "3.10": "in February 2026",
}

# The last release of each version that upstream no longer mends (https://devguide.python.org/versions).
_LAST = {
    "2.7": "2.7.18",
    "3.5": "3.5.10",
    "3.6": "3.6.15",
    "3.7": "3.7.17",
    "3.8": "3.8.20",
    "3.9": "3.9.25",
}

# nixos-25.11, nixos-25.11-small, nixpkgs-25.11-darwin, release-25.11
_RELEASE = re.compile(r"(?:nixos|nixpkgs|release|staging)-(\d\d)\.(\d\d)(?!\d|\.\d)")
_ROLLING = re.compile(r"(?:^|/)(?:(?:nixos|nixpkgs)-unstable(?:-small)?|master)(?=[/.]|$)")
# FlakeHub numbers nixos-24.11 as 0.2411, and nixos-unstable as 0.1.
_FLAKEHUB = re.compile(r"flakehub\.com/f/[^/]+/nixpkgs/[^/\d]*0\.(\d+)")
# Without a branch: the registry's nixpkgs is nixpkgs-unstable, the repository's own is master.
_BARE = re.compile(r"(?:flake:)?nixpkgs|(?:flake:)?github:nixos/nixpkgs/?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Branch:
    """One branch of nixpkgs.

    Versions are CPython minors such as ``3.12``, ascending. ``minors`` are those it has, ``cached``
    those of which Hydra builds the package sets, ``prerelease`` those that are alphas or betas
    there; ``default`` is its ``python3``. ``systems`` are the platforms that it supports.
    ``known`` is false where the branch was guessed. ``uv`` is the version of uv that it has (of
    nixos-unstable, had in August 2026), where that is known.
    """

    name: str
    minors: tuple[str, ...]
    default: str
    cached: tuple[str, ...]
    prerelease: tuple[str, ...] = ()
    systems: tuple[str, ...] = _SYSTEMS
    known: bool = True
    uv: str | None = None

    @property
    def stable(self) -> tuple[str, ...]:
        """The minors that are releases on this branch."""
        return tuple(minor for minor in self.minors if minor not in self.prerelease)

    @property
    def ref(self) -> str:
        """The flake reference of this branch."""
        return f"github:NixOS/nixpkgs/{self.name}"


@cache
def branches() -> tuple[Branch, ...]:
    """Give the branches in the table, newest first."""
    rows = table("pythons.yaml")
    return tuple(_branch(name, rows.get(name)) for name in rows)


def branch_of(ref: str) -> Branch:
    """Give the branch that a flake reference names.

    Understands what Nix does (``github:…/BRANCH``, ``?ref=BRANCH``, the registry's ``nixpkgs``,
    channel and archive URLs) and FlakeHub's versions. A release newer than the table, a revision or
    a path is taken for nixos-unstable, a release older than the table for the oldest there is; both
    with ``known`` false.
    """
    if match := _RELEASE.search(ref):
        return _release(f"{match[1]}.{match[2]}")
    unstable = branches()[0]
    if _BARE.fullmatch(ref) or _ROLLING.search(urlsplit(ref).path) or _ROLLING.search(_query(ref)):
        return unstable
    if match := _FLAKEHUB.search(ref):
        number = match[1]
        return unstable if number == "1" else _release(f"{number[:2]}.{number[2:]}")
    return replace(unstable, known=False)


def branches_with(minor: str, *, cached: bool = False) -> tuple[Branch, ...]:
    """Give the branches that have a release of CPython ``minor``, newest first.

    With ``cached`` only those whose binary cache holds the packages for it.
    """
    return tuple(
        branch
        for branch in branches()
        if minor in branch.stable and (not cached or minor in branch.cached)
    )


def attribute_of(minor: str) -> str:
    """Give nixpkgs' attribute for a minor version: ``python312`` for ``3.12``."""
    return "python" + minor.replace(".", "")


def removed(minor: str) -> str | None:
    """Say when a version left nixpkgs and which branch still has it, or None if it did not."""
    when = _REMOVED.get(minor)
    if when is None:
        return None
    said = f"{attribute_of(minor)} was removed from nixpkgs {when}"
    having = branches_with(minor)
    return f"{said}; {having[0].name} is the last branch that has it" if having else said


def last_release(minor: str) -> str | None:
    """Return the last release of a version that has ended, such as ``3.8.20``, or None.

    It is what to ask of an input with exact releases where no branch has the version.
    """
    return _LAST.get(minor)


def _branch(name: str, row: dict[str, str | list[str]]) -> Branch:
    return Branch(
        name=name,
        minors=tuple(row["cpython"]),
        default=str(row["default"]),
        cached=tuple(row["cached"]),
        prerelease=tuple(row["prerelease"]),
        systems=tuple(row.get("systems", _SYSTEMS)),
        uv=str(row["uv"]) if "uv" in row else None,
    )


def _release(version: str) -> Branch:
    newest, *releases = branches()
    known = {branch.name: branch for branch in releases}
    if found := known.get(f"nixos-{version}"):
        return found
    nearest = newest if f"nixos-{version}" > releases[0].name else releases[-1]
    return replace(nearest, known=False)


def _query(ref: str) -> str:
    return "/".join(parse_qs(urlsplit(ref).query).get("ref", []))
