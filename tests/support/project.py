"""A user's project in a temporary folder: `nixpy init` on it, and its real shell."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.nixpkgs import nix_environment
from tests.support.store import Snapshot, closure, snapshot

# What the machine or the shell that runs the tests may have set, and a user's has not.
_FOREIGN = ("PIP_", "UV_", "VIRTUAL_ENV", "CONDA_", "PYTHON", "NIXPY_", "POETRY_", "PDM_", "HATCH_")
_KEPT = ("PYTHONDONTWRITEBYTECODE", "PIP_CERT")


def user_environment(home: Path, **further: str) -> dict[str, str]:
    """Give the environment of a user with an empty home folder, and with Nix.

    The stand-in still downloads from the index that this machine uses, whichever the user has.
    """
    clean = {
        name: value
        for name, value in os.environ.items()
        if name in _KEPT or not name.startswith(_FOREIGN)
    }
    own = {
        "HOME": str(home),
        "NO_COLOR": "1",
        "STANDIN_PIP_INDEX_URL": os.environ.get("PIP_INDEX_URL", ""),
    }
    return nix_environment({**clean, **own, **further})


@dataclass(frozen=True, slots=True)
class Project:
    """A project folder, what its flake takes for nixpkgs, and the user's environment."""

    root: Path
    nixpkgs: str
    environment: Mapping[str, str] = field(default_factory=dict)

    def write(self, files: Mapping[str, str]) -> None:
        """Write files, given by path relative to the root."""
        for name, text in files.items():
            file = self.root / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")

    def git(self) -> None:
        """Make the folder a git checkout that knows its files."""
        for command in (["init", "-q"], ["add", "--all"]):
            subprocess.run(["git", "-C", str(self.root), *command], check=True)

    def nixpy(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run nixpy in the root."""
        return self.run([sys.executable, "-I", "-m", "nixpy", *arguments], check=check)

    def run(
        self,
        command: Sequence[str],
        *,
        cwd: Path | None = None,
        environment: Mapping[str, str] | None = None,
        check: bool = True,
    ) -> subprocess.CompletedProcess[str]:
        """Run a command as the user; with ``check`` a failure is told with all that it printed."""
        done = subprocess.run(
            command,
            capture_output=True,
            check=False,
            cwd=cwd or self.root,
            env={**self.environment, **(environment or {})},
            stdin=subprocess.DEVNULL,
            text=True,
        )
        if check and done.returncode:
            raise AssertionError(
                f"{shlex.join(command)}: exit {done.returncode}\n{done.stdout}\n{done.stderr}"
            )
        return done

    def flake_options(self) -> list[str]:
        """Give the options that put the stand-in in nixpkgs' place."""
        return ["--no-write-lock-file", "--override-input", "nixpkgs", self.nixpkgs]

    def enter(
        self,
        script: str,
        *,
        cwd: Path | None = None,
        flake: str | None = None,
        environment: Mapping[str, str] | None = None,
        check: bool = True,
    ) -> subprocess.CompletedProcess[str]:
        """Run a bash script inside the project's shell, as `nix develop -c` does."""
        installable = [] if flake is None else [flake]
        command = ["nix", "develop", *installable, *self.flake_options()]
        command += ["-c", "bash", "-c", f"set -e; {script}"]
        return self.run(command, cwd=cwd, environment=environment, check=check)

    def development_environment(self) -> dict[str, str]:
        """Give the variables of the shell as Nix tells them, its hook among them."""
        done = self.run(["nix", "print-dev-env", "--json", *self.flake_options()])
        variables = json.loads(done.stdout)["variables"]
        return {
            name: one["value"] for name, one in variables.items() if isinstance(one["value"], str)
        }

    def store_paths(self, *packages: str) -> list[Path]:
        """Give the store paths that the shell is made of, with all that they refer to."""
        variables = self.development_environment()
        named = {
            "/".join(word.split("/")[:4])
            for value in variables.values()
            for word in value.replace('"', " ").replace(":", " ").replace("'", " ").split()
            if word.startswith("/nix/store/")
        }
        return closure(*sorted(path for path in named if Path(path).exists()), *packages)

    def store(self) -> Snapshot:
        """Write down every byte of what the shell is made of."""
        return snapshot(self.store_paths())

    @property
    def venv(self) -> Path:
        """The project's virtual environment."""
        return self.root / ".venv"


def lines(done: subprocess.CompletedProcess[str]) -> list[str]:
    """Give the lines of a command's standard output."""
    return done.stdout.splitlines()
