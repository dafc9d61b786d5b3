"""What setup.cfg and setup.py have in common."""

from __future__ import annotations

from packaging.utils import canonicalize_name

from nixpy.metadata.model import Kind
from nixpy.metadata.readers.findings import Findings
from nixpy.syntax.origin import Origin


def want_extra(key: str, item: str, origin: Origin, found: Findings) -> None:
    """Add a requirement of an extra.

    setuptools' older form puts a marker into the key: ``test:python_version<"3.8"``; without
    a name before the colon the requirement is one for all.
    """
    extra, _, marker = key.partition(":")
    if marker.strip():
        text, semicolon, own = item.partition(";")
        item = f"{text.strip()} ; {marker.strip()}"
        if semicolon:
            item = f"{text.strip()} ; ({own.strip()}) and ({marker.strip()})"
    if extra.strip():
        found.want(item, origin, Kind.EXTRA, canonicalize_name(extra.strip()))
    else:
        found.want(item, origin, Kind.RUN)
