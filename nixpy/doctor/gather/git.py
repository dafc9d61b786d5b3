"""Asks git what it knows of the flake's files."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from pathlib import Path

from nixpy.doctor.snapshot import Git, Ignored
from nixpy.errors import NixpyError
from nixpy.system import git

# Seconds. What was counted until then is told.
_TIME_TO_COUNT = 1.0
_SECRETS = (".env", ".netrc", "credentials.json", "id_rsa", "secrets.yaml")


def look(folder: Path, files: Sequence[str]) -> Git:
    """Give the facts of the flake in a folder that refers to the files."""
    checkout = git.checkout_of(folder)
    if checkout is None:
        if any((parent / ".hg").exists() for parent in (folder, *folder.parents)):
            return Git(root=str(folder))  # Nix knows Mercurial too
        return Git(
            root=None,
            megabytes=_size(folder) // 1_000_000,
            secrets=tuple(name for name in _SECRETS if (folder / name).exists()),
        )
    present = [name for name in files if (folder / name).is_file()]
    within = [name for name in present if git.checkout_of((folder / name).parent) != checkout]
    present = [name for name in present if name not in within]
    ignored = _ignored(folder, ["flake.lock"])
    try:
        untracked = git.untracked(folder, present) if present else []
    except NixpyError:
        return Git(root=str(checkout), submodules=tuple(within))
    names = {one.path for one in ignored}
    return Git(
        root=str(checkout),
        untracked=tuple(name for name in untracked if name not in names),
        ignored=ignored,
        submodules=tuple(within),
        edited_megabytes=git.tracked_size(checkout) // 1_000_000 if git.edited(checkout) else 0,
    )


def _ignored(folder: Path, names: Sequence[str]) -> tuple[Ignored, ...]:
    try:
        said = git.why_ignored(folder, names)
    except NixpyError:
        return ()
    return tuple(
        Ignored(path, f"{source}:{line}", pattern)
        for source, line, pattern, path in said
        if not pattern.startswith("!")
    )


def _size(folder: Path) -> int:
    """Count the bytes in a folder, as far as the time allows."""
    until = time.monotonic() + _TIME_TO_COUNT
    total, todo = 0, [str(folder)]
    while todo and time.monotonic() < until:
        try:
            entries = list(os.scandir(todo.pop()))
        except OSError:
            continue
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                todo.append(entry.path)
            else:
                total += entry.stat(follow_symlinks=False).st_size
    return total
