"""For which Pythons there are Linux wheels of the compiled distributions that most projects use."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from nixpy.knowledge.table import table

# The minor versions of CPython that the table tells of.
MINORS = tuple(f"3.{number}" for number in range(8, 16))

_OLDEST = Version("0")


@dataclass(frozen=True, slots=True)
class Releases:
    """The releases of a distribution with wheels for one Python, from ``first`` to ``last``.

    ``first`` is None where no release without such a wheel is known before them, ``last`` where the
    newest release has one.
    """

    first: Version | None
    last: Version | None

    def __contains__(self, version: Version) -> bool:
        """Whether a release is among them; a local version such as ``+cpu`` does not count."""
        release = Version(version.public)
        if self.first and release < self.first:
            return False
        return self.last is None or release <= self.last


def wheels_for(name: str, version: str) -> frozenset[str] | None:
    """Return the minors of CPython for which a release has a wheel for Linux on x86_64.

    ``name`` is a PyPI name in any spelling, ``version`` one as PEP 440 has it. Returns None where
    the table has no row of that name, or ``version`` is none: nothing is known then. A release
    newer than the table has wheels for what the newest one in the table has.
    """
    rows = _rows(canonicalize_name(name))
    try:
        asked = Version(version)
    except InvalidVersion:
        return None
    if rows is None:
        return None
    return frozenset(minor for minor, releases in rows.items() if asked in releases)


def minors_for(name: str, specifier: str) -> frozenset[str] | None:
    """Return the minors of CPython for which some release that a specifier allows has a wheel.

    ``specifier`` is as in PEP 440 (``<2``, ``~=1.4.2``, ``==1.26.*``; "" allows every release).
    Returns None where nothing is known, as :func:`wheels_for` does.
    """
    rows = _rows(canonicalize_name(name))
    try:
        allowed = SpecifierSet(specifier)
    except InvalidSpecifier:
        return None
    if rows is None:
        return None
    return frozenset(minor for minor, releases in rows.items() if _meets(allowed, releases))


def newest_python(name: str, specifier: str) -> str | None:
    """Return the newest of :func:`minors_for`, or None where there is none or nothing is known."""
    return max(minors_for(name, specifier) or (), key=MINORS.index, default=None)


def _meets(allowed: SpecifierSet, releases: Releases) -> bool:
    return any(
        version in releases and allowed.contains(version, prereleases=True)
        for version in (releases.first or _OLDEST, *_starts(allowed))
    )


def _starts(allowed: SpecifierSet) -> Iterator[Version]:
    """Yield where ranges of a specifier may begin: at a version that it names, or just after."""
    for clause in allowed:
        try:
            version = Version(clause.version.removesuffix(".*"))
        except InvalidVersion:  # `===` compares texts
            continue
        yield version
        yield Version(f"{version.base_version}.0.0.0.1")


@cache
def _rows(name: str) -> dict[str, Releases] | None:
    row: dict[str, str] | None = table("wheels.yaml").get(name)
    if row is None:
        return None
    found = {}
    for minor in MINORS:
        if text := row.get("cp" + minor.replace(".", ""), row.get("abi3")):
            first, _, last = text.partition("..")
            found[minor] = Releases(
                Version(first) if first else None, Version(last) if last else None
            )
    return found
