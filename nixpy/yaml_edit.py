"""Edits of nixpy.yaml by node position: what is not edited keeps its bytes.

A YAML library that writes would lose comments and style; nodes know where in the text they stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from nixpy.config import FILE, KEYS, compose
from nixpy.errors import NixpyError

if TYPE_CHECKING:
    from yaml.nodes import Node

# A scalar that YAML reads as the string that it looks like.
_PLAIN = re.compile(r"[A-Za-z_][\w./:+'-]*[\w/+'-]|[A-Za-z_]", re.ASCII)
_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})


def scalar(text: str) -> str:
    """Write a text as a YAML scalar, quoted where YAML would read something else."""
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS:
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def set_value(text: str, key: str, value: str) -> str:
    """Set a key to a single value: in place where it stands, else at the end."""
    node = _find(text, key)
    if node is None:
        return _append(text, f"{key}: {scalar(value)}\n", key)
    _editable(key, node)
    start, end = _span(node)
    if start == end:
        return f"{text[:start]} {scalar(value)}{text[end:]}"
    return text[:start] + scalar(value) + text[end:]


def add_items(text: str, key: str, items: Iterable[str]) -> str:
    """Add entries to a list, in the style that it has; those it has already are left out."""
    node = _find(text, key)
    if node is None:
        wanted = ", ".join(scalar(item) for item in dict.fromkeys(items))
        return _append(text, f"{key}: [{wanted}]\n", key)
    _editable(key, node)
    if node.id != "sequence" and node.value:
        raise _wrong(key, node, "expected a list")
    have = {item.value for item in node.value} if node.id == "sequence" else set()
    new = [scalar(item) for item in dict.fromkeys(items) if item not in have]
    if not new:
        return text
    if node.id != "sequence" or (node.flow_style and not node.value):
        start, end = _span(node)
        space = "" if text[start - 1 : start].isspace() else " "
        return f"{text[:start]}{space}[{', '.join(new)}]{text[end:]}"
    last = node.value[-1]
    _, at = _span(last)
    if node.flow_style:
        return text[:at] + "".join(f", {item}" for item in new) + text[at:]
    column = " " * (node.start_mark.column)
    line_end = text.find("\n", at)
    at = len(text) if line_end < 0 else line_end
    return text[:at] + "".join(f"\n{column}- {item}" for item in new) + text[at:]


def _root(text: str) -> Node | None:
    root = compose(text)
    if root is None or root.tag == "tag:yaml.org,2002:null":
        return None
    if root.id != "mapping":
        raise NixpyError("expected `key: value` lines", file=FILE, line=root.start_mark.line + 1)
    return root


def _find(text: str, key: str) -> Node | None:
    root = _root(text)
    for name, value in root.value if root else ():
        if name.value == key:
            found: Node = value
            return found
    return None


def _span(node: Node) -> tuple[int, int]:
    return node.start_mark.index, node.end_mark.index


def _wrong(key: str, node: Node, message: str) -> NixpyError:
    return NixpyError(message, file=FILE, line=node.start_mark.line + 1, key=key)


def _editable(key: str, node: Node) -> None:
    if node.id == "scalar" and node.style in {"|", ">"}:
        raise _wrong(key, node, "a block of text cannot be edited: edit it by hand")


def _append(text: str, addition: str, key: str) -> str:
    """Put a new key where the order of keys in the documentation has it, or at the end."""
    root = _root(text)
    if root is not None and root.flow_style:
        at = root.end_mark.index - 1
        comma = ", " if root.value else ""
        return text[:at] + comma + addition.rstrip("\n") + text[at:]
    order = KEYS.index(key)
    for name, _ in root.value if root else ():
        if name.value in KEYS and KEYS.index(name.value) > order:
            at = _before_comments(text, name.start_mark.index)
            return f"{text[:at]}{addition}\n{text[at:]}"
    end = "" if not text or text.endswith("\n") else "\n"
    return f"{text}{end}{addition}"


def _before_comments(text: str, at: int) -> int:
    """Go back from a key over the comment lines that belong to it."""
    while at > 0:
        start = text.rfind("\n", 0, at - 1) + 1
        if not text[start:at].lstrip().startswith("#"):
            break
        at = start
    return at
