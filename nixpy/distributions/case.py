"""What remarks on a distribution follow from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from packaging.version import InvalidVersion, Version

from nixpy.distributions.model import Provider, Row, Scene
from nixpy.knowledge.names import Absent, Known, Unknown
from nixpy.knowledge.pythons import Branch
from nixpy.metadata.model import Wanted


@dataclass(frozen=True, slots=True)
class Case:
    """A row without remarks, and what they follow from.

    ``limits`` are the requirements and constraints that count here; ``elsewhere`` tells that the
    lock has it for other platforms or Pythons only.
    """

    scene: Scene
    branch: Branch
    row: Row
    known: Known | Absent | Unknown
    limits: tuple[Wanted, ...] = ()
    elsewhere: bool = False

    @property
    def from_nix(self) -> bool:
        """Whether Nix provides it."""
        return self.row.provider is Provider.NIX

    @property
    def nix_version(self) -> str | None:
        """The version that Nix has, if Nix provides it and it is known."""
        return self.scene.nix.versions.get(self.row.name) if self.from_nix else None

    @property
    def installed_anew(self) -> bool:
        """Whether the installer brings it: where Nix does not, or the lock asks for another."""
        return not self.from_nix or differs(self.row.locked_versions, self.nix_version)


def differs(locked: Sequence[str], version: str | None) -> bool:
    """Whether a version is known and none of the locked ones is the same (PEP 440)."""
    if version is None or not locked or version in locked:
        return False
    ours = parsed(version)
    return ours is not None and all(parsed(one) != ours for one in locked)


def parsed(version: str) -> Version | None:
    """Give a version as PEP 440 orders it; None for nixpkgs' ``0-unstable-2026-01-01``."""
    try:
        return Version(version)
    except InvalidVersion:
        return None
