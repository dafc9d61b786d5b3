"""Conda's match specs.

Follows https://docs.conda.io/projects/conda-build/en/stable/resources/package-spec.html.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from nixpy.metadata.notation import poetry, version_union
from nixpy.metadata.notation.requirement import check_range, parse_specifiers
from nixpy.syntax.limits import LONGEST_RANGE

_SPEC = re.compile(
    r"""^(?P<name>[A-Za-z0-9_][A-Za-z0-9_.-]*)
    \s*(?P<version>[^\[\]]*?)\s*
    (?:\[(?P<bracket>.*)\])?$""",
    re.VERBOSE,
)
_KEY = re.compile(r"(\w+)\s*=\s*(?:'([^']*)'|\"([^\"]*)\"|\[([^\]]*)\]|([^,\s\]]+))")
_EXTRA = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
# `>=3.8,<3.11 *_cpython`: what stands alone behind a version is a build.
_BUILD = re.compile(r"(?<=[^\s=<>!~,|])\s+[^\s=<>!~,|]+$")


@dataclass(frozen=True, slots=True)
class Match:
    """A match spec: ``name`` is conda's, ``specifiers`` PEP 440, empty if PEP 440 cannot say it."""

    name: str
    specifiers: str
    extras: tuple[str, ...] = ()


def parse_match(spec: str) -> Match | None:
    """Parse a match spec; None for what is none."""
    if len(spec) > LONGEST_RANGE:
        return None
    # A channel is a name, a URL, or either with a folder: `conda-forge[linux-64]::numpy`.
    found = _SPEC.match(re.sub(r"\s#.*", "", spec).rpartition("::")[2].strip())
    if not found:
        return None
    version, extras = found["version"], ""
    for key, *values in _KEY.findall(found["bracket"] or ""):
        value = next(filter(None, values), "")
        if key == "version":
            version = value
        elif key == "extras":
            extras = value
    names = (one.strip(" '\"") for one in extras.split(","))
    return Match(
        found["name"].lower(), _specifiers(version), tuple(filter(_EXTRA.fullmatch, names))
    )


def _specifiers(version: str) -> str:
    """Translate the version part, with its build string left out."""
    version = version.strip()
    if not version or version == "*":
        return ""
    match = re.match(r"^(=?)\s*([^=<>!~\s,|]+)(?:\s+|=)[^=<>!~\s,|]+$", version)
    if match:  # `=1.2=build`, `1.2 build`
        version = match[1] + match[2]
    version = _BUILD.sub("", version)
    try:
        check_range(version)
        parts = [
            [_one(one) for one in part.split(",") if one.strip()] for part in version.split("|")
        ]
        alternatives = [[one for one in part if one] for part in parts]
        if len(alternatives) == 1:
            text = ",".join(alternatives[0])
        else:
            text = version_union.union(alternatives) if all(alternatives) else ""
        parse_specifiers(text)
    except ValueError:  # `9e`, `1.1.1k`: versions of programs that PEP 440 has not
        return ""
    return text


def _one(text: str) -> str:
    text = text.strip()
    if text == "*":
        return ""
    match = re.match(r"^(==|!=|>=|<=|~=|>|<|=)?\s*(\S+)$", text)
    if not match:
        raise ValueError(text)
    operator, version = match[1] or "", match[2]
    star = version.endswith("*")
    version = version.rstrip("*").rstrip(".")
    if operator == "=" or (operator in ("", "==") and star):
        return f"=={version}.*"
    if operator == "!=" and star:
        return f"!={version}.*"
    return poetry.pep440((operator or "==") + version)
