"""The commands' common steps: read nixpy.yaml and the project, make the plan, write it."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from nixpy import __version__
from nixpy.config.model import FILE, Config
from nixpy.config.parse import parse
from nixpy.errors import NixpyError
from nixpy.flake import render
from nixpy.flake.header import is_newer, writer
from nixpy.metadata.model import Project
from nixpy.plan.make import make_plan
from nixpy.plan.model import Part, Plan
from nixpy.system import git
from nixpy.system.files import DiskTree, read_text, write_all
from nixpy.workspace import changes
from nixpy.workspace.changes import Action, Change

# What the root's nixpy.yaml says for all shells of a flake.
_COMMON = ("nixpkgs", "systems")


@dataclass(frozen=True, slots=True)
class Workspace:
    """A project on the disk: its root, the user's choices and the parts that get a shell.

    ``edits`` are new texts of nixpy.yaml files that are still to be written, by their path;
    ``outputs`` the files to render: `flake.nix`, `nix/python-shell.nix`, or both.
    """

    root: Path
    config: Config
    parts: tuple[Part, ...]
    edits: Mapping[str, str] = field(default_factory=dict)
    outputs: tuple[str, ...] = (render.FLAKE,)

    def plan(self) -> Plan:
        """Decide everything; raises NixpyError where a choice cannot be met."""
        return make_plan(self.parts)

    def existing(self, path: str) -> str | None:
        """Give the text of a file as it is on the disk, or None."""
        return read_text(self.root, path)

    def changes(self, plan: Plan, *, force: bool = False, fresh: bool = False) -> list[Change]:
        """Decide what writing the plan changes.

        ``fresh``: also make the `.envrc` and `.gitignore` that the user has not, or removed.
        Raises NixpyError for files that are not nixpy's to replace.
        """
        flake = render.FLAKE in self.outputs
        texts = render.render(plan) if flake else {}
        if render.MODULE in self.outputs:
            texts |= render.modules(plan)
        planned = [
            changes.own(path, text, self.existing(path)) for path, text in self.edits.items()
        ]
        planned += changes.generated(texts, self.existing, force=force, original=self._as_committed)
        if flake:
            planned += self._envrcs(plan, fresh=fresh)
        before = self.existing(changes.GITIGNORE)
        if fresh or before is not None:
            venvs = dict.fromkeys(
                posixpath.normpath(f"{shell.folder}/{shell.venv}") for shell in plan.shells
            )
            planned.append(changes.gitignore(tuple(venvs), before))
        return planned

    def _as_committed(self, path: str) -> Iterable[str]:
        return git.versions(self.root, path)

    def _envrcs(self, plan: Plan, *, fresh: bool) -> list[Change]:
        """Decide on each project's `.envrc`; who has none at the root does without direnv."""
        if not fresh and self.existing(changes.ENVRC) is None:
            return []
        return [
            changes.envrc(path, text, self.existing(path))
            for path, text in render.envrcs(plan).items()
        ]

    def write(self, planned: Iterable[Change], *, use_git: bool = True) -> list[str]:
        """Write what changes; give the files that git was made aware of.

        Raises NixpyError, with nothing written, where git cannot read the checkout.
        """
        kept = list(planned)
        new = self._untracked([one.path for one in kept]) if use_git else []
        write_all(self.root, {one.path: one.after for one in kept if one.action is not Action.KEEP})
        git.intent_to_add(self.root, new)
        return new

    def _untracked(self, paths: Iterable[str]) -> list[str]:
        checkout = git.checkout_of(self.root)
        # What a checkout ignores is a project of its own: that index is not ours to fill.
        if checkout is None or git.ignored(self.root):
            return []
        # A project's folder may be a submodule, whose files are no part of the flake.
        own = [path for path in paths if git.checkout_of((self.root / path).parent) == checkout]
        return git.untracked(self.root, own)


def read_config(root: Path) -> Config:
    """Read nixpy.yaml; the defaults where there is none. Raises NixpyError for a wrong one."""
    return _parsed(root, FILE) or Config()


def _parsed(root: Path, path: str, edits: Mapping[str, str] | None = None) -> Config | None:
    text = edits[path] if edits and path in edits else read_text(root, path)
    if text is None:
        return None
    try:
        return parse(text, path)
    except NixpyError as error:
        wrote = writer(_generated(root))
        if wrote and is_newer(wrote):
            hint = f"nixpy {wrote} wrote the flake, and this is {__version__}: update it"
            for one in error.errors:
                if one.key:
                    one.hint = hint
        raise


def _generated(root: Path) -> str:
    """Give the text of a file that nixpy writes, whichever is there."""
    return read_text(root, render.FLAKE) or read_text(root, render.MODULE) or ""


def open_workspace(
    root: Path,
    config: Config,
    edits: Mapping[str, str] | None = None,
    outputs: tuple[str, ...] = (render.FLAKE,),
) -> Workspace:
    """Read the metadata of the project and, in a monorepo, of each of its projects.

    ``config`` is what the root's nixpy.yaml says, ``edits`` the new texts of such files, by path
    relative to the root. ``outputs`` are the files to render.
    """
    parts = [Part("default", ".", _read(root, "."), config)]
    for name, folder in config.projects.items():
        if not (root / folder).is_dir():
            raise NixpyError(
                f"there is no folder `{folder}`",
                file=FILE,
                line=config.lines.get("projects"),
                key=f"projects.{name}",
            )
        own = _config_of(root, folder, config, edits or {})
        parts.append(Part(name, folder, _read(root, folder), own))
    return Workspace(root, config, tuple(parts), edits or {}, outputs)


def _read(root: Path, folder: str) -> Project:
    from nixpy.metadata.read import read_project

    try:
        return read_project(DiskTree(root / folder))
    except NixpyError as error:
        for one in error.errors:
            one.file = one.file and posixpath.normpath(f"{folder}/{one.file}")
        raise


def _config_of(root: Path, folder: str, main: Config, edits: Mapping[str, str]) -> Config:
    """Give the choices of a monorepo's project: its own nixpy.yaml's, in the root's flake."""
    path = f"{folder}/{FILE}"
    own = _parsed(root, path, edits) or Config(file=path)
    if own.projects:
        raise NixpyError(
            "a project of a monorepo has no projects of its own",
            file=path,
            line=own.lines.get("projects"),
            key="projects",
            hint="list them in the nixpy.yaml of the root",
        )
    for key in _COMMON:
        if key in own.lines and getattr(own, key) != getattr(main, key):
            raise NixpyError(
                f"all shells of a flake have one `{key}`",
                file=path,
                line=own.lines[key],
                key=key,
                hint=f"set `{key}` in the root's nixpy.yaml, and remove it here",
            )
    return replace(own, nixpkgs=main.nixpkgs, systems=main.systems)
