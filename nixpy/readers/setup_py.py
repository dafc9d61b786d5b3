"""setup.py, read from its syntax tree and never run."""

from __future__ import annotations

import posixpath
import re
import warnings
from typing import TYPE_CHECKING

from nixpy.project import Facts, Kind, Origin
from nixpy.readers._findings import Findings
from nixpy.readers._legacy import want_extra
from nixpy.readers._text import read_bytes
from nixpy.readers.requirements import gather_file

if TYPE_CHECKING:
    import ast

    from nixpy.readers._literals import Program, Value
    from nixpy.tree import Tree

_REQUIREMENTS_FILE = re.compile(r"(?i)(require|depend|deps|reqs)[^/]*\.(txt|in|pip)$|^reqs?\.txt$")


def read(tree: Tree, path: str) -> Facts:
    """Read what is literal among the arguments of ``setup()``.

    Lists of requirements may come from a requirements file that the program names. What is neither
    is noted where it hides dependencies. Raises NixpyError for a literal that is no requirement.
    """
    found = Findings(path)
    program = _parse(read_bytes(tree, path), path, found)
    if program is None:
        return found.facts()
    call = _setup_call(program.tree)
    arguments = program.keywords(call) if call else {}
    _name(arguments, program, found)
    for key, kind, group in (
        ("install_requires", Kind.RUN, None),
        ("requires", Kind.RUN, None),
        ("setup_requires", Kind.BUILD, None),
        ("tests_require", Kind.GROUP, "tests"),
    ):
        if key == "requires" and "install_requires" in arguments:
            continue
        node = arguments.get(key)
        if node is not None:
            value = _literal(program, node, key, tree, found, kind, group)
            for text, line in _texts(value):
                found.want(text, Origin(path, key, line), kind, group)
    node = arguments.get("extras_require")
    if node is not None:
        value = _literal(program, node, "extras_require", tree, found, Kind.EXTRA, None)
        for extra, items in value.items() if isinstance(value, dict) else ():
            for text, line in _texts(items):
                want_extra(extra, text, Origin(path, f"extras_require.{extra}", line), found)
    return found.facts()


def _parse(data: bytes, path: str, found: Findings) -> Program | None:
    import ast

    from nixpy.readers._literals import Program

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


def _name(arguments: dict[str, ast.expr], program: Program, found: Findings) -> None:
    from nixpy.readers._literals import Text

    if "name" in arguments:
        value = program.value(arguments["name"])
        found.name = value.text if isinstance(value, Text) else None
    if "python_requires" in arguments:
        node = arguments["python_requires"]
        value = program.value(node)
        if isinstance(value, Text):
            origin = Origin(found.file, "python_requires", value.line)
            found.allow(value.text, origin, lenient=True)
    program.hidden.clear()


def _literal(
    program: Program,
    node: ast.expr,
    key: str,
    tree: Tree,
    found: Findings,
    kind: Kind,
    group: str | None,
) -> Value | None:
    """Evaluate an argument; what is not literal is looked for in requirements files."""
    program.hidden.clear()
    value = program.value(node)
    unknown: int | None = None
    read_files: set[str] = set()
    for hidden in program.hidden:
        files = _files(program, hidden, tree, posixpath.dirname(found.file))
        for file in files:
            if file not in read_files and kind is not Kind.EXTRA:
                gather_file(tree, file, found, Origin(found.file, key, hidden.lineno), kind, group)
            read_files.add(file)
        if not files:
            unknown = unknown or getattr(hidden, "lineno", node.lineno)
    if unknown and kind in (Kind.RUN, Kind.EXTRA):
        found.note(
            f"`{key}` is partly made by running it, so it may ask for more",
            Origin(found.file, key, unknown),
        )
    return value


def _files(program: Program, node: ast.expr, tree: Tree, folder: str) -> list[str]:
    names = [name for name in program.strings_behind(node) if _REQUIREMENTS_FILE.search(name)]
    paths = [posixpath.normpath(posixpath.join(folder, name.lstrip("/"))) for name in names]
    return [
        path for path in dict.fromkeys(paths) if "\n" not in path and tree.read(path) is not None
    ]


def _texts(value: Value | None) -> list[tuple[str, int]]:
    """Give the requirements in a string (one a line) or a list."""
    from nixpy.readers._literals import Text

    if isinstance(value, Text):
        lines = [re.sub(r"(^|\s)#.*", "", line).strip() for line in value.text.split("\n")]
        return [(line, value.line + offset) for offset, line in enumerate(lines) if line]
    if isinstance(value, list):
        return [pair for item in value for pair in _texts(item)]
    return []
