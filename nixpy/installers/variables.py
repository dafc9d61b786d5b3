"""The environment that steers installers: what the shell sets, and what it takes away.

Variables were taken from each tool's documentation and source and tried (tests/e2e/installers). An
installer is steered by a version request and a place to search, never by a path to an interpreter,
and no value names this project's folder: in another project it would name the wrong venv.
"""

from __future__ import annotations

from collections.abc import Sequence

from nixpy.metadata.model import Installer
from nixpy.syntax.nix import string

# Left behind by nixpkgs' setup hooks, or inherited from a shell around this one. Each of them makes
# an interpreter or an installer use another place than the project's venv.
_INHERITED = (
    "VIRTUAL_ENV",
    "VIRTUAL_ENV_PROMPT",
    "CONDA_PREFIX",
    "CONDA_DEFAULT_ENV",
    "PYTHONPATH",
    "PYTHONHOME",
    "PYTHONPLATLIBDIR",
    "PYTHONHASHSEED",
    "PYTHONNOUSERSITE",
    "DETERMINISTIC_BUILD",
    "SOURCE_DATE_EPOCH",
    "NIX_PYTHONPATH",
    "NIX_PYTHONPREFIX",
    "NIX_PYTHONEXECUTABLE",
    "_PYTHON_HOST_PLATFORM",
    "_PYTHON_SYSCONFIGDATA_NAME",
    "LD_LIBRARY_PATH",
    "PIP_TARGET",
    "PIP_PREFIX",
    "PIP_ROOT",
    "PIP_USER",
    "PIP_PYTHON",
    "UV_PYTHON",
    "UV_SYSTEM_PYTHON",
    "UV_MANAGED_PYTHON",
    "UV_NO_MANAGED_PYTHON",
    "UV_PROJECT",
    "UV_PROJECT_ENVIRONMENT",
    "UV_WORKING_DIR",
)
_INHERITED_BY = {
    Installer.HATCH: ("HATCH_ENV",),
    Installer.PDM: ("PDM_PROJECT",),
    Installer.PIPENV: ("PIPENV_PIPFILE",),
}


def variables(
    installer: Installer, minor: str, venv: str, pythons: Sequence[str]
) -> dict[str, str]:
    """Give what the shell sets for an installer, as Nix expressions by variable.

    ``minor`` is the shell's Python version, ``venv`` the venv's folder relative to the project,
    ``pythons`` the Nix expressions of further interpreters.
    """
    usual, request = venv == ".venv", string(minor)
    search = ":".join(f"${{{one}}}/bin" for one in ("python", *pythons))
    # What uv may take for a Python; older than 0.11.8, it looks at PATH alone.
    found_by_uv = {
        "UV_PYTHON_DOWNLOADS": '"never"',
        "UV_PYTHON_PREFERENCE": '"only-system"',
        "UV_PYTHON_SEARCH_PATH": f'"{search}"',
    }
    match installer:
        case Installer.UV:
            steered = {"UV_PYTHON": request, **found_by_uv}
            if not usual:
                # Relative: an absolute one makes `uv sync` write into this venv from any project.
                steered["UV_PROJECT_ENVIRONMENT"] = string(venv)
            return steered
        case Installer.PIP:
            return {"PIP_REQUIRE_VIRTUALENV": '"true"'}
        case Installer.POETRY:
            return {
                "POETRY_VIRTUALENVS_CREATE": '"true"',
                "POETRY_VIRTUALENVS_IN_PROJECT": '"true"',
            }
        case Installer.PDM:
            return {
                # .pdm-python may name an interpreter of another machine, or one in the store.
                "PDM_IGNORE_SAVED_PYTHON": '"1"',
                "PDM_PYTHON_VERSION": request,
                "PDM_USE_VENV": '"1"',
                # nixpkgs' pdm cannot start its virtualenv: `python -m` does not find the module.
                "PDM_VENV_BACKEND": '"venv"',
                "PDM_VENV_IN_PROJECT": '"1"',
            }
        case Installer.HATCH:
            # No UV_PYTHON: hatch's environments for other Pythons would get the wrong one.
            return {
                "HATCH_ENV_TYPE_VIRTUAL_PATH": string(venv),
                "HATCH_ENV_TYPE_VIRTUAL_UV_PATH": '"uv"',
                "HATCH_PYTHON": request,
                **found_by_uv,
            }
        case Installer.PIPENV:
            steered = {"PIPENV_DEFAULT_PYTHON_VERSION": request, "PIPENV_VENV_IN_PROJECT": '"1"'}
            if usual:
                # By itself it takes `.venv` and no other name; VIRTUAL_ENV would be any project's.
                steered["PIPENV_IGNORE_VIRTUALENVS"] = '"1"'
            return steered


def inherited(installer: Installer) -> tuple[str, ...]:
    """Give the variables that the shell takes away where it does not set them itself."""
    return _INHERITED + _INHERITED_BY.get(installer, ())


def activates(installer: Installer, venv: str) -> bool:
    """Tell whether the shell sets VIRTUAL_ENV.

    poetry and pdm prefer it to the project that they are run in, so a second project would be
    installed into this one's venv. A `.venv` they find without it; a venv of another name only by
    it.
    """
    return venv != ".venv" or installer not in {Installer.POETRY, Installer.PDM}


def meets_env(installer: Installer) -> bool:
    """Tell whether the env may be on PATH.

    Of two Pythons of one version poetry and pdm take the one whose path is longer, so that where a
    venv is missing they would make it from the env.
    """
    return installer not in {Installer.POETRY, Installer.PDM}


def programs(installer: Installer) -> tuple[str, ...]:
    """Give nixpkgs' attributes of what an installer needs; pip lies in the venv instead."""
    match installer:
        case Installer.PIP:
            return ()
        case Installer.HATCH:
            return ("hatch", "uv")
        case _:
            return (installer.value,)


def compiles(installer: Installer) -> bool:
    """Tell whether an installer runs modules of its own in the project's Python.

    Where root can write to the store Python caches bytecode there, of a version that Nix has not
    compiled them for. pdm starts it with -E, so no variable reaches it.
    """
    return installer is Installer.PDM


def seeds_pip(installer: Installer) -> bool:
    """Tell whether an installer needs pip in the venv; hatch does unless it is told to use uv."""
    return installer in {Installer.PIP, Installer.HATCH}


def reinstall(installer: Installer, files: Sequence[str]) -> str:
    """Give the command that brings a project's packages back into a fresh venv.

    ``files`` are those that the project's metadata was read from, relative to its root.
    """
    if installer not in {Installer.PIP, Installer.UV}:
        return _REINSTALL[installer]
    if installer is Installer.UV and ("uv.lock" in files or "requirements.txt" not in files):
        return "uv sync"
    wanted = ["-r requirements.txt"] if "requirements.txt" in files else []
    if "setup.py" in files or (not wanted and "pyproject.toml" in files):
        wanted.append("-e .")
    pip = "pip" if installer is Installer.PIP else "uv pip"
    return " ".join([pip, "install", *wanted])


_REINSTALL = {
    Installer.POETRY: "poetry install",
    Installer.PDM: "pdm install",
    Installer.HATCH: "hatch env create",
    Installer.PIPENV: "pipenv install --dev",
}
