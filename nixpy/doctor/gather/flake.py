"""Reads flake.nix as text, and flake.lock: what Nix itself would say takes seconds."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from nixpy.doctor.snapshot import Flake, Mention
from nixpy.errors import NixpyError
from nixpy.flake.header import pristine
from nixpy.flake.render import PROGRAMS
from nixpy.nixpkgs.lock import locked_nixpkgs
from nixpy.syntax.limits import MOST_BYTES, MOST_BYTES_BY_HAND
from nixpy.system.reading import read_head, read_head_text
from nixpy.workspace.workspace import Workspace

_COMMENT = re.compile(r"(?:(?<=\s)|^)#[^\n]*|/\*.*?(?:\*/|\Z)", re.MULTILINE | re.DOTALL)
_SYSTEM = re.compile(r'"((?:x86_64|aarch64|i686|armv7l|riscv64)-(?:linux|darwin))"')
_ALL_SYSTEMS = re.compile(
    r"eachDefaultSystem|flakeExposed|allSystems|lib\.platforms|import systems|inputs\.systems"
    r"|systems\.url|nix-systems"
)
_OVERLAYS = re.compile(
    r"overlay|packageOverrides|pythonPackagesExtensions|uv2nix|poetry2nix|buildPythonPackage"
)
_PYTHON = re.compile(r"\bpython[23]\d+(?:Packages)?\b")
_URL = re.compile(r'\bnixpkgs(?:\.url\s*=|\s*=\s*\{\s*url\s*=)\s*"([^"]+)"')
_WITH_PACKAGES = re.compile(
    r"withPackages\s*\(\s*(\w+)\s*:\s*(with\s+\1\s*;)?\s*\[(.*?)\]", re.DOTALL
)
_SET_PACKAGE = re.compile(r"\bpython3\d*Packages\.([A-Za-z][\w-]*)")
_FUNCTION = re.compile(
    r"^\s*(?:alias\s+([\w.-]+)=|(?:function\s+)?([\w-]+)\s*\(\)\s*\{)", re.MULTILINE
)
_LOCAL = re.compile(r"(?<![\w.])\./([\w./-]*\w)")
# Members of a package set that are no packages.
_NOT_PACKAGES = re.compile(
    r"build\w+|python\w*|fetch\w+|override\w*|callPackage|\w*Hook|venvShellHook"
)

# The table of Python versions tells of the rolling branches as they are since then (2026-05-01).
_TABLE_SINCE = 1_777_593_600


def look(root: Path, outdated: tuple[str, ...]) -> Flake:
    """Give the facts of the flake in a folder."""
    text = _read(root / "flake.nix")
    code = _without_comments(text or "")
    shell_nix = _without_comments(_read(root / "shell.nix") or "")
    generated = text is not None and pristine(text) is not None
    return Flake(
        folder=str(root),
        exists=text is not None,
        generated=generated,
        inputs=re.search(r"^\s*inputs\b", code, re.MULTILINE) is not None,
        nixpkgs=_nixpkgs(root, code),
        systems=tuple(sorted(set(_SYSTEM.findall(code)))),
        all_systems=_ALL_SYSTEMS.search(code) is not None,
        dev_shell="devShell" in code,
        one_shell="devShell" in code and "devShells" not in code,
        overlays=_OVERLAYS.search(code) is not None,
        pythons=tuple(_unique(_mentions(code, _PYTHON, "flake.nix"))),
        packages=() if generated else tuple(_unique(_packages(code))),
        functions=(*_functions(code, "flake.nix"), *_functions(shell_nix, "shell.nix")),
        names=tuple(_local_files(root, code)),
        direnv=_uses_nix(root),
        remakes=_remakes(code, "flake.nix") or _remakes(shell_nix, "shell.nix"),
        copies=_copies(root),
        allowed=_allowed(root),
        outdated=outdated,
    )


def _read(path: Path) -> str | None:
    try:
        return read_head_text(path, MOST_BYTES_BY_HAND)
    except OSError:
        return None


def _without_comments(text: str) -> str:
    """Blank comments out, so that lines keep their numbers."""
    return _COMMENT.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)


def _where(text: str, at: int, file: str) -> str:
    return f"{file}:{text.count(chr(10), 0, at) + 1}"


def _mentions(text: str, pattern: re.Pattern[str], file: str) -> Iterator[Mention]:
    for found in pattern.finditer(text):
        yield Mention(found[0], _where(text, found.start(), file))


def _unique(mentions: Iterator[Mention]) -> list[Mention]:
    first: dict[str, Mention] = {}
    for one in mentions:
        first.setdefault(one.name, one)
    return list(first.values())


def _packages(code: str) -> Iterator[Mention]:
    for found in _WITH_PACKAGES.finditer(code):
        name, opened, body = found.groups()
        pattern = r"(?<![\w.\"'-])([A-Za-z][\w-]*)" if opened else rf"\b{name}\.([A-Za-z][\w-]*)"
        if opened and re.search(r"[()\"]", body):
            continue  # calls and sets: their words are no packages
        for word in re.finditer(pattern, body):
            if not _NOT_PACKAGES.fullmatch(word[1]):
                yield Mention(word[1], _where(code, found.start(3) + word.start(), "flake.nix"))
    for found in _SET_PACKAGE.finditer(code):
        if not _NOT_PACKAGES.fullmatch(found[1]):
            yield Mention(found[1], _where(code, found.start(), "flake.nix"))


def _functions(code: str, file: str) -> Iterator[Mention]:
    for found in _FUNCTION.finditer(code):
        name = found[1] or found[2]
        if not re.search(rf"unset -f\b[^\n;]*\b{re.escape(name)}\b", code):
            yield Mention(name, _where(code, found.start(found.lastindex or 0), file))


def _local_files(root: Path, code: str) -> Iterator[str]:
    for name in sorted(set(_LOCAL.findall(code))):
        if (root / name).is_file():
            yield name


def _uses_nix(root: Path) -> bool:
    text = _read(root / ".envrc") or ""
    return re.search(r"^\s*use[ _](?:flake|nix)\b", text, re.MULTILINE) is not None


def _remakes(code: str, file: str) -> Mention | None:
    """Find a `uv venv` that is run whether or not its folder is there, as a line of its own."""
    for found in re.finditer(r"^[ \t]*(uv venv\b[^\n;&|]*?)[ \t]*$", code, re.MULTILINE):
        before = code[: found.start()].rstrip().rpartition("\n")[2]
        guarded = re.search(r"\b(?:then|else|do)$|[|&{\\]$", before)
        if not guarded and not re.search(r"--(?:clear|allow-existing)\b|\s-c\b", found[1]):
            return Mention(found[1], _where(code, found.start(1), file))
    return None


def _copies(root: Path) -> Mention | None:
    """Find the line of .envrc that asks for the folder as it is, and not for what git tracks."""
    text = _read(root / ".envrc") or ""
    found = re.search(r"^\s*use[ _]flake\s+[\"']?path:(?:\.|\$PWD|\$\{PWD\})/?(?=[\s\"'#]|$)", text,
                      re.MULTILINE)  # fmt: skip
    return Mention(found[0].strip(), _where(text, found.end(), ".envrc")) if found else None


def _allowed(root: Path) -> bool:
    """Whether the user has allowed .envrc (direnv-allow), or has never allowed any."""
    file = root / ".envrc"
    data = os.environ.get("XDG_DATA_HOME") or os.path.expanduser("~/.local/share")  # noqa: PTH111
    allow = Path(data, "direnv/allow")
    if not allow.is_dir() or not file.is_file():
        return True
    # direnv's internal/cmd/rc.go: the hash of the path and the content.
    said = f"{os.path.realpath(file.parent)}/.envrc\n".encode() + read_head(file, MOST_BYTES)
    return (allow / hashlib.sha256(said).hexdigest()).exists()


def _nixpkgs(root: Path, code: str) -> str | None:
    """Give the flake reference of nixpkgs; None where no table knows its Pythons."""
    source = locked_nixpkgs(_read(root / "flake.lock") or "")
    try:
        reference = _reference(source.original) if source else ""
        modified = int(source.locked.get("lastModified", 0)) if source else 0
    except (LookupError, TypeError, ValueError, RecursionError):
        reference = ""
    if not reference:
        found = _URL.search(code)
        return found[1] if found else None
    rolling = re.search(r"\d\d\.\d\d", reference) is None
    return None if rolling and modified < _TABLE_SINCE else reference


def _reference(original: Mapping[str, Any]) -> str:
    match original["type"]:
        case "github":
            parts = ("github:" + original["owner"], original["repo"], original.get("ref", ""))
            return "/".join(part for part in parts if part)
        case "indirect":
            return "/".join(part for part in (original["id"], original.get("ref", "")) if part)
        case _:
            return str(original["url"])


def outdated(workspace: Workspace) -> tuple[str, ...]:
    """Give the generated files that `nixpy sync` would write anew.

    Files that the user edited are theirs, and errors are told by `nixpy sync` itself.
    """
    try:
        changes = workspace.changes(workspace.plan())
    except NixpyError:
        return ()
    return tuple(
        one.path
        for one in changes
        if one.path in {*workspace.outputs, *PROGRAMS}
        and _shell_of(one.before) != _shell_of(one.after)
    )


def _shell_of(text: str | None) -> list[str] | None:
    """Leave out what changes no shell: comments, which say what brought a line in, and spaces."""
    return None if text is None else _COMMENT.sub("", text).split()
