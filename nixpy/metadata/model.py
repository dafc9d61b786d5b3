"""What a project says of itself: facts, each with its origin.

Readers give :class:`Facts`, one for each file; :func:`merge` makes the :class:`Project` of them.
Nothing here decides anything: that is ``nixpy.plan``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from nixpy.syntax.origin import Origin

if TYPE_CHECKING:
    from packaging.requirements import Requirement
    from packaging.specifiers import SpecifierSet


class Installer(Enum):
    """A program that can own a project's virtual environment."""

    UV = "uv"
    PIP = "pip"
    POETRY = "poetry"
    PDM = "pdm"
    HATCH = "hatch"
    PIPENV = "pipenv"


class Kind(Enum):
    """What a requirement is for."""

    RUN = "run"  # [project] dependencies, install_requires, requirements.txt
    EXTRA = "extra"  # optional-dependencies; `group` names the extra
    GROUP = "group"  # PEP 735, poetry, pdm, pipenv and hatch groups; `group` names it
    BUILD = "build"  # [build-system] requires, setup_requires
    CONSTRAINT = "constraint"  # -c files, tool.uv constraint-dependencies: wanted by nobody


@dataclass(frozen=True, slots=True)
class Wanted:
    """One requirement of the project.

    ``name`` is normalised (PEP 503). ``requirement`` is its PEP 508 form: constraints of other
    notations (poetry's caret, Pipfile's tables, conda's match specs) are translated. ``text`` is
    what the file says. ``source`` is set where it does not come from an index: a URL, or a path.
    """

    name: str
    text: str
    requirement: Requirement
    origin: Origin
    kind: Kind = Kind.RUN
    group: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Locked:
    """One distribution in a lock file.

    ``version`` is None where the lock has none (a workspace member with a dynamic version).
    ``source`` is ``registry``, ``git``, ``url``, ``path`` (also editable, directory, virtual).
    ``wheels`` are file names; ``sdist`` says whether a source distribution is listed.
    ``requires`` are the normalised names it depends on, as far as the lock says.
    ``markers`` are PEP 508 markers: the entry counts where any of them holds; none: everywhere.
    ``conditions`` pairs a name of ``requires`` with a marker: where none of its markers holds, the
    dependency does not count; a name without a pair is required everywhere.
    """

    name: str
    version: str | None
    origin: Origin
    source: str = "registry"
    wheels: tuple[str, ...] = ()
    sdist: bool = False
    requires: tuple[str, ...] = ()
    markers: tuple[str, ...] = ()
    conditions: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class PythonRange:
    """A set of Python versions that the project or its lock allows."""

    specifiers: SpecifierSet
    text: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class PythonPin:
    """A version that a version manager's file names.

    ``text`` is what the file says. ``version`` is ``3``, ``3.12`` or ``3.12.4``, or None for what
    is not CPython (``pypy3.10``, ``system``, ``miniconda3-4.7``); then ``implementation`` tells
    what it is.
    """

    text: str
    version: str | None
    origin: Origin
    implementation: str = "cpython"


class Strength(Enum):
    """How much a sign says about the installer, the strongest first."""

    LOCK = 1  # its lock file is there
    TABLE = 2  # its tool table or file is there
    BACKEND = 3  # its build backend is named


@dataclass(frozen=True, slots=True)
class InstallerSign:
    """A hint that the project uses an installer."""

    installer: Installer
    strength: Strength
    origin: Origin


@dataclass(frozen=True, slots=True)
class Note:
    """Something that a reader could not take over, and that the user should know."""

    text: str
    origin: Origin


class Topic(Enum):
    """What a piece of evidence tells."""

    PYTHON = "python"  # a minor that the project says it works on, or tests
    TARGET = "target"  # the minor that a linter's settings name: mostly the oldest
    LIMIT = "limit"  # the newest minor on which it can be built or run, whatever it says
    BUILD = "build"  # a library or compiler, by its attribute, that building the project takes
    PROGRAM = "program"  # a program, by its attribute, that building or running the project takes
    TYPELIB = "typelib"  # `Gtk-4.0`: a namespace of GObject introspection that it imports
    TOOLCHAIN = "toolchain"  # the Rust that a rust-toolchain file asks for
    OFFERED_TOOL = "offered tool"  # a program, by its attribute, that the project may use
    OFFERED_LIBRARY = "offered library"  # a library, by its attribute, that it may use
    INSTALLER = "installer"  # an installer whose command `why` CI, a Dockerfile or a README runs


@dataclass(frozen=True, slots=True)
class Evidence:
    """Something of use that a file says which is no metadata: CI, Dockerfile, sources.

    ``text`` is what it tells of the topic, ``why`` the reason, for people, where the place alone
    does not say it.
    """

    topic: Topic
    text: str
    origin: Origin
    why: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What one file says. Every field may be empty."""

    file: str
    name: str | None = None
    wanted: tuple[Wanted, ...] = ()
    locked: tuple[Locked, ...] = ()
    ranges: tuple[PythonRange, ...] = ()
    pins: tuple[PythonPin, ...] = ()
    signs: tuple[InstallerSign, ...] = ()
    members: tuple[str, ...] = ()  # folders of a workspace's members, relative to the root
    also_read: tuple[str, ...] = ()  # further files that it took in (`-r`, `-c`)
    packages: tuple[str, ...] = ()  # non-Python packages (conda, devbox) the file asks for
    notes: tuple[Note, ...] = ()
    no_binary: tuple[str, ...] = ()  # distributions of which no wheel is wanted, or `:all:`
    uv_versions: tuple[tuple[str, Origin], ...] = ()  # what `required-version` asks uv to be
    # What of [project] pyproject.toml leaves to setup.cfg and setup.py; None: all of it.
    dynamic: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Project:
    """All that the project's files say, in the order in which they were read."""

    facts: tuple[Facts, ...] = ()
    name: str | None = None
    wanted: tuple[Wanted, ...] = ()
    locked: tuple[Locked, ...] = ()
    ranges: tuple[PythonRange, ...] = ()
    pins: tuple[PythonPin, ...] = ()
    signs: tuple[InstallerSign, ...] = ()
    notes: tuple[Note, ...] = ()
    files: tuple[str, ...] = field(default=())  # every file of metadata, sorted
    evidence: tuple[Evidence, ...] = ()
    uv_versions: tuple[tuple[str, Origin], ...] = ()

    @property
    def empty(self) -> bool:
        """Whether no metadata was found at all."""
        return not self.facts


def merge(facts: Iterable[Facts]) -> Project:
    """Join what the files say, keeping their order; the first name given wins."""
    read = tuple(facts)
    files = {file for one in read for file in (one.file, *one.also_read)}
    return Project(
        facts=read,
        name=next((one.name for one in read if one.name), None),
        wanted=tuple(item for one in read for item in one.wanted),
        locked=tuple(item for one in read for item in one.locked),
        ranges=tuple(item for one in read for item in one.ranges),
        pins=tuple(item for one in read for item in one.pins),
        signs=tuple(item for one in read for item in one.signs),
        notes=tuple(item for one in read for item in one.notes),
        files=tuple(sorted(files)),
        uv_versions=tuple(item for one in read for item in one.uv_versions),
    )
