"""noxfile.py: the Pythons of its sessions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nixpy.metadata.model import Evidence, Topic
from nixpy.syntax.origin import Origin

_QUOTED = re.compile(r"[\"'](?:python)?3\.(\d{1,2})[\"']")


def read(text: str, path: str) -> Iterator[Evidence]:
    """Yield each version that stands in quotes: sessions name them so."""
    for number, line in enumerate(text.split("\n"), 1):
        for match in _QUOTED.finditer(line.partition("#")[0]):
            yield Evidence(Topic.PYTHON, f"3.{match[1]}", Origin(path, None, number), "nox")
