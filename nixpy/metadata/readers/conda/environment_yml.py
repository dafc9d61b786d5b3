"""environment.yml, conda's file, with its pip part."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from nixpy.errors import NixpyError
from nixpy.metadata.model import Facts, Kind, PythonPin
from nixpy.metadata.readers.findings import Findings
from nixpy.metadata.readers.pip.requirements import gather_line
from nixpy.syntax.origin import Origin
from nixpy.syntax.text import read_text
from nixpy.syntax.yaml import compose

if TYPE_CHECKING:
    from nixpy.metadata.readers.conda.match_spec import Match
    from nixpy.syntax.tree import Tree

_NOT_FOR_VENV = {"pip", "conda", "mamba", "anaconda", "python-abi", "python_abi"}


def read(tree: Tree, path: str) -> Facts:
    """Read name, Python, the Python packages by their names on PyPI, and all other packages.

    Build strings and channels are left out. A minor Python (``python=3.11``) is a range, a full
    version a pin. Raises NixpyError for broken YAML, wrong types and what is not a match spec.
    """
    found = Findings(path)
    root = compose(read_text(tree, path), path)
    if root is None:
        return found.facts()
    if not _is(root, "mapping"):
        raise NixpyError(
            "must hold a mapping", file=path, line=1, hint="start it with `dependencies:`"
        )
    for key, value in root.value:
        name = str(key.value)
        if name == "name" and _is(value, "scalar"):
            found.name = value.value or None
        elif name == "dependencies" and not _is_null(value):
            if _is(value, "sequence"):
                for item in value.value:
                    _dependency(item, tree, found)
            else:
                _wrong(found, value, "dependencies", "a list")
    return found.facts()


def _is(node: Any, kind: str) -> bool:
    return getattr(node, "id", None) == kind


def _is_null(node: Any) -> bool:
    return _is(node, "scalar") and node.tag == "tag:yaml.org,2002:null"


def _wrong(found: Findings, node: Any, key: str, expected: str) -> None:
    found.errors.append(
        NixpyError(f"must be {expected}", file=found.file, line=node.start_mark.line + 1, key=key)
    )


def _dependency(node: Any, tree: Tree, found: Findings) -> None:
    origin = Origin(found.file, "dependencies", node.start_mark.line + 1)
    if _is(node, "scalar"):
        if not _is_null(node):
            _match(node.value, origin, found)
        return
    if not _is(node, "mapping"):
        _wrong(found, node, "dependencies", "a match spec or `pip:`")
        return
    for key, value in node.value:
        if key.value != "pip" or _is_null(value):
            continue
        items = value.value if _is(value, "sequence") else [value]
        for item in items:
            if not _is(item, "scalar"):
                _wrong(found, item, "dependencies.pip", "a requirement")
            elif not _is_null(item):
                at = Origin(found.file, "dependencies.pip", item.start_mark.line + 1)
                gather_line(tree, item.value, found, at)


def _match(text: str, origin: Origin, found: Findings) -> None:
    from nixpy.knowledge.elsewhere import conda_package
    from nixpy.metadata.readers.conda.match_spec import parse_match

    if found.is_full():
        return
    match = parse_match(text)
    if match is None:
        found.errors.append(
            NixpyError(
                f"`{text}` is not a match spec",
                file=origin.file,
                line=origin.line,
                key=origin.key,
                hint="conda writes it as `numpy=1.26` or `numpy>=1.26,<2`",
            )
        )
        return
    if match.name == "python":
        _python(match, text, origin, found)
    elif match.name in ("pypy", "graalpy"):
        found.pins.append(PythonPin(text, None, origin, match.name))
    elif match.name not in _NOT_FOR_VENV:
        name = conda_package(match.name).pypi
        if name is None:
            found.packages.append(match.name)
        else:
            extras = f"[{','.join(match.extras)}]" if match.extras else ""
            found.want(f"{name}{extras}{match.specifiers}", origin, Kind.RUN, shown=text)


def _python(match: Match, text: str, origin: Origin, found: Findings) -> None:
    exact = re.fullmatch(r"==(3\.\d+\.\d+)(?:\.\*)?", match.specifiers)
    minor = re.fullmatch(r"==(3\.\d+)", match.specifiers)
    if exact:
        found.pins.append(PythonPin(text, exact[1], origin))
    elif match.specifiers:
        found.allow(f"{match.specifiers}.*" if minor else match.specifiers, origin)
