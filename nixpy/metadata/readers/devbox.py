"""devbox.json: packages of nixpkgs by name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nixpy.metadata.model import Facts
from nixpy.metadata.readers.findings import Findings
from nixpy.metadata.readers.pins.version import parse_pin
from nixpy.syntax.json import load_json
from nixpy.syntax.origin import Origin
from nixpy.syntax.table import kind_of

if TYPE_CHECKING:
    from nixpy.syntax.tree import Tree

_PYTHON = re.compile(r"^python(?:3?|3(\d{1,2}))(?:Full|FreeThreading)?$")


def read(tree: Tree, path: str) -> Facts:
    """Read the Python as a pin, and all other packages, as ``NAME`` or ``NAME@VERSION``.

    Packages of other flakes are noted.
    Raises NixpyError for broken JSON (comments are allowed, as devbox does) and wrong types.
    """
    found = Findings(path)
    root = load_json(tree, path, found.errors, comments=True)
    packages = root.data.get("packages")
    if isinstance(packages, dict):
        table = root.table("packages")
        for name, value in packages.items():
            version = value.get("version", "") if isinstance(value, dict) else value
            if isinstance(version, str):
                _package(name, version, table.origin(name), found)
            else:
                table.wrong("a version", version, name, hint=f'write `"{name}": "latest"`')
    elif isinstance(packages, list):
        for text, origin in root.strings("packages"):
            name, _, version = text.partition("@")
            _package(name or text, version, origin, found)
    elif packages is not None:
        root.fail(f"must be an array or an object, but it is {kind_of(packages)}", "packages")
    return found.facts()


def _package(name: str, version: str, origin: Origin, found: Findings) -> None:
    if found.is_full():
        return
    if ":" in name or "#" in name:
        found.note(f"`{name}` is not from nixpkgs, so it was left out", origin)
        return
    match = _PYTHON.match(name)
    if not match:
        found.packages.append(f"{name}@{version}" if version not in {"", "latest"} else name)
        return
    free = "t" if name.endswith("FreeThreading") else ""
    text = f"3.{match[1]}" if match[1] else version
    pin = parse_pin(f"{text}{free}", origin) if text and text != "latest" else None
    found.pins += [pin] if pin else []
