"""requirements.txt and its like, in pip's real format.

Follows https://pip.pypa.io/en/stable/reference/requirements-file-format/.
"""

from __future__ import annotations

import codecs
import posixpath
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nixpy.errors import NixpyError
from nixpy.project import Facts, Installer, Kind, Origin, Strength
from nixpy.readers._compiled import compiled_by, pinned
from nixpy.readers._findings import Findings
from nixpy.readers._requirement import name_in_url, normalise
from nixpy.readers._text import decode, read_bytes

if TYPE_CHECKING:
    from nixpy.tree import Tree

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_COOKIE = re.compile(rb"coding[:=]\s*([-\w.]+)")
_COMMENT = re.compile(r"(^|\s+)#.*$")
_OPTIONS = re.compile(r"\s+--?[A-Za-z].*$")
_INCLUDE = re.compile(r"^(-r|-c|--requirements?|--constraints?)(?:\s*=\s*|\s+|(?<=-[rc]))(.+)$")
_EDITABLE = re.compile(r"^(?:-e|--editable)(?:\s*=\s*|\s+)(.+)$")
_NO_MEANING_HERE = re.compile(
    r"^(-i|-f|--index-url|--extra-index-url|--pypi-url|--no-index|--find-links|--no-binary|"
    r"--only-binary|--prefer-binary|--require-hashes|--pre|--trusted-host|--use-feature|"
    r"--features|--always-unzip|-Z|--process-dependency-links|--no-use-wheel|--use-wheel|"
    r"--allow-external|--allow-all-external|--allow-unverified|--allow-insecure|--hash|"
    r"--config-settings?|--global-option|--build-option|--only-final|--all-releases|"
    r"--uploaded-prior-to|--no-build|--no-build-isolation|--emit-index-url|--default-index|--index)"
    r"(?=[\s=]|$|(?<=-[if])\S)"
)
_SCHEME = re.compile(
    r"^(?:[a-z][a-z0-9]*\+)?(?:https?|ftp|file|ssh|git|svn|hg|bzr)(?:://|:)", re.IGNORECASE
)
_SCP = re.compile(r"^(git|hg|svn|bzr)\+[\w.-]+@[\w.-]+:")
_MARKER = re.compile(
    r"^(.*?)\s*;\s*((?:python|sys|os|platform|implementation|extra)\w*\s*[<>=!in].*)$"
)
_MAIN = {"", "app", "base", "common", "core", "default", "install", "main", "minimal"}
_MAIN |= {"prod", "production", "run", "runtime"}


def read(tree: Tree, path: str) -> Facts:
    """Read a requirements file, with those that it takes in by ``-r`` and ``-c``.

    Whether it is for running the project, for a group or holds constraints is told by its name.
    Raises NixpyError for what pip would refuse: a line that is not a requirement, an unknown
    option, a missing file, files that take in each other.
    """
    found = Findings(path)
    kind, group = purpose(path)
    gather_file(tree, path, found, None, kind, group)
    return found.facts()


def purpose(path: str) -> tuple[Kind, str | None]:
    """Tell by its name what a requirements file is for: that of ``requirements/dev.txt`` is dev."""
    stem = posixpath.splitext(posixpath.basename(path))[0].lower()
    if "constraint" in stem:
        return Kind.CONSTRAINT, None
    group = re.sub(r"^[-_.]+|[-_.]+$", "", re.sub(r"requirements?", "", stem))
    if group in _MAIN:
        return Kind.RUN, None
    return Kind.GROUP, normalise(group)


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

    ``origin`` is where another file names this one; None if it is read for itself. Mistakes are
    added to ``found.errors``.
    """
    try:
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
        if reading.tree.read(path) is None:
            raise NixpyError(
                f"names `{path}`, which does not exist",
                file=origin.file,
                line=origin.line,
                key=origin.key,
                hint=f"add the file, or correct its path, relative to `{origin.file}`",
            )
        found.also_read.append(path)
    text = decode_requirements(read_bytes(reading.tree, path), path)
    inner = _Reading(reading.tree, found, reading.kind, reading.group, (*reading.chain, path))
    for line, content in logical_lines(text):
        try:
            _line(inner, content, Origin(path, None, line))
        except NixpyError as error:  # noqa: PERF203 - each line's mistake is told
            found.errors.append(error)
    tool = compiled_by(text)
    if tool and reading.kind is not Kind.CONSTRAINT:
        if tool in (Installer.UV, Installer.PIP):
            found.sign(tool, Strength.TABLE, Origin(path, None, 1))
        found.locked += pinned(text, path)


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
    for number, raw in enumerate(text.split("\n"), 1):
        line = raw.rstrip("\r\f")
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
    if _SCHEME.match(file) or "${" in file:
        reading.found.note(f"`{file}` is not among the project's files, so it was not read", origin)
        return
    if "constraint" in include[1] or include[1] == "-c":
        kind, group = Kind.CONSTRAINT, None
    else:
        kind, group = reading.kind, reading.group
    inner = _Reading(reading.tree, reading.found, kind, group, reading.chain)
    _gather(inner, posixpath.normpath(posixpath.join(posixpath.dirname(origin.file), file)), origin)


def want_line(
    text: str,
    origin: Origin,
    found: Findings,
    kind: Kind,
    group: str | None,
    tree: Tree | None = None,
) -> None:
    """Add one line in pip's notation: a requirement, a URL or a path, perhaps editable.

    Options that only say where to download from mean nothing here. ``tree`` serves to learn the
    names of folders.
    """
    editable = _EDITABLE.match(text)
    if editable:
        text = editable[1].strip().strip("\"'")
    elif text.startswith("-"):
        if not _NO_MEANING_HERE.match(text):
            option = re.split(r"[\s=]", text)[0]
            raise NixpyError(
                f"`{option}` is not an option that pip knows in a requirements file",
                file=origin.file,
                line=origin.line,
                hint=f"`pip install -r {origin.file}` would stop here too: remove the line",
            )
        return
    text = _OPTIONS.sub("", text).strip()
    if editable or _SCHEME.match(text) or _SCP.match(text) or _is_path(text):
        _place(text, origin, found, kind, group, tree)
    elif text.startswith("${") or re.match(r"^[A-Za-z0-9._-]*\$\{", text):
        found.note(f"`{text}` depends on an environment variable, so it was not read", origin)
    else:
        found.want(
            re.sub(r"\$\{[A-Z0-9_]+\}", "", text) if " @ " not in text else text,
            origin,
            kind,
            group,
        )


def _is_path(text: str) -> bool:
    bare = text.partition(";")[0].strip()
    if re.match(r"^[A-Za-z0-9._-]+(\[[^\]]*\])?\s*@\s", bare):
        return False
    first = bare.partition("[")[0]
    return (
        first.startswith((".", "/", "~/"))
        or "/" in first
        or first.endswith((".whl", ".tar.gz", ".zip"))
    )


def _place(
    text: str,
    origin: Origin,
    found: Findings,
    kind: Kind,
    group: str | None,
    tree: Tree | None,
) -> None:
    """Add a requirement that is a URL or a path."""
    place, semicolon, marker = _split_marker(text)
    named = re.match(r"^([A-Za-z0-9][A-Za-z0-9._-]*)(\[[^\]]*\])?\s*@\s*(\S+)$", place)
    if named:
        found.want(text, origin, kind, group)
        return
    extras = ""
    match = re.match(r"^(.*?)(\[[A-Za-z0-9._, -]*\])((?:#.*)?)$", place)
    if match:
        place, extras = match[1] + match[3], match[2]
    if _SCHEME.match(place) or _SCP.match(place):
        name, source = name_in_url(place), place
    else:
        bare = place.partition("#")[0]
        folder = posixpath.normpath(posixpath.join(posixpath.dirname(origin.file), bare))
        if folder == "." or not bare:
            return  # the project itself
        name, source = _name_of(folder, tree) or name_in_url(folder), folder
    if not name:
        found.note(f"`{text}` names no distribution, so it was left out", origin)
        return
    address = re.sub(r"\s", "%20", place)
    suffix = f" ;{marker}" if semicolon else ""
    found.want(f"{name}{extras} @ {address}{suffix}", origin, kind, group, source, shown=text)


def _split_marker(text: str) -> tuple[str, str, str]:
    match = re.match(
        r"^(.*?)\s*;\s*((?:python|sys|os|platform|implementation|extra)\w*\s*[<>=!in].*)$", text
    )
    return (match[1], ";", " " + match[2]) if match else (text, "", "")


def _name_of(folder: str, tree: Tree | None) -> str | None:
    """Learn a local project's name from its pyproject.toml."""
    data = tree.read(f"{folder}/pyproject.toml") if tree else None
    if not data:
        return None
    match = re.search(rb"""^name\s*=\s*["']([A-Za-z0-9._-]+)["']""", data, re.MULTILINE)
    return match[1].decode() if match else None
