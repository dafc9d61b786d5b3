"""What nixpkgs says of a name that it has no more: renamed, promoted, removed. Pure.

nixpkgs keeps old names for a while, as text that is thrown (pkgs/top-level/aliases.nix and
python-aliases.nix). The texts are written by hand, by many people, and are good English: what is
understood of them is the old name and the new one.
"""

from __future__ import annotations

import re

from nixpy.errors import NixpyError
from nixpy.nixpkgs.names import Context

_QUOTES = "`'\"\u2018\u2019\u201c\u201d"
_QUOTED = rf"[{_QUOTES}](?P<{{}}>[^{_QUOTES}\s]+)[{_QUOTES}]"
_HAS = r"(?:has|have|as|was|were|is|had)"
_BEEN = rf"{_HAS}(?: been| beem| already been)?"
# Words that stand where a new name could, and are none.
_WORDS = frozenset(
    [
        "a",
        "an",
        "another",
        "any",
        "both",
        "either",
        "from",
        "in",
        "it",
        "its",
        "itself",
        "later",
        "newer",
        "nixpkgs",
        "of",
        "official",
        "older",
        "on",
        "one",
        "other",
        "our",
        "some",
        "something",
        "that",
        "the",
        "their",
        "they",
        "this",
        "those",
        "upstream",
        "using",
        "version",
        "with",
        "your",
    ]
)
_OLD = re.compile(
    rf"^[{_QUOTES}]?(?P<old>[\w.+-]+?)[{_QUOTES}]?(?: package)?,? (?={_HAS}\b|only\b)"
)
_RENAMED = re.compile(
    rf"\b{_BEEN} (?:renamed|replaced|superseded|moved|integrated|merged|absorbed|aliased)"
    r"(?: (?:to/replaced by|to by|to|by|with|into|as|in favou?r of))?"
    rf"(?: python package| package)? (?:{_QUOTED.format('quoted')}|(?P<bare>[\w.+-]*\w)\b)"
)
_PROMOTED = re.compile(
    r"promoted to (?:a )?top-?level|moved out of \w*[pP]ythonPackages|in favou?r of the top-level"
)
_TOP_LEVEL = re.compile(
    rf"\b(?:[Uu]se|moved to|renamed to|replaced by) [{_QUOTES}]?(?:super\.)?pkgs\."
    r"(?P<name>[\w+-]+(?:\.[\w+-]+)*)"
)
_INSTEAD = re.compile(
    r"\b(?:[Uu]se|[Uu]sing|[Cc]onsider|[Mm]igrate to|recommends switching to|in favou?r of)"
    r"(?: instead| either| the)? "
    rf"(?:{_QUOTED.format('quoted')}|(?P<bare>[A-Za-z][\w.+-]*\w)(?= instead|[,;]|\.(?:\s|$)|$))"
)
_GONE = re.compile(
    rf"\b{_BEEN}(?: therefore)?(?: been)? (?:removed|dropped|deprecated|discontinued|archived|"
    r"abandoned|disabled|retired)\b|\bno longer\b|\bunmaintained\b|\bend.of.life\b|\bEOL\b"
    r"|removed from nixpkgs"
)
_PREFIX = re.compile(r"^(?:self\.|super\.)?(?:pkgs\.)?")
_PYTHON = re.compile(r"^(?:python|pypy)\d*(?:Packages)?$")
_LEAVE = "leave it out or to the installer, or set `nixpkgs:` to a branch that has it"


def explain(text: str, context: Context, name: str | None = None) -> NixpyError | None:
    """Say what a text of nixpkgs means for the user, or None if it is not of this kind.

    ``text`` is what was thrown, ``name`` the attribute that was asked for, where that is known.
    """
    said = " ".join(text.split())
    found = _OLD.match(said)
    if found and found["old"].lower() in _WORDS:
        found = None
    old = name or (found["old"] if found else None)
    top = _top_level(said, old)
    if old and top:
        return NixpyError(
            f"{context.spoken(old)} is a program of its own in nixpkgs, and no Python package",
            hint=f"list `{top}` under `tools:` in nixpy.yaml",
        )
    # Elsewhere in the sentence it is something else that was renamed, or the reason.
    renamed = _RENAMED.match(said, found.end()) if found and "removed" not in said else None
    new = _new_name(renamed) if renamed else None
    if old and new and new != old:
        return NixpyError(
            f"{context.spoken(old)} has another name in nixpkgs: `{new}`",
            hint=f"list `{new}` in place of `{old}` in nixpy.yaml",
        )
    if not (found or name) or not (_GONE.search(said) or new):
        return _unnamed(said) if _GONE.search(said) and not found else None
    spoken = context.spoken(old or "")
    return NixpyError(f"{spoken} is not in nixpkgs any more: {said}", hint=_hint(said, old or ""))


def refusal(text: str, context: Context, name: str) -> NixpyError:
    """Say that nixpkgs refuses an attribute, with the text that it throws instead."""
    said = " ".join(text.split())
    subject = context.spoken(name).removesuffix(",")
    return NixpyError(f"nixpkgs refuses {subject}: {said}", hint=_hint(said, name))


def _unnamed(said: str) -> NixpyError | None:
    if "removed" not in said and "EOL" not in said:
        return None
    return NixpyError(f"nixpkgs has a package no more: {said}", hint=_hint(said, ""))


def _top_level(said: str, old: str | None) -> str | None:
    """Return the top-level attribute that is told to be taken in place of a Python package."""
    found = _TOP_LEVEL.search(said)
    if found:
        return found["name"]
    if _PROMOTED.search(said):
        return old
    renamed = _RENAMED.search(said)
    target = renamed["quoted"] if renamed else None
    return old if target and _PREFIX.sub("", target) == old else None


def _hint(said: str, old: str) -> str:
    if _PYTHON.match(old):
        return "choose another `python:`, or set `nixpkgs:` to a branch that has it"
    found = _INSTEAD.search(said) or _RENAMED.search(said)
    new = _new_name(found) if found else None
    return f"`{new}` takes its place, says nixpkgs; or {_LEAVE}" if new and new != old else _LEAVE


def _new_name(found: re.Match[str]) -> str | None:
    """Return the name that nixpkgs gives in place of the old one, if it is one for certain."""
    name: str = found["quoted"] or found["bare"] or ""
    return None if not name or name.lower() in _WORDS else _PREFIX.sub("", name)
