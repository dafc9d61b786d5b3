"""Opens files that others wrote: regular ones alone, never longer than they may be.

A FIFO would be waited for, `/dev/zero` has no end, and to open some devices does something.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

# What a project's file may be a link to beside its own: all may read it, and it holds no secrets.
_STORE = Path("/nix/store")


def read_head(path: Path, most: int) -> bytes:
    """Return the first so many bytes of a file; raises OSError, also for what is no regular one."""
    _refuse_odd(path.stat(), path)
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(handle, "rb") as file:
        _refuse_odd(os.fstat(handle), path)
        return file.read(most)


def read_head_text(path: Path, most: int) -> str:
    """Return the beginning of a file as text, what is not UTF-8 replaced; raises OSError."""
    return read_head(path, most).decode("utf-8", "replace")


def _refuse_odd(found: os.stat_result, path: Path) -> None:
    if stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not stat.S_ISREG(found.st_mode):
        raise OSError(errno.EINVAL, "not a regular file", str(path))


def owners(folder: Path) -> frozenset[int]:
    """Return whose files are believed in a folder: its owner's, and those of who runs this."""
    return frozenset({folder.stat().st_uid, os.getuid()})


def leads_out(root: Path, path: str) -> bool:
    """Whether a path, links followed, leaves the project: its checkout of git, else its folder."""
    real = Path(os.path.realpath(root / path))
    border = _border(Path(os.path.realpath(root)))
    return not (real.is_relative_to(border) or real.is_relative_to(_STORE))


def _border(root: Path) -> Path:
    home = Path(os.path.realpath(Path(os.environ.get("HOME") or "/")))
    for folder in (root, *root.parents):
        # The home folder of those who keep their settings in git is not a project.
        if folder != home and (folder / ".git").exists():
            return folder
    return root
