"""pipenv: https://pipenv.pypa.io/en/latest/configuration.html."""

from __future__ import annotations

from collections.abc import Sequence

from nixpy.installers.spec import Spec, VenvRequest
from nixpy.metadata.model import Installer


def _variables(venv: VenvRequest) -> dict[str, str]:
    steered = {"PIPENV_DEFAULT_PYTHON_VERSION": venv.request, "PIPENV_VENV_IN_PROJECT": '"1"'}
    if venv.usual:
        # By itself it takes `.venv` and no other name; VIRTUAL_ENV would be any project's.
        steered["PIPENV_IGNORE_VIRTUALENVS"] = '"1"'
    return steered


def _reinstall(_files: Sequence[str]) -> str:
    return "pipenv install --dev"


SPEC = Spec(
    Installer.PIPENV,
    _variables,
    _reinstall,
    programs=("pipenv",),
    unset=("PIPENV_PIPFILE",),
    add="pipenv install",
)
