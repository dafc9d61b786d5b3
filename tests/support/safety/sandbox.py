"""Runs commands where a write to the Nix store is seen, or refused, and never reaches it.

The store is laid under an overlay (Linux, as root or in a user namespace): whatever a command
writes, changes or removes below it lands in the overlay's upper folder. An empty upper folder says
that the store is byte for byte what it was; and a recipe that writes to it spoils nothing.
"""

from __future__ import annotations

import functools
import os
import shutil
import signal
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from tests.support.nixpkgs import nix_environment

STORE = Path("/nix/store")

# $LAID are the folders that a command finds as they are and leaves as they were; $EMPTY those that
# it finds empty. They are mounted in this order: what lies in a folder may be mounted over again.
_SETUP = """
    lay() {
        mkdir "$UPPER/$1" "$UPPER/$1/changes" "$UPPER/$1/work" &&
        mount -t overlay overlay \
          -o "lowerdir=$2,upperdir=$UPPER/$1/changes,workdir=$UPPER/$1/work" "$2"
    }
    mount -t tmpfs tmpfs "$UPPER" || exit 125
    if [ "$MODE" = watched ]; then
        lay store /nix/store || exit 125
    else
        mount --bind /nix/store /nix/store && mount -o remount,bind,ro /nix/store || exit 125
    fi
    if [ "$LAID" ]; then lay project "$LAID" || exit 125; fi
    for folder in $EMPTY; do mount -t tmpfs tmpfs "$folder" || exit 125; done
    cd "$PWD" || exit 125
"""
_BODY = """
    env -i "${@}"
    code=$?
    if [ "$MODE" = watched ]; then (cd "$UPPER/store/changes" && find . -mindepth 1) >"$CHANGES"; fi
    while IFS= read -r pattern; do
        if compgen -G "$pattern" >/dev/null; then echo "$pattern"; fi
    done <<<"$PATTERNS" >"$FOUND"
    exit $code
"""


class Mode(Enum):
    """How the store is mounted: writable but watched, or read-only as on NixOS."""

    WATCHED = "watched"
    READ_ONLY = "read-only"


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a command: its exit status, its output, and what it did to the store.

    ``changes`` are paths relative to the store; with a read-only store there are none. ``found``
    are the patterns asked for that matched a file afterwards.
    """

    status: int
    output: str
    changes: tuple[str, ...] = ()
    found: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a command runs.

    ``cwd`` is its folder, ``laid`` a folder that it may change without a trace (None: it changes
    it for good), ``empty`` are folders that it finds empty, ``scratch`` is one for its own use.
    No path may have a space in it.
    """

    cwd: Path
    scratch: Path
    laid: Path | None = None
    empty: tuple[Path, ...] = ()


def run(
    script: str,
    place: Place,
    environment: Mapping[str, str],
    mode: Mode,
    patterns: Iterable[str] = (),
    limit: float = 180.0,
) -> Result:
    """Run a bash script with this environment and no other.

    ``patterns`` are globs to look for afterwards, ``limit`` is the time it may take in seconds.
    """
    upper, changes, found = (place.scratch / name for name in ("upper", "changes", "found"))
    upper.mkdir(parents=True, exist_ok=True)
    for file in (changes, found):
        file.write_text("")
    given = {
        "UPPER": str(upper),
        "CHANGES": str(changes),
        "FOUND": str(found),
        "MODE": mode.value,
        "LAID": str(place.laid or ""),
        "EMPTY": " ".join(map(str, place.empty)),
        "PATTERNS": "\n".join(patterns),
    }
    assignments = [f"{name}={value}" for name, value in environment.items()]
    command = [*_unshare(), "bash", "-c", _SETUP + _BODY, "bash", *assignments]
    command += ["bash", "--norc", "--noprofile", "-c", script]
    with subprocess.Popen(
        command,
        cwd=place.cwd,
        env={**os.environ, **given},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        text=True,
        errors="replace",
    ) as process:
        try:
            output, _ = process.communicate(timeout=limit)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            output, _ = process.communicate()
            return Result(124, f"{output}\ntook more than {limit} s")
    if process.returncode == 125:
        raise RuntimeError(f"cannot mount over {STORE}: {output}")
    return Result(
        process.returncode,
        output,
        tuple(sorted(changes.read_text(errors="replace").splitlines())),
        frozenset(found.read_text().splitlines()),
    )


def _unshare() -> list[str]:
    own = [] if os.geteuid() == 0 else ["--map-root-user"]
    return ["unshare", "--mount", "--propagation", "private", *own]


@functools.cache
def can_mount() -> bool:
    """Tell whether this machine has a store, and allows mounting over it in a namespace."""
    if shutil.which("unshare") is None or shutil.which("nix-store") is None:
        return False
    # Where Nix came with the distribution there is no store before its first use.
    subprocess.run(["nix-store", "--init"], capture_output=True, check=False, env=nix_environment())
    text = (
        'mount -t tmpfs tmpfs /tmp && mkdir /tmp/a /tmp/b && mount -t overlay overlay -o "lowerdir='
    )
    text += '/nix/store,upperdir=/tmp/a,workdir=/tmp/b" /nix/store'
    command = [*_unshare(), "bash", "-c", text]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0
