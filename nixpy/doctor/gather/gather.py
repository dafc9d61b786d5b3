"""Looks at the machine, once, and gives a snapshot of what the selected checks read.

All effects of the doctor are here and in ``fix``. Nothing depends on the Python, the venv or the
PATH that is looked at, and nothing that lies in the project is run or imported, unless that is
allowed.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from nixpy.config.model import FILE
from nixpy.doctor.gather import binaries, flake, git, machine, nix, probe, project, search, venv
from nixpy.doctor.snapshot import (
    Binaries,
    Environment,
    Evaluation,
    Flake,
    Git,
    Interpreter,
    Machine,
    Nix,
    Part,
    ProjectFacts,
    SearchEntry,
    Snapshot,
    Venv,
)
from nixpy.flake.render import FLAKE, PROGRAMS
from nixpy.knowledge.find_library import asked
from nixpy.knowledge.programs import programs
from nixpy.metadata.markers import PROJECT_FILES
from nixpy.system import git as gate

_Value = TypeVar("_Value")

_NOT_EVALUATED: tuple[Evaluation, str | None] = (Evaluation(), None)
# What a part is called where it could not be looked at.
_WORDS = {Part.ELF: "the libraries of the venv", Part.VENV: "the venv", Part.PROJECT: "the project"}

_MARKERS = (FILE, FLAKE, "shell.nix", ".venv", *PROJECT_FILES)


def gather(
    directory: Path, parts: frozenset[Part], log: Sequence[str] = (), *, run_venv: bool = False
) -> Snapshot:
    """Give a snapshot with the parts, of the project in a folder and of this process's shell.

    ``log`` are lines of a failed command's output, to be kept as they are. ``run_venv`` allows to
    run Pythons that lie in the project, and what its venv starts with.
    """
    with ThreadPoolExecutor(max_workers=8) as pool:
        gatherer = _Gatherer(project_root(directory), dict(os.environ), pool, run_venv=run_venv)
        return gatherer.snapshot(parts, tuple(log))


def project_root(directory: Path) -> Path:
    """Give the project's root: the nearest folder with a project's files.

    It is looked for up to the root of the git checkout; without one, in folders of the same owner
    below the home folder.
    """
    # As the user wrote it, since what a venv says of itself is compared with it.
    start = Path(os.path.normpath(Path(os.environ.get("PWD", "/"), directory)))
    if not start.is_dir() or not start.samefile(directory):
        start = Path(os.path.normpath(directory.absolute()))
    checkout = gate.checkout_of(start)
    home = Path(os.path.expanduser("~"))  # noqa: PTH111 - also without a home
    owner = start.stat().st_uid
    for folder in (start, *start.parents):
        if checkout is None and folder != start and (folder == home or _shared(folder, owner)):
            break
        if any(os.path.lexists(folder / name) for name in _MARKERS):
            return folder
        if checkout is not None and folder.samefile(checkout):
            break
    return start


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}{f': {error.filename}' if error.filename else ''}"
    return f"{type(error).__name__}: {error}"


def _not_run(interpreters: Iterable[Interpreter], root: str) -> Iterator[str]:
    for one in interpreters:
        if one.skipped:
            path = one.path.removeprefix(f"{root}/")
            yield f"`{path}` was not run, since it lies in the project; `--run-venv` allows that"
        elif one.error and one.error.startswith("no answer"):
            yield f"`{one.path}`: {one.error}"


def _shared(folder: Path, owner: int) -> bool:
    """Whether others' projects may lie beside one's own in a folder, as in /tmp."""
    status = folder.stat()
    return status.st_uid != owner or bool(status.st_mode & stat.S_ISVTX) or folder == folder.parent


class _Gatherer:
    """Each part is a property that is computed when it is first asked for."""

    def __init__(
        self,
        root: Path,
        variables: Mapping[str, str],
        pool: ThreadPoolExecutor,
        *,
        run_venv: bool = False,
    ) -> None:
        self._root = root
        # What lies in the checkout may be a stranger's.
        self._outside = gate.checkout_of(root) or root
        self._run_venv = run_venv
        self._variables = variables
        self._pool = pool
        self._errors: list[str] = []
        self._unexamined: list[str] = []

    def snapshot(self, parts: frozenset[Part], log: tuple[str, ...]) -> Snapshot:
        self._venv_path, self._flake  # noqa: B018 - threads below read them
        if Part.INTERPRETERS in parts or Part.ELF in parts:
            self._probes  # noqa: B018 - starts them
        outside = self._pool.submit(self._ask_git_and_nix, parts)
        venv_path = str(self._venv_path)
        elf = self._part(Part.ELF, parts, lambda: self._elf, Binaries())
        snapshot = Snapshot(
            gathered=tuple(sorted(parts, key=lambda one: one.value)),
            machine=self._machine,
            environment=self._part(
                Part.ENVIRONMENT, parts, lambda: self._environment, Environment()
            ),
            search=self._part(Part.SEARCH, parts, lambda: self._search, ()),
            interpreters=self._part(Part.INTERPRETERS, parts, lambda: self._interpreters, ()),
            venv=self._part(Part.VENV, parts, lambda: self._venv, Venv(venv_path)),
            elf=elf,
            project=self._part(
                Part.PROJECT, parts, lambda: self._project, ProjectFacts(str(self._root))
            ),
            flake=self._part(Part.FLAKE, parts, lambda: self._flake, Flake(str(self._flake_root))),
            log=log,
        )
        found, asked_nix, evaluation = outside.result()
        unexamined = [*self._unexamined, *_not_run(snapshot.interpreters, str(self._root))]
        return replace(
            snapshot,
            git=found,
            nix=asked_nix,
            evaluation=evaluation,
            unexamined=tuple(dict.fromkeys(unexamined)),
        )

    def _part(
        self, part: Part, parts: frozenset[Part], look: Callable[[], _Value], empty: _Value
    ) -> _Value:
        """Look at one part; what cannot be read is told, and the others are looked at."""
        if part not in parts:
            return empty
        try:
            return look()
        except (OSError, ValueError, RecursionError) as error:
            self._unexamined.append(f"{_WORDS.get(part, part.value)}: {_reason(error)}")
            return empty

    def _ask_git_and_nix(self, parts: frozenset[Part]) -> tuple[Git, Nix, Evaluation]:
        """Run what waits for other programs, one after the other, while ELF files are read."""
        evaluates = Part.EVALUATION in parts
        wanted = parts | {Part.GIT, Part.NIX} if evaluates else parts
        found = self._part(Part.GIT, wanted, self._git, Git())
        asked_nix = self._part(Part.NIX, wanted, lambda: nix.look(self._outside), Nix())
        if not evaluates:
            return found, asked_nix, Evaluation()
        evaluation, kept = self._part(
            Part.EVALUATION,
            parts,
            lambda: nix.evaluate(
                self._flake_root, asked_nix, self._flake, found, self._machine.system
            ),
            _NOT_EVALUATED,
        )
        if kept:
            self._unexamined.append(f"what Nix says of flake.nix: {kept}")
        return found, asked_nix, evaluation

    @cached_property
    def _machine(self) -> Machine:
        return machine.machine(self._variables)

    @cached_property
    def _environment(self) -> Environment:
        return machine.environment(self._variables, self._root)

    @cached_property
    def _opened(self) -> project.Opened | None:
        return project.open_project(self._root, self._errors)

    @cached_property
    def _venv_path(self) -> Path:
        configured = self._opened.choices.venv if self._opened else None
        return venv.find(self._root, configured, self._variables)

    @cached_property
    def _venv(self) -> Venv:
        return venv.look(self._venv_path, self._machine, self._variables)

    @cached_property
    def _search(self) -> tuple[SearchEntry, ...]:
        further = {name for one in programs() for name in one.programs}
        return search.search(self._variables.get("PATH", ""), self._root, further)

    @cached_property
    def _probes(self) -> dict[str, Future[Interpreter]]:
        names = asked(frozenset(one.name for one in self._venv.distributions))
        paths: dict[str, tuple[str, ...]] = {
            path: () for entry in self._search for path in entry.pythons(self._machine.store)
        }
        request = self._variables.get("UV_PYTHON", "")
        if "/" in request and self._environment.paths[request].kind == "file":
            paths[request] = ()
        if self._venv.python and self._venv.python_exists:
            paths[self._venv.python] = names
        return {
            path: self._pool.submit(
                probe.ask, path, self._machine, names, None if self._run_venv else self._outside
            )
            for path, names in paths.items()
        }

    @cached_property
    def _interpreters(self) -> tuple[Interpreter, ...]:
        return tuple(one.result() for one in self._probes.values())

    @cached_property
    def _elf(self) -> Binaries:
        if not self._venv.exists:
            return Binaries()
        # Read while the interpreters run: what the venv's own says is asked for at the end.
        running = self._probes.get(self._venv.python or "")
        return binaries.look(self._venv, running.result if running else lambda: None, self._machine)

    @cached_property
    def _project(self) -> ProjectFacts:
        errors = list(self._errors)
        return project.look(self._root, self._opened, errors, self._venv_path, self._variables)

    @cached_property
    def _flake_root(self) -> Path:
        checkout = gate.checkout_of(self._root)
        for folder in (self._root, *self._root.parents):
            if (folder / "flake.nix").is_file():
                return folder
            if checkout is None or folder.samefile(checkout):
                break
        return self._root

    @cached_property
    def _flake(self) -> Flake:
        workspace = self._opened.workspace if self._opened else None
        return flake.look(self._flake_root, flake.outdated(workspace) if workspace else ())

    def _git(self) -> Git:
        files = ["flake.nix", "flake.lock", *PROGRAMS, *self._flake.names]
        return git.look(self._flake_root, list(dict.fromkeys(files)))
