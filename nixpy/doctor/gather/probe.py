"""Asks Pythons what they are: isolated, with a time limit, running nothing of the project."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from nixpy.doctor.gather import elf
from nixpy.doctor.gather.venv_python import seen_from
from nixpy.doctor.snapshot import Interpreter, Machine
from nixpy.system import process
from nixpy.system.reading import read_head_text
from nixpy.venv.installed import installed

# Seconds for one start. A cold Python on a slow disk takes one.
TIME_LIMIT = 10.0

_MARK = "nixpy-doctor:"


@cache
def _program() -> str:
    return (resources.files("nixpy.doctor.gather") / "asked.py").read_text("utf-8")


def ask(
    path: str, machine: Machine, names: Sequence[str] = (), outside: Path | None = None
) -> Interpreter:
    """Run the Python at a path, without ``site`` and then with it.

    ``names`` are given to ``ctypes.util.find_library``. Nothing that lies in the folder ``outside``
    is run or loaded: of a venv, the Python that it rests on is run, and the rest is read from its
    files. Never raises: what went wrong is in the result.
    """
    # Shims of version managers may install a Python when they are run, macOS' opens a window.
    if "shims" in Path(path).parts or (machine.darwin and path == "/usr/bin/python3"):
        return Interpreter(path, error="a shim, which is not run")
    if outside is None:
        return _ask(path, machine, names, None)
    if process.is_inside(path, outside):
        return Interpreter(path, error="not run", skipped=True)
    venv = Path(path).parent.parent
    if (venv / "pyvenv.cfg").exists():
        # By its own path it would read pyvenv.cfg, which may lead into the project for its modules.
        return seen_from(venv, path, _ask(os.path.realpath(path), machine, names, outside))
    if process.is_inside(Path(path).parent, outside):
        return replace(_ask(os.path.realpath(path), machine, names, outside), path=path)
    return _ask(path, machine, names, outside)


def _ask(path: str, machine: Machine, names: Sequence[str], outside: Path | None) -> Interpreter:
    plain, error = _start(path, ("-I", "-S"), (), outside)
    if plain is None:
        loader = elf.interpreter(path)
        return Interpreter(
            path,
            error=error,
            loader=loader,
            loader_state=elf.loader_state(loader, machine.store),
        )
    answer, site_error = _start(path, ("-I",), names, outside)
    said = answer or plain
    loader = elf.interpreter(said["running"] or said["executable"] or path)
    prefix = said["prefix"]
    in_store = machine.in_store(prefix)
    minor = ".".join(said["version"].split(".")[:2])
    return Interpreter(
        path=path,
        site_error=site_error,
        executable=said["executable"],
        prefix=prefix,
        base_prefix=said["base_prefix"],
        base_executable=said["base_executable"],
        plain_prefix=plain["prefix"],
        version=said["version"],
        implementation=said["implementation"],
        soabi=said["soabi"],
        sysconfig_error=said["sysconfig_error"],
        managed=said["managed"],
        plain_path=tuple(str(entry) for entry in plain["sys_path"]),
        sys_path=tuple(str(entry) for entry in said["sys_path"]),
        pip=said["pip"],
        tkinter=said["tkinter"],
        manylinux=_forbidding(said["manylinux"]),
        loaded=tuple(said["loaded"]),
        library_path=tuple(one for one in said["library_path"].split(":") if one),
        unfound=tuple(said["unfound"]),
        loader=loader,
        loader_state=elf.loader_state(loader, machine.store),
        pyvenv=Path(prefix, "pyvenv.cfg").exists(),
        distributions=installed(Path(prefix, f"lib/python{minor}/site-packages"))
        if in_store
        else (),
        foreign=_foreign([prefix, said["base_prefix"]], machine),
    )


def _foreign(prefixes: Sequence[str], machine: Machine) -> tuple[str, ...]:
    """Give files in store paths that Nix did not write: it sets all times to one second."""
    if not os.path.exists(f"{Path(machine.store).parent}/var/nix/db"):  # noqa: PTH110
        return ()
    found: list[str] = []
    for prefix in dict.fromkeys(prefixes):
        # A store that was copied without its times says nothing.
        if not machine.in_store(prefix) or _time(prefix) != 1:
            continue
        for folder in [Path(prefix, "bin"), *Path(prefix).glob("lib/python3.*/site-packages")]:
            try:
                names = sorted(os.listdir(folder))  # noqa: PTH208 - only the names
            except OSError:
                continue
            found += [str(folder / name) for name in names if _time(folder / name) not in {0, 1}]
    return tuple(found)[:20]


def _time(path: str | Path) -> int:
    try:
        return int(os.lstat(path).st_mtime)
    except OSError:
        return 0


def _forbidding(origin: str | None) -> str | None:
    """Give the file of a module `_manylinux` if it forbids wheels (PEP 600)."""
    try:
        return origin if origin and "False" in read_head_text(Path(origin), 100_000) else None
    except OSError:
        return None


def _environment(outside: Path | None) -> dict[str, str]:
    """Give the variables of a Python that we run: none of them leads into a folder."""
    variables = dict(os.environ)
    if outside is None:
        return variables
    for name in ("LD_PRELOAD", "LD_AUDIT", "DYLD_INSERT_LIBRARIES"):
        variables.pop(name, None)
    # `ctypes.util.find_library` asks programs of PATH.
    variables["PATH"] = os.pathsep.join(process.search_path(outside))
    folders = variables.get("LD_LIBRARY_PATH")
    if folders:
        kept = [one for one in folders.split(":") if one and not process.is_inside(one, outside)]
        variables["LD_LIBRARY_PATH"] = ":".join(kept)
    return variables


def _start(
    path: str, flags: Sequence[str], names: Sequence[str], outside: Path | None
) -> tuple[dict[str, Any] | None, str | None]:
    """Start a Python; give its answer, or the reason why there is none."""
    try:
        done = process.run(
            [path, *flags, "-c", _program(), _MARK, *names],
            TIME_LIMIT,
            cwd="/",
            environment=_environment(outside),
        )
    except process.TimedOut:
        return None, f"no answer in {TIME_LIMIT:.0f} seconds"
    except OSError as error:
        return None, os.strerror(error.errno) if error.errno else str(error)
    for line in reversed(done.out.splitlines()):
        if line.startswith(_MARK):
            answer: dict[str, Any] = json.loads(line.removeprefix(_MARK))
            return answer, None
    lines = [line.strip() for line in done.err.splitlines() if line.strip()]
    if done.status < 0:
        return None, f"ended by signal {-done.status}"
    return None, lines[-1][:200] if lines else f"exit code {done.status}"
