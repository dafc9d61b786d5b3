"""The modules of the project's package."""

from __future__ import annotations

from collections.abc import Iterator

from nixpy.metadata.model import Evidence
from nixpy.metadata.readers.evidence import old_modules, typelibs


def read(text: str, path: str) -> Iterator[Evidence]:
    """Yield what a module imports that tells of the Python and the libraries that it takes."""
    yield from old_modules.read(text, path)
    yield from typelibs.read(text, path)
