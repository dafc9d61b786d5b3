"""What ranges of Python versions say of minor versions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from nixpy.metadata.model import PythonRange
from nixpy.plan.model import Caution

# A patch release that no Python has come to.
_LATEST = 99


def minor_of(version: str) -> str | None:
    """Return ``3.12`` for ``3.12`` and ``3.12.4``; None where no minor is named."""
    found = re.match(r"\d+\.\d+", version)
    return found.group(0) if found else None


def allows(one: PythonRange, minor: str) -> bool:
    """Whether some patch release of a minor version lies in the range."""
    return any(one.specifiers.contains(f"{minor}.{patch}") for patch in _patches([one], minor))


def allows_latest(one: PythonRange, minor: str) -> bool:
    """Whether the patch releases to come of a minor version lie in the range."""
    return one.specifiers.contains(f"{minor}.{_LATEST}")


def release_in(ranges: Sequence[PythonRange], minor: str) -> str | None:
    """Return the newest release of a minor version that ranges of single releases name, or None."""
    for patch in sorted(_patches(ranges, minor) - {_LATEST}, reverse=True):
        if all(one.specifiers.contains(f"{minor}.{patch}") for one in ranges):
            return f"{minor}.{patch}"
    return None


def _patches(ranges: Iterable[PythonRange], minor: str) -> set[int]:
    """Give the patch releases at which the answer may change, with the first and a late one."""
    patches = {0, _LATEST}
    for spec in (spec for one in ranges for spec in one.specifiers):
        found = re.match(rf"{re.escape(minor)}\.(\d+)", spec.version)
        if found:
            number = int(found.group(1))
            patches |= {max(number - 1, 0), number, number + 1}
    return patches


def conflicts(minor: str, ranges: Iterable[PythonRange]) -> tuple[Caution, ...]:
    """Warn of the ranges that a minor version does not meet."""
    return tuple(
        Caution(f"{one.origin} asks for Python {one.text}, which Python {minor} does not meet")
        for one in ranges
        if not allows(one, minor)
    )
