"""Tools of mise and asdf beside Python."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nixpy.knowledge.project_tools import managed_tool
from nixpy.metadata.model import Evidence, Topic
from nixpy.syntax.origin import Origin

_TABLE = re.compile(r"^\[([\w.\"-]+)\]\s*$")
_KEY = re.compile(r"^[\"']?([\w:./@\[\]-]+?)[\"']?\s*=")
_LINE = re.compile(r"^([\w-]+)\s+\S")
_PYTHON = re.compile(r"(?:core:|asdf:)?python|uv|pip|pipx|poetry|pdm|hatch|pipenv")


def read(text: str, path: str) -> Iterator[Evidence]:
    """Yield what nixpkgs has of the tools that a file lists."""
    toml = path.endswith(".toml")
    inside = not toml
    for number, line in enumerate(text.split("\n"), 1):
        if toml and (table := _TABLE.match(line)):
            inside = table[1] == "tools"
        name = (_KEY if toml else _LINE).match(line) if inside else None
        if name and not _PYTHON.fullmatch(name[1]):
            for attribute in managed_tool(name[1]):
                yield Evidence(Topic.OFFERED_TOOL, attribute, Origin(path, None, number))
