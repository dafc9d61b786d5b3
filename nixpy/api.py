"""What other programs may build on: a project's plan, and the files that follow from it."""

from __future__ import annotations

from os import PathLike
from pathlib import Path

from nixpy.errors import NixpyError
from nixpy.flake.render import FLAKE, modules
from nixpy.flake.render import render as _render
from nixpy.plan.model import Plan
from nixpy.workspace.locate import outputs_of
from nixpy.workspace.workspace import open_workspace, read_config

__all__ = ["NixpyError", "Plan", "plan_project", "render"]


def plan_project(path: str | PathLike[str] = ".") -> Plan:
    """Decide what `nixpy init` or `nixpy sync` would: nothing is written, and no program started.

    ``path`` is the folder that has nixpy.yaml, or would get it. Raises :class:`NixpyError` for a
    folder that is not there, metadata that cannot be read and choices that cannot be met; its
    ``errors`` are all of them, each with file, line, key and hint as far as they are known.
    """
    root = Path(path)
    if not root.is_dir():
        raise NixpyError("there is no such folder", file=str(path))
    outputs = outputs_of(root) or (FLAKE,)
    return open_workspace(root, read_config(root), outputs=outputs).plan()


def render(plan: Plan, *, module: bool = False) -> dict[str, str]:
    """Give the texts of the generated files of a plan, by their paths relative to its root.

    ``module``: nix/python-shell.nix in place of a flake. The same plan gives the same bytes.
    """
    return modules(plan) if module else _render(plan)
