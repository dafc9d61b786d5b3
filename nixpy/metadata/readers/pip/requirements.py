"""requirements.txt and its like, in pip's real format.

Follows https://pip.pypa.io/en/stable/reference/requirements-file-format/.
"""

from __future__ import annotations

import codecs
import posixpath
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from packaging.utils import canonicalize_name

from nixpy.errors import NixpyError
from nixpy.metadata.model import Facts, Installer, Kind, Strength
from nixpy.metadata.readers.findings import Findings
from nixpy.metadata.readers.pip.compiled import compiled_by, pinned
from nixpy.metadata.readers.pip.line import SCHEME, want_line
from nixpy.syntax.limits import DEEPEST_INCLUDE, MOST_INCLUDES
from nixpy.syntax.origin import Origin
from nixpy.syntax.text import decode, read_bytes

if TYPE_CHECKING:
    from nixpy.syntax.tree import Tree

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_COOKIE = re.compile(rb"coding[:=]\s*([-\w.]+)")
_COMMENT = re.compile(r"(^|\s)#.*$")
_INCLUDE = re.compile(r"^(-r|-c|--requirements?|--constraints?)(?:\s*=\s*|\s+|(?<=-[rc]))(.+)$")
_CONDA_LIST = re.compile(r"\A(#.*\n)*(# *\$ conda create |@EXPLICIT)")
_MAIN = {"", "app", "base", "common", "core", "default", "install", "main", "minimal"}
_MAIN |= {"prod", "production", "run", "runtime"}


def read(tree: Tree, path: str) -> Facts:
    """Read a requirements file, with those that it takes in by ``-r`` and ``-c``.

    Whether it is for running the project, for a group or holds constraints is told by its name.
    Raises NixpyError for what pip would refuse: a line that is not a requirement, an unknown
    option, a missing file, files that take in each other. In files that are not for running the
    project such mistakes are noted only.
    """
    found = Findings(path)
    kind, group = purpose(path)
    gather_file(tree, path, found, None, kind, group)
    if kind is not Kind.RUN and found.errors:
        # That this file is for pip was only guessed from its name, and nobody needs it to start.
        first, more = found.errors[0], len(found.errors) - 1
        found.note(
            f"was read in part: {first.message}{f', and {more} more' if more else ''}",
            Origin(first.file or path, None, first.line),
        )
        found.errors.clear()
    return found.facts()


def purpose(path: str) -> tuple[Kind, str | None]:
    """Tell by its name what a requirements file is for: that of ``requirements/dev.txt`` is dev."""
    stem = posixpath.splitext(posixpath.basename(path))[0].lower()
    if "constraint" in stem:
        return Kind.CONSTRAINT, None
    group = re.sub(r"^[-_.]+|[-_.]+$", "", re.sub(r"requirements?", "", stem))
    if group in _MAIN:
        return Kind.RUN, None
    return Kind.GROUP, canonicalize_name(group)


@dataclass(frozen=True, slots=True)
class _Reading:
    """One file of a chain of ``-r``."""

    tree: Tree
    found: Findings
    kind: Kind
    group: str | None
    chain: tuple[str, ...]


def gather_file(
    tree: Tree,
    path: str,
    found: Findings,
    origin: Origin | None,
    kind: Kind = Kind.RUN,
    group: str | None = None,
) -> None:
    """Add a requirements file's contents to what was found.

    ``origin`` is where a file of another format names this one; None if it is read for itself.
    Mistakes are added to ``found.errors``; that there is no such file is noted, as setuptools does.
    """
    try:
        if origin is not None and _read(tree, path, origin) is None:
            found.note(f"`{path}` does not exist, so it was not read", origin)
            return
        _gather(_Reading(tree, found, kind, group, ()), path, origin)
    except NixpyError as error:
        found.errors.append(error)


def gather_line(tree: Tree, text: str, found: Findings, origin: Origin) -> None:
    """Add one line in pip's notation that stands in another file (conda's ``pip:``)."""
    try:
        for _, content in logical_lines(text):
            _line(_Reading(tree, found, Kind.RUN, None, ()), content, origin)
    except NixpyError as error:
        found.errors.append(error)


def _gather(reading: _Reading, path: str, origin: Origin | None) -> None:
    found = reading.found
    if path in reading.chain:
        assert origin is not None  # noqa: S101 - a chain is made by lines
        names = " → ".join(
            f"`{name}`" for name in (*reading.chain[reading.chain.index(path) :], path)
        )
        raise NixpyError(
            f"takes in itself: {names}",
            file=origin.file,
            line=origin.line,
            hint="remove one of these `-r` lines",
        )
    if origin is not None:
        if _read(reading.tree, path, origin) is None:
            raise NixpyError(
                f"names `{path}`, which does not exist",
                file=origin.file,
                line=origin.line,
                key=origin.key,
                hint=f"add the file, or correct its path, relative to `{origin.file}`",
            )
        if len(reading.chain) > DEEPEST_INCLUDE or len(found.included) > MOST_INCLUDES:
            most = DEEPEST_INCLUDE if len(reading.chain) > DEEPEST_INCLUDE else MOST_INCLUDES
            how = "one behind another" if most == DEEPEST_INCLUDE else "in all"
            raise NixpyError(
                f"takes in more than {most} files, {how}",
                file=origin.file,
                line=origin.line,
                hint="put some of them into one file",
            )
        found.also_read.append(path)
    text = decode_requirements(read_bytes(reading.tree, path), path)
    if _CONDA_LIST.search(text):
        raise NixpyError(
            "is a list for conda (`conda list --export`), which pip cannot read",
            file=path,
            line=1,
            hint=f"write it anew with `pip list --format=freeze > {path}`, or give it another name",
        )
    inner = replace(reading, chain=(*reading.chain, path))
    for line, content in logical_lines(text):
        if found.is_full():
            break
        try:
            _line(inner, content, Origin(path, None, line))
        except NixpyError as error:
            found.errors.append(error)
    tool = compiled_by(text)
    if tool and reading.kind is not Kind.CONSTRAINT:
        if tool in (Installer.UV, Installer.PIP):
            found.sign(tool, Strength.TABLE, Origin(path, None, 1))
        found.locked += pinned(text, path)


def _read(tree: Tree, path: str, origin: Origin) -> bytes | None:
    """Read a file that another one names; what keeps it from being read is told of that line."""
    try:
        return tree.read(path)
    except NixpyError as error:
        message = f"names `{path}`, which {error.message}"
        raise NixpyError.at(origin, message, hint=error.hint) from None


def decode_requirements(data: bytes, file: str) -> str:
    """Decode as pip does: a byte-order mark, else a PEP 263 cookie in two lines, else UTF-8."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return decode(data[len(mark) :], file, encoding)
    for line in data.split(b"\n")[:2]:
        cookie = _COOKIE.search(line) if line.startswith(b"#") else None
        if cookie:
            try:
                return decode(data, file, codecs.lookup(cookie[1].decode()).name)
            except LookupError:
                raise NixpyError(
                    f"names the unknown encoding `{cookie[1].decode()}`", file=file, line=1
                ) from None
    return decode(data, file)


def logical_lines(text: str) -> list[tuple[int, str]]:
    """Give the lines that say something, with the number of the first line of each.

    Lines that end in a backslash go on in the next; comments are taken away.
    """
    found: list[tuple[int, str]] = []
    parts: list[str] = []
    start = 0
    for number, line in enumerate(text.splitlines(), 1):
        if not parts:
            start = number
        comment = line.lstrip().startswith("#")
        if line.endswith("\\") and not comment:
            parts.append(line[:-1])
            continue
        parts.append(" " + line if comment and parts else line)
        content = _COMMENT.sub("", "".join(parts)).strip()
        parts = []
        if content:
            found.append((start, content))
    content = _COMMENT.sub("", "".join(parts)).strip()
    return [*found, (start, content)] if content else found


def _line(reading: _Reading, text: str, origin: Origin) -> None:
    include = _INCLUDE.match(text)
    if not include:
        want_line(text, origin, reading.found, reading.kind, reading.group, reading.tree)
        return
    file = include[2].strip().strip("\"'")
    if SCHEME.match(file) or "${" in file or file.startswith("/"):
        reading.found.note(f"`{file}` is not among the project's files, so it was not read", origin)
        return
    if "constraint" in include[1] or include[1] == "-c":
        kind, group = Kind.CONSTRAINT, None
    else:
        kind, group = reading.kind, reading.group
    path = posixpath.normpath(posixpath.join(posixpath.dirname(origin.file), file))
    if path not in reading.chain and (path, kind, group) in reading.found.included:
        return  # as often as a file is named, it says the same
    reading.found.included.add((path, kind, group))
    _gather(replace(reading, kind=kind, group=group), path, origin)
