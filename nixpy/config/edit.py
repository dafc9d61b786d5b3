"""Edits of nixpy.yaml by node position: what is not edited keeps its bytes.

A YAML library that writes would lose comments and style; nodes know where in the text they stand.
Each edit is read again: unless it changed the wanted value and nothing else, it is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from packaging.utils import canonicalize_name
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from nixpy.config.model import FILE
from nixpy.config.parse import KEYS
from nixpy.errors import NixpyError
from nixpy.syntax.lines import begins_line, line_end, line_start, newline, next_line
from nixpy.syntax.yaml import compose

# A scalar that YAML reads as the string that it looks like.
_PLAIN = re.compile(r"[A-Za-z_][\w./:+'-]*[\w/+'-]|[A-Za-z_]", re.ASCII)
_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
_NULL = "tag:yaml.org,2002:null"
_SPACES = re.compile(r"[ \t]*")
# White space and comments, as they may stand between the elements of a flow list.
_GAP = re.compile(r"(?:\s|(?<=\s)#[^\r\n]*)*")
_DOCUMENT_END = re.compile(r"^\.\.\.(?=\s|\Z)", re.MULTILINE)
_BOM = "\ufeff"


def scalar(text: str, quote: str = "") -> str:
    """Write a text as a YAML scalar, quoted where YAML would read something else.

    ``quote`` is the mark that the scalars around it are quoted with, if they are.
    """
    if quote == "'" and text.isprintable():
        return "'" + text.replace("'", "''") + "'"
    if not quote and _PLAIN.fullmatch(text) and text.lower() not in _WORDS:
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def same_as(key: str) -> Callable[[str], str]:
    """Give the form in which entries of a list are compared: Python packages' names as PyPI's."""
    return canonicalize_name if key == "packages" else str


def set_value(text: str, key: str, value: str) -> str:
    """Set a key to a single value: in place where it stands, else where its place is.

    Raises NixpyError where that cannot be done without changing more.
    """

    def edit(plain: str) -> str:
        found = _find(plain, key)
        if found is None:
            return _insert_key(plain, key, scalar(value))
        _, node = found
        if not isinstance(node, ScalarNode) or node.style in {"|", ">"}:
            raise _refuse(key, node, "the value is not a single one")
        start, end = _span(node)
        if start == end:
            return f"{plain[:start]} {scalar(value)}{plain[end:]}"
        return plain[:start] + scalar(value, _quote([node])) + plain[end:]

    return _checked(text, key, value, edit)


def add_items(text: str, key: str, items: Iterable[str]) -> str:
    """Add entries to a list, in the style that it has; those it has already are left out.

    Raises NixpyError where that cannot be done without changing more.
    """
    same = same_as(key)
    have = _items(text, key)
    wanted = {same(one): one for one in have}
    for item in items:
        wanted.setdefault(same(item), item)
    new = list(wanted.values())[len(have) :]

    def edit(plain: str) -> str:
        found = _find(plain, key)
        if found is None:
            return _insert_key(plain, key, f"[{', '.join(map(scalar, new))}]")
        node = found[1]
        quote = _quote(node.value) if isinstance(node, SequenceNode) else ""
        return _extend(plain, node, [scalar(one, quote) for one in new])

    return _checked(text, key, [*have, *new], edit) if new else text


def remove_items(text: str, key: str, items: Iterable[str]) -> str:
    """Remove entries from a list, each with the comment behind it.

    Raises NixpyError for an entry that is not there, and where it cannot be removed without
    changing more.
    """
    same = same_as(key)
    for item in items:
        have = _items(text, key)
        places = [at for at, one in enumerate(have) if same(one) == same(item)]
        if not places:
            raise NixpyError(f"`{item}` is not listed", file=FILE, key=key)
        at = places[0]

        def edit(plain: str, at: int = at) -> str:
            found = _find(plain, key)
            if found is None:
                return plain
            name, node = found
            if not isinstance(node, SequenceNode):
                return plain
            return _drop_flow(plain, node, at) if node.flow_style else _drop(plain, name, node, at)

        text = _checked(text, key, have[:at] + have[at + 1 :], edit)
    return text


# --- Reading


def _root(text: str) -> MappingNode | None:
    root = compose(text, FILE)
    if root is None or root.tag == _NULL:
        return None
    if not isinstance(root, MappingNode):
        raise NixpyError("expected `key: value` lines", file=FILE, line=root.start_mark.line + 1)
    return root


def _find(text: str, key: str) -> tuple[Node, Node] | None:
    """Give the nodes of a key and its value, of which every part stands where it is used."""
    root = _root(text)
    for name, value in root.value if root else ():
        if name.value != key:
            continue
        at = name.end_mark.index
        for node in (value, *(value.value if isinstance(value, SequenceNode) else ())):
            start, end = _span(node)
            if start < at or text[start : start + 1] in {"&", "!"}:
                raise _refuse(key, name, "an anchor, an alias or a tag is used in it")
            at = end if node is not value else start
        return name, value
    return None


def _items(text: str, key: str) -> list[str]:
    found = _find(text.removeprefix(_BOM), key)
    if found is None or found[1].tag == _NULL:
        return []
    if not isinstance(found[1], SequenceNode):
        raise _refuse(key, found[1], "expected a list")
    for item in found[1].value:
        if not isinstance(item, ScalarNode):
            raise _refuse(key, item, "expected single values in the list")
    return [str(item.value) for item in found[1].value]


def _span(node: Node) -> tuple[int, int]:
    return node.start_mark.index, node.end_mark.index


def _quote(nodes: list[ScalarNode]) -> str:
    """Give the mark with which all of the scalars are quoted, if they are."""
    styles = {node.style or "" for node in nodes}
    return styles.pop() if len(styles) == 1 and styles <= {"'", '"'} else ""


def _refuse(key: str, node: Node, message: str) -> NixpyError:
    line = node.start_mark.line + 1
    return NixpyError(message, file=FILE, line=line, key=key, hint=f"edit `{key}` by hand")


def _plain(node: Node) -> Any:
    if isinstance(node, ScalarNode):
        return node.tag, node.value
    if isinstance(node, SequenceNode):
        return [_plain(item) for item in node.value]
    return [(_plain(name), _plain(value)) for name, value in node.value]


def _checked(text: str, key: str, wanted: str | list[str], edit: Callable[[str], str]) -> str:
    """Make an edit, and see that it did what it should and no more."""
    mark = _BOM if text.startswith(_BOM) else ""
    before = text.removeprefix(_BOM)
    after = edit(before)
    try:
        found = _find(after, key)
        new, old = _root(after), _root(before)
    except NixpyError:
        found = new = old = None
    if found is not None and new is not None:
        got = [one.value for one in found[1].value] if isinstance(wanted, list) else found[1].value
        others = [
            [(*_plain(name), _plain(value)) for name, value in root.value if name.value != key]
            for root in (new, old)
            if root is not None
        ]
        if (got or type(wanted)()) == wanted and all(one == others[0] for one in others):
            return mark + after
    raise NixpyError(
        "cannot be edited without changing more of the file",
        file=FILE,
        key=key,
        hint=f"edit `{key}` by hand",
    )


# --- Writing


def _skip(text: str, at: int) -> int:
    found = _GAP.match(text, at)
    return found.end() if found else at


def _extend(text: str, node: Node, new: list[str]) -> str:
    start, end = _span(node)
    if not isinstance(node, SequenceNode):  # nothing, `~` or `null`
        space = "" if text[start - 1 : start].isspace() else " "
        return f"{text[:start]}{space}[{', '.join(new)}]{text[end:]}"
    if not node.value:
        inside = text[start + 1 : end - 1]
        kept = inside.rstrip(" \t") if "\n" in inside else ""
        return f"{text[:start]}[{kept}{', '.join(new)}]{text[end:]}"
    last = node.value[-1]
    at = last.end_mark.index
    line = line_end(text, at)
    if not node.flow_style:
        lead = newline(text) + " " * node.start_mark.column + "- "
        return text[:line] + "".join(lead + item for item in new) + text[line:]
    if not begins_line(text, last.start_mark.index) or end <= line:
        return text[:at] + "".join(f", {item}" for item in new) + text[at:]
    # One entry a line: each with a comma where the last has one.
    comma = "," if text[_skip(text, at)] == "," else ""
    lead = newline(text) + text[line_start(text, last.start_mark.index) : last.start_mark.index]
    ends = [","] * (len(new) - 1) + [comma]
    lines = "".join(lead + item + mark for item, mark in zip(new, ends, strict=True))
    return text[:at] + ("" if comma else ",") + text[at:line] + lines + text[line:]


def _drop(text: str, name: Node, node: SequenceNode, at: int) -> str:
    """Remove the lines of an entry of a block list."""
    item = node.value[at]
    dash = text.rfind("-", 0, item.start_mark.index)
    start, end = line_start(text, dash), next_line(text, item.end_mark.index)
    if len(node.value) > 1:
        if end == len(text) and not text.endswith("\n"):  # nor does what is left end in one
            start -= len(newline(text))
        return text[:start] + text[end:]
    colon = text.index(":", name.end_mark.index) + 1
    return f"{text[:colon]} []{text[colon:start]}{text[end:]}"


def _drop_flow(text: str, node: SequenceNode, at: int) -> str:
    """Remove an entry of a flow list with the comma that parts it from its neighbour."""
    start, end = _span(node.value[at])
    comma = _skip(text, end)
    if text[comma] == ",":
        rest = _SPACES.match(text, comma + 1)
        after = rest.end() if rest else comma + 1
        line = line_end(text, after)
        if begins_line(text, start) and (after == line or text[after] == "#"):
            return text[: line_start(text, start)] + text[next_line(text, line) :]
        if at == len(node.value) - 1 and at:
            return text[: node.value[at - 1].end_mark.index] + text[comma:]
        return text[:start] + text[after:]
    if at:
        before = _skip(text, node.value[at - 1].end_mark.index)
        if "#" not in text[before:start] and "\n" not in text[before:start]:
            return text[:before] + text[end:]
        behind = text[end : line_end(text, end)].lstrip()
        if begins_line(text, start) and behind[:1] in {"", "#"}:
            line = line_start(text, start)
            return text[:before] + text[before + 1 : line] + text[next_line(text, end) :]
        text = text[:before] + " " + text[before + 1 :]
    return text[:start] + text[end:]


def _insert_key(text: str, key: str, value: str) -> str:
    """Put a new key where the order of keys in the documentation has it, or at the end."""
    root = _root(text)
    line = f"{key}: {value}"
    if root is not None and root.flow_style:
        at = _skip(text, root.value[-1][1].end_mark.index) if root.value else _span(root)[1] - 1
        if root.value and text[at] != ",":
            at = root.value[-1][1].end_mark.index
        return f"{text[:at]}{', ' if root.value else ''}{line}{text[at:]}"
    ends_line = newline(text)
    order = KEYS.index(key)
    column = root.start_mark.column if root else 0
    for name, _ in root.value if root else ():
        if name.value in KEYS and KEYS.index(name.value) > order:
            at = _above_comments(text, line_start(text, name.start_mark.index))
            return f"{text[:at]}{' ' * column}{line}{ends_line}{ends_line}{text[at:]}"
    ends = _DOCUMENT_END.search(text, root.value[-1][1].start_mark.index if root else 0)
    head, tail = (text[: ends.start()], text[ends.start() :]) if ends else (text, "")
    lead = "" if not head or head.endswith("\n") else ends_line
    return f"{head}{lead}{' ' * column}{line}{ends_line}{tail}"


def _above_comments(text: str, at: int) -> int:
    """Go up from a line over the comment lines that belong to it."""
    while at > 0:
        start = line_start(text, at - 1)
        if not text[start:at].lstrip().startswith("#"):
            break
        at = start
    return at
