"""``nixpy eject --private``: take away all that private mode has made, and leave no trace."""

from __future__ import annotations

import posixpath
from pathlib import Path

from nixpy.config.model import FILE, Layout
from nixpy.errors import NixpyError
from nixpy.flake import render
from nixpy.system import files, git
from nixpy.system.console import say, tell
from nixpy.workspace.locate import Place
from nixpy.workspace.workspace import STAMP, Workspace, unhide


def take_away(place: Place, workspace: Workspace, *, asked: bool, dry_run: bool) -> int:
    """Remove what nixpy wrote and what its shell has made, then the lines that hide it.

    ``asked``: the user passed `--private`. Raises NixpyError where the project is not private, or
    is and that was not said.
    """
    if not workspace.private:
        raise NixpyError(
            "the project is not private: git sees what nixpy wrote",
            file=FILE,
            hint="`nixpy eject` leaves plain Nix",
        )
    if not asked:
        raise NixpyError(
            "the project is private, and plain files would be seen by git",
            file=FILE,
            hint="`nixpy eject --private` takes all of it away again",
        )
    texts = render.envrcs(workspace.plan())
    ours = {path for path, text in texts.items() if workspace.existing(path) == text}
    written = [posixpath.normpath(f"{part.folder}/{FILE}") for part in workspace.parts]
    folders = [Layout.FOLDER.value, *_made(workspace, ours)]
    gone = [path for path in (*written, *ours) if workspace.existing(path) is not None]
    for path in [*gone, *(f"{folder}/" for folder in folders)]:
        say(f"{'would go' if dry_run else 'removed '}   {path}")
    if dry_run:
        return 0
    files.remove(place.root, gone)
    for folder in folders:
        if (place.root / folder).is_dir() and not (place.root / folder).is_symlink():
            files.remove_tree(place.root / folder)
    _unhide(place.root, [*written, *texts, f"{Layout.FOLDER.value}/", *_hidden(workspace)])
    return 0


def _hidden(workspace: Workspace) -> list[str]:
    return [path for path in workspace.hidden(()) if path.endswith("/")]


def _made(workspace: Workspace, ours: set[str]) -> list[str]:
    """Give the venvs that the shell made, and what direnv keeps for an `.envrc` of nixpy's."""
    found = []
    for part in workspace.parts:
        venv = posixpath.normpath(f"{part.folder}/{part.config.venv}")
        if (workspace.root / venv / STAMP).is_file():
            found.append(venv)
        direnv = posixpath.normpath(f"{part.folder}/.direnv")
        envrc = posixpath.normpath(f"{part.folder}/{render.ENVRC}")
        if envrc in ours and (workspace.root / direnv).is_dir():
            found.append(direnv)
    return found


def _unhide(root: Path, paths: list[str]) -> None:
    checkout = git.checkout_of(root)
    inner = root.resolve().relative_to(checkout) if checkout else Path()
    others = [tree for tree in git.other_worktrees(root) if (tree / inner / FILE).is_file()]
    if others:
        tell("note", f"what hides such files stays, for the worktree `{others[0]}`")
        return
    unhide(root, paths)
