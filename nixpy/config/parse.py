"""``nixpy.yaml``: the user's choices, read strictly.

YAML is read as nodes, so that every complaint has a line, and so that a scalar means what is
written: an unquoted ``3.10`` is the version 3.10, not the number 3.1.
"""

from __future__ import annotations

import hashlib
import posixpath
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

from packaging.utils import canonicalize_name

from nixpy import __version__
from nixpy.config.model import DEFAULT_NIXPKGS, FILE, Config, Item, Layout
from nixpy.errors import NixpyError, all_of
from nixpy.metadata.model import Installer
from nixpy.syntax.origin import Origin
from nixpy.syntax.yaml import Node, compose
from nixpy.syntax.yaml_values import entries, fail, flag, kind_of, pairs, scalar

_VERSION = re.compile(r"3\.\d{1,2}(\.\d{1,3})?")
_MINOR = re.compile(r"3\.\d{1,2}")
_ATTRIBUTE = re.compile(r"[A-Za-z0-9_][\w'+-]*(\.[A-Za-z0-9_][\w'+-]*)*", re.ASCII)
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
_SYSTEM = re.compile(r"[a-z0-9_]+-[a-z0-9]+", re.ASCII)
_PROJECT = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*", re.ASCII)
_BRANCH = re.compile(r"(nixos|nixpkgs)-[\w.-]+|release-\d\d\.\d\d|master|staging(-next)?", re.ASCII)
_REVISION = re.compile(r"[0-9a-f]{40}")
_FLAKE_REF = re.compile(r"[\w.+~%:/?=&@#^-]+", re.ASCII)


def check_attribute(text: str) -> str | None:
    """Say what is wrong with an attribute path or distribution name, or None if nothing is."""
    if _ATTRIBUTE.fullmatch(text):
        return None
    if re.search(r"[<>=!~]", text):
        return f"`{text}` names a version, but nixpkgs has one version of each package"
    if "[" in text:
        return f"`{text}` names extras, but nixpkgs has no extras"
    return f"`{text}` is not a package's name"


def _items(key: str, node: Node) -> tuple[Item, ...]:
    seen: dict[str, Node] = {}
    items: list[Item] = []
    for text, item in entries(key, node):
        wrong = check_attribute(text)
        if wrong:
            name = re.split(r"[^\w.-]", text)[0]
            raise fail(key, item, wrong, f"write `{name}`" if name else None)
        same = canonicalize_name(text) if key == "packages" else text
        if same in seen:
            first = seen[same].start_mark.line + 1
            raise fail(key, item, f"`{text}` is listed twice, first on line {first}")
        seen[same] = item
        items.append(Item(text, Origin(FILE, line=item.start_mark.line + 1)))
    return tuple(items)


def is_version(text: str) -> bool:
    """Whether the text is a version of Python 3, with or without patch level."""
    return _VERSION.fullmatch(text) is not None


def _version(key: str, node: Node) -> Item:
    text = scalar(key, node)
    if not is_version(text):
        raise fail(key, node, f"`{text}` is not a Python version", 'write it as "3.12"')
    return Item(text, Origin(FILE, line=node.start_mark.line + 1))


def _minors(key: str, node: Node) -> tuple[Item, ...]:
    items: list[Item] = []
    for text, item in entries(key, node):
        if not _MINOR.fullmatch(text):
            raise fail(key, item, f"`{text}` is not a minor Python version", 'write it as "3.12"')
        if any(text == one.text for one in items):
            raise fail(key, item, f"`{text}` is listed twice")
        items.append(Item(text, Origin(FILE, line=item.start_mark.line + 1)))
    return tuple(items)


def _choice(*values: str) -> Callable[[str, Node], str]:
    def read(key: str, node: Node) -> str:
        text = scalar(key, node)
        if text not in values:
            raise fail(key, node, f"`{text}` is not one of {', '.join(values)}")
        return text

    return read


def _installer(key: str, node: Node) -> Installer:
    names = "|".join(one.value for one in Installer)
    pinned = re.fullmatch(rf"({names})\s*[=<>~!@ ].*", scalar(key, node))
    if pinned:
        hint = f"write `{pinned[1]}`: its version is that of nixpkgs, which `nixpkgs:` chooses"
        raise fail(key, node, f"`{node.value}` names a version", hint)
    return Installer(_choice(*(one.value for one in Installer))(key, node))


def _layout(key: str, node: Node) -> Layout:
    text = scalar(key, node)
    for layout in Layout:
        if posixpath.normpath(text or "?") == layout.value:
            return layout
    hint = "`.nixpy` is the folder that Nix copies alone, `.` the project's root"
    raise fail(key, node, f"the flake cannot lie in `{text}`", hint)


def nixpkgs_reference(text: str) -> str | None:
    """Turn a branch, a revision, a registry name or a flake reference into a flake reference.

    Returns None for what is none of them.
    """
    if _REVISION.fullmatch(text) or _BRANCH.fullmatch(text):
        return f"github:NixOS/nixpkgs/{text}"
    return text if _FLAKE_REF.fullmatch(text) else None


def _nixpkgs(key: str, node: Node) -> str:
    text = scalar(key, node)
    reference = nixpkgs_reference(text)
    if reference is None:
        hint = f"the default is `{DEFAULT_NIXPKGS}`"
        raise fail(key, node, f"`{text}` is not a flake reference", hint)
    return reference


def _systems(key: str, node: Node) -> tuple[str, ...]:
    items = entries(key, node)
    for text, item in items:
        if not _SYSTEM.fullmatch(text):
            raise fail(key, item, f"`{text}` is not a system", "write it as `x86_64-linux`")
    if not items:
        raise fail(key, node, "the list is empty", "remove the key to have the usual four systems")
    return tuple(dict.fromkeys(text for text, _ in items))


def relative_folder(text: str) -> str | None:
    """Give a folder's path inside the project in its plain form, or None if it is not inside."""
    path = PurePosixPath(text)
    if path.is_absolute() or ".." in path.parts or not path.parts or re.search(r"[\0\n\r]", text):
        return None
    return str(path)


def _venv(key: str, node: Node) -> str:
    text = scalar(key, node)
    folder = relative_folder(text)
    if folder is None:
        hint = "the default is `.venv`"
        raise fail(key, node, f"`{text}` is not a folder inside the project", hint)
    return folder


def _text(key: str, node: Node) -> str:
    return "" if node.tag == "tag:yaml.org,2002:null" else scalar(key, node)


def _env(key: str, node: Node) -> dict[str, str]:
    variables: dict[str, str] = {}
    for name, name_node, value in pairs(key, node):
        if not _VARIABLE.fullmatch(name):
            raise fail(key, name_node, f"`{name}` is not the name of an environment variable")
        if name in variables:
            raise fail(key, name_node, f"`{name}` is set twice")
        variables[name] = scalar(f"{key}.{name}", value)
    return variables


def _projects(key: str, node: Node) -> dict[str, str]:
    projects: dict[str, str] = {}
    for name, name_node, value in pairs(key, node):
        if not _PROJECT.fullmatch(name) or name == "default":
            raise fail(key, name_node, f"`{name}` cannot be the name of a shell")
        if name in projects:
            raise fail(key, name_node, f"`{name}` is listed twice")
        folder = relative_folder(scalar(key, value))
        if folder is None:
            raise fail(key, value, f"`{value.value}` is not a folder inside the project")
        projects[name] = folder
    return projects


_READ: Mapping[str, Callable[[str, Node], Any]] = {
    "python": _version,
    "installer": _installer,
    "packages": _items,
    "libraries": _items,
    "tools": _items,
    "env": _env,
    "shell_hook": _text,
    "nixpkgs": _nixpkgs,
    "systems": _systems,
    "venv": _venv,
    "allow_unfree": flag,
    "pythons": _minors,
    "library_path": flag,
    "cuda": flag,
    "shell": _choice("venv", "fhs"),
    "provider": _choice("nixpkgs", "uv2nix"),
    "projects": _projects,
    "flake": _layout,
    "keep": _choice("lock", "nix"),
}
KEYS = tuple(_READ)


def _nearest(key: str) -> str | None:
    from difflib import get_close_matches

    found = get_close_matches(key.lower().replace("-", "_"), KEYS, n=1, cutoff=0.5)
    return found[0] if found else None


def parse(text: str, file: str = FILE) -> Config:
    """Read the text of nixpy.yaml; ``file`` is the name under which messages speak of it.

    Raises NixpyErrors, each with line and column, for all that is wrong with it.
    """
    try:
        config = _parse(text)
    except NixpyError as error:
        for one in error.errors:
            one.file = file
        raise
    config = replace(config, digest=digest(text))
    if file == FILE:
        return config

    def placed(items: Iterable[Item]) -> tuple[Item, ...]:
        return tuple(replace(item, origin=replace(item.origin, file=file)) for item in items)

    return replace(
        config,
        file=file,
        libraries=placed(config.libraries),
        packages=placed(config.packages),
        python=placed([config.python])[0] if config.python else None,
        pythons=placed(config.pythons),
        tools=placed(config.tools),
    )


def digest(text: str) -> str:
    """Give a digest of all but comments and blank lines, as the shell's own program makes it."""
    lines = (re.sub(r"(^|\s)#.*", "", line).rstrip() for line in text.splitlines())
    return hashlib.sha256("\n".join(filter(None, lines)).encode()).hexdigest()[:8]


def _parse(text: str) -> Config:
    root = compose(text, FILE)
    if root is None or root.tag == "tag:yaml.org,2002:null":
        return Config()
    if root.id != "mapping":
        raise fail("", root, f"expected `key: value` lines, found {kind_of(root)}")
    values: dict[str, Any] = {}
    lines: dict[str, int] = {}
    errors: list[NixpyError] = []
    for key_node, value in root.value:
        key = str(key_node.value)
        try:
            if key not in _READ:
                near = _nearest(key)
                known = f"nixpy {__version__} knows {', '.join(KEYS)}"
                hint = f"did you mean `{near}`?" if near else known
                raise fail(key, key_node, "unknown key", hint)
            if key in values:
                raise fail(key, key_node, f"the key stands twice, first on line {lines[key]}")
            lines[key] = key_node.start_mark.line + 1
            values[key] = None
            values[key] = _READ[key](key, value)
        except NixpyError as error:
            errors.append(error)
    if errors:
        raise all_of(errors)
    return Config(**values, lines=lines)
