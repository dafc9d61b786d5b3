"""YAML as nodes that know their places, with every mistake told as the user's."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, cast

from nixpy.errors import NixpyError
from nixpy.syntax.limits import DEEPEST_NODE, MOST_NODES, check_size

if TYPE_CHECKING:
    from yaml.error import Mark

# Git's marks of a merge that is not resolved.
_CONFLICT = re.compile(r"^<{7} .*$", re.MULTILINE)
_CONFLICT_END = re.compile(r"^>{7} ", re.MULTILINE)

# libyaml's composer recurses in C: far enough down it would end the whole process. Newer ones have
# a limit of their own, which they may meet while they look ahead.
_TOO_DEEP = "nested too deeply to be read"
_LIBYAMLS_LIMIT = "exceeded maximum nesting depth"


class Node(Protocol):
    """A node of a YAML document, as PyYAML's composer gives it (its own types lack ``id``)."""

    id: str
    tag: str
    value: Any
    style: str | None
    flow_style: bool | None
    start_mark: Mark
    end_mark: Mark


def compose(text: str, file: str) -> Node | None:
    """Parse a document into its root node; None for a file without content.

    Raises NixpyError with line and column for what is not YAML, for a file in the middle of a
    merge, and for what is larger or nested more deeply than anybody writes, aliases followed.
    """
    import yaml

    check_size(text, file)
    conflict = _CONFLICT.search(text)
    if conflict and _CONFLICT_END.search(text, conflict.end()):
        raise NixpyError(
            "the file holds an unresolved merge conflict",
            file=file,
            line=text.count("\n", 0, conflict.start()) + 1,
            hint="choose between the two sides, then run the command again",
        )
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        _check(yaml.parse(text, Loader=loader), file)
        root = yaml.compose(text, Loader=loader)
    except yaml.MarkedYAMLError as error:
        if error.problem == _LIBYAMLS_LIMIT:
            raise NixpyError(_TOO_DEEP, file=file) from None
        mark = error.problem_mark or error.context_mark
        raise NixpyError(
            f"not YAML: {error.problem or error.context}",
            file=file,
            line=mark.line + 1 if mark else None,
            column=mark.column + 1 if mark else None,
            hint="indent with spaces, not tabs" if mark and _tab_at(text, mark.line) else None,
        ) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1 if isinstance(error.position, int) else 0
        raise NixpyError(f"not YAML: {error.reason}", file=file, line=line or None) from None
    return cast("Node | None", root)


@dataclass(slots=True)
class _Open:
    """A collection of which not all was read: its nodes and levels so far, an alias followed."""

    anchor: str | None
    is_mapping: bool
    children: int = 0
    nodes: int = 1
    levels: int = 1


def _check(events: Iterable[Any], file: str) -> None:
    """Raise NixpyError for a document that would take long to walk over, or that has no end."""
    import yaml

    known: dict[str, tuple[int, int] | None] = {}  # nodes and levels; None while it is open
    nested = [_Open(None, is_mapping=False)]
    for event in events:
        anchor = getattr(event, "anchor", None)
        if isinstance(event, yaml.CollectionStartEvent):
            nested.append(_Open(anchor, isinstance(event, yaml.MappingStartEvent)))
            known.update({anchor: None} if anchor else {})
            if len(nested) > DEEPEST_NODE + 1:
                raise NixpyError(_TOO_DEEP, file=file)
            continue
        if isinstance(event, yaml.CollectionEndEvent):
            closed = nested.pop()
            size, anchor = (closed.nodes, closed.levels), closed.anchor
        elif isinstance(event, yaml.AliasEvent):
            found = known.get(str(event.anchor), (1, 0))
            if found is None:
                message = f"`*{event.anchor}` stands inside of what it is an alias of"
                raise _at(event, file, message)
            size = found
        elif isinstance(event, yaml.ScalarEvent):
            size = (1, 0)
        else:
            continue
        if anchor is not None:
            known[anchor] = size
        _add(nested[-1], size, event, file)


def _add(parent: _Open, size: tuple[int, int], event: Any, file: str) -> None:
    """Count a value, of so many nodes and levels, for the collection that it is in."""
    if parent.is_mapping and not parent.children % 2 and size[1]:
        raise _at(event, file, "a key must be a single value, not a list or a mapping")
    parent.children += 1
    parent.nodes += size[0]
    parent.levels = max(parent.levels, size[1] + 1)
    if parent.nodes > MOST_NODES:
        raise _at(event, file, f"holds more than {MOST_NODES:,} values, aliases followed")
    if parent.levels > DEEPEST_NODE + 1:
        raise NixpyError(_TOO_DEEP, file=file)


def _at(event: Any, file: str, message: str) -> NixpyError:
    return NixpyError(message, file=file, line=event.start_mark.line + 1)


def _tab_at(text: str, line: int) -> bool:
    lines = text.splitlines()
    indent = re.match(r"\s*", lines[line] if line < len(lines) else "")
    return indent is not None and "\t" in indent.group(0)
