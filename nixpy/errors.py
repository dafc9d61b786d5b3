"""The one error that users see."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class _Origin(Protocol):
    @property
    def file(self) -> str: ...
    @property
    def line(self) -> int | None: ...
    @property
    def key(self) -> str | None: ...


class NixpyError(Exception):
    """A mistake that the user can mend: said in one line, with a hint, without a traceback.

    ``file``, ``line`` (1-based), ``column`` (1-based) and ``key`` say where it is;
    ``hint`` what to do about it. None of them ends in a full stop.
    """

    def __init__(
        self,
        message: str,
        *,
        file: str | None = None,
        line: int | None = None,
        column: int | None = None,
        key: str | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.file = file
        self.line = line
        self.column = column
        self.key = key
        self.hint = hint

    @classmethod
    def at(cls, origin: _Origin, message: str, *, hint: str | None = None) -> NixpyError:
        """Return an error that carries where its cause stands."""
        return cls(message, file=origin.file or None, line=origin.line, key=origin.key, hint=hint)

    @property
    def errors(self) -> tuple[NixpyError, ...]:
        """Each mistake alone: of one that is this one."""
        return (self,)

    def __str__(self) -> str:
        """Give the whole line: ``file:line:column: key: message``."""
        where = ":".join(str(part) for part in (self.file, self.line, self.column) if part)
        key = f"`{self.key}`" if self.key else ""
        return ": ".join(part for part in (where, key, self.message) if part)


class NixpyErrors(NixpyError):
    """Several mistakes found in one pass, reported together."""

    def __init__(self, errors: Sequence[NixpyError]) -> None:
        super().__init__("\n".join(str(error) for error in errors))
        self._errors = tuple(errors)

    @property
    def errors(self) -> tuple[NixpyError, ...]:
        """Each mistake alone."""
        return self._errors


def all_of(errors: Sequence[NixpyError]) -> NixpyError:
    """Give mistakes that were found together as one error; there is one at least."""
    return errors[0] if len(errors) == 1 else NixpyErrors(errors)
