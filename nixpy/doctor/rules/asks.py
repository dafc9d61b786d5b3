"""What several checks ask of a snapshot."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator

from nixpy.doctor.snapshot import Interpreter, Loader, Snapshot

# Set by `nix develop` and `nix-shell`, devenv, devbox and flox.
_SHELLS = ("IN_NIX_SHELL", "DEVENV_ROOT", "DEVBOX_SHELL_ENABLED", "FLOX_ENV")

_REQUEST = re.compile(r"(?:cpython@?|python)?(3\.\d+)(?:\.\d+)?")


def in_nix_shell(snapshot: Snapshot) -> bool:
    """Whether the snapshot was taken inside a shell that Nix made."""
    return any(snapshot.environment.get(name) for name in _SHELLS)


def builds_nothing(snapshot: Snapshot) -> bool:
    """Whether the shell is one like uv2nix's, in which Nix makes the whole environment.

    There UV_PYTHON is a store path and VIRTUAL_ENV may be one, on purpose: nothing is installed.
    """
    return snapshot.environment.get("UV_NO_SYNC") not in {"", "0", "false"}


def at(snapshot: Snapshot, path: str | None) -> Interpreter | None:
    """Give what the Python at a path said, or None if it was not asked."""
    return next((one for one in snapshot.interpreters if one.path == path), None)


def pythons(snapshot: Snapshot) -> Iterator[tuple[str, str, Interpreter | None]]:
    """Give the Pythons on PATH in order: path, resolved path and what each said."""
    store = snapshot.machine.store
    for entry in snapshot.search:
        for path in entry.pythons(store):
            resolved = entry.programs[posixpath.basename(path)]
            yield path, resolved, at(snapshot, path)


def of_venv(snapshot: Snapshot, path: str) -> bool:
    """Whether a program on PATH is one of the project's venv, or of the activated one."""
    folder = posixpath.dirname(path)
    venvs = {snapshot.venv.path, snapshot.environment.get("VIRTUAL_ENV")}
    return any(venv and folder == posixpath.join(venv, "bin") for venv in venvs)


def shell_python(snapshot: Snapshot) -> tuple[str, str, Interpreter | None] | None:
    """Give the first Python on PATH that is not a venv's."""
    return next((one for one in pythons(snapshot) if not of_venv(snapshot, one[0])), None)


def venv_python(snapshot: Snapshot) -> Interpreter | None:
    """Give what the venv's Python said, if it runs."""
    found = at(snapshot, snapshot.venv.python)
    return found if found and found.works else None


def legacy_env(snapshot: Snapshot, one: Interpreter) -> bool:
    """Whether a Python is a ``withPackages`` environment of the older kind.

    Its ``sitecustomize`` sets ``sys.prefix`` to a store path that is no venv.
    """
    return (
        one.works
        and one.prefix != one.base_prefix
        and snapshot.machine.in_store(one.prefix)
        and not one.pyvenv
    )


def runs_on_nix(snapshot: Snapshot) -> bool:
    """Whether the venv's Python, or else the shell's, is loaded by a dynamic loader of the store.

    Such a Python finds no library of the host.
    """
    one = venv_python(snapshot)
    if one is None:
        found = shell_python(snapshot)
        one = found[2] if found else None
    return one is not None and snapshot.machine.in_store(one.loader)


def declared_minor(snapshot: Snapshot) -> tuple[str, str] | None:
    """Give the Python version that the project asks for, as ``3.12``, and who says so."""
    choices = snapshot.project.choices
    if choices and choices.python:
        return _minor(choices.python), "nixpy.yaml"
    request = _REQUEST.fullmatch(snapshot.environment.get("UV_PYTHON"))
    if request:
        return request[1], "UV_PYTHON"
    for pin in snapshot.project.pins:
        if pin.version and pin.version.count("."):
            return _minor(pin.version), pin.where
    named = {mention.name: mention.where for mention in snapshot.flake.pythons}
    if len(named) == 1:
        name, where = next(iter(named.items()))
        digits = name.removeprefix("python3")
        if digits:
            return f"3.{digits}", where
    return None


def _minor(version: str) -> str:
    return ".".join(version.split(".")[:2])


def installer(snapshot: Snapshot) -> str | None:
    """Give the installer that the project has signs of, or None."""
    return next(iter(snapshot.project.installers), None)


def on_path(snapshot: Snapshot, name: str) -> str | None:
    """Give the path of the program that a name starts, or None."""
    for entry in snapshot.search:
        if name in entry.programs:
            return posixpath.join(entry.folder, name)
    return None


def with_nixpy(snapshot: Snapshot) -> bool:
    """Whether nixpy renders the project's shell."""
    return snapshot.project.choices is not None or snapshot.flake.generated


AGAIN = "enter the shell again"


def listed(snapshot: Snapshot, key: str, names: Iterable[str]) -> bool:
    """Whether nixpy.yaml lists all of some names already, so that the shell is only too old."""
    choices = snapshot.project.choices
    wanted = set(names)
    return choices is not None and bool(wanted) and wanted <= set(getattr(choices, key))


def starts(snapshot: Snapshot, state: Loader) -> bool:
    """Whether a program whose PT_INTERP is in that state can be started."""
    if state is Loader.NIX_LD:
        return bool(snapshot.environment.get("NIX_LD"))
    return state is Loader.PRESENT


def relative(snapshot: Snapshot, path: str) -> str:
    """Give a path as seen from the project, where it lies inside."""
    root = snapshot.project.root.rstrip("/") + "/"
    return path.removeprefix(root)


def some(names: list[str], limit: int = 3) -> str:
    """Give the first few names, and how many more there are."""
    if len(names) <= limit:
        return ", ".join(names)
    return f"{', '.join(names[:limit])} and {len(names) - limit} more"
