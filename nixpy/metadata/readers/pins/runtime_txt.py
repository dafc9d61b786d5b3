"""runtime.txt, by which Heroku, Binder and others are told the Python."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nixpy.metadata.model import Facts
from nixpy.metadata.readers.findings import Findings
from nixpy.metadata.readers.pins.version import parse_pin
from nixpy.syntax.origin import Origin
from nixpy.syntax.text import read_text

if TYPE_CHECKING:
    from nixpy.syntax.tree import Tree


def read(tree: Tree, path: str) -> Facts:
    """Read the version from ``python-3.12.4``; what names no Python is for another language."""
    found = Findings(path)
    for number, line in enumerate(read_text(tree, path).split("\n"), 1):
        text = line.partition("#")[0].strip()
        pin = parse_pin(text, Origin(path, None, number))
        found.pins += [pin] if pin else []
    return found.facts()
