"""The user's choices as values: what ``nixpy.yaml`` can hold."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum

from nixpy.metadata.model import Installer
from nixpy.syntax.origin import Origin

FILE = "nixpy.yaml"


DEFAULT_NIXPKGS = "github:NixOS/nixpkgs/nixos-unstable"


DEFAULT_SYSTEMS = ("x86_64-linux", "aarch64-linux", "x86_64-darwin", "aarch64-darwin")


class Layout(Enum):
    """Where the flake lies: in the project's root, or with all that belongs to it in a folder.

    Nix copies the folder alone, where it would copy the whole checkout.
    """

    ROOT = "."
    FOLDER = ".nixpy"

    def path(self, name: str) -> str:
        """Return the path of a file beside the flake, relative to the project's root."""
        return posixpath.normpath(f"{self.value}/{name}")

    @property
    def flake(self) -> str:
        """The flake's file."""
        return self.path("flake.nix")

    @property
    def lock(self) -> str:
        """The flake's lock."""
        return self.path("flake.lock")

    @property
    def other(self) -> Layout:
        """The layout that this one is not."""
        return Layout.ROOT if self is Layout.FOLDER else Layout.FOLDER

    def reference(self, up: str = ".", shell: str = "") -> str:
        """Return the flake as a folder of the project refers to it, which lies ``up`` below.

        Relative, as no path then has to be quoted in it: ``..#api``, ``path:../.nixpy#api``.
        """
        flake = up if self is Layout.ROOT else f"path:{posixpath.normpath(f'{up}/{self.value}')}"
        return f"{flake}#{shell}" if shell else flake


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a list, and where the user wrote it (a line of nixpy.yaml, or an option)."""

    text: str
    origin: Origin


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
    flake: Layout = Layout.ROOT
    keep: str = "lock"
    lines: Mapping[str, int] = field(default_factory=dict)
    file: str = FILE
    digest: str = field(default="", compare=False)  # of the text, see config.parse.digest

    def origin(self, key: str) -> Origin:
        """Return the line of a key, or the file alone if the key is not set there."""
        return Origin(self.file, line=self.lines.get(key))

    def said_by(self, origins: Mapping[tuple[str, str], Origin]) -> Config:
        """Return the choices with the origins of some: by key and text, such as of an option."""

        def placed(key: str, items: tuple[Item, ...]) -> tuple[Item, ...]:
            return tuple(
                replace(item, origin=origins.get((key, item.text), item.origin)) for item in items
            )

        return replace(
            self,
            libraries=placed("libraries", self.libraries),
            packages=placed("packages", self.packages),
            python=placed("python", (self.python,))[0] if self.python else None,
            tools=placed("tools", self.tools),
        )
