"""mise.toml, .mise.toml and .config/mise/config.toml."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nixpy.metadata.model import Facts
from nixpy.metadata.readers.findings import Findings
from nixpy.metadata.readers.pins.version import parse_pin
from nixpy.syntax.table import kind_of
from nixpy.syntax.toml import load_toml

if TYPE_CHECKING:
    from nixpy.syntax.tree import Tree

_NAMES = ("python", "core:python", "asdf:python")


def read(tree: Tree, path: str) -> Facts:
    """Read the versions of python under ``[tools]``, the preferred one first.

    What names no version (``latest``) says nothing. Raises NixpyError for broken TOML and wrong
    types.
    """
    found = Findings(path)
    tools = load_toml(tree, path, found.errors).table("tools")
    for name in _NAMES:
        value = tools.data.get(name)
        several = isinstance(value, list)
        for index, item in enumerate(value if isinstance(value, list) else [value]):
            keys = (name, index) if several else (name,)
            version = item.get("version") if isinstance(item, dict) else item
            if isinstance(version, str):
                pin = parse_pin(version.removeprefix("prefix:"), tools.origin(*keys))
                found.pins += [pin] if pin else []
            elif version is not None:
                hint = f'put it in quotes: `{name} = "{version}"`'
                number = kind_of(version) == "a number"
                tools.wrong("a string", version, *keys, hint=hint if number else None)
    return found.facts()
