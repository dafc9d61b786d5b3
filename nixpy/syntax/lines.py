"""Where the lines of a text begin and end, for edits that keep all other bytes."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable

_LINE_END = re.compile(r"\r?\n|\Z")


def newline(text: str) -> str:
    """Give the line break that the text uses."""
    return "\r\n" if "\r\n" in text else "\n"


def line_start(text: str, at: int) -> int:
    """Give where the line that an offset lies in starts."""
    return text.rfind("\n", 0, at) + 1


def line_end(text: str, at: int) -> int:
    """Give where the line that an offset lies in ends, before its line break."""
    found = _LINE_END.search(text, at)
    return found.start() if found else len(text)


def next_line(text: str, at: int) -> int:
    """Give where the line behind the one that an offset lies in starts."""
    found = _LINE_END.search(text, at)
    return found.end() if found else len(text)


def begins_line(text: str, at: int) -> bool:
    """Whether nothing but white space stands before an offset on its line."""
    return not text[line_start(text, at) : at].strip()


def line_numbers(text: str) -> Callable[[int], int]:
    """Return what tells the 1-based line of an offset, for many offsets in one text."""
    ends: list[int] = []

    def line(at: int) -> int:
        if not ends:
            ends.extend(match.start() for match in re.finditer("\n", text))
            ends.append(len(text))
        return bisect_left(ends, at) + 1

    return line
