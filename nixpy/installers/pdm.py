"""pdm: https://pdm-project.org/latest/usage/config/."""

from __future__ import annotations

from collections.abc import Sequence

from nixpy.installers._entries import with_versions_alone
from nixpy.installers.spec import Lock, Spec, VenvRequest
from nixpy.metadata.model import Installer


def _variables(venv: VenvRequest) -> dict[str, str]:
    return {
        # .pdm-python may name an interpreter of another machine, or one in the store.
        "PDM_IGNORE_SAVED_PYTHON": '"1"',
        "PDM_PYTHON_VERSION": venv.request,
        "PDM_USE_VENV": '"1"',
        # nixpkgs' pdm cannot start its virtualenv: `python -m` does not find the module.
        "PDM_VENV_BACKEND": '"venv"',
        "PDM_VENV_IN_PROJECT": '"1"',
    }


def _reinstall(_files: Sequence[str]) -> str:
    return "pdm install"


def _lock(_pins: Sequence[str], _major: int) -> list[str]:
    return ["pdm", "lock", "--update-reuse"]


SPEC = Spec(
    Installer.PDM,
    _variables,
    _reinstall,
    programs=("pdm",),
    unset=("PDM_PROJECT",),
    add="pdm add",
    lock=Lock("pdm.lock", _lock, "pdm sync", with_versions_alone),
    activates=False,
    # It starts that Python with -E, so no variable keeps it from caching bytecode.
    compiles=True,
)
