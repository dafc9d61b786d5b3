"""Where an installer's versions stand, and what makes it keep those that Nix provides."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable

from packaging.utils import canonicalize_name

from nixpy.config.model import Config
from nixpy.installers.registry import spec
from nixpy.metadata.model import Installer, Project
from nixpy.plan.model import Attribute, Caution

_REQUIREMENTS = "requirements.txt"


def kept(
    project: Project, installer: Installer, reinstall: str, *, despite_lock: bool
) -> tuple[str, str] | None:
    """Give the file of an installer's versions, and what keeps Nix's: a command, or a file.

    The file is relative to the project's folder. A command that ends in an option is followed by
    pins (``-P``) or names; a file is where a version is to be written by hand. None where the
    installer keeps what it finds (pip, with nothing pinned), or has no file of versions.

    ``despite_lock``: Nix's versions are to be used though the lock has others, and stays.
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
    if despite_lock and lock.leave_out:
        return file, lock.leave_out
    return file, "nixpy align" if lock.edit else "uv lock -P"


def installs_the_rest(installer: Installer, reinstall: str, packages: Iterable[Attribute]) -> str:
    """Give the command that installs all but what Nix provides, though the lock has it."""
    from nixpy.knowledge.names import pypi_name

    lock = spec(installer).lock
    names = [pypi_name(one.name) or canonicalize_name(one.name) for one in packages]
    if not names or not lock or not lock.leave_out or reinstall != lock.install:
        return reinstall
    command, _, option = lock.leave_out.rpartition(" ")
    return " ".join([command, *(f"{option} {name}" for name in sorted(names))])


def cannot_keep(config: Config, installer: Installer) -> list[Caution]:
    """Tell where Nix's versions are to be used despite the lock, and the installer cannot do so."""
    lock = spec(installer).lock
    if config.keep != "nix" or installer in {Installer.PIP, Installer.HATCH}:
        return []
    if lock and lock.leave_out:
        return []
    how = "`nixpy align` brings the lock to Nix's versions" if lock else "ask for them in Pipfile"
    return [
        Caution(
            f"`keep: nix` ({config.origin('keep')}): {installer.value} installs all of its lock",
            f"remove it; {how}",
        )
    ]
