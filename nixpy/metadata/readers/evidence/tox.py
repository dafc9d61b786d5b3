"""tox.ini: the environments that `tox` runs by default."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nixpy.metadata.model import Evidence, Topic
from nixpy.syntax.origin import Origin

_ENV_LIST = re.compile(r"^\s*env_?list\s*=", re.IGNORECASE)
_FACTOR = re.compile(r"\bpy3?\{([\d.,\s-]+)\}|\bpy3\.?(\d{1,2})(?!\d)|(?<![\d.])3\.(\d{1,2})(?!\d)")
_RANGE = re.compile(r"(\d+)\s*-\s*(\d+)")


def read(text: str, path: str) -> Iterator[Evidence]:
    """Yield the Pythons of `envlist`; of braces (``py3{8,9,10}``, ``py{38,39}``) each one."""
    inside = False
    for number, line in enumerate(text.split("\n"), 1):
        code = line.partition("#")[0]
        if _ENV_LIST.match(code):
            inside = True
        elif inside and code[:1].strip():
            inside = False
        if not inside:
            continue
        for match in _FACTOR.finditer(code):
            for minor in _braces(match[1]) if match[1] else [int(match[2] or match[3])]:
                yield Evidence(Topic.PYTHON, f"3.{minor}", Origin(path, None, number), "tox")


def _braces(text: str) -> Iterator[int]:
    for part in text.split(","):
        span = _RANGE.fullmatch(part.strip())
        ends = [span[1], span[2]] if span else [part.strip()]
        numbers = [found for end in ends if (found := _minor(end)) is not None]
        if len(numbers) == 2 and numbers[1] - numbers[0] < 20:
            yield from range(numbers[0], numbers[1] + 1)
        else:
            yield from numbers


def _minor(text: str) -> int | None:
    """Give 12 for ``312``, ``3.12`` and ``12``; None for Python 2 and what is none."""
    digits = text.removeprefix("3.")
    if digits.startswith("3") and len(digits) > 1:
        digits = digits[1:]
    return int(digits) if digits.isdigit() and digits != "27" and len(digits) < 3 else None
