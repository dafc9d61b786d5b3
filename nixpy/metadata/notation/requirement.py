"""PEP 508 requirements, and what people write instead of them."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING

from nixpy.syntax.limits import LONGEST_NUMBER, LONGEST_RANGE, LONGEST_REQUIREMENT

if TYPE_CHECKING:
    from packaging.requirements import Requirement
    from packaging.specifiers import SpecifierSet

_NUMBER = re.compile(rf"\d{{{LONGEST_NUMBER + 1}}}")
_STAR = re.compile(r"(~=|>=|<=|>|<)(\s*\d+(?:\.\d+)*)\.\*")
_ARCHIVE = re.compile(r"\.(whl|tar\.gz|zip|tgz|tar\.bz2|tar\.xz|tbz|txz|tar)$", re.IGNORECASE)


def parse_requirement(text: str) -> Requirement:
    """Parse one requirement (PEP 508).

    ``>=1.0.*`` is read as ``>=1.0``, as uv does. Raises ValueError for what is not a requirement.
    """
    from packaging.requirements import InvalidRequirement, Requirement

    text = text.strip()
    if len(text) > LONGEST_REQUIREMENT:
        raise ValueError(f"it has more than {LONGEST_REQUIREMENT:,} characters")
    try:
        requirement = Requirement(text)
    except InvalidRequirement:
        mended = _STAR.sub(r"\1\2", text)
        if mended == text:
            raise
        requirement = Requirement(mended)
    except RecursionError:
        raise ValueError("its marker is nested too deeply") from None
    check_range(str(requirement.specifier))
    return requirement


# What uv reads too, as many published packages have it (its lenient_requirement.rs).
_LENIENT = (
    (re.compile(r"!=~\s*(\d+(?:\.\d+)*)"), r"!=\1.*"),
    (re.compile(r"((?:==|!=)\s*\d+(?:\.\d+)*)\*"), r"\1.*"),
    (re.compile(r"(\d|\*)\s*((?:[<>~!=]=|[<>])\s*\d)"), r"\1,\2"),
)


def lenient(text: str) -> str | None:
    """Return the requirement that uv takes a wrong one for, or None where it refuses, too."""
    if len(text) > LONGEST_RANGE or "://" in text:
        return None
    head, semicolon, marker = text.partition(";")
    for pattern, mended in _LENIENT:
        head = pattern.sub(mended, head)
    try:
        return str(parse_requirement(head + semicolon + marker)) if head else None
    except ValueError:
        return None


def check_range(text: str) -> None:
    """Raise ValueError for specifiers that no tool could compare in a reasonable time."""
    if len(text) > LONGEST_RANGE:
        raise ValueError(f"its versions take more than {LONGEST_RANGE:,} characters")
    if _NUMBER.search(text):
        raise ValueError(f"a number of its version has more than {LONGEST_NUMBER} digits")


def likely_meant(text: str) -> str | None:
    """Give the requirement that a text which is none most likely stands for, or None."""
    if len(text) > LONGEST_RANGE:
        return None
    text = re.sub(r"\s#.*", "", text)
    for mend in (_quotes, _operators, _poetry, _blanks, _marker_value, _source):
        text = mend(text.strip())
        try:
            parse_requirement(text)
        except ValueError:
            continue
        return text
    return None


def _quotes(text: str) -> str:
    straight = text.translate({0x201C: '"', 0x201D: '"', 0x2018: "'", 0x2019: "'"})
    if len(straight) > 2 and straight[0] == straight[-1] and straight[0] in "\"'":
        straight = straight[1:-1]
    return straight.rstrip(";, \t")


def _operators(text: str) -> str:
    if "://" in text or " @ " in text:
        return text
    head, semicolon, marker = text.partition(";")
    head = head.replace("=>", ">=").replace("=<", "<=")
    head = re.sub(r"(?<![=!<>~])=(?!=)", "==", head)
    return head + semicolon + marker


def _poetry(text: str) -> str:
    match = re.match(r"^([A-Za-z0-9._-]+(?:\[[^\]]*\])?)\s*\(?([\^~](?!=)[^;)]*)\)?(;.*)?$", text)
    if not match:
        return text
    from nixpy.metadata.notation.poetry import pep440

    try:
        return f"{match[1]}{pep440(match[2])}{match[3] or ''}"
    except ValueError:
        return text


def _blanks(text: str) -> str:
    if "://" in text:
        return text
    head, semicolon, marker = text.partition(";")
    head = re.sub(r"^([A-Za-z][A-Za-z0-9._-]*)\s+(\d)", r"\1==\2", head)
    head = re.sub(r"(?<=[\w*])\s+(?=[<>=!~])", ",", head.strip())
    head = re.sub(r"^([A-Za-z0-9._-]+(?:\[[^\]]*\])?),", r"\1", head)
    return head + semicolon + marker


def _marker_value(text: str) -> str:
    head, semicolon, marker = text.partition(";")
    return head + semicolon + re.sub(r"([<>=]=?|!=)\s*(\d[\w.]*)", r"\1'\2'", marker)


def _source(text: str) -> str:
    name = name_in_url(text) if "://" in text or text.startswith((".", "/")) else None
    if not name:
        return text
    return f"{name} @ {text}" if "://" in text else f"{name} @ file://{text}"


def name_in_url(url: str) -> str | None:
    """Guess the distribution of a URL or path: by ``#egg=``, by file name, by repository."""
    address, _, fragment = url.partition("#")
    egg = re.search(r"(?:^|&)egg=([A-Za-z0-9._-]+)", fragment)
    if egg:
        return egg[1]
    last = re.sub(r"\?.*", "", address).rstrip("/").rpartition("/")[2]
    if _ARCHIVE.search(last):
        stem = _ARCHIVE.sub("", last)
        if last.lower().endswith(".whl"):
            return stem.split("-")[0]
        match = re.match(r"(.+?)-v?\d", stem)
        return match[1] if match else (stem if re.match(r"[A-Za-z]", stem) else None)
    if "@" in last and "+" in address.split("://")[0]:
        last = last.partition("@")[0]
    last = last.removesuffix(".git")
    return last if re.fullmatch(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?", last) else None


def parse_specifiers(text: str, lenient: bool = False) -> SpecifierSet:
    """Parse version specifiers (PEP 440).

    ``lenient`` reads ``>=3.6.*`` as ``>=3.6``, as setuptools long did. Raises ValueError.
    """
    from packaging.specifiers import SpecifierSet

    check_range(text)
    return SpecifierSet(_STAR.sub(r"\1\2", text) if lenient else text)


def likely_range(text: str) -> str | None:
    """Give the specifiers that a text which holds none most likely stands for, or None."""
    if len(text) > LONGEST_RANGE:
        return None
    text = text.strip().rstrip(",")
    tries = [text.replace("=>", ">=").replace("=<", "<="), _STAR.sub(r"\1\2", text)]
    tries.append(re.sub(r"(?<=[\w*])\s+(?=[<>=!~])", ",", text))
    if re.fullmatch(r"\d+(\.\d+)?", text):
        tries.append(f">={text}")
    if re.fullmatch(r"\d+(\.\d+)+", text):
        tries.append(f"=={text}")
    if text.startswith(("^", "~")) or "|" in text or text.endswith((".x", ".X", ".*")):
        from nixpy.metadata.notation.poetry import pep440

        with suppress(ValueError):
            tries.append(pep440(text, python=True))
    for one in tries:
        try:
            parse_specifiers(one)
        except ValueError:
            continue
        return one
    return None
