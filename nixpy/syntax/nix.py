"""Nix and shell source text from values that nobody has checked: escaping, quoting, layout."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterable, Mapping
from typing import Any

_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_'-]*", re.ASCII)
_KEYWORDS = frozenset({"assert", "else", "if", "in", "inherit", "let", "or", "rec", "then", "with"})
_LINE_NUMBER = re.compile(r"(?<=\w):\d+(?=[ ,;)]|$)")
_COMMENT_WIDTH = 76


def string(text: str) -> str:
    """Quote a text as a Nix string (Nix manual, "String literal")."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("${", "\\${")
    for char, name in (("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t")):
        escaped = escaped.replace(char, name)
    return f'"{escaped}"'


def indented(text: str) -> str:
    """Escape a text for the inside of an indented Nix string.

    A quote is escaped wherever what follows could make it the start of ``''`` or of ``''$``.
    """
    parts = []
    for index, char in enumerate(text):
        following = text[index + 1 : index + 2]
        if char == "'" and (not following or following in "'$\\"):
            parts.append("''\\'")
        elif char == "$" and following == "{":
            parts.append("''$")
        else:
            parts.append(char)
    return "".join(parts)


def segment(text: str) -> str:
    """Give one attribute name, quoted unless it is a plain identifier."""
    plain = _IDENTIFIER.fullmatch(text) and text not in _KEYWORDS
    return text if plain else string(text)


def path(base: str, attribute: str) -> str:
    """Give an attribute path below a variable: ``ps.numpy``, ``pkgs."2to3"``."""
    return ".".join([base, *(segment(part) for part in attribute.split("."))])


def path_below(base: str, folder: str) -> str:
    """Give a path literal below another (``./.``, ``../.``): ``./services/api``."""
    if folder == ".":
        return base
    if re.fullmatch(r"[\w./+-]+", folder, re.ASCII):
        return base.removesuffix(".") + folder
    return f"({base} + {string('/' + folder)})"


def comment(text: str) -> str:
    """Give a text that is safe behind ``#``: one line, printable, of so many whole words.

    Line numbers are left out, lest a comment added to nixpy.yaml change the flake.
    """
    line = "".join(char if char.isprintable() else " " for char in text)
    line = _LINE_NUMBER.sub("", " ".join(line.split()))
    if len(line) <= _COMMENT_WIDTH:
        return line
    words = line[: _COMMENT_WIDTH - 1].rpartition(" ")[0]
    return f"{words} …" if words else line[: _COMMENT_WIDTH - 1] + "…"


def block(elements: Iterable[str], indent: int) -> str:
    """Lay out a list as nixfmt does: a single element on the line, two or more one a line."""
    lines = list(elements)
    if not lines:
        return "[ ]"
    if len(lines) == 1 and "#" not in lines[0]:
        return f"[ {lines[0]} ]"
    pad = " " * indent
    return "\n".join(["[", *(f"{pad}  {line}" for line in lines), f"{pad}]"])


def call(function: str, values: Mapping[str, Any], expressions: Mapping[str, str]) -> str:
    """Give the call of a function, as a file has it, with arguments of two kinds.

    ``values`` are handed over as JSON, ``expressions`` are Nix source text.
    """
    given = "".join(f" {name} = {text};" for name, text in expressions.items())
    return f"(\n{function})\n(builtins.fromJSON {string(json.dumps(values))} // {{{given} }})\n"


def shell_word(text: str) -> str:
    """Quote a value for bash, on one line whatever it holds."""
    if text.isprintable() or not text:
        return shlex.quote(text)
    escaped = "".join(_ansi_c(char) for char in text)
    return f"$'{escaped}'"


def _ansi_c(char: str) -> str:
    if char in "\\'":
        return "\\" + char
    if char.isprintable():
        return char
    return "".join(f"\\x{byte:02x}" for byte in char.encode())
