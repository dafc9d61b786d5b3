"""pip: https://pip.pypa.io/en/stable/topics/configuration/.

It lies in the venv, so nixpkgs' own is not needed.
"""

from __future__ import annotations

from collections.abc import Sequence

from nixpy.installers.spec import Spec, VenvRequest
from nixpy.metadata.model import Installer


def _variables(_venv: VenvRequest) -> dict[str, str]:
    return {}


def reinstall(files: Sequence[str]) -> str:
    """Give the pip command that installs a project: its requirements.txt, itself, or both."""
    wanted = ["-r requirements.txt"] if "requirements.txt" in files else []
    if not {"setup.py", "setup.cfg"}.isdisjoint(files) or (
        not wanted and "pyproject.toml" in files
    ):
        wanted.append("-e .")
    return " ".join(["pip", "install", *wanted])


SPEC = Spec(Installer.PIP, _variables, reinstall, programs=())
