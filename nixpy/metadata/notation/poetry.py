"""Poetry's version constraints, told as PEP 440 specifiers and PEP 508 markers.

Follows https://python-poetry.org/docs/dependency-specification/: caret, tilde, wildcard,
inequalities, exact versions, ``,`` or a blank for *and*, ``||`` or ``|`` for *or*.
PEP 440 has no *or*: :mod:`nixpy.metadata.notation.version_union` says what becomes of it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nixpy.metadata.notation import version_union
from nixpy.metadata.notation.requirement import check_range

if TYPE_CHECKING:
    from packaging.specifiers import SpecifierSet
    from packaging.version import Version

_OR = re.compile(r"\|\|?")
_AND = re.compile(r"(?<![\^~=<>!,\s])\s*[,\s]\s*(?=[^\s,])")
_WILD = re.compile(r"^(==|=|!=)?\s*v?(\d+(?:\.\d+)*)(?:\.[xX*])+$")
_CARET = re.compile(r"^(\^|~(?!=))\s*v?(\d[\w.+!-]*)$")
_BASIC = re.compile(r"^(===|==|=|!=|<>|>=|<=|>|<|~=)?\s*v?(\d[\w.+!-]*)$")


def specifiers(constraint: str, python: bool = False) -> SpecifierSet:
    """Translate a constraint into specifiers; as :func:`pep440`."""
    from packaging.specifiers import SpecifierSet

    return SpecifierSet(pep440(constraint, python))


def pep440(constraint: str, python: bool = False) -> str:
    """Translate a constraint into the text of PEP 440 specifiers, the lower bound first.

    ``python`` says that it is one for Python itself: then ``3.11`` means any 3.11, as poetry
    writes it into a wheel's metadata. Raises ValueError for what is not a constraint.
    """
    check_range(constraint)
    alternatives = [_conjunction(part, python) for part in _OR.split(constraint.strip())]
    if len(alternatives) == 1:
        return ",".join(alternatives[0])
    if not all(alternatives):
        return ""
    return version_union.union(alternatives, python)


def python_marker(constraint: str) -> str:
    """Translate a constraint on Python into a marker, or ``""`` where it allows all."""
    check_range(constraint)
    parts = []
    for alternative in _OR.split(constraint.strip()):
        tests = [_python_test(one) for one in _conjunction(alternative, python=True)]
        if not tests:
            return ""
        parts.append(" and ".join(tests))
    return " or ".join(f"({part})" for part in parts) if len(parts) > 1 else parts[0]


def _python_test(specifier: str) -> str:
    match = re.match(r"([<>=!~]+)(.*)", specifier)
    assert match is not None  # noqa: S101 - _conjunction gives nothing else
    operator, version = match[1], match[2]
    wild = version.endswith(".*")
    version = version.removesuffix(".*")
    length = version.count(".") + 1
    if wild:
        name = "python_version" if length == 2 else "python_full_version"
        value = version if length == 2 else f"{version}.*"
        return f'{name} {operator} "{value}"'
    minor = length == 2 and operator in (">=", "<")
    return f'{"python_version" if minor else "python_full_version"} {operator} "{version}"'


def _conjunction(text: str, python: bool) -> list[str]:
    """Give the specifiers that have all to hold; none for ``*``."""
    text = text.strip().rstrip(",")
    if text == "*":
        return []
    if not text:
        raise ValueError("an empty constraint")
    found: list[str] = []
    for part in _AND.split(text):
        if part != "*":
            found += _single(part.strip(), python)
    return found


def _single(text: str, python: bool) -> list[str]:
    match = _WILD.match(text)
    if match:
        return [f"{'!=' if match[1] == '!=' else '=='}{match[2]}.*"]
    match = _CARET.match(text)
    if match:
        low = _version(match[2])
        return [f">={low.public}", f"<{_caret(low) if match[1] == '^' else _tilde(low)}"]
    match = _BASIC.match(text)
    if not match:
        raise ValueError(f"`{text}` is not a version constraint")
    operator = {None: "==", "=": "==", "<>": "!="}.get(match[1], match[1])
    version = _version(match[2])
    if operator == "~=" and len(version.release) < 2:
        operator = "=="
    if python and operator == "==" and len(version.release) < 3:
        return [f"=={version}.*"]
    return [f"{operator}{version if operator in ('==', '!=', '===') else version.public}"]


def _version(text: str) -> Version:
    from packaging.version import Version

    return Version(text)


def _caret(version: Version) -> str:
    """Give the next version that may break: the left-most number that is not zero, raised."""
    release = version.release
    index = next((at for at, part in enumerate(release) if part), len(release) - 1)
    return version_union.raised(release, min(index, 2) if any(release[:3]) else index)


def _tilde(version: Version) -> str:
    return version_union.raised(version.release, 0 if len(version.release) == 1 else 1)
