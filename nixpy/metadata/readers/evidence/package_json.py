"""package.json at the root: JavaScript is built along with the project."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nixpy.metadata.model import Evidence, Topic
from nixpy.syntax.origin import Origin

_ENGINE = re.compile(r"""[\"']node[\"']\s*:\s*[\"'][\^~>=v ]*(\d+)""")


def read(text: str, path: str) -> Iterator[Evidence]:
    """Yield nodejs, of the major that ``engines`` asks for."""
    match = _ENGINE.search(text)
    line = text.count("\n", 0, match.start()) + 1 if match else None
    name = f"nodejs_{match[1]}" if match else "nodejs"
    yield Evidence(Topic.PROGRAM, name, Origin(path, None, line))
