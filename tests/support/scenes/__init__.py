"""One broken place for each id of `nixpy doctor`, built for real on this machine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.support.nixpkgs import StandIn, attribute, available_pythons, preferred_python
from tests.support.scene import Scene, store_python


@dataclass(frozen=True, slots=True)
class Stage:
    """What scenes are built from: a project, and store paths that Nix builds when asked."""

    scene: Scene
    folder: Path
    standin: Callable[[str], StandIn]

    def clean(self, minor: str | None = None) -> Path:
        """Give the `bin` folder of a Python of the store without packages."""
        name = attribute(minor or preferred_python())
        return self.standin("argv0").build(f"pkgs.{name}") / "bin"

    def env(self, kind: str = "argv0") -> Path:
        """Give the `bin` folder of an env with cowsay, of a kind."""
        name = attribute(preferred_python())
        built = self.standin(kind).build(f"pkgs.{name}.withPackages (ps: [ ps.cowsay ])")
        return built / "bin"

    def python(self, bin_folder: Path) -> Path:
        """Give the Python in a `bin` folder."""
        return bin_folder / "python3"

    def other_minor(self) -> str | None:
        """Give a version of Python that the stand-in has beside the preferred one."""
        return next((one for one in available_pythons() if one != preferred_python()), None)

    def own_store(self) -> Path:
        """Give a folder that the shell calls its store, and in which tests may do as they like."""
        store = self.folder / "store"
        store.mkdir(exist_ok=True)
        self.scene.set(NIX_STORE_DIR=store)
        return store

    def own_store_python(self) -> Path:
        """Give a Python in that store, whose loader finds nothing outside of it."""
        return store_python(self.own_store())


Builder = Callable[[Stage], None]
SCENES: dict[str, Builder] = {}


def scene(identifier: str) -> Callable[[Builder], Builder]:
    """Enter a builder into the table of scenes, under the id that the doctor must find."""

    def enter(builder: Builder) -> Builder:
        SCENES[identifier] = builder
        return builder

    return enter
