"""uv.toml, hatch.toml and poetry.toml: an installer's settings in a file of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nixpy.metadata.model import Facts, Installer, Strength
from nixpy.metadata.readers.findings import Findings
from nixpy.metadata.readers.pyproject import hatch, uv
from nixpy.syntax.toml import load_toml

if TYPE_CHECKING:
    from nixpy.syntax.tree import Tree


def read_uv(tree: Tree, path: str) -> Facts:
    """Read a uv.toml. Raises NixpyError for broken TOML and wrong types."""
    found = Findings(path)
    root = load_toml(tree, path, found.errors)
    found.sign(Installer.UV, Strength.TABLE, root.origin())
    uv.requirements(root, found)
    return found.facts()


def read_hatch(tree: Tree, path: str) -> Facts:
    """Read a hatch.toml. Raises NixpyError for broken TOML and wrong types."""
    found = Findings(path)
    hatch.read_tool(load_toml(tree, path, found.errors), "", tree, found)
    return found.facts()


def read_poetry(tree: Tree, path: str) -> Facts:
    """Read a poetry.toml: it says that poetry is used. Raises NixpyError for broken TOML."""
    found = Findings(path)
    root = load_toml(tree, path, found.errors)
    found.sign(Installer.POETRY, Strength.TABLE, root.origin())
    return found.facts()
