"""What a plan holds: decisions, each with its reason."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from nixpy.config.model import Config, Layout
from nixpy.knowledge.pythons import attribute_of
from nixpy.metadata.model import Installer, Project
from nixpy.syntax.origin import Origin


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a shell takes something of nixpkgs; without any, a flake of the user's own names it.

    ``listed`` is where the user lists it, ``needs`` are the distributions or files that need it,
    and ``default`` says that every shell has it, for wheels.
    """

    listed: tuple[Origin, ...] = ()
    needs: tuple[str, ...] = ()
    default: bool = False

    def __str__(self) -> str:
        """Give the reasons as a comment shows them, such as ``wheels, opencv-python``."""
        places = (str(origin) for origin in self.listed)
        return ", ".join(dict.fromkeys([*(["wheels"] * self.default), *places, *self.needs]))

    @property
    def clause(self) -> str:
        """The reasons as they stand behind "which"; empty for what was just typed."""
        if self.listed:
            where = str(self.listed[0])
            return f"{where} lists" if where else ""
        if self.needs:
            return f"{' and '.join(self.needs)} need{'s' * (len(self.needs) == 1)}"
        return "every shell loads for wheels" if self.default else "flake.nix lists"


@dataclass(frozen=True, slots=True)
class Attribute:
    """Something in nixpkgs, and why it is wanted.

    ``alternatives`` are attribute paths, of which the first that exists is meant: names differ
    between branches. ``name`` is what the user or the project calls it.
    """

    alternatives: tuple[str, ...]
    name: str
    reason: Reason = Reason()


@dataclass(frozen=True, slots=True)
class Caution:
    """A warning: what is odd, and what to do about it.

    ``unsure`` is the name that nixpkgs may not have, where that is all it warns of.
    """

    text: str
    hint: str | None = None
    unsure: str = ""


@dataclass(frozen=True, slots=True)
class PythonChoice:
    """The interpreter of a shell.

    ``minor`` is ``3.12``; ``exact`` is ``3.12.4`` where the user wants that very release;
    ``reason`` fits behind "Python 3.12: "; ``origin`` is where that very version is named.
    """

    minor: str
    reason: str
    exact: str | None = None
    origin: Origin | None = None
    warnings: tuple[Caution, ...] = ()

    @property
    def attribute(self) -> str:
        """Nixpkgs' attribute of the interpreter, such as ``python312``."""
        return attribute_of(self.minor)


@dataclass(frozen=True, slots=True)
class InstallerChoice:
    """The program that owns the virtual environment, and why."""

    installer: Installer
    reason: str


# What a project without a name is called.
UNTITLED = "this project"


@dataclass(frozen=True, slots=True)
class Decision:
    """Something that was chosen, and why; one line of what `nixpy init` prints."""

    subject: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class Shell:
    """One development shell: of the project, or of one of a monorepo's projects.

    ``name`` is the flake's attribute, ``folder`` where the project lies, relative to the flake.
    ``made_from`` are files, relative to ``folder``, and what they said that the shell follows from:
    the program that makes venvs tells when they say something else.
    ``by_hatchling`` are the distributions, of a uv workspace's, that hatchling builds.
    ``no_sync`` tells that no command but ``uv sync`` is to install what the lock has.
    ``kept`` is what :func:`nixpy.plan.kept.kept` gives, where Nix provides packages.
    ``typelibs`` and ``playwright`` are those of
    :class:`nixpy.plan.libraries.Natives`.
    """

    name: str
    folder: str
    title: str
    python: PythonChoice
    installer: Installer
    installer_reason: str
    reinstall: str = ""
    packages: tuple[Attribute, ...] = ()
    libraries: tuple[Attribute, ...] = ()
    build_inputs: tuple[Attribute, ...] = ()
    first_tools: tuple[Attribute, ...] = ()
    tools: tuple[Attribute, ...] = ()
    typelibs: tuple[Attribute, ...] = ()
    playwright: str | None = None
    pythons: tuple[str, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    shell_hook: str = ""
    venv: str = ".venv"
    library_path: bool = False
    cuda: bool = False
    kind: str = "venv"
    provider: str = "nixpkgs"
    by_hatchling: tuple[str, ...] = ()
    made_from: tuple[tuple[str, str], ...] = ()
    kept: tuple[str, str] | None = None
    no_sync: bool = False

    @property
    def word(self) -> str:
        """A name for a derivation and a program: the project's, as far as it can be one."""
        title = self.title if self.title != UNTITLED else "python"
        return re.sub(r"[^A-Za-z0-9._+-]+", "-", title).strip("-.") or "python"

    @property
    def fhs(self) -> str | None:
        """The program that enters the FHS environment, where the shell is of that kind."""
        return f"{self.word}-fhs" if self.kind == "fhs" else None


@dataclass(frozen=True, slots=True)
class Plan:
    """All that the generated files say.

    ``sources`` are the files it follows from, ``watch`` those of them after whose change direnv
    shall evaluate again.
    """

    shells: tuple[Shell, ...]
    nixpkgs: str
    systems: tuple[str, ...]
    allow_unfree: bool
    sources: tuple[str, ...]
    watch: tuple[str, ...]
    layout: Layout = Layout.ROOT
    decisions: tuple[Decision, ...] = ()
    cautions: tuple[Caution, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A project that gets a shell: its shell's name, its folder, its facts and its choices."""

    name: str
    folder: str
    project: Project
    config: Config
