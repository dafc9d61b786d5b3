"""A lockfile that an installer is to lock anew, and that comes back unless that goes well."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from types import FrameType

from nixpy.system.console import tell
from nixpy.system.files import DiskTree, remove, write_all

# A lock with Nix's versions and the hashes of others must not be taken for good, so the lock that
# it was made from lies beside it, below the checksum of the one that stands in its place.
_ASIDE = ".{file}.before-align"


@contextmanager
def restored(folder: Path, file: str) -> Iterator[Callable[[str], None]]:
    """Put a lock back as it was if what is done meanwhile fails, or is stopped by a signal.

    Gives what writes the text that the installer is to start with. Where the process is killed
    meanwhile, :func:`recover` puts the lock back.
    """
    data = DiskTree(folder).read(file) or b""
    aside = _ASIDE.format(file=file)

    def start_with(text: str) -> None:
        write_all(folder, {aside: f"{_checksum(text.encode())}\n{data.decode()}"})
        write_all(folder, {file: text})

    handlers = {one: signal.signal(one, _stop) for one in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield start_with
    except BaseException:
        if DiskTree(folder).read(file) != data:
            write_all(folder, {file: data.decode()})
        tell("note", f"{file} is as it was")
        raise
    finally:
        for one, handler in handlers.items():
            signal.signal(one, handler)
        remove(folder, [aside])


def recover(folder: Path, file: str) -> bool:
    """Put a lock back that an interrupted run has left, and tell whether there was one.

    A lock that was changed since is the user's.
    """
    aside = _ASIDE.format(file=file)
    kept = DiskTree(folder).read(aside)
    if kept is None:
        return False
    checksum, _, before = kept.decode().partition("\n")
    unfinished = _checksum(DiskTree(folder).read(file) or b"") == checksum
    if unfinished:
        write_all(folder, {file: before})
        tell("note", f"{file} is as it was before an `align` that was interrupted")
    remove(folder, [aside])
    return unfinished


def _checksum(data: bytes) -> str:
    return sha256(data).hexdigest()


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
