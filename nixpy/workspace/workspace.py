"""The commands' common steps: read nixpy.yaml and the project, make the plan, write it."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from nixpy import __version__
from nixpy.config.model import FILE, Config, Layout
from nixpy.config.parse import parse
from nixpy.errors import NixpyError
from nixpy.flake import render
from nixpy.flake.header import is_newer, writer
from nixpy.metadata.model import Project
from nixpy.plan.make import make_plan
from nixpy.plan.model import Part, Plan
from nixpy.system import git, process
from nixpy.system.files import DiskTree, read_text, remove, write_all
from nixpy.workspace import changes, hidden
from nixpy.workspace.changes import Action, Change

# In a venv that nixpy's shell made.
STAMP = ".nixpy-stamp"

# What the root's nixpy.yaml says for all shells of a flake.
_COMMON = ("nixpkgs", "systems", "flake")


@dataclass(frozen=True, slots=True)
class Workspace:
    """A project on the disk: its root, the user's choices and the parts that get a shell.

    ``made_private``: what is written is to be hidden from git, though it is not yet.

    ``edits`` are new texts of nixpy.yaml files that are still to be written, by their path;
    ``outputs`` the files to render: `flake.nix`, `nix/python-shell.nix`, or both.
    """

    root: Path
    config: Config
    parts: tuple[Part, ...]
    edits: Mapping[str, str] = field(default_factory=dict)
    outputs: tuple[str, ...] = (render.FLAKE,)
    made_private: bool = False

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
            planned += changes.moved(plan.layout, self.existing, force=force)
            planned += self._envrcs(plan, fresh=fresh)
        before = self.existing(changes.GITIGNORE)
        if (fresh or before is not None) and not self.private:
            venvs = dict.fromkeys(
                posixpath.normpath(f"{shell.folder}/{shell.venv}") for shell in plan.shells
            )
            planned.append(changes.gitignore(tuple(venvs), before))
        return planned

    def _as_committed(self, path: str) -> Iterable[str]:
        return git.versions(self.root, path)

    def _envrcs(self, plan: Plan, *, fresh: bool) -> list[Change]:
        """Decide on each project's `.envrc`; who has none at the root does without direnv."""
        if not fresh and self.existing(render.ENVRC) is None:
            return []
        texts, elsewhere = render.envrcs(plan), render.envrcs(plan, plan.layout.other)
        own = git.untracked(self.root, list(texts)) if self.private else texts
        return [
            changes.envrc(path, texts[path], self.existing(path), elsewhere[path]) for path in own
        ]

    @property
    def private(self) -> bool:
        """Whether what nixpy writes is hidden from git (see :mod:`nixpy.workspace.hidden`)."""
        return self.made_private or private_in(self.root)

    def write(self, planned: Iterable[Change], *, use_git: bool = True) -> list[str]:
        """Write what changes; give the files that git was made aware of.

        Raises NixpyError, with nothing written, where git cannot read the checkout.
        """
        kept = list(planned)
        private = self.private
        gone = [one.path for one in kept if one.action is Action.REMOVE]
        new = self._untracked(self._seen(kept)) if use_git and not private else []
        still = (Action.KEEP, Action.REMOVE)
        texts = {one.path: one.after for one in kept if one.action not in still}
        if private:
            hide(self.root, self.hidden(kept))
        write_all(self.root, texts)
        remove(self.root, gone)
        git.intent_to_add(self.root, new)
        if use_git:
            git.forget(self.root, gone)
        return new

    def _seen(self, planned: Iterable[Change]) -> list[str]:
        """Give the files that Nix reads through git: not those of a flake in a folder."""
        left = [one.path for one in planned if one.action is not Action.REMOVE]
        if self.config.flake is Layout.ROOT or render.MODULE in self.outputs:
            return left
        return []

    def hidden(self, planned: Iterable[Change]) -> list[str]:
        """Give the paths that private mode hides: what is written, and what the shell makes."""
        venvs = (posixpath.normpath(f"{part.folder}/{part.config.venv}") for part in self.parts)
        direnv = (posixpath.normpath(f"{part.folder}/.direnv") for part in self.parts)
        folders = [f"{path}/" for path in (*venvs, *direnv)]
        return [*(one.path for one in planned if one.action is not Action.REMOVE), *folders]

    def _untracked(self, paths: Iterable[str]) -> list[str]:
        checkout = git.checkout_of(self.root)
        # What a checkout ignores is a project of its own: that index is not ours to fill.
        if checkout is None or git.ignored(self.root):
            return []
        # A project's folder may be a submodule, whose files are no part of the flake.
        own = [path for path in paths if git.checkout_of((self.root / path).parent) == checkout]
        return git.untracked(self.root, own)


def private_in(root: Path) -> bool:
    """Whether a project's nixpy.yaml is hidden from git by nixpy."""
    found = _exclude(root)
    return found is not None and hidden.hides(found[1], hidden.pattern(found[2], FILE))


def hide(root: Path, paths: Iterable[str]) -> list[str]:
    """Hide files of a project from git, and return the lines that do."""
    found = _exclude(root)
    if found is None:
        return []
    file, before, prefix = found
    lines = hidden.patterns(prefix, paths)
    after = hidden.with_lines(before, lines)
    if after != before:
        write_all(file.parent, {file.name: after})
    return lines


def unhide(root: Path, paths: Iterable[str]) -> None:
    """Take away the lines that hide files of a project."""
    found = _exclude(root)
    if found is not None:
        file, before, prefix = found
        after = hidden.without_lines(before, hidden.patterns(prefix, paths))
        write_all(file.parent, {file.name: after})


def _exclude(root: Path) -> tuple[Path, str, str] | None:
    """Find a checkout's exclude file, its text, and the project's folder in the checkout."""
    checkout = git.checkout_of(root)
    if checkout is None or process.find("git") is None:
        return None
    file = git.exclude_file(root)
    if file is None:
        return None
    prefix = os.path.relpath(os.path.realpath(root), checkout)
    return file, read_text(file.parent, file.name) or "", prefix


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
    flakes = (layout.flake for layout in Layout)
    return next(filter(None, (read_text(root, path) for path in (*flakes, render.MODULE))), "")


def open_workspace(
    root: Path,
    config: Config,
    edits: Mapping[str, str] | None = None,
    outputs: tuple[str, ...] = (render.FLAKE,),
    *,
    private: bool = False,
) -> Workspace:
    """Read the metadata of the project and, in a monorepo, of each of its projects.

    ``config`` is what the root's nixpy.yaml says, ``edits`` the new texts of such files, by path
    relative to the root. ``outputs`` are the files to render. ``private``: git is not to see what
    is written.
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
    return Workspace(root, config, tuple(parts), edits or {}, outputs, private)


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
    return replace(own, nixpkgs=main.nixpkgs, systems=main.systems, flake=main.flake)
