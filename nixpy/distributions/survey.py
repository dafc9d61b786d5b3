"""Looks at the disk and asks Nix, for what the rows follow from beside the project's files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from nixpy.distributions.model import NixPackages, Scene
from nixpy.distributions.platform import marker_environment, supported_tags
from nixpy.distributions.rows import listed_packages
from nixpy.errors import NixpyError
from nixpy.knowledge.pythons import branch_of
from nixpy.metadata.model import Project
from nixpy.nixpkgs.ask import is_here
from nixpy.nixpkgs.lock import locked_nixpkgs
from nixpy.nixpkgs.versions import Listed, expression, versions_of
from nixpy.plan.installer import choose_installer
from nixpy.plan.model import Part
from nixpy.plan.python import choose_python
from nixpy.system import nix
from nixpy.system.files import newer, read_text
from nixpy.venv.installed import installed, site_packages
from nixpy.venv.links import linked_environment
from nixpy.workspace.locate import find
from nixpy.workspace.workspace import STAMP, open_workspace, read_config


@dataclass(frozen=True, slots=True)
class Surveyed:
    """One project of a flake, with what its rows follow from. ``root`` is the flake's folder."""

    root: Path
    part: Part
    scene: Scene

    @property
    def folder(self) -> Path:
        """Where the project lies."""
        return self.root / self.part.folder

    def existing(self, path: str) -> str | None:
        """Give the text of a file of the project, or None."""
        return read_text(self.folder, path)


def survey(directory: Path, *, anywhere: bool = False) -> list[Surveyed]:
    """Look at the project that a folder lies in; in the root of a monorepo, at all of them.

    ``anywhere``: a folder without a nixpy.yaml, and with none above, will do as well.
    Raises NixpyError for what is wrong with the project's files.
    """
    try:
        place = find(directory)
        workspace, project = place.open(), place.project
    except NixpyError as error:
        if error.file or not anywhere:  # a mistake in a file, not that there is none
            raise
        workspace, project = open_workspace(directory, read_config(directory)), "default"
    return [
        Surveyed(workspace.root, part, gather(workspace.root, part, workspace.config.nixpkgs))
        for part in workspace.parts
        if project in ("default", part.name)
    ]


def gather(root: Path, part: Part, nixpkgs: str) -> Scene:
    """Give all that the rows of one project follow from.

    ``root`` is the folder of nixpy.yaml and flake.lock. Raises NixpyError where no Python fits.
    """
    project: Project = part.project
    choice = choose_python(project, part.config, branch_of(nixpkgs))
    venv = root / part.folder / part.config.venv
    scene = Scene(
        project=project,
        config=part.config,
        python=choice.minor,
        installer=choose_installer(project, part.config).installer,
        tags=supported_tags(choice.minor),
        environment=marker_environment(choice.exact or choice.minor),
        installed={
            one.name: one.version
            for one in installed(site_packages(venv, choice.minor))
            if one.installer != "nixpy"
        },
    )
    used = {one.name for one in project.wanted} | {one.name for one in project.locked}
    listed = listed_packages(scene.config, used)
    return scene.with_nix(nix_packages(root, part, choice.minor, listed))


def nix_packages(root: Path, part: Part, python: str, listed: list[Listed]) -> NixPackages:
    """Find the versions that Nix has.

    The environment that is linked into the venv tells them at once, unless nixpkgs was updated
    since, or nixpy.yaml lists more. Else Nix evaluates the flake's own nixpkgs, which may take some
    seconds, but fetches and builds nothing; where it cannot, an older environment serves.
    """
    if not listed:
        return NixPackages()
    venv = Path(part.folder) / part.config.venv
    stamp = venv / STAMP
    file = part.config.flake.lock
    environment = linked_environment(read_text(root / venv, STAMP) or "")
    linked = NixPackages(why=f"there is no {file}: enter the shell once, with `nixpy shell`")
    if environment is not None:
        packages = installed(site_packages(Path(environment), python))
        versions = {one.name: one.version for one in packages}
        linked = NixPackages(versions, f"what is linked into {venv}")
        if all(one.name in versions for one in listed) and not newer(root, file, str(stamp)):
            return linked
    lock = read_text(root, file)
    source = locked_nixpkgs(lock) if lock else None
    if source is None:
        return linked
    if not nix.available(root):
        return linked if linked.source else NixPackages(why="Nix is not on PATH")
    if not is_here(source, root):
        why = f"the nixpkgs of {file} is not on this machine yet: enter the shell once"
        return linked if linked.source else NixPackages(why=why)
    question = expression(source, nix.host_system(), python, listed)
    try:
        value = nix.evaluate(question, looking=True, outside=root)
    except NixpyError as error:
        return linked if linked.source else NixPackages(why=str(error))
    return NixPackages(versions_of(value, listed), "the nixpkgs of flake.lock")
