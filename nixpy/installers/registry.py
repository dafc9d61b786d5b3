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
INHERITED = (
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
    "PIP_TARGET",
    "PIP_PREFIX",
    "PIP_ROOT",
    "PIP_USER",
    "PIP_PYTHON",
    "UV_SYSTEM_PYTHON",
    "UV_MANAGED_PYTHON",
    "UV_NO_MANAGED_PYTHON",
    "UV_PROJECT",
    "UV_WORKING_DIR",
)
# The same, but for shells that set them themselves.
_UNLESS_SET = ("LD_LIBRARY_PATH", "UV_PROJECT_ENVIRONMENT", "UV_PYTHON")


def spec(installer: Installer) -> Spec:
    """Give what is known of an installer."""
    return _SPECS[installer]


def unwanted(installer: Installer) -> tuple[str, ...]:
    """Give what the shell takes away, beside what each does, where it does not set it itself."""
    return _UNLESS_SET + spec(installer).unset


def activates(installer: Installer, venv: str) -> bool:
    """Tell whether the shell sets VIRTUAL_ENV: a venv of another name is found by nothing else."""
    return venv != ".venv" or spec(installer).activates
