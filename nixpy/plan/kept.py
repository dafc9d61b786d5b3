"""Where an installer's versions stand, and what makes it keep those that Nix provides."""

from __future__ import annotations

import posixpath

from nixpy.installers.registry import spec
from nixpy.metadata.model import Installer, Project

_REQUIREMENTS = "requirements.txt"


def kept(project: Project, installer: Installer, reinstall: str) -> tuple[str, str] | None:
    """Give the file of an installer's versions, and what keeps Nix's: a command, or a file.

    The file is relative to the project's folder. A command that ends in ``-P`` is followed by the
    pins; a file is where a version is to be written by hand. None where the installer keeps what it
    finds (pip, with nothing pinned), or has no file of versions.
    """
    if " -r " in reinstall:
        exact = (one for one in project.wanted if one.origin.file == _REQUIREMENTS)
        pins = (pin.operator for one in exact for pin in one.requirement.specifier)
        return (_REQUIREMENTS, _REQUIREMENTS) if {"==", "==="}.intersection(pins) else None
    if installer is Installer.PIPENV:
        return "Pipfile.lock", "Pipfile"
    lock = spec(installer).lock
    if lock is None:
        return None
    # A workspace's lock is in its root.
    locks = (one.origin.file for one in project.locked)
    file = next((one for one in locks if posixpath.basename(one) == lock.file), lock.file)
    return file, "nixpy align" if lock.edit else "uv lock -P"
