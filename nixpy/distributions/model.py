"""What ``nixpy explain`` says: a row for each distribution, with remarks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum

from nixpy.config.model import Config
from nixpy.metadata.model import Installer, Locked, Project, Wanted
from nixpy.syntax.origin import Origin


def place(origin: Origin) -> str:
    """Say where a fact stands, without its key: ``pyproject.toml:8``."""
    return f"{origin.file}:{origin.line}" if origin.line else origin.file


class Provider(Enum):
    """Who a distribution comes from."""

    NIX = "Nix"
    PYPI = "PyPI"
    GIT = "git"
    URL = "URL"
    PROJECT = "project"  # the project itself, a workspace's member, a folder or file beside it
    NOBODY = "-"


class Code(Enum):
    """What a remark is about, as ``--json`` names it."""

    VERSION = "version"  # lock and Nix have different versions
    FORBIDDEN = "forbidden"  # a requirement forbids the version that Nix or the lock has
    NO_FILE = "no-file"  # the lock has neither a wheel for this Python nor an sdist
    NOT_IN_NIXPKGS = "not-in-nixpkgs"
    OTHER_PYTHON = "other-python"  # nixpkgs has it for other versions of Python only
    OTHER_PROJECT = "other-project"  # nixpkgs uses the name for something else
    UNFREE = "unfree"
    COMPILED = "compiled"  # the binary cache has no build for this Python
    FROM_SOURCE = "from-source"
    LIBRARY = "library"
    PROGRAM = "program"
    UNUSED = "unused"
    ELSEWHERE = "elsewhere"  # needed on other platforms or Python versions only
    FURTHER = "further"  # what the tables tell besides


@dataclass(frozen=True, slots=True)
class Remark:
    """Something worth knowing about a distribution.

    A conflict is what will not work, or not as it looks. ``hint`` says what to do.
    """

    code: Code
    text: str
    conflict: bool = False
    hint: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One distribution.

    ``name`` is normalised (PEP 503). ``wanted`` are the project's own requirements, ``via`` the
    distributions that require it, nearest to the project first. ``locked`` are its entries in lock
    files that count for this Python and platform (all, if none does). ``version`` is the one that
    the provider has, or None if it is not known.
    """

    name: str
    wanted: tuple[Wanted, ...] = ()
    via: tuple[str, ...] = ()
    locked: tuple[Locked, ...] = ()
    provider: Provider = Provider.PYPI
    version: str | None = None
    listed: str | None = None  # where nixpy.yaml lists it: `nixpy.yaml:3`
    remarks: tuple[Remark, ...] = ()

    @property
    def conflicts(self) -> tuple[Remark, ...]:
        """The remarks that say what does not fit."""
        return tuple(one for one in self.remarks if one.conflict)

    @property
    def locked_versions(self) -> tuple[str, ...]:
        """The versions in the lock, each once, in its order."""
        return tuple(dict.fromkeys(one.version for one in self.locked if one.version))


@dataclass(frozen=True, slots=True)
class NixPackages:
    """What Nix provides: versions by normalised name, those of dependencies as well.

    ``source`` says where they were read: the flake, or the venv's linked environment. With
    ``source`` None the versions are not known, and ``why`` says so.
    """

    versions: Mapping[str, str] = field(default_factory=dict)
    source: str | None = None
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Scene:
    """All that the rows follow from.

    ``python`` is the minor version of the shell's interpreter, ``environment`` the variables of
    PEP 508 markers for it on this machine, ``tags`` the wheel tags it takes (PEP 425).
    ``installed`` are versions in the venv that an installer has put there, by normalised name.
    """

    project: Project
    config: Config
    python: str
    installer: Installer
    tags: frozenset[str]
    environment: Mapping[str, str]
    nix: NixPackages = field(default_factory=NixPackages)
    installed: Mapping[str, str] = field(default_factory=dict)

    def with_project(self, project: Project) -> Scene:
        """Give the same for what the project's files say now."""
        return replace(self, project=project)

    def with_nix(self, nix: NixPackages) -> Scene:
        """Give the same with Nix's versions known."""
        return replace(self, nix=nix)
