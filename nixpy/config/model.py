"""The user's choices as values: what ``nixpy.yaml`` can hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from nixpy.metadata.model import Installer

FILE = "nixpy.yaml"


DEFAULT_NIXPKGS = "github:NixOS/nixpkgs/nixos-unstable"


DEFAULT_SYSTEMS = ("x86_64-linux", "aarch64-linux", "x86_64-darwin", "aarch64-darwin")


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a list, and where the user wrote it (a line of nixpy.yaml, or an option)."""

    text: str
    where: str


@dataclass(frozen=True, slots=True)
class Config:
    """The user's choices; a field is what design and documentation call the key."""

    python: Item | None = None
    installer: Installer | None = None
    packages: tuple[Item, ...] = ()
    libraries: tuple[Item, ...] = ()
    tools: tuple[Item, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    shell_hook: str = ""
    nixpkgs: str = DEFAULT_NIXPKGS
    systems: tuple[str, ...] = DEFAULT_SYSTEMS
    venv: str = ".venv"
    allow_unfree: bool = False
    pythons: tuple[Item, ...] = ()
    library_path: bool = False
    cuda: bool = False
    shell: str = "venv"
    provider: str = "nixpkgs"
    projects: Mapping[str, str] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)
    file: str = FILE

    def where(self, key: str) -> str:
        """Give ``nixpy.yaml:LINE`` of a key, or the file's name if it is not set there."""
        line = self.lines.get(key)
        return f"{self.file}:{line}" if line else self.file
