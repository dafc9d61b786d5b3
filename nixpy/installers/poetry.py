"""poetry: https://python-poetry.org/docs/configuration/."""

from __future__ import annotations

from collections.abc import Sequence

from nixpy.installers._entries import with_versions
from nixpy.installers.spec import Lock, Spec, VenvRequest
from nixpy.metadata.model import Installer


def _variables(_venv: VenvRequest) -> dict[str, str]:
    return {"POETRY_VIRTUALENVS_CREATE": '"true"', "POETRY_VIRTUALENVS_IN_PROJECT": '"true"'}


def _reinstall(_files: Sequence[str]) -> str:
    return "poetry install"


def _lock(_pins: Sequence[str], major: int) -> list[str]:
    # Before poetry 2, `poetry lock` updated everything unless it was told not to.
    return ["poetry", "lock", "--no-interaction", *(["--no-update"] if major < 2 else [])]


SPEC = Spec(
    Installer.POETRY,
    _variables,
    _reinstall,
    programs=("poetry",),
    add="poetry add",
    lock=Lock("poetry.lock", _lock, "poetry install", with_versions),
    activates=False,
)
