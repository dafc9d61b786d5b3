"""What an expression of a Python program is worth, as far as that can be read."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """A string of the program, with its 1-based line."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Hidden:
    """A part that only running the program would tell."""

    node: ast.expr


Value = Text | Hidden | list["Value"] | dict[str, "Value"]


def nodes(value: Value) -> Iterator[Value]:
    """Yield a value and all that it holds, what it holds twice twice."""
    yield value
    if isinstance(value, list | dict):
        for item in value.values() if isinstance(value, dict) else value:
            yield from nodes(item)


def parts(value: Value) -> Iterator[ast.expr]:
    """Give the expressions of a value that are hidden."""
    if isinstance(value, Hidden):
        yield value.node
    elif isinstance(value, list | dict):
        for item in value.values() if isinstance(value, dict) else value:
            yield from parts(item)
