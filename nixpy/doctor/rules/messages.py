"""What programs print when a thing is the matter, by id: for logs, and for what Nix says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from nixpy.knowledge.table import table

_NEVER = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True)
class Message:
    """The lines of one id: those that say so by themselves, and those with other reasons too."""

    sure: re.Pattern[str]
    maybe: re.Pattern[str]

    def knows(self, line: str) -> bool:
        """Whether a line is one of these."""
        return bool(self.sure.search(line) or self.maybe.search(line))


@cache
def known_messages() -> Mapping[str, Message]:
    """Return the messages of each id that has some, read once."""
    rows = table("log_messages.yaml")
    return {name: _message(rows.get(name)) for name in rows}


def _message(row: dict[str, list[str]]) -> Message:
    return Message(_any(row.get("sure", [])), _any(row.get("maybe", [])))


def _any(patterns: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{one})" for one in patterns)) if patterns else _NEVER
