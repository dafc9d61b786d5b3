"""The texts of the rules: what is said of each id, at length.

They lie in ``pages/*.md``, a section an id, and are the source of ``--explain``, of the page of the
documentation, and of a finding's title.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources

from nixpy.errors import NixpyError

FAMILIES = ("interpreter", "venv", "libraries", "environment", "flake")

_HEADING = re.compile(r"^## ([A-Z]\d+): (.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Text:
    """What is said of an id: a title, and Markdown of what is seen, the cause and the mend."""

    id: str
    title: str
    body: str

    def section(self, name: str) -> str:
        """Give the paragraph that begins with ``**name.**``, on one line, without that."""
        found = re.search(rf"\*\*{name}\.\*\* (.+?)(?:\n\n|\Z)", self.body, re.DOTALL)
        return " ".join(found[1].split()).rstrip(".") if found else ""


@cache
def texts() -> dict[str, Text]:
    """Give the text of each id, in the order of the families' files."""
    found = {}
    for family in FAMILIES:
        parts = _HEADING.split(introduction_and_sections(family))[1:]
        for identifier, title, body in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
            found[identifier] = Text(identifier, title, body.strip("\n"))
    return found


def introduction_and_sections(family: str) -> str:
    """Give the Markdown of a family."""
    return (resources.files("nixpy.doctor") / "pages" / f"{family}.md").read_text("utf-8")


def explain(identifier: str) -> Text:
    """Give the text of an id, in any case of letters.

    Raises NixpyError for an id that there is not.
    """
    known = texts()
    text = known.get(identifier.upper())
    if text is None:
        raise NixpyError(
            f"there is no finding `{identifier}`", hint=f"the ids are {', '.join(known)}"
        )
    return text
