"""Looking at the Nix store: what is in it, and whether any of it changed."""

from __future__ import annotations

import hashlib
import stat
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.support.nixpkgs import nix_environment

STORE = Path("/nix/store")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What store paths held at one time: a line for every file, by its path."""

    entries: dict[str, str]

    @property
    def digest(self) -> str:
        """A hash over everything."""
        lines = "\n".join(f"{path} {entry}" for path, entry in sorted(self.entries.items()))
        return hashlib.sha256(lines.encode(errors="surrogateescape")).hexdigest()

    def changes(self, later: Snapshot) -> list[str]:
        """Returns what is different in a later snapshot, a line each."""
        lines = [f"removed: {path}" for path in self.entries.keys() - later.entries.keys()]
        lines += [f"added: {path}" for path in later.entries.keys() - self.entries.keys()]
        lines += [
            f"changed: {path}: {self.entries[path]} -> {later.entries[path]}"
            for path in self.entries.keys() & later.entries.keys()
            if self.entries[path] != later.entries[path]
        ]
        return sorted(lines)


def closure(*paths: str | Path) -> list[Path]:
    """Returns store paths with all that they refer to."""
    command = ["nix-store", "--query", "--requisites", *map(str, paths)]
    listed = subprocess.run(
        command, capture_output=True, text=True, check=True, env=nix_environment()
    ).stdout
    return [Path(line) for line in listed.splitlines()]


def dead() -> set[Path]:
    """Returns the store paths that nothing keeps alive, by Nix's own reckoning."""
    command = ["nix-store", "--gc", "--print-dead"]
    # Nix gives up where another test's root or process goes while it looks at it.
    for _ in range(10):
        done = subprocess.run(command, capture_output=True, text=True, env=nix_environment())
        if done.returncode == 0:
            return {Path(line) for line in done.stdout.splitlines()}
    raise AssertionError(done.stderr)


def snapshot(paths: Iterable[str | Path], *, contents: bool = True) -> Snapshot:
    """Writes down every file below some store paths.

    paths: store paths; symbolic links are noted, never followed.
    contents: whether to hash what files hold, beside their kind, mode, size and time.
    """
    entries: dict[str, str] = {}
    for root in paths:
        _walk(Path(root), entries, contents=contents)
    return Snapshot(entries)


def _walk(path: Path, entries: dict[str, str], *, contents: bool) -> None:
    status = path.lstat()
    line = f"{status.st_mode:o} {status.st_size} {status.st_mtime_ns}"
    if stat.S_ISLNK(status.st_mode):
        line += f" -> {path.readlink()}"
    elif stat.S_ISDIR(status.st_mode):
        # A folder's size says nothing: it depends on the file system.
        line = f"{status.st_mode:o} {status.st_mtime_ns}"
        for child in path.iterdir():
            _walk(child, entries, contents=contents)
    elif contents:
        line += " " + hashlib.sha256(path.read_bytes()).hexdigest()
    entries[str(path)] = line


def writable(paths: Iterable[str | Path]) -> list[str]:
    """Returns the files and folders below store paths that somebody has leave to write."""
    return [
        path
        for path, entry in snapshot(paths, contents=False).entries.items()
        if int(entry.split()[0], 8) & 0o222 and " -> " not in entry
    ]
