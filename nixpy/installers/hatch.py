"""hatch: https://hatch.pypa.io/latest/config/hatch/."""

from __future__ import annotations

from collections.abc import Sequence

from nixpy.installers.spec import Spec, VenvRequest
from nixpy.metadata.model import Installer
from nixpy.syntax.nix import string


def _variables(venv: VenvRequest) -> dict[str, str]:
    # No UV_PYTHON: hatch's environments for other Pythons would get the wrong one.
    return {
        "HATCH_ENV_TYPE_VIRTUAL_PATH": string(venv.folder),
        "HATCH_ENV_TYPE_VIRTUAL_UV_PATH": '"uv"',
        "HATCH_PYTHON": venv.request,
        **venv.found_by_uv,
    }


def _reinstall(_files: Sequence[str]) -> str:
    # Outside of the venv hatch keeps a hash of what it installed, and would find nothing to do.
    return "hatch env remove && hatch env create"


SPEC = Spec(
    Installer.HATCH,
    _variables,
    _reinstall,
    programs=("hatch", "uv"),
    unset=("HATCH_ENV",),
)
