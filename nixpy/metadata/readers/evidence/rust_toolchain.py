"""rust-toolchain and rust-toolchain.toml: the Rust that rustup would get."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nixpy.metadata.model import Evidence, Topic
from nixpy.syntax.origin import Origin

_CHANNEL = re.compile(r"^[ \t]*channel\s*=\s*[\"']([\w.-]+)[\"']", re.MULTILINE)
_BARE = re.compile(r"\s*([\w.-]+)\s*")


def read(text: str, path: str) -> Iterator[Evidence]:
    """Yield the channel: ``stable``, ``1.75.0`` or ``nightly-2024-05-14``."""
    match = _CHANNEL.search(text) or _BARE.fullmatch(text)
    if match:
        origin = Origin(path, None, text.count("\n", 0, match.start(1)) + 1)
        yield Evidence(Topic.TOOLCHAIN, match[1], origin)
