""".tool-versions, as asdf and mise read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nixpy.project import Facts, Origin
from nixpy.readers._findings import Findings
from nixpy.readers._python import parse_pin
from nixpy.readers._text import read_text

if TYPE_CHECKING:
    from nixpy.tree import Tree


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
