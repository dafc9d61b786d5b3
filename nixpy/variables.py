"""The environment that steers installers: what the shell sets, and what it takes away.

Variables were taken from each tool's documentation and tried; an installer is steered by a version
request and a place to search, never by a path to an interpreter.
"""

from __future__ import annotations

from collections.abc import Sequence

from nixpy.nixtext import string
from nixpy.project import Installer

# Left behind by nixpkgs' setup hooks, or inherited from a shell around this one. Each of them makes
# an interpreter or an installer use another place than the project's venv.
INHERITED = (
    "VIRTUAL_ENV",
    "VIRTUAL_ENV_PROMPT",
    "CONDA_PREFIX",
    "CONDA_DEFAULT_ENV",
    "PYTHONPATH",
    "PYTHONHOME",
    "PYTHONHASHSEED",
    "PYTHONNOUSERSITE",
    "DETERMINISTIC_BUILD",
    "SOURCE_DATE_EPOCH",
    "_PYTHON_HOST_PLATFORM",
    "_PYTHON_SYSCONFIGDATA_NAME",
    "LD_LIBRARY_PATH",
    "PIP_TARGET",
    "PIP_PREFIX",
    "PIP_ROOT",
    "PIP_USER",
    "PIP_PYTHON",
    "UV_SYSTEM_PYTHON",
    "UV_MANAGED_PYTHON",
    "UV_NO_MANAGED_PYTHON",
    "UV_PROJECT_ENVIRONMENT",
)


def variables(
    installer: Installer, minor: str, venv: str, pythons: Sequence[str]
) -> dict[str, str]:
    """Give what the shell sets for an installer, as Nix expressions by variable.

    ``minor`` is the shell's Python version, ``venv`` the venv's folder relative to the project,
    ``pythons`` the Nix expressions of further interpreters.
    """
    if installer is Installer.UV:
        search = ":".join(f"${{{one}}}/bin" for one in ("python", *pythons))
        steered = {
            "UV_PYTHON": f'"{minor}"',
            "UV_PYTHON_DOWNLOADS": '"never"',
            "UV_PYTHON_PREFERENCE": '"only-system"',
            "UV_PYTHON_SEARCH_PATH": f'"{search}"',
        }
        if venv != ".venv":
            # Relative: an absolute one makes `uv sync` in a second project write into this venv.
            steered["UV_PROJECT_ENVIRONMENT"] = string(venv)
        return steered
    if installer is Installer.PIP:
        return {"PIP_REQUIRE_VIRTUALENV": '"true"'}
    return {}


def program(installer: Installer) -> str | None:
    """Give nixpkgs' attribute of an installer's program; pip is seeded into the venv instead."""
    return None if installer is Installer.PIP else installer.value


def reinstall(installer: Installer) -> str:
    """Give the command that brings a project's packages back into a fresh venv."""
    return {
        Installer.UV: "uv sync",
        Installer.PIP: "pip install",
        Installer.POETRY: "poetry install",
        Installer.PDM: "pdm install",
        Installer.HATCH: "hatch env create",
        Installer.PIPENV: "pipenv install",
    }[installer]
