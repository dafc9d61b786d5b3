"""Cargo.toml and Cargo.lock: the Pythons that the project's PyO3 knows."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nixpy.metadata.model import Evidence, Topic
from nixpy.syntax.lines import line_numbers
from nixpy.syntax.origin import Origin

# Minor of PyO3 -> newest Python that its build script accepts (its CHANGELOG).
_NEWEST = {
    17: 11,
    18: 11,
    19: 12,
    20: 12,
    21: 12,
    22: 13,
    23: 13,
    24: 13,
    25: 14,
    26: 14,
    27: 14,
}
_LOCKED = re.compile(r'^name = "pyo3"\nversion = "0\.(\d+)', re.MULTILINE)
_WANTED = re.compile(
    r'^(?:pyo3\s*=\s*(?:"|\{[^}\n]*?version\s*=\s*")|\[(?:workspace\.)?dependencies\.pyo3\]\s*\nversion\s*=\s*")'
    r"[\^=~]?\s*0\.(\d+)",
    re.MULTILINE,
)


def read(text: str, path: str) -> Iterator[Evidence]:
    """Yield the newest Python that PyO3's build script does not refuse."""
    pattern = _LOCKED if path.endswith(".lock") else _WANTED
    line_of = line_numbers(text)
    for match in pattern.finditer(text):
        minor = int(match[1])
        newest = _NEWEST.get(minor, 11 if minor < min(_NEWEST) else None)
        if newest:
            origin = Origin(path, None, line_of(match.start()))
            yield Evidence(Topic.LIMIT, f"3.{newest}", origin, f"takes PyO3 0.{minor}")
