"""The gate to the disk: reads a project's files, and writes what was rendered.

A write is a temporary file in the same folder, flushed to the disk, then renamed: a reader sees
the old text or the new one, wherever the process is killed; the next write in that folder sweeps
what it left. Nothing is written through a symbolic link that leaves the project.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from nixpy.errors import NixpyError
from nixpy.syntax.limits import MOST_BYTES
from nixpy.system.reading import leads_out, read_head

# Of the names of temporary files; the number of their process follows.
_TEMPORARY = ".nixpy-"


@dataclass(frozen=True, slots=True)
class DiskTree:
    """The files below a folder, as readers see them (see ``nixpy.syntax.tree.Tree``)."""

    root: Path

    def read(self, path: str) -> bytes | None:
        """Give the bytes of a file, or None if there is none.

        Raises NixpyError for a file that cannot be read, that lies outside of the project or is a
        link out of it, for a folder, a FIFO or a device, and for more than 24 MiB.
        """
        try:
            size = (self.root / path).stat().st_size
            if leads_out(self.root, path):
                raise NixpyError(
                    "lies outside of the project, so it is not read",
                    file=path,
                    hint="put a copy into the project",
                )
            data = read_head(self.root / path, MOST_BYTES + 1)
        except (FileNotFoundError, NotADirectoryError, ValueError):  # ValueError: a NUL in the path
            return None
        except IsADirectoryError:
            raise NixpyError("expected a file, found a folder", file=path) from None
        except OSError as error:
            raise NixpyError(f"cannot be read: {error.strerror}", file=path) from None
        if len(data) > MOST_BYTES:
            raise NixpyError(
                f"too large: {size / 2**20:.0f} MiB, of at most {MOST_BYTES // 2**20}",
                file=path,
                hint="move it out of the project, or make it again",
            )
        return data

    def glob(self, pattern: str) -> list[str]:
        """Give the sorted relative paths of the files that match, one folder level a ``*``."""
        if not any(char in pattern for char in "*?["):
            return [pattern] if os.path.lexists(self.root / pattern) else []
        return sorted(
            path.relative_to(self.root).as_posix()
            for path in self.root.glob(pattern)
            if not path.is_dir()
        )


def read_text(root: Path, path: str) -> str | None:
    """Give the text of a file (UTF-8, with or without a byte order mark), or None if there is none.

    Raises NixpyError for what cannot be read or is not UTF-8.
    """
    data = DiskTree(root).read(path)
    if data is None:
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise NixpyError("the file is not UTF-8", file=path, line=line) from None


def remove_tree(folder: Path) -> None:
    """Remove a folder and all that it holds; raises OSError."""
    shutil.rmtree(folder)


def newer(root: Path, path: str, other: str) -> bool:
    """Whether a file was changed later than another one; not if either is missing."""
    try:
        return (root / path).stat().st_mtime > (root / other).stat().st_mtime
    except OSError:
        return False


def _inside(root: Path, path: str) -> Path:
    """Give the real place to write to, refusing what leaves the project.

    A symbolic link to another file of the project is followed, as an editor would.
    """
    base = Path(os.path.realpath(root))
    target = Path(os.path.realpath(base / path))
    if target != base and base not in target.parents:
        raise NixpyError(
            f"the path leads out of the project, to `{target}`",
            file=path,
            hint="replace the symbolic link by a file or a folder",
        )
    return target


def _prepare(target: Path, text: str) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    _sweep(target.parent)
    prefix = f".{target.name}{_TEMPORARY}{os.getpid()}-"
    handle, name = tempfile.mkstemp(prefix=prefix, dir=target.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        mode = target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask()
        temporary.chmod(mode)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def _sweep(folder: Path) -> None:
    """Remove the temporary files of processes that are gone."""
    for path in folder.glob(f".*{_TEMPORARY}*"):
        process = path.name.rpartition(_TEMPORARY)[2].partition("-")[0]
        if process.isdecimal() and path.is_file() and not _lives(int(process)):
            path.unlink(missing_ok=True)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        pass
    return True


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def write_all(root: Path, texts: Mapping[str, str]) -> None:
    """Write files below the root, all of them or none.

    Every text lies complete on the disk before the first file is replaced, so that a full disk or
    a folder that may not be written leaves everything as it was.
    Raises NixpyError, naming the file.
    """
    prepared: list[tuple[str, Path, Path]] = []
    path = ""
    try:
        for path, text in texts.items():
            target = _inside(root, path)
            prepared.append((path, _prepare(target, text), target))
        for path, temporary, target in prepared:  # noqa: B007 - the error names it
            temporary.replace(target)
    except OSError as error:
        hints = {
            errno.ENOSPC: "free some space, then run the command again; nothing was changed",
            errno.EROFS: "the file system is read-only",
            errno.EACCES: "the folder belongs to another user, or is read-only",
            errno.EEXIST: "a file lies where a folder is needed; move it away",
            errno.ENOTDIR: "a file lies where a folder is needed; move it away",
        }
        raise NixpyError(
            f"cannot be written: {error.strerror}", file=path, hint=hints.get(error.errno or 0)
        ) from None
    finally:
        for _, temporary, _ in prepared:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)


def remove(root: Path, paths: Iterable[str]) -> None:
    """Remove files below the root, and the folders that held nothing else.

    A link goes itself, never what it leads to, and nothing below one.
    Raises NixpyError, naming the file.
    """
    for path in paths:
        base = Path(os.path.realpath(root))
        target = base / path
        if Path(os.path.realpath(target.parent)) != target.parent:
            raise NixpyError(
                "a folder of the path is a link, and nothing is removed through links",
                file=path,
                hint="remove the file by hand",
            )
        try:
            target.unlink(missing_ok=True)
            for folder in filter(Path.is_dir, target.parents):
                if folder == Path(os.path.realpath(root)) or any(folder.iterdir()):
                    break
                folder.rmdir()
        except OSError as error:
            raise NixpyError(f"cannot be removed: {error.strerror}", file=path) from None


@contextlib.contextmanager
def locked(root: Path, waiting: Callable[[], None]) -> Iterator[None]:
    """Hold a project, so that of several that edit its files at once each sees the others' edits.

    ``waiting`` is called where another holds it. Where a folder cannot be locked, as on some
    network file systems, it is not.
    """
    handle = os.open(root, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                waiting()
                fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
