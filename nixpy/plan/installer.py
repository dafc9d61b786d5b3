"""The choice of the program that owns the virtual environment."""

from __future__ import annotations

from nixpy.config.model import Config
from nixpy.metadata.model import Installer, Project, Strength
from nixpy.plan.model import InstallerChoice


def choose_installer(project: Project, config: Config) -> InstallerChoice:
    """Choose the installer: nixpy.yaml, a lock file, tool tables, the build backend, else uv."""
    if config.installer:
        return InstallerChoice(config.installer, str(config.origin("installer")))
    order = list(Installer)
    signs = sorted(
        project.signs, key=lambda sign: (sign.strength.value, order.index(sign.installer))
    )
    if not signs:
        return InstallerChoice(Installer.UV, "the default: no file of the project names another")
    best = signs[0]
    said = {
        Strength.LOCK: f"{best.origin.file} is there",
        Strength.TABLE: f"{best.origin} is for it",
        Strength.BACKEND: f"{best.origin} names its build backend",
    }[best.strength]
    rivals = {
        sign.installer.value: sign.origin.file
        for sign in signs
        if sign.strength is best.strength and sign.installer is not best.installer
    }
    if rivals and best.strength is Strength.LOCK:
        files = ", ".join(dict.fromkeys(rivals.values()))
        said += f" (so is {files}: `installer:` in nixpy.yaml decides otherwise)"
    return InstallerChoice(best.installer, said)
