"""A project's files as readers see them: a read-only mapping of relative POSIX paths to bytes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol


class Tree(Protocol):
    """Read access to the files of one project, by path relative to its root with ``/``."""

    def read(self, path: str) -> bytes | None:
        """Give the file's bytes, or None if there is no such file.

        Raises NixpyError if it is there but cannot be read, is too large, or is a folder.
        A path may start with ``../`` (``-r ../base.txt``).
        """

    def glob(self, pattern: str) -> Iterable[str]:
        """Give the sorted paths of files that match, one folder level a ``*`` (no ``**``)."""


@dataclass(frozen=True, slots=True)
class MemoryTree:
    """A tree of given texts, for tests and for replaying."""

    files: Mapping[str, str | bytes] = field(default_factory=dict)

    def read(self, path: str) -> bytes | None:
        """Give the file's bytes, or None."""
        text = self.files.get(path)
        return text.encode() if isinstance(text, str) else text

    def glob(self, pattern: str) -> list[str]:
        """Give the sorted paths that match the pattern, segment by segment."""
        from fnmatch import fnmatchcase

        parts = pattern.split("/")
        return sorted(
            path
            for path in self.files
            if len(path.split("/")) == len(parts)
            and all(fnmatchcase(a, b) for a, b in zip(path.split("/"), parts, strict=True))
        )
