""".tool-versions, as asdf and mise read it."""

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
    """Read the versions of python, the preferred one first; other tools are left out."""
    found = Findings(path)
    for number, line in enumerate(read_text(tree, path).split("\n"), 1):
        words = line.partition("#")[0].split()
        if words and words[0] == "python":
            origin = Origin(path, "python", number)
            pins = [parse_pin(word, origin) for word in words[1:]]
            found.pins += [pin for pin in pins if pin]
    return found.facts()
