"""One line in pip's notation: a requirement, a URL or a path."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from nixpy.errors import NixpyError
from nixpy.metadata.model import Kind
from nixpy.metadata.notation.requirement import name_in_url
from nixpy.metadata.readers.findings import Findings
from nixpy.syntax.origin import Origin

if TYPE_CHECKING:
    from nixpy.syntax.tree import Tree

_OPTIONS = re.compile(r"\s--?[A-Za-z].*$")
_EDITABLE = re.compile(r"^(?:-e|--editable)(?:\s*=\s*|\s+)(.+)$")
_NO_MEANING_HERE = re.compile(
    r"^(-i|-f|--index-url|--extra-index-url|--pypi-url|--no-index|--find-links|--no-binary|"
    r"--only-binary|--prefer-binary|--require-hashes|--pre|--trusted-host|--use-feature|"
    r"--features|--always-unzip|-Z|--process-dependency-links|--no-use-wheel|--use-wheel|"
    r"--allow-external|--allow-all-external|--allow-unverified|--allow-insecure|--hash|"
    r"--config-settings?|--global-option|--build-option|--only-final|--all-releases|"
    r"--uploaded-prior-to|--no-build|--no-build-isolation|--emit-index-url|--default-index|--index)"
    r"(?=[\s=]|$|(?<=-[if])\S)"
)
SCHEME = re.compile(
    r"^(?:[a-z][a-z0-9]*\+)?(?:https?|ftp|file|ssh|git|svn|hg|bzr)(?:://|:)", re.IGNORECASE
)
_MARKER = re.compile(
    r";\s*(?=(?:python|sys|os|platform|implementation|extra)\w*\s*[<>=!in])", re.ASCII
)
_SCP = re.compile(r"^(git|hg|svn|bzr)\+[\w.-]+@[\w.-]+:")
_VARIABLE = re.compile(r"\$\{[A-Z0-9_]+\}")


def want_line(
    text: str,
    origin: Origin,
    found: Findings,
    kind: Kind,
    group: str | None,
    tree: Tree | None = None,
) -> None:
    """Add one line in pip's notation: a requirement, a URL or a path, perhaps editable.

    Options that only say where to download from mean nothing here. ``tree`` serves to learn the
    names of folders.
    """
    editable = _EDITABLE.match(text)
    if editable:
        text = editable[1].strip().strip("\"'")
    elif text.startswith("-"):
        if not _NO_MEANING_HERE.match(text):
            option = re.split(r"[\s=]", text)[0]
            raise NixpyError(
                f"`{option}` is not an option that pip knows in a requirements file",
                file=origin.file,
                line=origin.line,
                hint=f"`pip install -r {origin.file}` would stop here too: remove the line",
            )
        return
    text = _OPTIONS.sub("", text).strip()
    if editable or SCHEME.match(text) or _SCP.match(text) or _is_path(text):
        _place(text, origin, found, kind, group, tree)
    elif _VARIABLE.search(text) and "@" not in text:
        found.note(f"`{text}` depends on an environment variable, so it was not read", origin)
    else:
        found.want(
            re.sub(r"\$\{[A-Z0-9_]+\}", "", text) if " @ " not in text else text,
            origin,
            kind,
            group,
        )


def _is_path(text: str) -> bool:
    bare = text.partition(";")[0].strip()
    if re.match(r"^[A-Za-z0-9._-]+(\[[^\]]*\])?\s*@\s", bare):
        return False
    first = bare.partition("[")[0]
    return (
        first.startswith((".", "/", "~/"))
        or "/" in first
        or first.endswith((".whl", ".tar.gz", ".zip"))
    )


def _place(
    text: str,
    origin: Origin,
    found: Findings,
    kind: Kind,
    group: str | None,
    tree: Tree | None,
) -> None:
    """Add a requirement that is a URL or a path."""
    place, semicolon, marker = _split_marker(text)
    named = re.match(r"^([A-Za-z0-9][A-Za-z0-9._-]*)(\[[^\]]*\])?\s*@\s*(\S+)$", place)
    if named:
        found.want(text, origin, kind, group)
        return
    extras = ""
    match = re.match(r"^(.*?)(\[[A-Za-z0-9._, -]*\])((?:#.*)?)$", place)
    if match:
        place, extras = match[1] + match[3], match[2]
    if SCHEME.match(place) or _SCP.match(place):
        name, source = name_in_url(place), place
    else:
        bare = place.partition("#")[0]
        folder = posixpath.normpath(posixpath.join(posixpath.dirname(origin.file), bare))
        if folder == "." or not bare:
            return  # the project itself
        name, source = _name_of(folder, tree) or name_in_url(folder), folder
    if not name:
        found.note(f"`{text}` names no distribution, so it was left out", origin)
        return
    address = re.sub(r"\s", "%20", place)
    suffix = f" ;{marker}" if semicolon else ""
    found.want(f"{name}{extras} @ {address}{suffix}", origin, kind, group, source, shown=text)


def _split_marker(text: str) -> tuple[str, str, str]:
    match = _MARKER.search(text)
    return (
        (text[: match.start()].rstrip(), ";", " " + text[match.end() :])
        if match
        else (text, "", "")
    )


def _name_of(folder: str, tree: Tree | None) -> str | None:
    """Learn a local project's name from its pyproject.toml."""
    try:
        data = tree.read(f"{folder}/pyproject.toml") if tree else None
    except NixpyError:
        return None
    if not data:
        return None
    match = re.search(rb"""^name\s*=\s*["']([A-Za-z0-9._-]+)["']""", data, re.MULTILINE)
    return match[1].decode() if match else None
