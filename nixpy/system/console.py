"""What the terminal shows: results on stdout, all else on stderr, colour where it is wanted."""

from __future__ import annotations

import os
import re
import shutil
import sys
from typing import TextIO

from nixpy.errors import NixpyError
from nixpy.syntax.shown import without_secrets

_COLOURS = {"error": 31, "warning": 33, "hint": 36, "note": 34, "dim": 2, "bold": 1, "ok": 32}


# Stands for the beginning of a colour until it is written; nobody can guess it, so that what a
# project's files say cannot colour anything.
_PAINT = f"\x1b<{os.urandom(8).hex()}>"
_PAINTED = re.compile(re.escape(_PAINT) + r"(\d+m)")


def colourful(stream: TextIO) -> bool:
    """Whether to colour what goes to the stream (https://no-color.org, FORCE_COLOR)."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def paint(text: str, style: str, stream: TextIO) -> str:
    """Give the text in a style (``error``, ``warning``, ``hint``, ``note``, ``dim``, ``bold``)."""
    return f"{_PAINT}{_COLOURS[style]}m{text}{_PAINT}0m" if colourful(stream) else text


def printable(text: str) -> str:
    """Show control characters as escapes: what a project's files say may not steer a terminal."""
    return "".join(
        char if char.isprintable() or char in "\n\t" else ascii(char)[1:-1] for char in text
    )


def width() -> int:
    """Return the terminal's width in columns."""
    return shutil.get_terminal_size().columns


def say(text: str = "") -> None:
    """Print a line of the result on stdout."""
    _write(text, sys.stdout)


def tell(kind: str, text: str) -> None:
    """Print ``kind: text`` on stderr, with ``error``, ``warning``, ``note`` or ``hint`` as kind."""
    _write(f"{paint(kind + ':', kind, sys.stderr)} {text}", sys.stderr)


def tell_error(error: NixpyError) -> None:
    """Print one error, or several found together, each with its hint."""
    for one in error.errors:
        tell("error", str(one))
        if one.hint:
            tell("hint", one.hint)


def _write(text: str, stream: TextIO) -> None:
    parts = _PAINTED.split(without_secrets(text))
    parts[::2] = map(printable, parts[::2])
    parts[1::2] = (f"\x1b[{colour}" for colour in parts[1::2])
    line = "".join(parts)
    try:
        stream.write(line + "\n")
    except UnicodeEncodeError:
        encoding = stream.encoding or "ascii"
        stream.write(line.encode(encoding, "backslashreplace").decode(encoding) + "\n")
