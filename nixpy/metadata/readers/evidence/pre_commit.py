""".pre-commit-config.yaml: pre-commit itself, and what its hooks are built with."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nixpy.knowledge.project_tools import hooks_of_language, hooks_of_repository
from nixpy.metadata.model import Evidence, Topic
from nixpy.syntax.lines import line_numbers
from nixpy.syntax.origin import Origin

_REPOSITORY = re.compile(
    r"^[ \t]*(?:-[ \t]*)?repo[ \t]*:[ \t]*[\"']?(\S+?)[\"']?[ \t]*$", re.MULTILINE
)
_LANGUAGE = re.compile(r"^[ \t]*language[ \t]*:[ \t]*[\"']?(\w+)", re.MULTILINE)


def read(text: str, path: str) -> Iterator[Evidence]:
    """Yield pre-commit, and the compilers and interpreters that it would fetch for hooks."""
    if not _REPOSITORY.search(text):
        return
    yield Evidence(Topic.PROGRAM, "pre-commit", Origin(path))
    found = [(match, hooks_of_repository(match[1])) for match in _REPOSITORY.finditer(text)]
    found += [(match, hooks_of_language(match[1])) for match in _LANGUAGE.finditer(text)]
    line_of = line_numbers(text)
    for match, hooks in found:
        origin = Origin(path, None, line_of(match.start(1)))
        for attribute in hooks.tools if hooks else ():
            yield Evidence(Topic.OFFERED_TOOL, attribute, origin)
