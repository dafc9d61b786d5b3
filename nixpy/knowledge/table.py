"""Read a table: a YAML file of which only the rows asked for are parsed.

Parsing the whole of a large table takes longer than all else that ``nixpy init`` does. A table is
therefore a mapping in block style whose keys stand at the start of a line, each once; finding the
rows is one regular expression, and YAML sees only those that are looked up.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

_ROW = re.compile(r"^([^\s#:][^:\n]*):(?=\s)", re.MULTILINE)
# libyaml's parser is ten times as fast, and not in every build of PyYAML.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Table:
    """The rows of one table, by name."""

    def __init__(self, text: str) -> None:
        starts = [(match[1], match.start()) for match in _ROW.finditer(text)]
        ends = [start for _, start in starts[1:]] + [len(text)]
        self._rows = {key: text[start:end] for (key, start), end in zip(starts, ends, strict=True)}

    def __contains__(self, key: str) -> bool:
        """Whether there is a row of this name."""
        return key in self._rows

    def __iter__(self) -> Iterator[str]:
        """Give the names of the rows in their order in the file."""
        return iter(self._rows)

    def __len__(self) -> int:
        """Count the rows."""
        return len(self._rows)

    def get(self, key: str) -> Any:
        """Give the value of a row as YAML has it, or None if there is no such row."""
        row = self._rows.get(key)
        if row is None:
            return None
        # S506: both are safe loaders; the text is nixpy's own.
        return next(iter(yaml.load(row, _LOADER).values()))  # noqa: S506


@cache
def table(name: str) -> Table:
    """Give the table in the file ``name`` beside this module, read once."""
    return Table(text(name))


def text(name: str) -> str:
    """Give the text of the file ``name`` beside this module."""
    return (Path(__file__).parent / name).read_text(encoding="utf-8")
