"""Where `nixpy init` puts the flake, who is to see it, and what its user does next."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from nixpy.config.model import FILE, Config, Layout
from nixpy.errors import NixpyError
from nixpy.flake import render
from nixpy.metadata.model import Installer
from nixpy.metadata.read import read_project
from nixpy.plan.installer import choose_installer
from nixpy.plan.model import Plan
from nixpy.system import git, nix
from nixpy.system.console import say, tell
from nixpy.system.files import DiskTree
from nixpy.workspace import hidden
from nixpy.workspace.changes import Change
from nixpy.workspace.layout import reason_for_folder
from nixpy.workspace.locate import outputs_of
from nixpy.workspace.workspace import Workspace

# Nix made a `git+file://` URL of the path without encoding it (NixOS/nix#6394, #7707).
_URL_SAFE = re.compile(r"[A-Za-z0-9/._~!$&'()*+,;=:@-]*")


@dataclass(frozen=True, slots=True)
class Where:
    """What the command line says of the flake's place: ``folder`` is None where it says nothing."""

    folder: bool | None
    private: bool
    module: bool

    def check(self, directory: Path) -> None:
        """Refuse what cannot be hidden: a team's own files, and a folder without git."""
        if not self.private:
            return
        if self.module or self.folder is False:
            other = "--module" if self.module else "--no-folder"
            raise click.UsageError(f"`--private` and `{other}` exclude each other")
        if git.checkout_of(directory) is None:
            raise NixpyError(
                "there is no git checkout to hide anything from",
                file=str(directory),
                hint="`nixpy init --folder` keeps all that belongs to the flake in one folder",
            )
        known = git.tracked(directory, [FILE, Layout.FOLDER.value])
        if known:
            raise NixpyError(
                "git tracks the file, so it is the team's",
                file=known[0],
                hint="`nixpy init` goes on with it; `git rm --cached` undoes `git add`",
            )
        if render.FLAKE in outputs_of(directory) and git.tracked(directory, [render.FLAKE]):
            raise NixpyError("git tracks nixpy's flake, so it is the team's", file=render.FLAKE)

    def reason(self, directory: Path, config: Config) -> str | None:
        """Say why a new project's flake lies better in a folder; None where it does not."""
        if self.folder is not None or self.private or self.module:
            return None
        if "flake" in config.lines or outputs_of(directory) or config.provider == "uv2nix":
            return None
        checkout = git.checkout_of(directory)
        size = git.tracked_size(checkout) if checkout else 0
        return reason_for_folder(DiskTree(directory), in_git=checkout is not None, tracked=size)

    def choice(self, config: Config, reason: str | None) -> str | None:
        """Give what `flake:` in nixpy.yaml is to say; None where it stays as it is."""
        if self.folder or self.private or reason:
            return Layout.FOLDER.value
        return Layout.ROOT.value if self.folder is False and config.flake is Layout.FOLDER else None

    def keep(self, directory: Path, config: Config, installer: str | None) -> str | None:
        """Give what `keep:` in nixpy.yaml is to say; None where it stays as it is.

        The lock is the team's, so what is hidden from the team leaves it alone.
        """
        if not self.private or "keep" in config.lines:
            return None
        if installer is None:
            project = read_project(DiskTree(directory))
            installer = choose_installer(project, config).installer.value
        return "nix" if installer == Installer.UV.value else None


def tell_hidden(workspace: Workspace, planned: Sequence[Change]) -> None:
    """Say what git is told not to see."""
    if workspace.private:
        lines = hidden.patterns(".", workspace.hidden(planned))
        say()
        say(f"hidden from git, by .git/info/exclude: {', '.join(lines)}")


def next_step(directory: Path, workspace: Workspace, plan: Plan) -> None:
    """Say what is odd about the place, and the commands up to the installed dependencies."""
    layout = workspace.config.flake
    if layout is Layout.FOLDER:
        _tell_direnv(workspace)
        step = f"nix develop {layout.reference()}"
    else:
        _tell_git(directory)
        step = "nix develop"
    if "'" in str(directory.resolve()):
        tell(
            "note",
            "`nix develop` breaks in a folder whose path has a single quote, since Nix does not "
            "escape it",
        )
    if not nix.available(workspace.root):
        tell("note", "Nix is not installed here: https://nixos.org/download tells how to get it")
    first, *others = workspace.parts
    steps = f"`{step}` (or `direnv allow`)"
    if layout is Layout.FOLDER:
        steps = f"`nixpy shell` (or `{step}`, or `direnv allow`)"
    if directory.resolve() != Path.cwd():
        steps = f"`cd {shlex.quote(str(directory))}`, then {steps}"
    installs = {one.name: one.reinstall for one in plan.shells}
    say()
    if not first.project.empty:
        steps += f", then `{installs[first.name]}`"
    say(f"next: {steps}")
    for part in others:
        shell = f"nix develop {layout.reference(shell=part.name)}"
        place = shlex.quote(part.folder)
        say(f"      `{shell}`, then `cd {place} && {installs[part.name]}`")


def _tell_direnv(workspace: Workspace) -> None:
    """Say that an `.envrc` of the user's own enters something else than the flake in the folder."""
    text = workspace.existing(render.ENVRC) or ""
    if Layout.FOLDER.reference() not in text:
        tell(
            "note",
            f"{render.ENVRC} is your own, and stays: `use flake {Layout.FOLDER.reference()}` in it "
            "would enter this shell",
        )


def _tell_git(directory: Path) -> None:
    """Say where Nix does not see the flake as its user may expect."""
    checkout = git.checkout_of(directory)
    if checkout is None:
        tell(
            "note",
            "outside a git checkout, Nix copies the whole folder at each evaluation; "
            "`git init` ends that",
        )
    elif git.ignored(directory):
        tell(
            "note",
            f"the checkout `{checkout}` ignores this folder, so that Nix does not see its flake; "
            "run `git init` here, or enter with `nix develop path:.`",
        )
    elif not _URL_SAFE.fullmatch(str(checkout)):
        tell(
            "note",
            "older releases of Nix (2.18, say) cannot read a git checkout whose path has such "
            "characters; with them, run `nix develop path:.`",
        )
