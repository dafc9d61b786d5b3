"""Edits of JSON with comments by position, as editors' settings are: all else keeps its bytes.

Each edit is read again: unless it changed the wanted key and nothing else, it is refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nixpy.errors import NixpyError
from nixpy.syntax.lines import line_start, newline

# What is not closed goes on to the end, lest each further beginning be looked at in the same way.
_TOKEN = re.compile(
    r'"(?:[^"\\\n]|\\.)*"?|//[^\n]*|/\*[\s\S]*?(?:\*/|\Z)|[\[\]{},:]|[^\s"\[\]{},:/]+'
)
_BOM = "\ufeff"


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    start: int
    end: int


def load(text: str, file: str) -> dict[str, Any]:
    """Read an object with comments and trailing commas; raises NixpyError for what is none."""
    tokens = _tokens(text.removeprefix(_BOM))
    parts = [
        one.text
        for index, one in enumerate(tokens)
        if one.text != ","
        or tokens[index + 1 : index + 2] == []
        or tokens[index + 1].text not in "]}"
    ]
    try:
        value = json.loads(" ".join(parts) or "{}")
    except ValueError:  # or an integer of thousands of digits
        raise NixpyError(
            "not JSON with comments", file=file, hint="mend it by hand, or move it away"
        ) from None
    except RecursionError:
        raise NixpyError("nested too deeply to be read", file=file) from None
    if not isinstance(value, dict):
        raise NixpyError("expected an object", file=file, hint="move the file away")
    return value


def set_values(text: str, values: Mapping[str, Any], file: str) -> str:
    """Set keys of the outermost object: in place where they stand, else at its end.

    ``values`` are what :mod:`json` can write. Raises NixpyError where that cannot be done without
    changing more.
    """
    before = load(text, file)
    mark = _BOM if text.startswith(_BOM) else ""
    after = text.removeprefix(_BOM)
    for key, value in values.items():
        if key not in before or not _same(before[key], value):
            after = _set(after, key, json.dumps(value, ensure_ascii=False))
    if not _same(load(after, file), {**before, **values}):
        raise NixpyError(
            "cannot be edited without changing more of the file",
            file=file,
            hint="set by hand: " + ", ".join(f'"{key}"' for key in values),
        )
    return mark + after


def _same(one: object, other: object) -> bool:
    """Compare as JSON does, where 1 is not true."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def _tokens(text: str) -> list[_Token]:
    """Give all tokens but comments."""
    found = (_Token(match[0], match.start(), match.end()) for match in _TOKEN.finditer(text))
    return [one for one in found if not one.text.startswith(("//", "/*"))]


def _set(text: str, key: str, value: str) -> str:
    tokens = _tokens(text)
    if not tokens:
        end = newline(text)
        lead = text + end if text and not text.endswith("\n") else text
        return f"{lead}{{{end}  {json.dumps(key)}: {value}{end}}}{end}"
    found = _span(tokens, key)
    if found:
        return text[: found[0]] + value + text[found[1] :]
    last, close = tokens[-2], tokens[-1]
    indent = _indent(text, tokens)
    comma = "" if last.text in {"{", ","} else ","
    entry = f"{newline(text)}{indent}{json.dumps(key)}: {value}"
    if "\n" not in text[last.end : close.start]:
        tail = text[last.end : close.start] if "\n" in text else newline(text)
        return text[: last.end] + comma + entry + tail + text[close.start :]
    # Behind the comment that stands behind the last value, and before the line of the bracket.
    at = line_start(text, close.start)
    at = len(text[:at].rstrip())
    return text[: last.end] + comma + text[last.end : at] + entry + text[at:]


def _span(tokens: list[_Token], key: str) -> tuple[int, int] | None:
    """Give where the value of a key of the outermost object is; of several keys the last counts."""
    found = None
    depth = 0
    for index, token in enumerate(tokens):
        if token.text in {"{", "["}:
            depth += 1
        elif token.text in {"}", "]"}:
            depth -= 1
        elif depth == 1 and token.text == ":" and _name(tokens[index - 1]) == key:
            found = _value(tokens, index + 1)
    return found


def _value(tokens: list[_Token], index: int) -> tuple[int, int]:
    depth = 0
    for token in tokens[index:]:
        depth += token.text in {"{", "["}
        depth -= token.text in {"}", "]"}
        if depth == 0:
            return tokens[index].start, token.end
    return tokens[index].start, tokens[-1].start


def _name(token: _Token) -> str | None:
    try:
        name = json.loads(token.text)
    except json.JSONDecodeError:
        return None
    return name if isinstance(name, str) else None


def _indent(text: str, tokens: list[_Token]) -> str:
    """Give the white space before the first key, if it begins its line."""
    first = tokens[1].start
    space = text[line_start(text, first) : first]
    return space if space and not space.strip() else "  "
