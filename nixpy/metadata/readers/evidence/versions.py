"""What the readers of CI files have in common: versions of Python in a text."""

from __future__ import annotations

import re
from collections.abc import Iterator

# 3.15-dev and 3.15.0-beta.2 are tried, not supported.
_VERSION = re.compile(
    r"(?<![\w.])3\.(\d{1,2})(?![\d])(?!\.?\d*[-.~^]*(?:dev|alpha|beta|rc|a\d|b\d)|\.0-0)"
)


def minors(text: str) -> Iterator[str]:
    """Yield each ``3.N`` that a text names, also as ``3.N.4``, but no pre-release."""
    for match in _VERSION.finditer(text):
        yield f"3.{match[1]}"
