"""Services that compose files, CI files and development containers start."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nixpy.knowledge.project_tools import service_clients
from nixpy.metadata.model import Evidence, Topic
from nixpy.syntax.lines import line_numbers
from nixpy.syntax.origin import Origin

_IMAGE = re.compile(
    r"^[ \t]*(?:-[ \t]+)?[\"']?image[\"']?[ \t]*:[ \t]*[\"']?([\w./:@-]+)", re.MULTILINE
)


def read(text: str, path: str) -> Iterator[Evidence]:
    """Yield the programs with which one talks to each service."""
    line_of = line_numbers(text)
    for match in _IMAGE.finditer(text):
        origin = Origin(path, None, line_of(match.start(1)))
        for attribute in service_clients(match[1]):
            yield Evidence(Topic.OFFERED_TOOL, attribute, origin)
