"""JSON with lines, and with the comments that some tools allow in it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nixpy.errors import NixpyError
from nixpy.syntax.limits import check_size
from nixpy.syntax.table import Lines, Path, Table, kind_of
from nixpy.syntax.text import read_text

if TYPE_CHECKING:
    from nixpy.syntax.tree import Tree

# What is not closed goes on to the end, lest each further beginning be looked at in the same way.
_COMMENT = re.compile(r'"(?:[^"\\\n]|\\.)*"?|//[^\n]*|/\*.*?(?:\*/|\Z)', re.DOTALL)
_TRAILING = re.compile(r'"(?:[^"\\\n]|\\.)*"?|,(?=\s*[\]}])')
_TOKEN = re.compile(r'"(?:[^"\\\n]|\\.)*"|[\[\]{},:]|[^\s"\[\]{},:]+')


def load_json(tree: Tree, path: str, errors: list[NixpyError], comments: bool = False) -> Table:
    """Parse a JSON file into its root table.

    ``comments`` allows ``//``, ``/* */`` and commas before a closing bracket. ``errors`` takes what
    is found wrong later. Raises NixpyError with line and column for what is not JSON.
    """
    import json

    text = read_text(tree, path)
    if comments:
        check_size(text, path)
        # Blanks in their place keep lines and columns as they are.
        text = _COMMENT.sub(lambda m: m[0] if m[0][0] == '"' else re.sub(r"[^\n]", " ", m[0]), text)
        text = _TRAILING.sub(lambda m: m[0] if m[0][0] == '"' else " ", text)
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise NixpyError(
            f"is not valid JSON: {error.msg[:1].lower()}{error.msg[1:]}",
            file=path,
            line=error.lineno,
            column=error.colno,
        ) from None
    except RecursionError:
        raise NixpyError("is nested too deeply to be read", file=path) from None
    except ValueError as error:  # an integer of thousands of digits
        raise NixpyError(f"is not valid JSON: {error}", file=path) from None
    if not isinstance(data, dict):
        raise NixpyError(f"must hold an object, but it holds {kind_of(data)}", file=path)
    return Table(path, data, (), _lines(text), errors)


def _lines(text: str) -> Lines:
    """Know the line of every key and array element, found at the first question."""
    index: dict[Path, int] = {}

    def lines(path: Path) -> int | None:
        if not index:
            index.update(_scan(text))
            index.setdefault((), 1)
        return index.get(path) if path else None

    return lines


def _scan(text: str) -> dict[Path, int]:
    """Walk over text that is known to be JSON; give each path with its line."""
    found: dict[Path, int] = {}
    path: list[str | int] = []
    line, last, key, expects_key = 1, 0, "", False
    for token in _TOKEN.finditer(text):
        line += text.count("\n", last, token.start())
        last = token.start()
        word = token[0]
        in_array = bool(path) and isinstance(path[-1], int)
        if word in "]}":
            path.pop()
            expects_key = False
        elif word == ",":
            if in_array:
                path[-1] = int(path[-1]) + 1
            expects_key = not in_array
        elif word == ":":
            expects_key = False
        elif expects_key:
            key = word[1:-1]
            path[-1] = key
            found.setdefault(tuple(path), line)
        else:
            if in_array:
                found.setdefault(tuple(path), line)
            if word in "[{":
                path.append(0 if word == "[" else "")
                expects_key = word == "{"
    return found
