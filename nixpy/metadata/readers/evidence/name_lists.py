"""Aptfile, apt.txt and packages.txt: a package a line, for Heroku, Binder and Streamlit."""

from __future__ import annotations

from collections.abc import Iterator

from nixpy.metadata.model import Evidence
from nixpy.metadata.readers.evidence import system_packages


def read(text: str, path: str) -> Iterator[Evidence]:
    """Yield what nixpkgs has of the packages."""
    listed = "\n".join(f"apt install {line}" if line.strip() else "" for line in text.split("\n"))
    yield from system_packages.read(listed, path)
