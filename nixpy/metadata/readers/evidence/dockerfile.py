"""Dockerfiles: the image's Python."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nixpy.metadata.model import Evidence, Topic
from nixpy.metadata.readers.evidence.versions import minors
from nixpy.syntax.origin import Origin

_FROM = re.compile(r"^\s*FROM\s+(?:--\S+\s+)*\S*python[:\d-]*(3\.\d\S*)", re.IGNORECASE)
_ARGUMENT = re.compile(r"^\s*ARG\s+PYTHON_?VERSION=[\"']?(3\.\d\S*)", re.IGNORECASE)


def read(text: str, path: str) -> Iterator[Evidence]:
    """Yield the Python of each stage; a version that an argument fills in is not known."""
    for number, line in enumerate(text.split("\n"), 1):
        if match := _FROM.match(line) or _ARGUMENT.match(line):
            for minor in list(minors(match[1]))[:1]:
                yield Evidence(Topic.PYTHON, minor, Origin(path, None, number), "a container")
