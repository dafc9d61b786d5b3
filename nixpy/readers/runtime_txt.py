"""runtime.txt, by which Heroku, Binder and others are told the Python."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nixpy.project import Facts, Origin
from nixpy.readers._findings import Findings
from nixpy.readers._python import parse_pin
from nixpy.readers._text import read_text

if TYPE_CHECKING:
    from nixpy.tree import Tree


def read(tree: Tree, path: str) -> Facts:
    """Read the version from ``python-3.12.4``; what names no Python is for another language."""
    found = Findings(path)
    for number, line in enumerate(read_text(tree, path).split("\n"), 1):
        text = line.partition("#")[0].strip()
        pin = parse_pin(text, Origin(path, None, number))
        found.pins += [pin] if pin else []
    return found.facts()
