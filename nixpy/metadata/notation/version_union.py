"""Unions of version specifiers, which PEP 440 cannot write.

Of a union the whole span is taken, and those gaps are cut out that ``!=`` can cut: what is given
allows all that the union allows, and little more.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from packaging.version import Version

_MAX_CUTS = 64
_LAST_PYTHON_2 = 7  # no 2.8 was ever made, so a gap from 2.8 to 3.4 is one from 3.0 to 3.4


def union(alternatives: list[list[str]], python: bool = False) -> str:
    """Write the specifiers that allow what any of several conjunctions of specifiers allows.

    ``python`` says that the versions are Python's. Raises ValueError where none allows anything.
    """
    spans = _joined([span for one in alternatives for span in _spans(one)])
    if not spans:
        raise ValueError("no version fits")
    first, last = spans[0], spans[-1]
    found: list[str] = []
    if first.low is not None:
        found.append(f"{'>=' if first.has_low else '>'}{first.low}")
    if last.high is not None:
        found.append(f"{'<=' if last.has_high else '<'}{last.high}")
    for left, right in pairwise(spans):
        found += _cut(left, right, python)
    return ",".join(found)


def raised(release: tuple[int, ...], index: int) -> str:
    """Give the next release that differs at the index: 1.2.3 raised at 1 is 1.3.0."""
    parts = [*release[:index], release[index] + 1]
    return ".".join(str(part) for part in (*parts, *[0] * (len(release) - len(parts))))


@dataclass(frozen=True, slots=True)
class _Span:
    """An interval of versions; None is no bound."""

    low: Version | None = None
    has_low: bool = True
    high: Version | None = None
    has_high: bool = False


def _spans(conjunction: list[str]) -> list[_Span]:
    """Give the intervals that fulfil all the specifiers."""
    low: tuple[Version, bool] | None = None
    high: tuple[Version, bool] | None = None
    holes: list[_Span] = []
    for text in conjunction:
        one, is_hole = _interval(text)
        if is_hole:
            holes.append(one)
            continue
        if one.low is not None and (
            low is None or (one.low, not one.has_low) > (low[0], not low[1])
        ):
            low = (one.low, one.has_low)
        if one.high is not None and (high is None or (one.high, one.has_high) < high):
            high = (one.high, one.has_high)
    spans = [_span(low, high)]
    for hole in holes:
        spans = [
            part
            for span in spans
            for part in (
                _Span(span.low, span.has_low, *_lower_end(span, hole)),
                _Span(*_upper_start(span, hole), span.high, span.has_high),
            )
            if not _empty(part)
        ]
    return [span for span in spans if not _empty(span)]


def _span(low: tuple[Version, bool] | None, high: tuple[Version, bool] | None) -> _Span:
    return _Span(*(low or (None, True)), *(high or (None, False)))


def _lower_end(span: _Span, hole: _Span) -> tuple[Version | None, bool]:
    assert hole.low is not None  # noqa: S101 - a hole has both ends
    if span.high is None or hole.low < span.high or (hole.low == span.high and hole.has_low):
        return hole.low, not hole.has_low
    return span.high, span.has_high


def _upper_start(span: _Span, hole: _Span) -> tuple[Version | None, bool]:
    assert hole.high is not None  # noqa: S101 - a hole has both ends
    if span.low is None or hole.high > span.low or (hole.high == span.low and hole.has_high):
        return hole.high, not hole.has_high
    return span.low, span.has_low


def _interval(text: str) -> tuple[_Span, bool]:
    """Give the interval of one specifier, and whether it is what must not be."""
    from packaging.specifiers import Specifier
    from packaging.version import Version

    one = Specifier(text)
    operator, wild = one.operator, one.version.endswith(".*")
    version = Version(one.version.removesuffix(".*"))
    if wild:
        after = Version(raised(version.release, len(version.release) - 1))
        return _Span(version, True, after, False), operator == "!="
    if operator == "~=":
        return _Span(
            version, True, Version(raised(version.release[:-1], len(version.release) - 2))
        ), False
    if operator in (">=", ">"):
        return _Span(version, operator == ">="), False
    if operator in ("<=", "<"):
        return _Span(None, True, version, operator == "<="), False
    return _Span(version, True, version, True), operator == "!="


def _empty(span: _Span) -> bool:
    if span.low is None or span.high is None or span.low < span.high:
        return False
    return span.low > span.high or not (span.has_low and span.has_high)


def _joined(spans: list[_Span]) -> list[_Span]:
    """Sort intervals and join those that overlap or touch."""
    unbounded = [span for span in spans if span.low is None]
    bounded = sorted(
        (span for span in spans if span.low is not None), key=lambda s: (s.low, not s.has_low)
    )
    found: list[_Span] = []
    for span in unbounded + bounded:
        last = found[-1] if found else None
        if last is None or not _touch(last, span):
            found.append(span)
        elif last.high is not None and (
            span.high is None or (span.high, span.has_high) > (last.high, last.has_high)
        ):
            found[-1] = _Span(last.low, last.has_low, span.high, span.has_high)
    return found


def _touch(left: _Span, right: _Span) -> bool:
    if left.high is None or right.low is None or right.low < left.high:
        return True
    return right.low == left.high and (left.has_high or right.has_low)


def _cut(left: _Span, right: _Span, python: bool) -> list[str]:
    """Give the ``!=`` that take out the gap between two intervals, as far as there are such."""
    start, end = left.high, right.low
    if start is None or end is None:
        return []
    if start == end:
        return [f"!={start}"]
    if left.has_high or not right.has_low or start.pre or end.pre:
        return []
    length = max(len(start.release), len(end.release))
    low = (*start.release, *[0] * (length - len(start.release)))
    high = (*end.release, *[0] * (length - len(end.release)))
    at = next(index for index in range(length) if low[index] != high[index])
    first = low[at]
    if any(low[at + 1 :]):
        known_end = python and at == 0 and low[0] == 2 and low[1] > _LAST_PYTHON_2
        if not known_end:
            return []  # 1.5 to 2.0: whether 1.6, 1.7 and so on exist cannot be known
        first += 1
    if high[at] - first + sum(high[at + 1 :]) > _MAX_CUTS:
        return []
    cuts = [(*low[:at], number) for number in range(first, high[at])]
    for index in range(at + 1, length):
        cuts += [(*high[:index], number) for number in range(high[index])]
    return [f"!={'.'.join(map(str, cut))}.*" for cut in cuts]
