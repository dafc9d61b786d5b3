"""What nixpkgs calls a Python package, and what PyPI does."""

import re
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import Any

from packaging.utils import canonicalize_name

from nixpy.knowledge.table import table, text

# Attributes below python3Packages that are sets of packages themselves.
_SETS = frozenset({"bootstrap", "qt6", "spacy-models", "tree-sitter-grammars", "wasmerPackages"})

# en-core-web-sm, de-dep-news-trf
_SPACY_MODEL = re.compile(r"(?:[a-z]{2}|xx)-(?:core|dep|ent|sent)-[a-z]+-(?:sm|md|lg|trf)")

# Languages of pkgs.tree-sitter-grammars whose PyPI name has no attribute of its own.
_GRAMMAR = re.compile(
    r"tree-sitter-(?:c|cpp|css|go|haskell|java|julia|kotlin|lua|ocaml|php|query|regex|ruby|scala"
    r"|toml|tsx)"
)

# A further version or build of the package without the suffix.
_VARIANT = re.compile(r"(.+?)(?:_\d[\d_]*|With(?:out)?[A-Z]\w+|-bin)")


@dataclass(frozen=True, slots=True)
class Known:
    """A package that nixpkgs has.

    ``attribute`` is its path below ``python3Packages`` (``numpy``,
    ``spacy-models.en_core_web_sm``), ``older`` what older branches call it, to be tried in this
    order. ``python`` limits the CPython versions for which it is there (``>=3.13``). ``conflict``
    tells that PyPI's distribution of that name is another project. ``note`` is for the user.
    """

    attribute: str
    older: tuple[str, ...] = ()
    note: str | None = None
    python: str | None = None
    conflict: bool = False
    unfree: bool = False

    @property
    def alternatives(self) -> tuple[str, ...]:
        """All paths under which some branch has it: the first that exists is the package."""
        return (self.attribute, *self.older)


class Why(Enum):
    """Why nixpkgs' Python package set has not a package."""

    PROGRAM = "program"  # it is at the top level, as a program
    REMOVED = "removed"
    STDLIB = "stdlib"  # only backports what supported Pythons have
    WINDOWS = "windows"  # only for Windows
    NEVER = "never"  # nobody packaged it


@dataclass(frozen=True, slots=True)
class Absent:
    """A package that nixpkgs' Python package set is known not to have.

    ``reason`` says why in a few words. ``program`` is the top-level attribute that has it for
    ``tools:``, ``instead`` a name to take for it.
    """

    reason: str
    why: Why
    program: str | None = None
    instead: str | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """A name that no table has."""

    name: str

    @property
    def nearest(self) -> tuple[str, ...]:
        """The names nearest to it that :func:`lookup` knows: what it may stand for comes first.

        Takes some ten milliseconds, so it is not done for each name of a lock file.
        """
        from nixpy.knowledge.nearest import nearest  # few need it, and difflib is slow to import

        names = table("names.yaml")
        meant = table("aliases.yaml").get(canonicalize_name(self.name)) or []
        alike = nearest(self.name, {*names, *attributes()} - set(meant))
        return (*meant, *alike)[: max(3, len(meant))]


def lookup(name: str) -> Known | Absent | Unknown:
    """Say what nixpkgs calls a package.

    ``name`` is a PyPI name in any spelling (PEP 503), an attribute as nixpkgs spells it
    (``plasTeX``, ``django_5``) or a path to one (``spacy-models.en_core_web_sm``).
    """
    known = attributes()
    first, dot, _ = name.partition(".")
    if dot and first in _SETS:
        return _known(name)
    normal = canonicalize_name(name)
    if nested := _nested(normal):
        return _known(nested)
    if name != normal and name in known:
        return _known(name)
    if row := table("names.yaml").get(normal):
        return _known(row) if isinstance(row, str) else _known(row["attribute"], row.get("note"))
    row = table("absent.yaml").get(normal)
    if row is not None:
        return _absent(normal, row)
    if normal in known:
        return _known(normal)
    return Unknown(name)


def pypi_name(attribute: str) -> str | None:
    """Give the normalised PyPI name of an attribute's package, or None if that is not certain.

    nixpkgs names a package as PyPI does unless ``attributes.yaml`` says otherwise; further versions
    and builds of one (``django_5``, ``torchWithCuda``, ``torch-bin``) have the name of the first.
    """
    known = attributes()
    if attribute not in known:
        return None
    if (match := _VARIANT.fullmatch(attribute)) and match[1] in known:
        attribute = match[1]
    facts = table("attributes.yaml").get(attribute) or {}
    if "pypi" in facts:
        return facts["pypi"] and str(facts["pypi"])
    return None if facts.get("conflict") else canonicalize_name(attribute)


def unfree(attribute: str) -> bool:
    """Whether nixpkgs refuses a Python package unless unfree packages are allowed."""
    return _known(attribute).unfree


@cache
def attributes() -> frozenset[str]:
    """Give every name of nixpkgs' Python package set, as of the day of ``attributes.txt``."""
    return frozenset(line for line in text("attributes.txt").splitlines() if line[:1] != "#")


def _nested(name: str) -> str | None:
    """Give the path of the packages that nixpkgs names by one rule instead of one by one."""
    if _SPACY_MODEL.fullmatch(name):
        return f"spacy-models.{name.replace('-', '_')}"
    if _GRAMMAR.fullmatch(name):
        return f"tree-sitter-grammars.{name}"
    return None


def _known(attribute: str, note: str | None = None) -> Known:
    facts: dict[str, Any] = table("attributes.yaml").get(attribute) or {}
    return Known(
        attribute=attribute,
        older=tuple(facts.get("older", ())),
        note=note or facts.get("note"),
        python=facts.get("python"),
        conflict=facts.get("conflict", False),
        unfree=facts.get("unfree", False),
    )


def _absent(name: str, row: dict[str, str]) -> Absent:
    program, instead, date = row.get("program"), row.get("instead"), row.get("removed")
    if program:
        reason = f"nixpkgs has {name} as a program only: `tools: [{program}]`"
        return Absent(reason, Why.PROGRAM, program, instead)
    match row.get("kind"):
        case "stdlib":
            return Absent("part of the standard library", Why.STDLIB, None, instead)
        case "windows":
            return Absent("for Windows only", Why.WINDOWS, None, instead)
    if date:
        when = f"removed from nixpkgs on {date}" if date != "unknown" else "removed from nixpkgs"
        return Absent(when, Why.REMOVED, None, instead)
    return Absent("not in nixpkgs", Why.NEVER, None, instead)
