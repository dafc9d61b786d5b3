"""The matrix as a picture: a row for each environment and kind of env, a square an operation."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from benchmarks.safety.report import cached, passes, rows, score
from tests.support.safety.cells import Cell
from tests.support.safety.environments import Environment
from tests.support.safety.operations import INSTALLERS, operations

_SIZE, _GAP, _GROUP = 22, 3, 12
_LEFT, _TOP = 600, 190
# Told apart without red and green too: light and dark differ, and each square has a sign.
_ALL, _NEARLY, _SOME, _NONE = "#2a9d6f", "#bfe3d0", "#f0b849", "#b3362b"
_NOT_RUN = "#e8e8e8"


def picture(cells: Iterable[Cell]) -> str:
    """Give the text of docs/store-safety.svg."""
    found = rows(cells)
    columns = _columns()
    width = columns[-1][0] + _SIZE + 60
    height = _TOP + len(found) * (_SIZE + _GAP) + 70
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" font-family="system-ui, sans-serif" font-size="12">',
        "<title>Which shells keep installs out of the Nix store</title>",
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        _text(20, 34, "Which shells keep installs out of the Nix store", size=19, weight=600),
        _text(20, 56, "a square: one operation, over releases of uv and Python"),
        *_legend(20, 74),
        *_heads(columns),
    ]
    for at, (one, kind, own) in enumerate(found):
        y = _TOP + at * (_SIZE + _GAP)
        parts += _row(one, kind, own, columns, y)
    parts += _installers(columns, _TOP + len(found) * (_SIZE + _GAP) + 16)
    parts.append("</svg>")
    return "\n".join(parts) + "\n"


def _columns() -> list[tuple[int, str, str]]:
    """Give x, installer and operation of each column."""
    found, x = [], _LEFT
    for installer in INSTALLERS:
        for one in operations(installer):
            found.append((x, installer, one.name))
            x += _SIZE + _GAP
        x += _GROUP
    return found


def _heads(columns: list[tuple[int, str, str]]) -> list[str]:
    parts, seen = [], set()
    for x, installer, name in columns:
        middle = x + _SIZE / 2 + 4
        parts.append(
            f'<text transform="translate({middle} {_TOP - 8}) rotate(-55)" fill="#333333">'
            f"{escape(name)}</text>"
        )
        if installer not in seen:
            seen.add(installer)
            last = max(at for at, one, _ in columns if one == installer)
            parts.append(
                f'<line x1="{x}" x2="{last + _SIZE}" y1="{_TOP - 3}" y2="{_TOP - 3}" '
                'stroke="#555555"/>'
            )
    return parts


def _installers(columns: list[tuple[int, str, str]], y: int) -> list[str]:
    """Name each group of columns below it."""
    first = {installer: x for x, installer, _ in reversed(columns)}
    return [
        f'<text transform="translate({x + 2} {y}) rotate(30)" font-size="13" font-weight="600" '
        f'fill="#222222">{escape(installer)}</text>'
        for installer, x in first.items()
    ]


def _row(
    one: Environment, kind: str, own: list[Cell], columns: list[tuple[int, str, str]], y: int
) -> list[str]:
    title = one.title.replace("`", "")
    base = y + _SIZE - 6
    weight = 700 if one.key == "nixpy" else 400
    parts = [
        _text(20, base, title, weight=weight),
        _text(_LEFT - 64, base, one.version, anchor="end", size=11, fill="#777777"),
        _text(_LEFT - 16, base, kind, anchor="end", weight=weight),
    ]
    for x, installer, name in columns:
        cells = [c for c in own if c.unit.installer == installer and c.operation == name]
        parts += _square(x, y, cells, f"{title}, {kind}: {installer} {name}")
    return parts


def _square(x: int, y: int, cells: list[Cell], title: str) -> list[str]:
    passed, nearly = sum(map(passes, cells)), cached(cells)
    if not cells:
        fill, sign = _NOT_RUN, ""
    elif passed == len(cells):
        fill, sign = _ALL, "✓"
    elif passed + nearly == len(cells):
        fill, sign = _NEARLY, "b"
    elif passed:
        fill, sign = _SOME, f"{100 * passed // len(cells)}"
    else:
        fill, sign = _NONE, "✕"
    ink = "#ffffff" if fill in {_ALL, _NONE} else "#222222"
    said = f"{title}: {score(cells)}" if cells else f"{title}: not run"
    return [
        f'<g><title>{escape(said)}</title><rect x="{x}" y="{y}" width="{_SIZE}" height="{_SIZE}" '
        f'rx="3" fill="{fill}"/>'
        + (_text(x + _SIZE / 2, y + _SIZE - 7, sign, anchor="middle", fill=ink) if sign else "")
        + "</g>"
    ]


def _legend(x: int, y: int) -> list[str]:
    parts = []
    for at, (fill, label) in enumerate(
        [
            (_ALL, "all pass"),
            (_NEARLY, "b: works, but root caches bytecode"),
            (_SOME, "some pass, in percent"),
            (_NONE, "none passes"),
            (_NOT_RUN, "not run"),
        ]
    ):
        top = y + at * 20
        parts.append(f'<rect x="{x}" y="{top}" width="14" height="14" rx="2" fill="{fill}"/>')
        parts.append(_text(x + 22, top + 12, label))
    return parts


def _text(
    x: float,
    y: float,
    text: str,
    *,
    size: int = 12,
    weight: int = 400,
    anchor: str = "start",
    fill: str = "#222222",
) -> str:
    return (
        f'<text x="{x:g}" y="{y:g}" font-size="{size}" font-weight="{weight}" '
        f'text-anchor="{anchor}" fill="{fill}">{escape(text)}</text>'
    )
