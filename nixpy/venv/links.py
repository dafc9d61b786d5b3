"""What lies in a venv of nixpy's: its links to the packages of a Nix environment."""

from __future__ import annotations

import re
from pathlib import Path

from nixpy.errors import NixpyError
from nixpy.system.files import remove_tree


def unlink_packages(venv: Path, name: str) -> None:
    """Take the links to Nix's packages out of a venv; what an installer installed stays.

    ``name`` is what the program that made them calls itself. The next shell makes them anew.
    Raises NixpyError where the venv cannot be written to.
    """
    if not (venv / "pyvenv.cfg").is_file():
        return
    try:
        _unlink(venv, name)
    except OSError as error:
        file = Path(error.filename).name if error.filename else None
        raise NixpyError(
            f"the links to Nix's packages cannot be removed: {error.strerror}",
            file=f"{venv.name}/…/{file}" if file else venv.name,
            hint=f"remove `{venv}`; the next shell makes it anew",
        ) from None


def _unlink(venv: Path, name: str) -> None:
    mark = f"# Linked by {name}".encode()
    for path in [*venv.glob(f".{name}-*"), *venv.glob(f"lib/python*/site-packages/*{name}.p*")]:
        path.unlink()
    for cached in venv.glob(f"lib/python*/site-packages/__pycache__/_{name}.*"):
        cached.unlink()
    for info in venv.glob("lib/python*/site-packages/*.dist-info"):
        installer = info / "INSTALLER"
        if installer.is_file() and installer.read_text("utf-8", "replace").strip() == name:
            remove_tree(info)
    for program in venv.glob("bin/*"):
        if program.is_symlink() or not program.is_file():
            continue
        with program.open("rb") as file:
            linked = mark in file.read(512)
        if linked:
            program.unlink()


_ENV = re.compile(r" --env (/\S+)")


def linked_environment(stamp: str) -> str | None:
    """Give the store path of the environment that a venv's stamp says is linked into it."""
    found = _ENV.search(stamp)
    return found[1] if found else None
