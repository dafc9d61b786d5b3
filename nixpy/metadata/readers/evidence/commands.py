"""Commands of installers in CI files, Dockerfiles, makefiles and in what is written for people."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nixpy.metadata.model import Evidence, Topic
from nixpy.syntax.lines import line_numbers
from nixpy.syntax.origin import Origin

# Those of who works on a project. `poetry add` and `pip install` are for its users, too, and
# `pdm build` and `hatch publish` say how it is released.
_COMMAND = re.compile(
    r"\b(?:uv (?:sync|run|lock|pip install|pip sync)"
    r"|poetry (?:install|run|lock|sync|shell|check)"
    r"|pdm (?:install|sync|run|lock)"
    r"|pipenv (?:install|sync|run|shell|lock|verify)"
    r"|hatch (?:run|env|shell|test|fmt))\b"
)


def read(text: str, path: str) -> Iterator[Evidence]:
    """Yield the installer of each line that runs one."""
    line_of = line_numbers(text)
    for match in _COMMAND.finditer(text):
        line = line_of(match.start())
        yield Evidence(Topic.INSTALLER, match[0].split()[0], Origin(path, None, line), match[0])
