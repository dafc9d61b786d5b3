"""The gate to git: a flake in a git checkout sees only the files that git knows of."""

from __future__ import annotations

import contextlib
import os
import re
import stat
from collections.abc import Sequence
from pathlib import Path

from nixpy.errors import NixpyError
from nixpy.system import process


def checkout_of(folder: Path) -> Path | None:
    """Give the root of the git checkout that the folder lies in, or None.

    A worktree and a submodule have a `.git` file in place of the folder.
    """
    real = Path(os.path.realpath(folder))
    for parent in (real, *real.parents):
        if (parent / ".git").exists():
            return parent
    return None


# A repository's own configuration may name programs, which git starts as it looks around. And in a
# checkout a folder may pass for a bare repository, with a configuration of its own.
_HARMLESS = {
    "core.fsmonitor": "false",
    "core.hooksPath": "/dev/null",
    "safe.bareRepository": "explicit",
}
# A clone that left objects behind fetches them, by a program that its configuration names.
_ALONE = {"GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": "none"}
_FILTER = re.compile(r"filter\..*\.(?:clean|smudge|process|required)", re.IGNORECASE | re.DOTALL)


def harmless(folder: Path) -> dict[str, str]:
    """Return variables that keep any git below us from starting programs that a checkout names.

    ``folder`` lies in the checkout. Raises NixpyError if git is missing.
    """
    names = _git(folder, ["config", "--null", "--name-only", "--list"]).out.split("\0")
    filters = {
        name: "false" if name.lower().endswith(".required") else ""
        for name in names
        if _FILTER.fullmatch(name)
    }
    variables = {"GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1"}
    settings = {**filters, **_HARMLESS}
    for number, (name, value) in enumerate(settings.items()):
        variables |= {f"GIT_CONFIG_KEY_{number}": name, f"GIT_CONFIG_VALUE_{number}": value}
    return {**variables, "GIT_CONFIG_COUNT": str(len(settings))}


def _git(folder: Path, arguments: Sequence[str], given: str | None = None) -> process.Done:
    program = process.find("git", outside=checkout_of(folder) or folder)
    if program is None:
        raise NixpyError(
            "git is not installed, but the project is a git checkout",
            hint="install git, or pass `--no-git` and add the new files yourself",
        )
    # A hook or an alias of git sets GIT_DIR and GIT_INDEX_FILE, which would lead elsewhere.
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    environment |= {"LC_ALL": "C", **_ALONE}
    settings = [part for one in _HARMLESS.items() for part in ("-c", "=".join(one))]
    try:
        return process.run(
            [program, *settings, "-C", str(folder), *arguments],
            environment=environment,
            given=given,
            errors="surrogateescape",
        )
    except OSError as error:
        raise NixpyError(f"git cannot be started: {error.strerror}") from None


def ignored(folder: Path) -> bool:
    """Whether git is told to leave the whole folder alone; without git that is not known."""
    try:
        return _git(folder, ["check-ignore", "--quiet", "."]).status == 0
    except NixpyError:
        return False


def why_ignored(folder: Path, paths: Sequence[str]) -> list[tuple[str, str, str, str]]:
    """Return for each path with a pattern the pattern's file, line and text, and the path.

    Raises NixpyError if git is missing.
    """
    command = ["check-ignore", "--verbose", "-z", "--stdin"]
    fields = iter(_git(folder, command, given="\0".join(paths)).out.split("\0"))
    return list(zip(fields, fields, fields, fields, strict=False))


def untracked(folder: Path, paths: Sequence[str]) -> list[str]:
    """Give those of the paths, relative to the folder, that git does not track.

    Raises NixpyError if git is missing or cannot read the checkout.
    """
    if not paths:
        return []
    done = _git(folder, ["ls-files", "-z", "--", *paths])
    if done.status and "dubious ownership" in done.err:
        root = checkout_of(folder)
        raise NixpyError(
            f"the repository {root} belongs to another user, so git and Nix refuse to read it",
            hint=f"`chown` it, or `git config --global --add safe.directory {root}`",
        )
    if done.status:
        raise NixpyError(f"git failed: {_reason(done)}")
    tracked = set(done.out.split("\0"))
    return [path for path in paths if path not in tracked]


def tracked(folder: Path, paths: Sequence[str]) -> list[str]:
    """Return what git tracks of the paths, and of what lies below those that are folders."""
    done = _git(folder, ["ls-files", "-z", "--", *paths])
    return [] if done.status else [name for name in done.out.split("\0") if name]


def intent_to_add(folder: Path, new: Sequence[str]) -> None:
    """Make git aware of untracked files without staging their content.

    ``--force``, since a global ignore file may name `.envrc`, and a flake that git ignores does
    not exist for Nix. Raises NixpyError if git refuses (a locked index, say).
    """
    if not new:
        return
    done = _git(folder, ["add", "--intent-to-add", "--force", "--", *new])
    if done.status:
        raise NixpyError(
            f"git failed: {_reason(done)}",
            hint=f"the files are written; run `git add --intent-to-add {' '.join(new)}`",
        )


def _reason(done: process.Done) -> str:
    lines = [line for line in done.err.splitlines() if line.strip()]
    return lines[0].removeprefix("fatal: ") if lines else f"exit code {done.status}"


def versions(folder: Path, path: str) -> list[str]:
    """Give the texts that the last commit and the index have of a file, as far as they do."""
    if checkout_of(folder) is None:
        return []
    try:
        shown = [_git(folder, ["show", f"{revision}:./{path}"]) for revision in ("HEAD", "")]
    except NixpyError:
        return []
    return [done.out for done in shown if not done.status]


def forget(folder: Path, paths: Sequence[str]) -> None:
    """Take removed files out of the index that no commit has: they were only meant to be added."""
    if not paths or checkout_of(folder) is None:
        return
    new = [path for path in paths if _git(folder, ["cat-file", "-e", f"HEAD:./{path}"]).status]
    if new:
        _git(folder, ["rm", "--cached", "--quiet", "--ignore-unmatch", "--", *new])


def tracked_size(checkout: Path) -> int:
    """Return the bytes of the files that git tracks in a checkout; 0 where git cannot say."""
    total = 0
    try:
        names = _git(checkout, ["ls-files", "-z"]).out
    except NixpyError:
        return 0
    folder = os.open(checkout, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for name in filter(None, names.split("\0")):
            with contextlib.suppress(OSError):
                # By a name in an open folder: joining paths takes longer than looking.
                status = os.stat(name, dir_fd=folder, follow_symlinks=False)
                total += status.st_size if stat.S_ISREG(status.st_mode) else 0
    finally:
        os.close(folder)
    return total


def edited(checkout: Path) -> bool:
    """Whether tracked files differ from the last commit, by their times: no filter is started."""
    try:
        done = _git(checkout, ["diff-index", "--name-only", "--ignore-submodules", "HEAD"])
    except NixpyError:
        return False
    return not done.status and bool(done.out)


def exclude_file(folder: Path) -> Path | None:
    """Return the file by which a clone ignores what its repository does not; None without one.

    All worktrees of a clone have one; a submodule has its own.
    """
    done = _git(folder, ["rev-parse", "--git-path", "info/exclude"])
    name = done.out.removesuffix("\n")
    return (folder / name).resolve() if name and not done.status else None


def other_worktrees(folder: Path) -> list[Path]:
    """Return the worktrees of the same clone, but the one that the folder lies in."""
    own = checkout_of(folder)
    listed = _git(folder, ["worktree", "list", "--porcelain"]).out.splitlines()
    found = [Path(line.partition(" ")[2]) for line in listed if line.startswith("worktree ")]
    return [path for path in found if path != own]
