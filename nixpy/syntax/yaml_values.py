"""YAML nodes as the values that are expected, or an error that says where they are not. Pure.

All raise NixpyError; ``key`` is what the value is of.
"""

from __future__ import annotations

from nixpy.errors import NixpyError
from nixpy.syntax.yaml import Node


def fail(key: str, node: Node, message: str, hint: str | None = None) -> NixpyError:
    """Make an error at a node; the file is for the caller to fill in."""
    mark = node.start_mark
    return NixpyError(message, line=mark.line + 1, column=mark.column + 1, key=key, hint=hint)


def kind_of(node: Node) -> str:
    """Say in words what a node is."""
    return {"scalar": "a single value", "sequence": "a list", "mapping": "a mapping"}[node.id]


def scalar(key: str, node: Node) -> str:
    """Give the text of a single value as it is written, whatever YAML takes it for."""
    if node.id != "scalar" or node.tag == "tag:yaml.org,2002:null":
        found = "nothing" if node.id == "scalar" else kind_of(node)
        raise fail(key, node, f"expected a single value, found {found}")
    if "\0" in node.value:
        raise fail(key, node, "the value holds a NUL character, which no variable or path can")
    return str(node.value)


def flag(key: str, node: Node) -> bool:
    """Give a truth value."""
    text = scalar(key, node)
    if node.tag != "tag:yaml.org,2002:bool":
        raise fail(key, node, f"expected true or false, found `{text}`")
    return text.lower() in {"true", "yes", "on"}


def entries(key: str, node: Node) -> list[tuple[str, Node]]:
    """Give the single values of a list, each with its node; none for an empty value."""
    if node.tag == "tag:yaml.org,2002:null":
        return []
    if node.id != "sequence":
        text = f"[{node.value}]" if node.id == "scalar" else "[…]"
        raise fail(key, node, f"expected a list, found {kind_of(node)}", f"write `{key}: {text}`")
    return [(scalar(key, item), item) for item in node.value]


def pairs(key: str, node: Node) -> list[tuple[str, Node, Node]]:
    """Give the names of a mapping, each with its own node and its value's; none for no value."""
    if node.tag == "tag:yaml.org,2002:null":
        return []
    if node.id != "mapping":
        raise fail(key, node, f"expected a mapping, found {kind_of(node)}")
    return [(scalar(key, name), name, value) for name, value in node.value]
