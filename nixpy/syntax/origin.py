"""Where something is said: in a project's files, or on the command line."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a fact stands: a file relative to the project, with key and 1-based line if known.

    On the command line, ``file`` is the option and ``value`` what it is given; ``file`` is empty
    for an argument without an option, of which there is nothing to say.
    """

    file: str
    key: str | None = None
    line: int | None = None
    value: str | None = None

    def __str__(self) -> str:
        """Give ``file:line key`` or ```--option value``` as messages show it."""
        if self.value is not None:
            return f"`{self.file} {self.value}`" if self.file else ""
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where} {self.key}" if self.key else where
