"""Looks at the files of a venv, without running anything in it."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from nixpy.doctor.gather import contents, elf
from nixpy.doctor.gather.machine import path_facts
from nixpy.doctor.snapshot import Activator, Kernel, Machine, Script, Venv
from nixpy.system.reading import read_head, read_head_text
from nixpy.venv.installed import installed

_CONFIG_KEYS = frozenset(
    ["executable", "home", "include-system-site-packages", "uv", "version", "version_info"]
)
_ACTIVATE = re.compile(
    r"""^\s*(?:export\s+|setenv\s+|set\s+-gx\s+|let\s+virtual_env\s*=\s*)?
        VIRTUAL_ENV[ =]\s*(?P<quote>['"]?)(?P<path>/[^$\n]*?)(?P=quote)\s*;?\s*$""",
    re.MULTILINE | re.VERBOSE,
)
# What pip and uv write where the path does not fit into a first line.
_LONG = re.compile(r"^'''exec' '?\"?(/[^'\"]+?)\"?'? \"\$0\"")
_MOST_BYTES = 400_000
_PYTHON = re.compile(r".*/(?:python|pypy)[\d.]*t?")


def find(root: Path, configured: str | None, variables: Mapping[str, str]) -> Path:
    """Give the folder of the project's venv: the configured one, or the first that is there.

    A venv elsewhere is the project's if it is activated and no other project's.
    """
    own = root / (configured or ".venv")
    if configured or os.path.lexists(own):
        return own
    named = variables.get("UV_PROJECT_ENVIRONMENT")
    if named and Path(root, named).is_dir():
        return Path(root, named)
    active = variables.get("VIRTUAL_ENV")
    if active and Path(active).is_dir():
        inside = Path(active).is_relative_to(root)
        if inside or not path_facts(active, root).projects:
            return Path(active)
    others = (root / name for name in ("venv", "env", ".env"))
    return next((one for one in others if (one / "pyvenv.cfg").is_file()), own)


def look(path: Path, machine: Machine, variables: Mapping[str, str]) -> Venv:
    """Give the facts of a venv, or of the place where one would be."""
    if os.path.isdir(path) and not os.access(path, os.R_OK | os.X_OK):  # noqa: PTH112 - may not raise
        return Venv(
            path=str(path),
            kind=_kind(path),
            resolved=os.path.realpath(path),
            readable=False,
            writable=False,
            owner=path.stat().st_uid,
        )
    config = _config(path)
    if not config:
        return Venv(
            path=str(path),
            kind=_kind(path),
            resolved=os.path.realpath(path),
            empty=os.path.isdir(path) and not os.listdir(path),  # noqa: PTH112, PTH208
            kernels=tuple(_kernels(path, machine, variables)),
        )
    python = next(
        (
            path / "bin" / name
            for name in ("python", "python3")
            if os.path.lexists(path / "bin" / name)
        ),
        None,
    )
    loader = elf.interpreter(str(python)) if python else None
    site_packages = next(iter(sorted(path.glob("lib/python3.*/site-packages"))), None)
    status = path.stat()
    scripts, activators = _scripts(path)
    return Venv(
        path=str(path),
        kind=_kind(path),
        resolved=os.path.realpath(path),
        writable=all(os.access(one, os.W_OK) for one in (path, site_packages) if one),
        owner=status.st_uid,
        config=config,
        home_exists=Path(config.get("home", path)).is_dir(),
        python=str(python) if python else None,
        python_exists=python is not None and python.exists(),
        links=tuple(_links(python)) if python else (),
        loader=loader,
        loader_state=elf.loader_state(loader, machine.store),
        site_packages=str(site_packages) if site_packages else None,
        scripts=scripts,
        activators=activators,
        distributions=installed(site_packages) if site_packages else (),
        nixpy=(path / ".nixpy-stamp").is_file(),
        kernels=tuple(_kernels(path, machine, variables)),
        browsers=_browsers(site_packages) if site_packages else {},
        **(_contents(site_packages) if site_packages else {}),
    )


def _contents(site: Path) -> dict[str, Any]:
    env = contents.linked_env(site)
    return {
        "env": env,
        "env_exists": env is None or os.path.isdir(env),  # noqa: PTH112 - raises nothing
        "env_distributions": installed(Path(env)) if env else (),
        "damaged": contents.damaged(site),
        "dead": contents.dead(site),
        "tags": contents.tags(site),
    }


def _kind(path: Path) -> str:
    if path.is_symlink():
        return "link"
    return "folder" if path.is_dir() else "file" if path.exists() else "missing"


def _config(path: Path) -> dict[str, str]:
    try:
        text = read_head_text(path / "pyvenv.cfg", _MOST_BYTES)
    except OSError:
        return {}
    pairs = (line.partition("=")[::2] for line in text.splitlines() if "=" in line)
    return {
        key.strip().lower(): value.strip()
        for key, value in pairs
        if key.strip().lower() in _CONFIG_KEYS
    }


def _links(python: Path) -> Iterator[str]:
    here = python
    for _ in range(40):  # the kernel's own limit
        if not here.is_symlink():
            return
        here = here.parent / here.readlink()
        yield os.path.normpath(here)


def _first_line(path: Path) -> bytes:
    try:
        return read_head(path, 1024)
    except OSError:
        return b""


def _scripts(venv: Path) -> tuple[tuple[Script, ...], tuple[Activator, ...]]:
    scripts, activators = [], []
    try:
        files = sorted(one for one in (venv / "bin").iterdir() if one.is_file())
    except OSError:
        files = []
    for file in files:
        if file.name.lower().startswith("activate") and "activate_this" not in file.name:
            activators.append(_activator(file))
            continue
        interpreter = _shebang(_first_line(file))
        if interpreter:
            folder = os.path.realpath(Path(interpreter).parent)
            scripts.append(
                Script(
                    name=file.name,
                    interpreter=interpreter,
                    resolved=folder,
                    exists=Path(interpreter).exists(),
                    venv=Path(folder).parent.joinpath("pyvenv.cfg").is_file(),
                )
            )
    return tuple(scripts), tuple(activators)


def _shebang(begin: bytes) -> str | None:
    """Give the Python that a script is run by; None for other programs and relative ones."""
    if not begin.startswith(b"#!"):
        return None
    lines = begin.decode("utf-8", "replace").split("\n")
    first = lines[0][2:].strip()
    if first.startswith("/bin/sh") and len(lines) > 1:
        found = _LONG.match(lines[1])
        first = found[1] if found else ""
    else:
        first = first.split(" ")[0] if not _PYTHON.fullmatch(first) else first
    return first if _PYTHON.fullmatch(first) else None


def _activator(file: Path) -> Activator:
    try:
        text = read_head_text(file, _MOST_BYTES)
    except OSError:
        text = ""
    found = _ACTIVATE.search(text)
    named = found["path"] if found else None
    return Activator(
        name=file.name,
        mode=file.stat().st_mode & 0o777,
        venv=named,
        resolved=os.path.realpath(named) if named else None,
    )


def _kernels(venv: Path, machine: Machine, variables: Mapping[str, str]) -> Iterator[Kernel]:
    data = Path(variables.get("XDG_DATA_HOME") or Path(machine.home, ".local/share")) / "jupyter"
    places = [
        ("venv", venv / "share/jupyter"),
        ("user", Path(variables.get("JUPYTER_DATA_DIR") or data)),
    ]
    places += [
        ("JUPYTER_PATH", Path(entry))
        for entry in variables.get("JUPYTER_PATH", "").split(os.pathsep)
        if entry
    ]
    for owner, place in places:
        for file in sorted(place.glob("kernels/*/kernel.json")):
            try:
                spec = json.loads(read_head_text(file, _MOST_BYTES))
                program, language = str(spec["argv"][0]), spec.get("language", "python")
            except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
                continue
            # Other kernels of the user are no concern of this project.
            there = Path(program).exists()
            gone = machine.in_store(program) and not there
            ours = owner != "user" or Path(program).is_relative_to(venv) or gone
            if language == "python" and ours:
                yield Kernel(file.parent.name, str(file), program, there, owner)


def _browsers(site_packages: Path) -> dict[str, str]:
    """Give the browser builds that the installed Playwright wants: name → folder."""
    file = site_packages / "playwright/driver/package/browsers.json"
    try:
        listed = json.loads(read_head_text(file, _MOST_BYTES))["browsers"]
        return {
            one["name"]: f"{one['name']}-{one['revision']}"
            for one in listed
            if one["name"] in {"chromium", "firefox", "webkit"}
        }
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return {}
