"""Broken places for `nixpy doctor`: a project, the shell around it, and what lies in its venv."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.nixpkgs import NIX_CONFIG

# What the doctor itself and the builders of scenes start; no Python is among them.
_PROGRAMS = ("bash", "env", "gcc", "git", "ld", "nix", "sh")
_GLIBC = (
    "libdl.so.2",
    "libm.so.6",
    "libpthread.so.0",
    "libresolv.so.2",
    "librt.so.1",
    "libutil.so.1",
)


@dataclass(slots=True)
class Scene:
    """A project's folder and the variables of the shell from which the doctor is called."""

    root: Path
    environment: dict[str, str] = field(default_factory=dict)
    wrapper: list[str] = field(default_factory=list)  # what the doctor is started by

    @classmethod
    def make(cls, folder: Path) -> Scene:
        """Make an empty project and a shell with nothing special, below a folder."""
        programs, root, home = (folder / name for name in ("programs", "app", "home"))
        for one in (programs, root, home):
            one.mkdir(parents=True)
        for name in _PROGRAMS:
            found = shutil.which(name)
            if found:
                (programs / name).symlink_to(found)
        variables = {
            "HOME": str(home),
            "LANG": "C.UTF-8",
            "NIX_CONFIG": NIX_CONFIG,
            "NO_COLOR": "1",
            "PATH": str(programs),
        }
        return cls(root, variables)

    def write(self, files: Mapping[str, str]) -> None:
        """Write files of the project."""
        for name, text in files.items():
            file = self.root / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")

    def set(self, **variables: str | Path) -> None:
        """Set variables of the shell."""
        self.environment |= {name: str(value) for name, value in variables.items()}

    def first_on_path(self, *folders: Path) -> None:
        """Put folders before the rest of PATH."""
        self.set(PATH=":".join([*map(str, folders), self.environment["PATH"]]))

    def git(self, *files: str) -> None:
        """Make the project a git checkout that tracks the files."""
        subprocess.run(["git", "-C", str(self.root), "init", "-q"], check=True)
        if files:
            command = ["git", "-C", str(self.root), "add", "--force", "--", *files]
            subprocess.run(command, check=True)

    @property
    def venv(self) -> Path:
        """The project's venv."""
        return self.root / ".venv"

    @property
    def site_packages(self) -> Path:
        """The folder of the venv's packages."""
        return next(self.venv.glob("lib/python3.*/site-packages"))

    def make_venv(self, python: Path | str = sys.executable, *options: str) -> None:
        """Make a venv without pip, by the venv module of a Python."""
        command = [str(python), "-I", "-m", "venv", "--without-pip", *options, str(self.venv)]
        subprocess.run(command, check=True, capture_output=True, env=self.environment)
        # The venv module copies the scripts of a store with their mode.
        for script in (self.venv / "bin").glob("[aA]ctivate*"):
            script.chmod(0o644)

    def install(self, name: str, version: str = "1.0", installer: str = "pip") -> None:
        """Put a distribution's metadata into the venv."""
        info = self.site_packages / f"{name.replace('-', '_')}-{version}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        (info / "INSTALLER").write_text(f"{installer}\n")

    def compile(
        self,
        target: Path,
        *options: str,
        source: str = "int one(void) { return 1; }",
        shared: bool = True,
    ) -> Path:
        """Compile a shared library, or a program, with the machine's gcc."""
        target.parent.mkdir(parents=True, exist_ok=True)
        code = target.with_name(f"{target.name}.c")
        code.write_text(source)
        kind = ["-shared", "-fPIC", "-nostartfiles"] if shared else []
        command = ["gcc", *kind, str(code), "-o", str(target), *options]
        subprocess.run(command, check=True, capture_output=True)
        code.unlink()
        return target

    def nixpy(self, *arguments: str) -> None:
        """Run nixpy in the project."""
        command = [sys.executable, "-I", "-m", "nixpy", *arguments]
        subprocess.run(
            command, check=True, capture_output=True, cwd=self.root, env=self.environment
        )

    def doctor(
        self, *arguments: str, folder: Path | None = None, check: bool = False
    ) -> subprocess.CompletedProcess[str]:
        """Run `nixpy doctor` in the shell, by the Python that runs the tests."""
        command = [*self.wrapper, sys.executable, "-I", "-m", "nixpy", "doctor", *arguments]
        done = subprocess.run(
            command,
            capture_output=True,
            check=False,
            cwd=folder or self.root,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            text=True,
        )
        if done.returncode not in {0, 1} and check:
            raise AssertionError(f"exit {done.returncode}\n{done.stdout}\n{done.stderr}")
        return done

    def findings(self, *arguments: str, folder: Path | None = None) -> list[dict[str, str]]:
        """Give what the doctor finds."""
        done = self.doctor("--json", *arguments, folder=folder, check=True)
        said = json.loads(done.stdout)
        found: list[dict[str, str]] = said["findings"]
        wrong = [one for one in found if one["severity"] != "note"]
        assert done.returncode == (1 if wrong or said["unreadable"] or said["unexamined"] else 0)
        return found

    def found(self, *arguments: str) -> list[str]:
        """Give the ids of what the doctor finds."""
        return [one["id"] for one in self.findings(*arguments)]


def host_python() -> Path:
    """Give the Python that the tests' own was made from, without symbolic links."""
    return Path(os.path.realpath(sys.executable))


def store_python(store: Path) -> Path:
    """Put a Python into a folder that plays the store, and give its path there.

    Its dynamic loader is the machine's, changed to find nothing outside of its own folder, as that
    of Nix's glibc does.
    """
    host = host_python()
    libraries = store / "aaaa-glibc-2.99" / "lib"
    libraries.mkdir(parents=True)
    listed = subprocess.run(["ldd", str(host)], check=True, capture_output=True, text=True).stdout
    paths = [Path(word) for word in listed.split() if word.startswith("/")]
    libc = next(path for path in paths if path.name == "libc.so.6")
    # Python needs not all that glibc consists of; wheels may.
    paths += [path for name in _GLIBC if (path := libc.with_name(name)).exists()]
    for path in dict.fromkeys(paths):
        data = path.read_bytes()
        if path.name.startswith("ld-"):
            for place in (b"/etc/ld.so.cache", b"/lib/", b"/usr/lib/", b"/lib64/", b"/usr/lib64/"):
                data = data.replace(b"\0" + place, b"\0" + place.replace(b"l", b"_"))
            data = data.replace(b"/lib/x86_64-linux-gnu/", b"/_ib/x86_64-linux-gnu/")
            data = data.replace(b"/lib/aarch64-linux-gnu/", b"/_ib/aarch64-linux-gnu/")
        (libraries / path.name).write_bytes(data)
        (libraries / path.name).chmod(0o755)
        if "python" in path.name:  # its own path would come before that of the executable
            subprocess.run(["patchelf", "--remove-rpath", libraries / path.name], check=True)
    loader = next(libraries.glob("ld-*"))
    folder = store / f"bbbb-python3-{sys.version_info[0]}.{sys.version_info[1]}"
    python = folder / "bin" / f"python{sys.version_info[0]}.{sys.version_info[1]}"
    python.parent.mkdir(parents=True)
    shutil.copy(host, python)
    subprocess.run(
        [
            "patchelf",
            "--set-interpreter",
            loader,
            "--force-rpath",
            "--set-rpath",
            libraries,
            python,
        ],
        check=True,
    )
    (python.parent / "python3").symlink_to(python.name)
    # The standard library, and none of the packages that this machine's Python may have.
    library = Path(sys.base_prefix) / "lib"
    modules = folder / "lib" / python.name
    modules.mkdir(parents=True)
    for entry in (library / python.name).iterdir():
        if entry.name not in ("site-packages", "dist-packages"):
            (modules / entry.name).symlink_to(entry)
    for entry in library.glob("libpython*"):
        (folder / "lib" / entry.name).symlink_to(entry)
    return python
