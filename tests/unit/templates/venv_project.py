"""A project with its venv, and packages as Nix and installers leave them."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

PROGRAM = Path(__file__).parents[3] / "templates" / "venv.py"
# The interpreter below the one that runs the tests, which may be a venv's.
PYTHON = Path(sys.base_prefix, "bin", "python{}.{}".format(*sys.version_info))
SITE = Path(sysconfig.get_path("purelib", "posix_prefix", {"base": ""}).lstrip("/"))
HASH = "0123456789abcdfghijklmnpqrsvwxyz"

Env = Callable[..., Path]
"""Makes a withPackages env: takes the files in it and its name, gives its path."""


@dataclass
class Project:
    """A project's folder with the venv that the program makes in it."""

    root: Path

    @property
    def venv(self) -> Path:
        """The venv, made or not."""
        return self.root / ".venv"

    @property
    def site(self) -> Path:
        """The venv's site-packages."""
        return self.venv / SITE

    def command(self, *arguments: object, stamp: str = "1") -> list[str]:
        """Return the command by which the shell's hook starts the program."""
        fixed = [PYTHON, "-IS", PROGRAM, self.venv, "--stamp", stamp]
        return [str(argument) for argument in [*fixed, *arguments]]

    def enter(
        self, *arguments: object, stamp: str = "1", **options: object
    ) -> subprocess.CompletedProcess[str]:
        """Run the program as the shell's hook does."""
        command = self.command(*arguments, stamp=stamp)
        run = subprocess.run(command, capture_output=True, text=True, timeout=60, **options)
        assert run.stdout == ""
        assert "Traceback" not in run.stderr
        return run

    def python(self, code: str, *flags: str, python: str = "python") -> str:
        """Return what a program prints that the venv's python runs."""
        command = [self.venv / "bin" / python, *flags, "-c", code]
        run = subprocess.run(command, capture_output=True, text=True, timeout=60)
        assert run.returncode == 0, run.stderr
        assert run.stderr == ""
        return run.stdout.strip()


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder, but for what Python compiles."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix != ".pyc"
    }


def place(folder: Path, files: dict[str, str]) -> None:
    """Write files below a folder; `SITE` in a path stands for the site-packages folder."""
    for path, text in files.items():
        target = folder / path.replace("SITE", str(SITE))
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)


def package(
    name: str, version: str = "1.0", *, points: str = "", installer: str = "pip"
) -> dict[str, str]:
    """Return the files of an installed package with one module, `NAME.main()` says its place."""
    info = f"SITE/{name}-{version}.dist-info"
    body = f"version = {version!r}\ndef main(): print({name!r}, version, __file__)\n"
    return {
        f"SITE/{name}/__init__.py": body,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/RECORD": f"{name}/__init__.py,,\n",
        f"{info}/INSTALLER": f"{installer}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        **({f"{info}/entry_points.txt": points} if points else {}),
    }


def run(*command: object, **options: object) -> subprocess.CompletedProcess[str]:
    """Run a command that must succeed."""
    done = subprocess.run(
        [str(word) for word in command], capture_output=True, text=True, timeout=120, **options
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done
