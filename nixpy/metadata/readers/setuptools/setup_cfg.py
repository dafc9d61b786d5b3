"""setup.cfg, setuptools' declarative file, and pbr's."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from nixpy.errors import NixpyError
from nixpy.metadata.model import Facts, Kind
from nixpy.metadata.readers.findings import Findings
from nixpy.metadata.readers.pip.requirements import gather_file
from nixpy.metadata.readers.setuptools.extras import want_extra
from nixpy.syntax.limits import check_size
from nixpy.syntax.origin import Origin
from nixpy.syntax.text import read_text

if TYPE_CHECKING:
    from configparser import RawConfigParser

    from nixpy.syntax.tree import Tree

# The parser looks at the rest of a run of blanks from each of them.
_MANY_BLANKS = re.compile(r"([^\S\n]{100})[^\S\n]+")
_KEY = re.compile(r"[^\s=:#;][^=:]*(?=[=:])")


def read(tree: Tree, path: str) -> Facts:
    """Read the requirements, also from the files that ``file:`` names, and ``python_requires``.

    Raises NixpyError for what is not an INI file and for what is not a requirement.
    """
    found = Findings(path)
    text = read_text(tree, path)
    check_size(text, path)
    parser = _parse(text, path)
    options = _Options(parser, text, path)
    name, _ = options.get("metadata", "name")
    found.name = None if name and name.startswith(("attr:", "file:")) else name
    for section, key in (
        ("options", "python_requires"),
        ("metadata", "python_requires"),  # pbr
        ("metadata", "requires_python"),
    ):
        value, line = options.get(section, key)
        if value:
            found.allow(value, Origin(path, f"{section}.{key}", line), lenient=True)
    for key, kind, group in (
        ("install_requires", Kind.RUN, None),
        ("setup_requires", Kind.BUILD, None),
        ("tests_require", Kind.GROUP, "tests"),
    ):
        before = len(found.errors)
        for item, origin in options.items("options", key):
            _want(item, origin, tree, found, kind, group)
        if kind is Kind.GROUP:  # nobody needs them to start
            found.note_errors(before)
    if parser.has_section("options.extras_require"):
        for extra in parser.options("options.extras_require"):
            for item, origin in options.items("options.extras_require", extra):
                if not _file(item, origin, tree, found, Kind.EXTRA, extra):
                    want_extra(extra, item, origin, found)
    return found.facts()


def _parse(text: str, path: str) -> RawConfigParser:
    import configparser

    line = _mistake(text)
    if line is not None:
        raise NixpyError(
            "is not an INI file: neither a section nor `key = value`", file=path, line=line
        )
    # As setuptools reads it: keys keep their case, `%` means nothing.
    parser = configparser.RawConfigParser()
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    try:
        parser.read_string(_MANY_BLANKS.sub(r"\1", text), path)
    except configparser.ParsingError as error:
        line = getattr(error, "lineno", None) or next((one for one, _ in error.errors), None)
        raise NixpyError(
            "is not an INI file: neither a section nor `key = value`", file=path, line=line
        ) from None
    except configparser.Error as error:
        line = getattr(error, "lineno", None)
        reason = error.message.rpartition(": ")[2].partition("\n")[0]
        raise NixpyError(f"is not an INI file: {reason}", file=path, line=line) from None
    return parser


def _mistake(text: str) -> int | None:
    """Give the first line that is neither; the parser takes ever longer for each further one."""
    section = option = False
    for number, line in enumerate(text.split("\n"), 1):
        bare = line.strip()
        if not bare or bare[0] in "#;" or (option and line[0].isspace()):
            continue
        if bare[0] == "[" and "]" in bare:
            section, option = True, False
        elif not section:
            return None  # which is another mistake
        elif bare[0] in "=:" or not ("=" in bare or ":" in bare):
            return number
        else:
            option = True
    return None


class _Options:
    """The values of an INI file, with their lines."""

    def __init__(self, parser: RawConfigParser, text: str, path: str) -> None:
        self._parser = parser
        self._lines = text.split("\n")
        self._path = path
        self._places: dict[tuple[str, str], int] = {}
        section = ""
        for number, line in enumerate(self._lines, 1):
            if line.startswith("["):
                section = line[1:].partition("]")[0]
            elif match := _KEY.match(line):
                self._places.setdefault((section, match[0].rstrip()), number)

    def get(self, section: str, key: str) -> tuple[str | None, int | None]:
        """Give a value and its line; the key may be written with dashes."""
        for name in (key, key.replace("_", "-")):
            if self._parser.has_option(section, name):
                value = self._parser.get(section, name)
                return (value or "").strip() or None, self._line(section, name)
        return None, None

    def items(self, section: str, key: str) -> list[tuple[str, Origin]]:
        """Give the items of a list, one a line or parted by semicolons."""
        value, line = self.get(section, key)
        if not value:
            return []
        full = f"{section}.{key}"
        if "\n" not in value and not value.startswith("file:"):
            parts = (
                [value]
                if line and self._lines[line - 1].strip().endswith("=")
                else value.split(";")
            )
            if len(parts) > 1 and re.match(r"\s*(python|sys|os|platform|extra)", parts[1]):
                parts = [value]  # one requirement with a marker
            found = [(part, line) for part in parts]
        else:
            found = self._located(value, line)
        return [
            (item, Origin(self._path, full, where))
            for part, where in _continued(found)
            if (item := re.sub(r"(^|\s)#.*", "", part).strip())
        ]

    def _located(self, value: str, line: int | None) -> list[tuple[str, int | None]]:
        at = line or 1
        found: list[tuple[str, int | None]] = []
        for part in value.split("\n"):
            where = next(
                (n for n in range(at, len(self._lines) + 1) if part.strip() in self._lines[n - 1]),
                at,
            )
            at = where if part.strip() else at
            found.append((part, where if line else None))
        return found

    def _line(self, section: str, key: str) -> int | None:
        return self._places.get((section, key))


def _continued(parts: list[tuple[str, int | None]]) -> Iterator[tuple[str, int | None]]:
    """Join lines that end in a backslash with the next one, as setuptools does."""
    text, first = "", None
    for part, line in parts:
        first = first if text else line
        text += part.strip()
        if text.endswith("\\"):
            text = text[:-1].rstrip() + " "
            continue
        yield text, first
        text = ""
    if text:
        yield text, first


def _want(
    item: str, origin: Origin, tree: Tree, found: Findings, kind: Kind, group: str | None
) -> None:
    if not _file(item, origin, tree, found, kind, group):
        found.want(item, origin, kind, group)


def _file(
    item: str, origin: Origin, tree: Tree, found: Findings, kind: Kind, group: str | None
) -> bool:
    """Read the files of a ``file:`` directive; tell whether it was one."""
    if not item.startswith("file:"):
        return False
    for name in item.removeprefix("file:").split(","):
        path = posixpath.normpath(posixpath.join(posixpath.dirname(origin.file), name.strip()))
        gather_file(tree, path, found, origin, kind, group)
    return True
