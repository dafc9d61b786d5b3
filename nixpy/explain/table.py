"""The rows as text: a table that is readable at 80 columns and without colour."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from nixpy.distributions.model import Code, NixPackages, Provider, Remark, Row, place
from nixpy.metadata.model import Kind, Wanted
from nixpy.system.console import printable

_HEAD = ("distribution", "wanted by", "locked", "from", "version", "note")
# Columns are as wide as what they hold, up to these widths; a longer cell pushes the next ones.
_WIDEST = (20, 22, 10, 7, 10)
_INDENT = "    "


def table_lines(rows: Sequence[Row], width: int) -> Iterator[str]:
    """Give the lines of the table; ``width`` is that of the terminal, in columns.

    One short note stands in its row; others stand below it, those of conflicts marked with ``!``.
    What the tables tell besides is left to :mod:`nixpy.explain.story`.
    """
    cells = [_cells(row) for row in rows]
    widths = [
        min(widest, max(len(line[column]) for line in [_HEAD, *cells]))
        for column, widest in enumerate(_WIDEST)
    ]
    yield _line(_HEAD, widths)
    for row, line in zip(rows, cells, strict=True):
        notes = [_marked(one) for one in row.remarks if one.code is not Code.FURTHER]
        whole = _line((*line, *notes), widths)
        if len(notes) == 1 and len(whole) <= width:
            yield whole
            continue
        yield _line(line, widths)
        for note in notes:
            yield from _wrapped(note, width)


def conflict_lines(rows: Sequence[Row], width: int) -> Iterator[str]:
    """Give the conflicts again, each once for all that have it, with what to do."""
    groups: dict[tuple[str, str | None], list[str]] = {}
    for row in rows:
        for one in row.conflicts:
            groups.setdefault((one.text, one.hint), []).append(row.name)
    for (text, hint), names in groups.items():
        yield from _filled(f"{', '.join(names)}: {text}", width, "")
        if hint:
            yield from _filled(f"hint: {hint}", width, "  ")


def summary(rows: Sequence[Row], nix: NixPackages) -> str:
    """Say in a line how many there are, and from whom."""
    counts = {
        provider: sum(row.provider is provider for row in rows)
        for provider in Provider
        if provider is not Provider.NOBODY
    }
    said = ", ".join(
        f"{count} {'of the project' if one is Provider.PROJECT else f'from {one.value}'}"
        for one, count in counts.items()
        if count
    )
    conflicts = sum(bool(row.conflicts) for row in rows)
    total = _counted(len(rows), "distribution")
    line = f"{total}: {said}" if said else total
    if conflicts:
        line += f"; {conflicts} with a conflict"
    if nix.source:
        line += f"; Nix's versions are from {nix.source}"
    return line


def wanted_by(one: Wanted) -> str:
    """Say where a requirement stands, and for which extra or group: ``pyproject.toml:8 (dev)``."""
    where = place(one.origin)
    if one.group:
        return f"{where} ({one.group})"
    return f"{where} (build)" if one.kind is Kind.BUILD else where


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"


def _cells(row: Row) -> tuple[str, ...]:
    if row.wanted:
        wanted = wanted_by(row.wanted[0]) + _more(len(row.wanted))
    elif row.via:
        wanted = f"via {row.via[0]}{_more(len(row.via))}"
    elif row.provider is Provider.PROJECT:
        wanted = "(the project)"
    else:
        wanted = row.listed or (row.locked[0].origin.file if row.locked else "-")
    locked = ", ".join(row.locked_versions)
    cells = (row.name, wanted, locked or "-", row.provider.value, row.version or "-")
    return tuple(map(printable, cells))


def _more(number: int) -> str:
    return f" +{number - 1}" if number > 1 else ""


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    """Put each cell where its column begins, or two blanks behind the one before it."""
    line, start = "", 0
    for cell, width in zip(cells, (*widths, 0), strict=False):
        line = (f"{line}  " if line else "").ljust(start) + cell
        start += width + 2
    return line


def _marked(one: Remark) -> str:
    return f"! {printable(one.text)}" if one.conflict else printable(one.text)


def _wrapped(note: str, width: int) -> list[str]:
    further = _INDENT + "  " if note.startswith("! ") else _INDENT
    return textwrap.wrap(
        note,
        max(width, 40),
        initial_indent=_INDENT,
        subsequent_indent=further,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _filled(text: str, width: int, indent: str) -> list[str]:
    return textwrap.wrap(
        printable(text),
        max(width, 40),
        initial_indent=indent,
        subsequent_indent=indent + "  ",
        break_long_words=False,
        break_on_hyphens=False,
    )
