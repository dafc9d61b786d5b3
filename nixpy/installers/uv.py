"""uv: https://docs.astral.sh/uv/reference/environment/."""

from __future__ import annotations

from collections.abc import Sequence

from nixpy.installers import pip
from nixpy.installers.spec import Lock, Spec, VenvRequest
from nixpy.metadata.model import Installer
from nixpy.syntax.nix import string

_LOCK = "uv.lock"


def _variables(venv: VenvRequest) -> dict[str, str]:
    steered = {"UV_PYTHON": venv.request, **venv.found_by_uv}
    if not venv.usual:
        # Relative: an absolute one makes `uv sync` write into this venv from any project.
        steered["UV_PROJECT_ENVIRONMENT"] = string(venv.folder)
    return steered


def _reinstall(files: Sequence[str]) -> str:
    # `uv sync` asks for a [project] table.
    legacy = "pyproject.toml" not in files and not {"setup.py", "setup.cfg"}.isdisjoint(files)
    if _LOCK in files or not (legacy or "requirements.txt" in files):
        return "uv sync"
    return f"uv {pip.reinstall(files)}"


def _lock(pins: Sequence[str], _major: int) -> list[str]:
    return ["uv", "lock", *(part for pin in pins for part in ("-P", pin))]


SPEC = Spec(
    Installer.UV,
    _variables,
    _reinstall,
    programs=("uv",),
    add="uv add",
    lock=Lock(_LOCK, _lock, "uv sync", leave_out="uv sync --inexact --no-install-package"),
)
