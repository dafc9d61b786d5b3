"""Runs another program with a time limit that holds, also where it starts further ones."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence


def run(
    arguments: Sequence[str],
    seconds: float,
    *,
    cwd: str = "/",
    environment: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run a command and give its output.

    Raises OSError if it cannot be started, and TimeoutExpired if it does not end in time; then it
    and all that it started are killed.
    """
    with subprocess.Popen(
        arguments,
        cwd=cwd,
        encoding="utf-8",
        env=environment,
        errors="replace",
        start_new_session=True,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
    ) as process:
        try:
            out, err = process.communicate(timeout=seconds)
        except BaseException:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            raise
    return subprocess.CompletedProcess(arguments, process.returncode, out, err)
