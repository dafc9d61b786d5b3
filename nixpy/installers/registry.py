"""The installers that nixpy knows, and the environment that no shell hands on to them.

Variables were taken from each tool's documentation and source, and tried in
tests/e2e/test_installers.py. An installer is steered by a version request and a place to search,
never by a path to an interpreter, and no value names this project's folder: in another project it
would name the wrong venv.
"""

from __future__ import annotations

from nixpy.installers import hatch, pdm, pip, pipenv, poetry, uv
from nixpy.installers.spec import Spec
from nixpy.metadata.model import Installer

_SPECS = {
    spec.installer: spec
    for spec in (uv.SPEC, pip.SPEC, poetry.SPEC, pdm.SPEC, hatch.SPEC, pipenv.SPEC)
}

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


def spec(installer: Installer) -> Spec:
    """Give what is known of an installer."""
    return _SPECS[installer]


def inherited(installer: Installer) -> tuple[str, ...]:
    """Give the variables that the shell takes away where it does not set them itself."""
    return _INHERITED + spec(installer).unset


def activates(installer: Installer, venv: str) -> bool:
    """Tell whether the shell sets VIRTUAL_ENV: a venv of another name is found by nothing else."""
    return venv != ".venv" or spec(installer).activates
