"""What lies in a venv of nixpy's: its links to the packages of a Nix environment."""

from __future__ import annotations

import re
from pathlib import Path

from nixpy.errors import NixpyError
from nixpy.system.files import remove_tree
from nixpy.system.reading import read_head, read_head_text

_LONGEST = 200  # bytes of an INSTALLER


def unlink_packages(venv: Path, name: str) -> None:
    """Take the links to Nix's packages out of a venv; what an installer installed stays.

    ``name`` is what the program that made them calls itself. The next shell makes them anew.
    A venv that is a link to another place is left alone: it may be another project's.
    Raises NixpyError where the venv cannot be written to.
    """
    if venv.is_symlink() or not (venv / "pyvenv.cfg").is_file():
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
        if path.is_dir() and not path.is_symlink():
            remove_tree(path)
        else:
            path.unlink()
    for cached in venv.glob(f"lib/python*/site-packages/__pycache__/_{name}.*"):
        cached.unlink()
    for info in venv.glob("lib/python*/site-packages/*.dist-info"):
        installer = info / "INSTALLER"
        if not info.is_symlink() and _said(installer) == name:
            # Moved away first: half of it would be taken for the user's.
            aside = venv / f".{name}-{info.name}"
            info.replace(aside)
            remove_tree(aside)
    for program in venv.glob("bin/*"):
        if program.is_symlink() or not program.is_file():
            continue
        if mark in read_head(program, 512):
            program.unlink()


def _said(installer: Path) -> str:
    try:
        return read_head_text(installer, _LONGEST).strip()
    except OSError:
        return ""


_ENV = re.compile(r" --env (/\S+)")


def linked_environment(stamp: str) -> str | None:
    """Give the store path of the environment that a venv's stamp says is linked into it."""
    found = _ENV.search(stamp)
    return found[1] if found else None
