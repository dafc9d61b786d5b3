"""Typed access to parsed TOML and JSON: a wrong type becomes an error with its key and line."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from nixpy.errors import NixpyError
from nixpy.syntax.origin import Origin

Path = tuple[str | int, ...]
Lines = Callable[[Path], int | None]

_BARE = re.compile(r"[A-Za-z0-9_-]+$")
_NAMES: tuple[tuple[type, str], ...] = (
    (bool, "a boolean"),
    (str, "a string"),
    (int, "a number"),
    (float, "a number"),
    (list, "an array"),
    (dict, "a table"),
    (dt.date, "a date"),
    (dt.time, "a time"),
)


def kind_of(value: object) -> str:
    """Name a value's type in TOML's words, with its article."""
    return next((name for kind, name in _NAMES if isinstance(value, kind)), "null")


def show(path: Path) -> str:
    """Write a key path as people do: ``tool.uv.sources.numpy`` or ``project.dependencies[2]``."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            part = part if _BARE.match(part) else f'"{part}"'  # noqa: PLW2901 - as TOML writes it
            text += f".{part}" if text else part
    return text


def no_lines(_path: Path) -> None:
    """Know no line: for a file whose lines nobody looks for."""


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a document.

    What is absent reads as empty. What has the wrong type reads as empty too, and an error with
    file, key and line is appended to ``errors``, which all tables of a document share.
    """

    file: str
    data: Mapping[str, Any]
    path: Path = ()
    lines: Lines = no_lines
    errors: list[NixpyError] = field(default_factory=list)

    def __contains__(self, key: str) -> bool:
        """Whether the key is there."""
        return key in self.data

    def __bool__(self) -> bool:
        """Whether the table has any key."""
        return bool(self.data)

    def origin(self, *keys: str | int) -> Origin:
        """Give where a key below this table stands."""
        path = (*self.path, *keys)
        return Origin(self.file, show(path) or None, self.lines(path))

    def fail(self, message: str, *keys: str | int, hint: str | None = None) -> None:
        """Report a mistake at a key below this table."""
        where = self.origin(*keys)
        self.errors.append(
            NixpyError(message, file=self.file, line=where.line, key=where.key, hint=hint)
        )

    def wrong(
        self, expected: str, value: object, *keys: str | int, hint: str | None = None
    ) -> None:
        """Report a value that has another type than the format asks for."""
        self.fail(f"must be {expected}, but it is {kind_of(value)}", *keys, hint=hint)

    def table(self, key: str) -> Table:
        """Give the table under the key."""
        value = self.data.get(key, {})
        if not isinstance(value, dict):
            self.wrong("a table", value, key)
            value = {}
        return Table(self.file, value, (*self.path, key), self.lines, self.errors)

    def tables(self, key: str) -> Iterator[Table]:
        """Give each table of the array of tables under the key."""
        value = self.data.get(key, [])
        if not isinstance(value, list):
            self.wrong("an array of tables", value, key)
            return
        for index, item in enumerate(value):
            if isinstance(item, dict):
                yield Table(self.file, item, (*self.path, key, index), self.lines, self.errors)
            else:
                self.wrong("a table", item, key, index)

    def subtables(self) -> Iterator[tuple[str, Table]]:
        """Give each key with the table under it."""
        for key in self.data:
            yield key, self.table(key)

    def string(self, key: str) -> str | None:
        """Give the string under the key, or None."""
        value = self.data.get(key)
        if value is None or isinstance(value, str):
            return value
        hint = None
        if isinstance(value, int | float) and not isinstance(value, bool):
            hint = f'put it in quotes: `"{value}"`'
        self.wrong("a string", value, key, hint=hint)
        return None

    def strings(self, key: str) -> list[tuple[str, Origin]]:
        """Give the strings of the array under the key, each with where it stands."""
        value = self.data.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            hint = f'put it in brackets: `["{value}"]`' if isinstance(value, str) else None
            self.wrong("an array of strings", value, key, hint=hint)
            return []
        found: list[tuple[str, Origin]] = []
        for index, item in enumerate(value):
            if isinstance(item, str):
                found.append((item, self.origin(key, index)))
            else:
                self.wrong("a string", item, key, index)
        return found

    def lists(self) -> Iterator[tuple[str, list[tuple[str, Origin]]]]:
        """Give each key with the array of strings under it."""
        for key in self.data:
            yield key, self.strings(key)
