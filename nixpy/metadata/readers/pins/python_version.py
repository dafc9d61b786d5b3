""".python-version and .python-versions, as pyenv and uv read them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nixpy.metadata.model import Facts
from nixpy.metadata.readers.findings import Findings
from nixpy.metadata.readers.pins.version import parse_pin
from nixpy.syntax.origin import Origin
from nixpy.syntax.text import read_text

if TYPE_CHECKING:
    from nixpy.syntax.tree import Tree


def read(tree: Tree, path: str) -> Facts:
    """Read the versions, the preferred one first.

    uv allows a range (``>=3.11``) too. What names no Python (a virtual environment of
    pyenv-virtualenv, a path) is noted.
    """
    found = Findings(path)
    for number, line in enumerate(read_text(tree, path).split("\n"), 1):
        text = line.partition("#")[0].strip()
        origin = Origin(path, None, number)
        for word in [text] if re.match(r"[<>=!~]", text) else text.split():
            if re.match(r"[<>=!~]", word):
                found.allow(word, origin)
                continue
            pin = parse_pin(word, origin)
            if pin:
                found.pins.append(pin)
            else:
                found.note(f"`{word}` names no Python version, so it says nothing here", origin)
    return found.facts()
