"""Where in a project's files something stands."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a fact stands: a file relative to the project, with key and 1-based line if known."""

    file: str
    key: str | None = None
    line: int | None = None

    def __str__(self) -> str:
        """Give ``file:line key`` as messages show it."""
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where} {self.key}" if self.key else where
