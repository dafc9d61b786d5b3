"""setup.py, read from its syntax tree and never run."""

from __future__ import annotations

import posixpath
import re
import warnings
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from packaging.utils import canonicalize_name

from nixpy.errors import NixpyError
from nixpy.metadata.model import Facts, Kind
from nixpy.metadata.readers.findings import Findings
from nixpy.metadata.readers.pip.requirements import gather_file
from nixpy.metadata.readers.setuptools.extras import want_extra
from nixpy.syntax.limits import MOST_BYTES_BY_HAND
from nixpy.syntax.origin import Origin
from nixpy.syntax.text import read_bytes

if TYPE_CHECKING:
    import ast

    from nixpy.metadata.readers.setuptools.literals import Program
    from nixpy.metadata.readers.setuptools.values import Value
    from nixpy.syntax.tree import Tree

_FILE = re.compile(r"(?i)(require|depend|deps|reqs)[^/]*\.(txt|in|pip)$|^reqs?\.txt$")
_LONGEST = 200  # characters of a path that may be a requirements file's


def read(tree: Tree, path: str) -> Facts:
    """Read what is literal among the arguments of ``setup()``.

    Lists of requirements may come from a requirements file that the program names. What is neither
    is noted where it hides dependencies. Raises NixpyError for a literal that is no requirement.
    """
    found = Findings(path)
    program = _parse(read_bytes(tree, path), path, found)
    call = _setup_call(program.tree) if program else None
    if program is not None and call is not None:
        _read_call(program, call, tree, found)
    return found.facts()


def _read_call(program: Program, call: ast.Call, tree: Tree, found: Findings) -> None:
    from nixpy.metadata.readers.setuptools.literals import TooManyStepsError

    try:
        reading = _Reading(tree, found, program, program.keywords(call))
        reading.names()
        reading.requirements("install_requires", Kind.RUN)
        reading.requirements("setup_requires", Kind.BUILD)
        reading.requirements("tests_require", Kind.GROUP, "tests")
        reading.extras("extras_require")
    except TooManyStepsError:
        origin = Origin(found.file, None, call.lineno)
        found.note("takes too many steps to be understood, so it was read in part", origin)


def _parse(data: bytes, path: str, found: Findings) -> Program | None:
    import ast

    from nixpy.metadata.readers.setuptools.literals import Program

    if len(data) > MOST_BYTES_BY_HAND:
        found.note("is too large for a program, so it was not read", Origin(path))
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # its escape sequences are not ours to judge
            return Program(ast.parse(data, path))
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = error.lineno if isinstance(error, SyntaxError) else None
        found.note("is not a program of this Python, so it was not read", Origin(path, None, line))
        return None


def _setup_call(tree: ast.Module) -> ast.Call | None:
    import ast

    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else None
            name = node.func.id if isinstance(node.func, ast.Name) else name
            if name == "setup" and (node.keywords or not node.args):
                return node
    return None


@dataclass(frozen=True, slots=True)
class _Reading:
    """The arguments of one ``setup()``."""

    tree: Tree
    found: Findings
    program: Program
    arguments: dict[str, ast.expr]

    def names(self) -> None:
        """Take over the name and the range of Python."""
        name = self._strings(self._value("name"))
        self.found.name = name[0][0] if len(name) == 1 else None
        value = self._value("python_requires")
        for text, line in self._strings(value)[:1]:
            self.found.allow(text, Origin(self.found.file, "python_requires", line), lenient=True)
        self._note(value, "python_requires")

    def requirements(self, key: str, kind: Kind, group: str | None = None) -> None:
        """Take over a list of requirements."""
        value = self._value(key)
        before = len(self.found.errors)
        for text, line in self._strings(value):
            self.found.want(text, Origin(self.found.file, key, line), kind, group)
        if kind is Kind.GROUP:  # nobody needs them to start
            self.found.note_errors(before)
        hidden = self._from_files(value, key, kind, group)
        self._note(hidden if kind is Kind.RUN else [], key)

    def extras(self, key: str) -> None:
        """Take over the extras."""
        value = self._value(key)
        if not isinstance(value, dict):
            self._note(self._from_files(value, key, Kind.EXTRA, None), key)
            return
        hidden: list[Value] = []
        for extra, items in value.items():
            for text, line in self._strings(items):
                origin = Origin(self.found.file, f"{key}.{extra}", line)
                want_extra(extra, text, origin, self.found)
            name = canonicalize_name(extra.partition(":")[0])
            hidden += self._from_files(items, f"{key}.{extra}", Kind.EXTRA, name or None)
        self._note(hidden, key)

    def _value(self, key: str) -> Value:
        return self.program.value(self.arguments[key]) if key in self.arguments else []

    def _strings(self, value: Value) -> list[tuple[str, int]]:
        """Give the texts of a string, one a line, or of a list."""
        from nixpy.metadata.readers.setuptools.values import Text

        if isinstance(value, Text):
            lines = [re.sub(r"(^|\s)#.*", "", line).strip() for line in value.text.split("\n")]
            return [(line, value.line + offset) for offset, line in enumerate(lines) if line]
        if isinstance(value, list):
            return [pair for item in value for pair in self._strings(item)]
        return []

    def _from_files(self, value: Value, key: str, kind: Kind, group: str | None) -> list[Value]:
        """Read the requirements files behind what is hidden in a value; give what stays so."""
        from nixpy.metadata.readers.setuptools.values import Hidden, parts

        hidden: list[Value] = []
        read_files: set[str] = set()
        for node in parts(value):
            files = self._files(node)
            for file in files:
                if file not in read_files:
                    read_files.add(file)
                    origin = Origin(self.found.file, key, getattr(node, "lineno", None))
                    gather_file(self.tree, file, self.found, origin, kind, group)
            if not files and not self.program.repeats(node):
                hidden.append(Hidden(node))
        return hidden

    def _note(self, value: Value, key: str) -> None:
        """Note that part of an argument is hidden, if it is."""
        from nixpy.metadata.readers.setuptools.values import parts

        node = next(parts(value), None)
        if node is not None:
            origin = Origin(self.found.file, key, getattr(node, "lineno", None))
            self.found.note("is made by running the program, so not all of it is known", origin)

    def _files(self, node: ast.expr) -> list[str]:
        """Find the requirements files whose names an expression, or what it calls, mentions."""
        import ast

        folder = posixpath.dirname(self.found.file)
        names = [
            text for text in self.program.strings_behind(node) if text.endswith((".txt", ".in"))
        ]
        if isinstance(node, ast.Call):  # requirements("dev") for requirements/dev.txt
            names += [
                f"{one.value}.txt"
                for one in node.args
                if isinstance(one, ast.Constant) and isinstance(one.value, str)
            ]
        paths: dict[str, None] = {}
        for name in names:
            if len(name) > _LONGEST or "\n" in name or "\0" in name:
                continue
            beside = posixpath.normpath(posixpath.join(folder, name.lstrip("/")))
            base, inside = posixpath.basename(name), posixpath.join(folder, "requirements")
            candidates = [posixpath.join(inside, base), posixpath.join(inside, "extras", base)]
            for path in [beside] * bool(_FILE.search(beside)) + candidates:
                # That it is a file's name is a guess: what cannot be read was not meant.
                with suppress(NixpyError):
                    if self.tree.read(path) is not None:
                        paths[path] = None
        return list(paths)
