"""TOML with lines: the parser gives values, a scan of the text gives where they stand."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from nixpy.errors import NixpyError
from nixpy.syntax.limits import MOST_KEYS, check_size
from nixpy.syntax.table import Lines, Path, Table
from nixpy.syntax.text import decode, read_bytes

if TYPE_CHECKING:
    from nixpy.syntax.tree import Tree

_KEY = r"""(?:[A-Za-z0-9_-]+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*')"""
_DOTTED = rf"{_KEY}(?:[ \t]*\.[ \t]*{_KEY})*"
_BLANK = re.compile(r"[ \t\n]*")
_STATEMENT = re.compile(rf"(?:(\[\[?)[ \t]*)?({_DOTTED})")
_NOT_KEY = re.compile(r"[^\w. \t-]+")
_STRING = re.compile(r""""(?:[^"\\]|\\.)*"?|'[^']*'?|#.*""")
_DOTS = re.compile(r"\.[ \t]*\.")
_ONE_KEY = re.compile(_KEY)
_TOKEN = re.compile(
    r'''"""(?:[^\\]|\\.)*?"{3,5}|\'\'\'.*?\'{3,5}'''
    r"""|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|\#[^\n]*|[\[\]{},\n]|[^\s\[\]{},\#"']+""",
    re.DOTALL,
)
_UNASKED = re.compile(
    r', (?:(?:hash|size|upload-time) = (?:"[^"\\\n]*"|[\dTZ:.+-]+)|hashes = \{[^{}\n]*\})(?=[,} ])'
)
_PLAIN = re.compile(r'((?:file|name|registry|url|version) = )"([^"\\\n\']*)"')
_PLACE = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)$")


def load_toml(tree: Tree, path: str, errors: list[NixpyError], lock: str | None = None) -> Table:
    """Parse a TOML file into its root table.

    ``errors`` takes what is found wrong later, while the table is read. ``lock`` names the array of
    tables that a lock file is made of: then only the lines of its elements are known, which costs
    next to nothing in a file of some megabytes.

    Raises NixpyError with file, line and column where the text is not UTF-8 or not TOML.
    """
    return parse_toml(decode(read_bytes(tree, path), path), path, errors, lock)


def parse_toml(text: str, file: str, errors: list[NixpyError], lock: str | None = None) -> Table:
    """Parse TOML text; as :func:`load_toml`."""
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib

    if lock is None:
        check_size(text, file)
    _check_keys(text, file)
    try:
        data = tomllib.loads(_light(text) if lock else text)
    except (ValueError, RecursionError):
        data = None
    try:
        if data is None:  # of a lock too the whole text, so that the place of a mistake is right
            data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _mistake(str(error), text, file) from None
    except RecursionError:
        raise NixpyError("is nested too deeply to be read", file=file) from None
    except ValueError as error:  # an integer of thousands of digits
        raise NixpyError(f"is not valid TOML: {_lower(str(error))}", file=file) from None
    lines = _lock_lines(text, lock, data) if lock else _all_lines(text)
    return Table(file, data, (), lines, errors)


def _check_keys(text: str, file: str) -> None:
    """Raise NixpyError for a key of more parts than the parser takes in a reasonable time."""
    for number, line in enumerate(text.split("\n"), 1):
        if line.count(".") > MOST_KEYS:
            outside = _STRING.sub("k", line)
            for run in _NOT_KEY.split(_DOTS.sub(" ", outside)):
                if run.count(".") > MOST_KEYS:
                    raise NixpyError(
                        f"is not read: a key has more than {MOST_KEYS} parts",
                        file=file,
                        line=number,
                    )


def _light(text: str) -> str:
    """Take out of a lock file what no reader asks for, and use strings that have no escapes.

    tomllib needs less than half the time for what is left.
    """
    return _PLAIN.sub(r"\1'\2'", _UNASKED.sub("", text))


def _mistake(message: str, text: str, file: str) -> NixpyError:
    place = _PLACE.search(message)
    what = _PLACE.sub("", message)
    line = int(place[1]) if place and place[1] else text.count("\n") + 1
    column = int(place[2]) if place and place[2] else len(text) - text.rfind("\n")
    hint = None
    shown = text.split("\n")[line - 1] if line <= text.count("\n") + 1 else ""
    if re.match(r"\s*(<{7}|={7}|>{7})", shown):
        hint = "a merge is unfinished here: remove the conflict markers"
    return NixpyError(
        f"is not valid TOML: {_lower(what)}", file=file, line=line, column=column, hint=hint
    )


def _lower(message: str) -> str:
    return message[:1].lower() + message[1:]


def _lock_lines(text: str, name: str, data: dict[str, object]) -> Lines:
    """Know the lines of ``[[name]]`` headers only: what is between them is not looked at."""
    found: list[int] = []
    line, last = 1, 0
    for match in re.finditer(rf"^\[\[{name}\]\]", text, re.MULTILINE):
        line += text.count("\n", last, match.start())
        last = match.start()
        found.append(line)
    entries = data.get(name)
    known = isinstance(entries, list) and len(entries) == len(found)
    first, last = (found[0], found[-1]) if found else (text.count("\n") + 2, text.count("\n") + 1)

    def lines(path: Path) -> int | None:
        if known and len(path) > 1 and path[0] == name and isinstance(path[1], int):
            return found[path[1]]
        return _outside(text, path, first, last)

    return lines


def _outside(text: str, path: Path, first: int, last: int) -> int | None:
    """Find a key before the first, or else after the last entry of a lock file."""
    lines = text.split("\n", last)
    for offset, part in ((0, lines[: first - 1]), (last, lines[-1:])):
        for place, line in _scan("\n".join(part)):
            if place == path:
                return line + offset
    return None


def _all_lines(text: str) -> Lines:
    """Know the line of every table, key and array element, found at the first question."""
    index: dict[Path, int] = {}

    def lines(path: Path) -> int | None:
        if not index:
            index.update(_scan(text))
            index.setdefault((), 1)
        while path and path not in index:
            path = path[:-1]
        return index[path] if path else None

    return lines


def _scan(text: str) -> Iterator[tuple[Path, int]]:
    """Walk over text that is known to be TOML; give each key path with its line, once."""
    table: Path = ()
    counts: dict[Path, int] = {}
    seen: set[Path] = set()
    position, line = 0, 1
    while position < len(text):
        blank = _BLANK.match(text, position)
        if blank:
            line += text.count("\n", position, blank.end())
            position = blank.end()
        match = _STATEMENT.match(text, position)
        if not match:  # a comment, or the end
            end = text.find("\n", position)
            end = len(text) if end < 0 else end + 1
            line += text.count("\n", position, end)
            position = end
            continue
        line += text.count("\n", position, match.start(2))
        position = match.end()
        keys = tuple(_plain(key) for key in _ONE_KEY.findall(match[2]))
        if match[1]:
            table = _header(keys, match[1] == "[[", counts)
            places = [(table, line)]
            end = text.find("\n", position)
            position = len(text) if end < 0 else end
        else:
            path = (*table, *keys)
            places, position = _value(text, position, path, line)
            line += text.count("\n", match.end(), position)
        for path, where in places:
            if path not in seen:
                seen.add(path)
                yield path, where


def _header(keys: Path, array: bool, counts: dict[Path, int]) -> Path:
    if not array:
        return _elements((), keys, counts)
    parent = (*_elements((), keys[:-1], counts), keys[-1])
    counts[parent] = counts.get(parent, 0) + 1
    return (*parent, counts[parent] - 1)


def _elements(done: Path, keys: Path, counts: dict[Path, int]) -> Path:
    """Put into a path the indices of the array elements that its arrays of tables stand at."""
    for key in keys:
        done = (*done, key)
        if done in counts and not isinstance(key, int):
            done = (*done, counts[done] - 1)
    return done


def _value(text: str, position: int, path: Path, line: int) -> tuple[list[tuple[Path, int]], int]:
    """Skip ``= value``; give the lines of the key and of its array's elements, and the end."""
    places: list[tuple[Path, int]] = [(path, line)]
    depth, element, fresh, in_array = 0, 0, False, False
    start = position
    for token in _TOKEN.finditer(text, position):
        word = token[0]
        line += text.count("\n", start, token.start())
        start = token.start()
        if word == "\n":
            if depth == 0:
                return places, token.start()
            continue
        if word[0] == "#":
            continue
        if fresh and word != "]":
            places.append(((*path, element), line))
            fresh = False
        if word in "[{":
            if depth == 0:
                fresh = in_array = word == "["
            depth += 1
        elif word in "]}":
            depth -= 1
        elif word == "," and depth == 1 and in_array:
            element += 1
            fresh = True
    return places, len(text)


def _plain(key: str) -> str:
    if key[0] == '"' and "\\" in key:
        import json

        try:
            return str(json.loads(key))
        except ValueError:  # \U escapes, which JSON has not: such a key has no line
            return key
    return key[1:-1] if key[0] in "\"'" else key
