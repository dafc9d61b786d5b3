"""The gate to other programs: each is started here, and ends whole, with all that it started."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

# Seconds that a program has to put things in order after SIGTERM.
_GRACE = 2.0


@dataclass(frozen=True, slots=True)
class Done:
    """A program that has ended: its exit status (negative: the signal), and what it wrote."""

    status: int
    out: str = ""
    err: str = ""


class TimedOut(Exception):
    """A program did not end in its time; it and all that it started were ended."""


def find(program: str, *places: str, outside: str | os.PathLike[str] | None = None) -> str | None:
    """Return the path of a program on PATH, or after that in further folders; None without one.

    Relative entries of PATH are passed over, and those in the folder ``outside``: they may lie in a
    project that was only looked at.
    """
    entries = [*search_path(outside), *places]
    return shutil.which(program, path=os.pathsep.join(entries)) if entries else None


def search_path(outside: str | os.PathLike[str] | None = None) -> list[str]:
    """Return the absolute entries of PATH that do not lie in a folder."""
    entries = [one for one in os.environ.get("PATH", "").split(os.pathsep) if one.startswith("/")]
    return [one for one in entries if outside is None or not is_inside(one, outside)]


def is_inside(path: str | os.PathLike[str], folder: str | os.PathLike[str]) -> bool:
    """Tell whether a path leads, by whatever links, into a folder or is that folder."""
    root = os.path.realpath(folder)
    real = os.path.realpath(path)
    return real == root or real.startswith(root.rstrip("/") + "/")


def run(
    arguments: Sequence[str],
    seconds: float | None = None,
    *,
    cwd: str | os.PathLike[str] | None = None,
    environment: Mapping[str, str] | None = None,
    given: str | None = None,
    errors: str = "replace",
) -> Done:
    """Run a command in a process group of its own, and return what it wrote.

    ``seconds`` is how long it may take, ``given`` what it reads on stdin (nothing otherwise), and
    ``errors`` what becomes of bytes that are not UTF-8. Raises OSError if it cannot be started,
    and TimedOut if it does not end in time.
    """
    with subprocess.Popen(
        arguments,
        cwd=cwd,
        encoding="utf-8",
        env=environment,
        errors=errors,
        start_new_session=True,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL if given is None else subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        try:
            out, err = process.communicate(given, timeout=seconds)
        except BaseException as error:
            _end(process)
            if isinstance(error, subprocess.TimeoutExpired):
                raise TimedOut(f"`{arguments[0]}` took more than {seconds} seconds") from None
            raise
    return Done(process.returncode, out, err)


def show(arguments: Sequence[str], *, cwd: str | os.PathLike[str] | None = None) -> int:
    """Run a command whose output goes to stderr as it comes, and return its exit status.

    It stays in the terminal's foreground group, so that Ctrl-C reaches it. Raises OSError if it
    cannot be started.
    """
    sys.stderr.flush()
    return subprocess.run(
        arguments, check=False, cwd=cwd, stdin=subprocess.DEVNULL, stdout=sys.stderr
    ).returncode


def become(arguments: Sequence[str], environment: Mapping[str, str]) -> NoReturn:
    """Run a command in place of this process: it gets the terminal, the signals and the last word.

    Raises OSError if it cannot be started.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    # Python ignores SIGPIPE, which would be inherited: `nixpy run yes | head` would not end.
    for name in ("SIGPIPE", "SIGXFSZ"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_DFL)
    os.execve(arguments[0], list(arguments), environment)  # noqa: S606 - a list, no shell's line


def _end(process: subprocess.Popen[str]) -> None:
    """End a process group: SIGTERM, and after a while SIGKILL for what has not heeded it."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_GRACE)
        os.killpg(process.pid, signal.SIGKILL)
