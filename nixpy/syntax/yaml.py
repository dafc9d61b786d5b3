"""YAML as nodes that know their places, with every mistake told as the user's."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Protocol, cast

from nixpy.errors import NixpyError

if TYPE_CHECKING:
    from yaml.error import Mark

# Git's marks of a merge that is not resolved.
_CONFLICT = re.compile(r"^<{7} .*$(?=[\s\S]*^>{7} )", re.MULTILINE)

# libyaml's composer recurses in C: far enough down it would end the whole process. Newer ones have
# a limit of their own, which they may meet while they look ahead.
_DEEPEST = 50
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
    merge, and for what is nested more deeply than anybody writes.
    """
    import yaml

    conflict = _CONFLICT.search(text)
    if conflict:
        raise NixpyError(
            "the file holds an unresolved merge conflict",
            file=file,
            line=text.count("\n", 0, conflict.start()) + 1,
            hint="choose between the two sides, then run the command again",
        )
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        depth = 0
        for event in yaml.parse(text, Loader=loader):
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if depth > _DEEPEST:
                raise NixpyError(_TOO_DEEP, file=file)
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


def _tab_at(text: str, line: int) -> bool:
    lines = text.splitlines()
    indent = re.match(r"\s*", lines[line] if line < len(lines) else "")
    return indent is not None and "\t" in indent.group(0)
