"""The gate to git: a flake in a git checkout sees only the files that git knows of."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from nixpy.errors import NixpyError


def checkout_of(folder: Path) -> Path | None:
    """Give the root of the git checkout that the folder lies in, or None.

    A worktree and a submodule have a `.git` file in place of the folder.
    """
    real = Path(os.path.realpath(folder))
    for parent in (real, *real.parents):
        if (parent / ".git").exists():
            return parent
    return None


def _git(folder: Path, arguments: Sequence[str]) -> subprocess.CompletedProcess[str]:
    # A hook or an alias of git sets GIT_DIR and GIT_INDEX_FILE, which would lead elsewhere.
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    environment["LC_ALL"] = "C"
    try:
        return subprocess.run(
            ["git", "-C", str(folder), *arguments],
            capture_output=True,
            check=False,
            env=environment,
            errors="surrogateescape",
            text=True,
        )
    except FileNotFoundError:
        raise NixpyError(
            "git is not installed, but the project is a git checkout",
            hint="install git, or pass `--no-git` and add the new files yourself",
        ) from None


def ignored(folder: Path) -> bool:
    """Whether git is told to leave the whole folder alone; without git that is not known."""
    try:
        return _git(folder, ["check-ignore", "--quiet", "."]).returncode == 0
    except NixpyError:
        return False


def untracked(folder: Path, paths: Sequence[str]) -> list[str]:
    """Give those of the paths, relative to the folder, that git does not track.

    Raises NixpyError if git is missing or cannot read the checkout.
    """
    if not paths:
        return []
    done = _git(folder, ["ls-files", "-z", "--", *paths])
    if done.returncode and "dubious ownership" in done.stderr:
        root = checkout_of(folder)
        raise NixpyError(
            f"the repository {root} belongs to another user, so git and Nix refuse to read it",
            hint=f"`chown` it, or `git config --global --add safe.directory {root}`",
        )
    if done.returncode:
        raise NixpyError(f"git failed: {_reason(done)}")
    tracked = set(done.stdout.split("\0"))
    return [path for path in paths if path not in tracked]


def intent_to_add(folder: Path, new: Sequence[str]) -> None:
    """Make git aware of untracked files without staging their content.

    ``--force``, since a global ignore file may name `.envrc`, and a flake that git ignores does
    not exist for Nix. Raises NixpyError if git refuses (a locked index, say).
    """
    if not new:
        return
    done = _git(folder, ["add", "--intent-to-add", "--force", "--", *new])
    if done.returncode:
        raise NixpyError(
            f"git failed: {_reason(done)}",
            hint=f"the files are written; run `git add --intent-to-add {' '.join(new)}`",
        )


def _reason(done: subprocess.CompletedProcess[str]) -> str:
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    return lines[0].removeprefix("fatal: ") if lines else f"exit code {done.returncode}"


def versions(folder: Path, path: str) -> list[str]:
    """Give the texts that the last commit and the index have of a file, as far as they do."""
    if checkout_of(folder) is None:
        return []
    try:
        shown = [_git(folder, ["show", f"{revision}:./{path}"]) for revision in ("HEAD", "")]
    except NixpyError:
        return []
    return [done.stdout for done in shown if not done.returncode]
