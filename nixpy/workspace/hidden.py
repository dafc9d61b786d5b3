"""Private mode: what nixpy writes is hidden from git by `.git/info/exclude`. Pure.

That file is no part of the repository, and the same for all worktrees of a clone (gitignore(5)).
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Sequence

_HEADER = "# Written by `nixpy init --private`; `nixpy eject --private` takes these lines away"


def pattern(prefix: str, path: str) -> str:
    """Return the line that hides a path below ``prefix``, the project's folder in the checkout."""
    folder = "/" if path.endswith("/") else ""
    plain = posixpath.normpath(f"{prefix}/{path}")
    return "/" + re.sub(r"([\\*?\[ ])", r"\\\1", plain) + folder


def patterns(prefix: str, paths: Iterable[str]) -> list[str]:
    """Return the lines that hide files; for all in `.nixpy`, the folder."""
    found = (
        f"{path.partition('.nixpy/')[0]}.nixpy/" if ".nixpy/" in path else path for path in paths
    )
    return [pattern(prefix, path) for path in dict.fromkeys(found)]


def hides(text: str, line: str) -> bool:
    """Whether nixpy hides what a line names."""
    return line in _own(text)


def with_lines(text: str, lines: Sequence[str]) -> str:
    """Return the text of the exclude file with further lines of nixpy's."""
    own = _own(text)
    new = [line for line in lines if line not in own]
    if not new:
        return text
    added = "".join(f"{line}\n" for line in new)
    if own:
        at = text.index(own[-1], text.index(_HEADER)) + len(own[-1])
        return f"{text[:at]}\n{added.rstrip()}{text[at:]}"
    ends = "" if not text or text.endswith("\n") else "\n"
    return f"{text}{ends}{_HEADER}\n{added}"


def without_lines(text: str, lines: Sequence[str]) -> str:
    """Return the text of the exclude file without lines of nixpy's; others stay."""
    left = [line for line in _own(text) if line not in lines]
    kept, inside = [], False
    for line in text.splitlines(keepends=True):
        plain = line.rstrip("\r\n")
        inside = plain == _HEADER or (inside and plain.startswith("/"))
        if inside and (plain in lines or (plain == _HEADER and not left)):
            continue
        kept.append(line)
    return "".join(kept)


def _own(text: str) -> list[str]:
    _, found, behind = text.partition(f"{_HEADER}\n")
    own: list[str] = []
    for line in behind.splitlines() if found else ():
        if not line.startswith("/"):
            break
        own.append(line)
    return own
