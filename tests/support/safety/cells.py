"""Runs a part of the matrix: a unit is an environment entered once, its cells the operations."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.support.nixpkgs import attribute, nix_environment, stand_in, system
from tests.support.safety import projects
from tests.support.safety.environments import Environment, environment, flake
from tests.support.safety.operations import Operation
from tests.support.safety.sandbox import Mode, Place, Result, run

# Brought by the shell's own installer or by pip, so there is no program of nixpkgs to add.
_NO_PROGRAM = ("uv", "pip", "venv", "env")
# Programs that are not a project's installer: `tools:` of nixpy.yaml brings them.
_TOOLS = ("virtualenv", "pipx", "tox", "pre-commit")
# nixpkgs has this one among the Python packages only.
_PACKAGES = ("nox",)
# What the env has beside cowsay.
_IN_ENV = {"env": ("pip", "uv"), **{name: (name,) for name in _PACKAGES}}
# Where these keep the venv of a project, below HOME, as long as nothing tells them otherwise: it is
# the project's own too. nixpy promises `.venv`.
_PLACES = {
    "poetry": ".cache/pypoetry/virtualenvs/{name}-*",
    "hatch": ".local/share/hatch/env/virtual/{name}/*/*",
    "pipenv": ".local/share/virtualenvs/{name}-*",
}


@dataclass(frozen=True, slots=True, order=True)
class Unit:
    """An environment for one installer: row, kind of env, Python and uv's release."""

    row: str
    installer: str
    kind: str
    python: str
    uv: str


@dataclass(frozen=True, slots=True)
class Cell:
    """What came of one operation.

    ``outcome``: ``pass``; ``bytecode`` (it works, but Python, run as root, cached bytecode beside
    modules in the store); ``store`` (the store was written to); ``fails``; ``elsewhere`` (it went
    through, and what it installed is not where it belongs); ``read-only`` (it works only as long
    as the store can be written to). ``seconds`` are those of both runs.
    """

    unit: Unit
    operation: str
    outcome: str
    detail: str
    seconds: float


def run_unit(unit: Unit, folder: Path, url: str, wanted: Iterable[Operation]) -> Iterator[Cell]:
    """Enter a unit's environment in a folder of its own, and yield a cell for each operation."""
    shutil.rmtree(folder, ignore_errors=True)
    shell = _Shell(unit, environment(unit.row), folder, url)
    failure = shell.prepare()
    for operation in wanted:
        start = time.monotonic()
        outcome, detail = failure or shell.outcome(operation)
        yield Cell(unit, operation.name, outcome, detail, round(time.monotonic() - start, 2))
    shutil.rmtree(folder, ignore_errors=True)


class _Shell:
    """A unit's shell, and the projects beside each other in ``folder/p``."""

    def __init__(self, unit: Unit, row: Environment, folder: Path, url: str) -> None:
        self._unit, self._row, self._folder, self._url = unit, row, folder, url
        self._projects = folder / "p"
        self._app = self._projects / "app"
        self._venv = self._app / row.venv

    def prepare(self) -> tuple[str, str] | None:
        """Write the projects and enter the shell once; give outcome and detail if that fails."""
        unit = self._unit
        installer = unit.installer
        for name in ("home", "tmp"):
            (self._folder / name).mkdir(parents=True)
        for name in ("app", "other"):
            projects.write(self._projects / name, name, installer, self._url, unit.python)
        (self._projects / "fresh").mkdir()
        if installer == "pre-commit":
            projects.write_hooks(self._projects / "hooks")
        standin = stand_in(self._folder / "nixpkgs", unit.kind, uv=unit.uv or None)
        # A checkout of its own before anything else: nixpy makes the checkout aware of its files.
        self._git("init", "-q")
        if self._row.shell is None:
            self._init()
        else:
            program = "" if installer in (*_NO_PROGRAM, *_PACKAGES) else installer
            text = flake(
                self._row, system(), attribute(unit.python), program, _IN_ENV.get(installer, ())
            )
            (self._app / "flake.nix").write_text(text)
        self._git("add", "--all")
        done = subprocess.run(
            ["nix", "print-dev-env", "--no-write-lock-file"]
            + ["--override-input", "nixpkgs", standin.ref],
            cwd=self._app,
            env=nix_environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{unit}: {done.stderr}")
        (self._folder / "enter.sh").write_text(done.stdout)
        entered = self._run("true", Mode.WATCHED, keep=True)
        written, _ = _written(entered.changes)
        if written:
            return "store", f"entering wrote {written[0]}"
        if entered.status:
            return "fails", f"entering: {_tail(entered.output)}"
        return None

    def _init(self) -> None:
        unit = self._unit
        owns = unit.installer not in (*_TOOLS, *_PACKAGES, "venv", "env")
        command = [sys.executable, "-m", "nixpy", "init", "--python", unit.python]
        command += ["--installer", unit.installer if owns else "uv", "--package", "cowsay"]
        # The branch that has every Python of the matrix; the stand-in takes its place.
        command += ["--nixpkgs", "github:NixOS/nixpkgs/nixos-25.11"]
        command += ["--tool", unit.installer] if unit.installer in _TOOLS else []
        for package in _IN_ENV.get(unit.installer, ()):
            command += ["--package", package]
        subprocess.run(command, cwd=self._app, check=True, capture_output=True)

    def _git(self, *arguments: str) -> None:
        subprocess.run(["git", "-C", str(self._app), *arguments], check=True)

    def outcome(self, operation: Operation) -> tuple[str, str]:
        """Do an operation with a store that is watched, then with one that is read-only."""
        passes = "pass", ""
        for mode in Mode:
            paths = {path: self._patterns(path) for path in (*operation.there, *operation.gone)}
            every = [pattern for patterns in paths.values() for pattern in patterns]
            result = self._run(operation.script, mode, patterns=every)
            written, cached = _written(result.changes)
            if written:
                return "store", f"wrote {written[0]}"
            if cached:
                passes = "bytecode", f"cached {cached[0]}"
            found = {path for path in paths if result.found.intersection(paths[path])}
            misplaced = _misplaced(operation, found)
            if result.status or misplaced:
                first = "fails" if result.status else "elsewhere"
                detail = _tail(result.output) if result.status else misplaced
                return (first if mode is Mode.WATCHED else "read-only"), detail
        return passes

    def _run(
        self, script: str, mode: Mode, patterns: Iterable[str] = (), *, keep: bool = False
    ) -> Result:
        row, unit = self._row, self._unit
        makes = "uv venv" if unit.installer in ("uv", "env") else "python -m venv"
        activate = f'[ -d "$VENV" ] || {makes} "$VENV"; . "$VENV/bin/activate"'
        script = script.replace("$ACTIVATE", ":" if row.makes_venv else activate)
        enter = shlex.quote(str(self._folder / "enter.sh"))
        venvs = shlex.quote(" ".join(self._venvs("app")))
        text = f". {enter}; set -eo pipefail; export VENV={shlex.quote(str(self._venv))} "
        text += f"VENVS={venvs}; {script}"
        place = Place(
            self._app,
            self._folder / "scratch",
            None if keep else self._projects,
            (self._folder / "home", self._folder / "tmp"),
        )
        return run(text, place, self._environment(), mode, patterns)

    def _environment(self) -> dict[str, str]:
        cache = str(self._folder / "cache")
        return {
            "HOME": str(self._folder / "home"),
            "LANG": "C.UTF-8",
            "MINOR": self._unit.python,
            "PATH": str(host_programs(self._folder.parent)),
            "TERM": "dumb",
            "TMPDIR": str(self._folder / "tmp"),
            "USER": "user",
            # The index that a user's own configuration would name, and quiet tools.
            "PDM_CHECK_UPDATE": "0",
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "PIP_INDEX_URL": self._url,
            "PIPENV_PYPI_MIRROR": self._url,
            "UV_CACHE_DIR": cache,
            "UV_DEFAULT_INDEX": self._url,
            # What uv would download does not start on NixOS; here it fails at once.
            "UV_PYTHON_INSTALL_MIRROR": "file:///no-python-of-another-origin",
        }

    def _venvs(self, name: str) -> list[str]:
        """Give globs for the places that the venv of a project may have."""
        found = [str(self._venv if name == "app" else self._projects / name / ".venv")]
        place = _PLACES.get(self._unit.installer)
        if place and self._row.shell is not None:
            found.append(str(self._folder / "home" / place.format(name=name)))
        return found

    def _patterns(self, path: str) -> list[str]:
        """Give globs of which one must match, or none, for a path of an operation."""
        minor = self._unit.python
        path = path.replace("{site}", f"lib/python{minor}/site-packages")
        path = path.replace("{any}", "lib/python3.*/site-packages")
        path = path.replace("{compact}", minor.replace(".", ""))
        if path[0] == "/":
            return [str(self._projects / path[1:])]
        other, path = path.startswith("{other}"), path.removeprefix("{other}/")
        return [f"{venv}/{path}" for venv in self._venvs("other" if other else "app")]


def _misplaced(operation: Operation, found: set[str]) -> str:
    """Say which file is not there, or is where it must not be; empty: all is well."""
    for path in operation.there:
        if path not in found:
            own = path.startswith(("{any}", "{site}"))
            return f"no {path} in {'the venv' if own else 'its place'}"
    for path in operation.gone:
        if path in found:
            return f"{path} is in the project's venv"
    return ""


def host_programs(work: Path) -> Path:
    """Give a folder of the machine's programs without any Python, as a NixOS machine has none."""
    folder = work / "host"
    if not folder.exists():
        folder.mkdir(parents=True)
        for program in sorted(Path("/usr/bin").iterdir()):
            if not program.name.startswith(("python", "pip", "py3", "pydoc", "uv")):
                (folder / program.name).symlink_to(program)
    return folder


def _written(changes: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """Give the changed store paths that stand for themselves, and those that cache bytecode.

    ``changes`` also has every folder above a change.
    """
    above = {path.rpartition("/")[0] for path in changes}
    leaves = [f"/nix/store/{path.removeprefix('./')}" for path in changes if path not in above]
    cached = [path for path in leaves if path.endswith(".pyc") and "/__pycache__/" in path]
    return [path for path in leaves if path not in cached], cached


def _tail(output: str) -> str:
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    return " / ".join(lines[-3:])[-300:]
