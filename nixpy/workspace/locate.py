"""Which project a command means: the nearest one above the folder that it is started in."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from nixpy.config.model import FILE, Config, Layout
from nixpy.config.parse import parse
from nixpy.errors import NixpyError
from nixpy.flake.header import pristine
from nixpy.flake.render import FLAKE, MODULE
from nixpy.system.files import read_text
from nixpy.system.git import checkout_of
from nixpy.system.reading import owners
from nixpy.workspace.workspace import Workspace, open_workspace, read_config


@dataclass(frozen=True, slots=True)
class Place:
    """A project that nixpy made a shell for.

    ``root`` is the folder of the flake, ``folder`` where the project lies in it (``.`` but in a
    monorepo), ``project`` the name of its shell. ``outputs`` are the files to render: those of
    `flake.nix` and `nix/python-shell.nix` that nixpy wrote, or the flake where it wrote neither.
    """

    root: Path
    config: Config
    outputs: tuple[str, ...]
    folder: str = "."
    project: str = "default"

    @property
    def choices(self) -> str:
        """The nixpy.yaml of the project, relative to the root."""
        return posixpath.normpath(f"{self.folder}/{FILE}")

    @property
    def layout(self) -> Layout:
        """Where the flake lies that has the shells; a flake of the user's own, in the root."""
        return self.config.flake if FLAKE in self.outputs else Layout.ROOT

    @property
    def entering(self) -> str:
        """The command that enters the shell from the root."""
        reference = self.layout.reference()
        return "nix develop" if reference == "." else f"nix develop {reference}"

    def reference(self, folder: Path) -> str:
        """Give the flake of the project's shell as a folder refers to it: ``../..#api``.

        Relative, as no path then has to be quoted in it.
        """
        up = os.path.relpath(os.path.realpath(self.root), os.path.realpath(folder))
        return self.layout.reference(up, self.project)

    def named(self, project: str) -> Place:
        """Give the place of another project of the same flake, by its name in nixpy.yaml.

        Raises NixpyError where there is no such project.
        """
        if project == "default":
            return replace(self, folder=".", project=project)
        if project in self.config.projects:
            return replace(self, folder=self.config.projects[project], project=project)
        names = ", ".join(["default", *self.config.projects])
        raise NixpyError(
            f"the flake has no shell `{project}`",
            file=FILE,
            line=self.config.lines.get("projects"),
            key="projects",
            hint=f"it has {names}",
        )

    def choices_made(self) -> Config:
        """Read what the project's own nixpy.yaml says."""
        if self.folder == ".":
            return self.config
        text = read_text(self.root, self.choices)
        return Config() if text is None else parse(text, self.choices)

    def open(self) -> Workspace:
        """Read the metadata of all projects, for the outputs that are there."""
        return open_workspace(self.root, self.config, outputs=self.outputs)


def find(start: Path) -> Place:
    """Find the project that a folder lies in.

    It is the nearest folder above with a nixpy.yaml or with what nixpy generated; a folder that the
    ``projects:`` of one further above lists is a part of that one. The search ends at the root of
    the checkout (of the outermost one, where that is a submodule) and at a folder or a file of
    another user, who could else say what shell is entered. Raises NixpyError where there is none,
    and for a nixpy.yaml on the way that cannot be read.
    """
    if not start.is_dir():
        raise NixpyError("there is no such folder", file=str(start))
    here = Path(os.path.realpath(start))
    nearest: Place | None = None
    for folder in _searched(here):
        if folder.name == Layout.FOLDER.value:
            continue
        outputs = outputs_of(folder)
        if not outputs and not (folder / FILE).is_file():
            continue
        config = _config(folder, here)
        for name, inner in config.projects.items():
            part = Path(os.path.realpath(folder / inner))
            if part == here or part in here.parents:
                return Place(folder, config, outputs or (FLAKE,), inner, name)
        nearest = nearest or Place(folder, config, outputs or (FLAKE,))
    if nearest is None:
        raise NixpyError(
            f"neither `{here}` nor a folder above it in the same checkout has a nixpy.yaml"
            if checkout_of(here)
            else f"neither `{here}` nor a folder above it has a nixpy.yaml",
            hint="`nixpy init` makes the project a Nix shell",
        )
    return nearest


def _searched(here: Path) -> Iterator[Path]:
    """Yield the folders that may hold what a project is found by, nearest first."""
    believed = owners(here)
    for folder in (here, *here.parents):
        if folder.stat().st_uid not in believed:
            return
        files = (folder / name for name in (FILE, FLAKE, Layout.FOLDER.flake, MODULE))
        if all(file.stat().st_uid in believed for file in files if file.exists()):
            yield folder
        if (folder / ".git").is_dir():
            return


def _config(folder: Path, here: Path) -> Config:
    try:
        return read_config(folder)
    except NixpyError as error:
        for one in error.errors:
            one.file = os.path.relpath(folder / FILE, here)
        raise


def outputs_of(folder: Path) -> tuple[str, ...]:
    """Give those of `flake.nix` and `nix/python-shell.nix` in a folder that nixpy wrote.

    The flake counts as such where it lies in `.nixpy` too.
    """
    flake = any(_is_ours(folder, layout.flake) for layout in Layout)
    module = _is_ours(folder, MODULE)
    return (*((FLAKE,) if flake else ()), *((MODULE,) if module else ()))


def _is_ours(folder: Path, path: str) -> bool:
    # Folders further up are none of ours to complain of: what cannot be read is not.
    try:
        text = read_text(folder, path)
    except NixpyError:
        return False
    return text is not None and pristine(text) is not None
