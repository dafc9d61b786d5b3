"""What the doctor knows of a machine, a shell and a project: plain values, kept as JSON.

A snapshot holds only what the checks read. It never holds the whole environment, the text of a
file or the URL of an index, so that it can be attached to a bug report.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from nixpy.venv.installed import Distribution

# Megabytes below which the copy of a folder outside git is not felt.
LARGE = 20

_MINOR_PYTHON = re.compile(r"python3\.\d+")


class Part(Enum):
    """A part of the snapshot that is gathered as a whole, and only if a check reads it."""

    ENVIRONMENT = "environment"
    SEARCH = "search"
    INTERPRETERS = "interpreters"
    VENV = "venv"
    ELF = "elf"
    PROJECT = "project"
    FLAKE = "flake"
    EVALUATION = "evaluation"
    GIT = "git"
    NIX = "nix"
    LOG = "log"


class Loader(Enum):
    """What stands where a program's ELF interpreter (PT_INTERP) should be."""

    PRESENT = "present"
    ABSENT = "absent"
    STUB = "stub"  # NixOS' stub-ld, which only prints a message
    NIX_LD = "nix-ld"  # works where NIX_LD is set


@dataclass(frozen=True, slots=True)
class Machine:
    """The computer.

    ``drivers`` are folders outside the store that hold ``libcuda.so.1``; ``gpu`` is the device
    file of an NVIDIA GPU.
    """

    system: str = "x86_64-linux"
    store: str = "/nix/store"
    nixos: bool = False
    user: int = 1000
    home: str = "/home/user"
    ldconfig: bool = True
    gpu: str | None = None
    drivers: tuple[str, ...] = ()

    def in_store(self, path: str | None) -> bool:
        """Whether a path lies in the Nix store, by its text alone."""
        return path is not None and path.startswith(self.store + "/")

    @property
    def darwin(self) -> bool:
        """Whether this is macOS."""
        return self.system.endswith("-darwin")


@dataclass(frozen=True, slots=True)
class PathFacts:
    """A path that a variable names. ``kind`` is ``missing``, ``file`` or ``folder``."""

    resolved: str
    kind: str = "folder"
    writable: bool = True
    venv: bool = False  # a folder with pyvenv.cfg, or a program in the bin folder of one
    script: bool = False  # a file that begins with #!
    holds: tuple[str, ...] = ()  # of a folder: the names in it that checks ask for
    projects: bool = False  # the folder above holds a project's metadata
    distributions: tuple[str, ...] = ()  # of a folder: the names of those installed in it


@dataclass(frozen=True, slots=True)
class Environment:
    """The variables that checks read, and facts about the paths that their values name."""

    variables: Mapping[str, str] = field(default_factory=dict)
    paths: Mapping[str, PathFacts] = field(default_factory=dict)

    def get(self, name: str) -> str:
        """Give a variable's value; the empty text if it is not set."""
        return self.variables.get(name, "")

    def folders(self, name: str) -> list[str]:
        """Give the entries of a variable that lists folders, without empty ones."""
        return [entry for entry in self.get(name).split(":") if entry]


@dataclass(frozen=True, slots=True)
class SearchEntry:
    """One folder of PATH, with the watched programs in it: name → resolved path."""

    folder: str
    resolved: str
    programs: Mapping[str, str] = field(default_factory=dict)

    def pythons(self, store: str) -> list[str]:
        """Give the paths of its different Pythons, the one that ``python3`` starts first.

        A store path holds one Python under several names.
        """
        names = [name for name in ("python3", "python") if name in self.programs][:1]
        if not names or not self.resolved.startswith(store + "/"):
            taken = {self.programs[name] for name in names}
            for name, resolved in sorted(self.programs.items()):
                if _MINOR_PYTHON.fullmatch(name) and resolved not in taken:
                    names.append(name)
                    taken.add(resolved)
        return [f"{self.folder}/{name}" for name in names]


@dataclass(frozen=True, slots=True)
class Interpreter:
    """What a Python says of itself, run isolated (``-I``).

    ``prefix`` and the like are those with ``site``; ``plain_prefix`` is without (``-S``), before
    a ``sitecustomize`` could change it. ``error`` tells why it does not run at all, ``site_error``
    why it does not run with ``site``. ``loaded`` are the shared libraries in its memory at start,
    ``library_path`` is LD_LIBRARY_PATH as it sees it (devenv's wrapper sets one), ``unfound`` what
    ``ctypes.util.find_library`` was asked for and did not find. ``distributions`` lists its own
    site-packages where that lies in the store. ``plain_path`` is ``sys.path`` without ``site``.
    ``skipped`` tells that it was not run, since it lies in the project.
    """

    path: str
    error: str | None = None
    skipped: bool = False
    site_error: str | None = None
    executable: str = ""
    prefix: str = ""
    base_prefix: str = ""
    base_executable: str = ""
    plain_prefix: str = ""
    version: str = ""
    implementation: str = "cpython"
    soabi: str | None = None
    sysconfig_error: str | None = None
    managed: str | None = None
    plain_path: tuple[str, ...] = ()
    sys_path: tuple[str, ...] = ()
    pip: bool = True
    tkinter: bool = True
    manylinux: str | None = None
    loaded: tuple[str, ...] = ()
    library_path: tuple[str, ...] = ()
    unfound: tuple[str, ...] = ()
    loader: str | None = None
    loader_state: Loader = Loader.PRESENT
    pyvenv: bool = False  # the prefix holds a pyvenv.cfg
    distributions: tuple[Distribution, ...] = ()
    foreign: tuple[str, ...] = ()  # files in its store path that Nix did not write

    @property
    def minor(self) -> str:
        """The version's first two numbers: ``3.12``."""
        return ".".join(self.version.split(".")[:2])

    @property
    def works(self) -> bool:
        """Whether it could be asked at all."""
        return self.error is None


@dataclass(frozen=True, slots=True)
class Script:
    """A script of a venv whose first line names an interpreter.

    ``resolved`` is the interpreter's folder without symbolic links; ``venv`` tells that this is
    the ``bin`` folder of a venv.
    """

    name: str
    interpreter: str
    resolved: str = ""
    exists: bool = True
    venv: bool = True


@dataclass(frozen=True, slots=True)
class Activator:
    """One of a venv's activate scripts, its mode bits and the venv that it names."""

    name: str
    mode: int
    venv: str | None = None
    resolved: str | None = None


@dataclass(frozen=True, slots=True)
class Kernel:
    """A Jupyter kernelspec. ``owner`` is ``venv``, ``user`` or ``JUPYTER_PATH``."""

    name: str
    file: str
    program: str
    exists: bool
    owner: str


@dataclass(frozen=True, slots=True)
class Venv:
    """The project's virtual environment as its files show it, or where it would be.

    ``kind`` is ``missing``, ``folder``, ``link`` or ``file``. ``links`` is the chain of symbolic
    links from ``bin/python`` on, without itself. ``home_exists`` tells of pyvenv.cfg's ``home``.
    """

    path: str
    kind: str = "missing"
    resolved: str = ""
    writable: bool = True
    owner: int = 1000
    config: Mapping[str, str] = field(default_factory=dict)
    home_exists: bool = True
    python: str | None = None
    python_exists: bool = False
    links: tuple[str, ...] = ()
    loader: str | None = None
    loader_state: Loader = Loader.PRESENT
    site_packages: str | None = None
    scripts: tuple[Script, ...] = ()
    activators: tuple[Activator, ...] = ()
    distributions: tuple[Distribution, ...] = ()
    nixpy: bool = False
    kernels: tuple[Kernel, ...] = ()
    browsers: Mapping[str, str] = field(default_factory=dict)  # that its Playwright wants
    readable: bool = True
    empty: bool = False
    env: str | None = None  # the site-packages of an env that nixpy linked into it
    env_exists: bool = True
    env_distributions: tuple[Distribution, ...] = ()
    damaged: tuple[str, ...] = ()  # metadata folders without METADATA
    dead: tuple[Mention, ...] = ()  # paths of .pth files and editable installs that are gone
    tags: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # of wheels with machine code

    @property
    def exists(self) -> bool:
        """Whether there is a folder with a pyvenv.cfg."""
        return self.kind in {"folder", "link"} and bool(self.config)

    @property
    def minor(self) -> str:
        """The version's first two numbers that pyvenv.cfg names, or the empty text."""
        version = self.config.get("version_info") or self.config.get("version", "")
        return ".".join(version.split(".")[:2])


@dataclass(frozen=True, slots=True)
class Elf:
    """Header and dynamic section of one ELF file; the path is relative to the venv.

    ``versions`` are the symbol versions that it needs: library → versions.
    """

    path: str
    needed: tuple[str, ...] = ()
    soname: str | None = None
    rpath: tuple[str, ...] = ()
    runpath: tuple[str, ...] = ()
    interpreter: str | None = None
    versions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    native: bool = True  # built for this machine's processor


@dataclass(frozen=True, slots=True)
class Binaries:
    """The ELF files of the venv, and what the dynamic loader has outside of it.

    ``folders`` lists the shared libraries in each folder that may be searched. ``cache`` is what
    the host's ``ld.so.cache`` says, for the sonames that some file needs. ``defined`` gives the
    symbol versions that a library outside of the venv has, ``loaders`` what stands at each
    PT_INTERP, ``loaded`` what the venv's Python has in memory when it starts: soname → path.
    """

    files: tuple[Elf, ...] = ()
    folders: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    cache: Mapping[str, str] = field(default_factory=dict)
    defined: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    loaders: Mapping[str, Loader] = field(default_factory=dict)
    loaded: Mapping[str, str] = field(default_factory=dict)
    bytes_read: int = 0


@dataclass(frozen=True, slots=True)
class Choices:
    """What nixpy.yaml says, as far as checks read it."""

    python: str | None = None
    installer: str | None = None
    venv: str = ".venv"
    packages: tuple[str, ...] = ()
    libraries: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()
    systems: tuple[str, ...] = ()
    nixpkgs: str = ""
    allow_unfree: bool = False
    library_path: bool = False
    provider: str = "nixpkgs"
    shell: str = "venv"


@dataclass(frozen=True, slots=True)
class Pin:
    """A Python version that a version manager's file names."""

    text: str
    version: str | None
    where: str


@dataclass(frozen=True, slots=True)
class Setting:
    """What a file of settings says: of uv (``tool`` is ``uv``), pip or pdm."""

    tool: str
    name: str
    value: str
    where: str


@dataclass(frozen=True, slots=True)
class LockedWheels:
    """A locked distribution whose sdist needs libraries, and the wheels that the lock lists."""

    name: str
    version: str | None
    wheels: tuple[str, ...] = ()
    sdist: bool = False


@dataclass(frozen=True, slots=True)
class EditorSetting:
    """A Python that an editor's settings name."""

    where: str
    value: str
    path: str
    exists: bool


@dataclass(frozen=True, slots=True)
class ProjectFacts:
    """What the project's files say.

    ``installers`` are those that have a sign, strongest first, or the one that nixpy chose.
    """

    root: str = "/project"
    files: tuple[str, ...] = ()
    installers: tuple[str, ...] = ()
    wanted: tuple[str, ...] = ()
    pins: tuple[Pin, ...] = ()
    locked: tuple[LockedWheels, ...] = ()
    imports: Mapping[str, str] = field(default_factory=dict)  # module asked for → file:line
    editors: tuple[EditorSetting, ...] = ()
    choices: Choices | None = None
    requires: tuple[Pin, ...] = ()  # the ranges of Python that it allows
    settings: tuple[Setting, ...] = ()
    unreadable: tuple[str, ...] = ()  # errors of files that could not be read


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in a Nix file, and where: ``flake.nix:12``."""

    name: str
    where: str


@dataclass(frozen=True, slots=True)
class Flake:
    """What the project's flake.nix says, read as text.

    ``systems`` are the literal ones; ``all_systems`` tells that they come from a function.
    ``overlays`` tells that package sets are changed, so that no table knows their names.
    ``names`` are the files of the project that it refers to. ``outdated`` are the files that
    ``nixpy sync`` would change.
    """

    folder: str = "/project"
    exists: bool = False
    generated: bool = False
    inputs: bool = True
    nixpkgs: str | None = None
    systems: tuple[str, ...] = ()
    all_systems: bool = False
    dev_shell: bool = False
    one_shell: bool = False  # `devShell`, as before Nix 2.7
    overlays: bool = False
    pythons: tuple[Mention, ...] = ()
    packages: tuple[Mention, ...] = ()
    functions: tuple[Mention, ...] = ()
    names: tuple[str, ...] = ()
    direnv: bool = False  # .envrc enters the flake or shell.nix
    remakes: Mention | None = None  # the line of a hook that makes a venv where one may be
    copies: Mention | None = None  # the line of .envrc that lets Nix copy the whole folder
    allowed: bool = True  # the user has allowed .envrc, or has no direnv
    outdated: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ignored:
    """A path that git ignores, and the line that says so."""

    path: str
    where: str
    pattern: str


@dataclass(frozen=True, slots=True)
class Git:
    """What git knows of the project. ``root`` is None outside a checkout.

    ``megabytes`` is the size of the folder where it is no checkout, as far as it was counted.
    ``edited_megabytes`` is the size of what git tracks where some of it was edited; 0 elsewhere.
    ``submodules`` are files of the flake that lie in a submodule.
    """

    root: str | None = None
    untracked: tuple[str, ...] = ()
    ignored: tuple[Ignored, ...] = ()
    megabytes: int = 0
    secrets: tuple[str, ...] = ()
    submodules: tuple[str, ...] = ()
    edited_megabytes: int = 0


@dataclass(frozen=True, slots=True)
class Nix:
    """The machine's Nix: where it is, its version and the experimental features that are on."""

    program: str | None = None
    version: str = ""
    features: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Whether Nix evaluated the flake's shells, and what it said if it could not.

    ``error`` are the lines of Nix's own message, ``where`` the place in the flake that it names.
    """

    good: bool = False
    complaints: tuple[str, ...] = ()
    error: tuple[str, ...] = ()
    where: str = ""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that was gathered. Checks that read a part that is not there are not run.

    ``log`` are lines of a failed command that the user gave, ``unexamined`` what could not be
    looked at, and why.
    """

    gathered: tuple[Part, ...] = ()
    machine: Machine = field(default_factory=Machine)
    environment: Environment = field(default_factory=Environment)
    search: tuple[SearchEntry, ...] = ()
    interpreters: tuple[Interpreter, ...] = ()
    venv: Venv = field(default_factory=lambda: Venv("/project/.venv"))
    elf: Binaries = field(default_factory=Binaries)
    project: ProjectFacts = field(default_factory=ProjectFacts)
    flake: Flake = field(default_factory=Flake)
    git: Git = field(default_factory=Git)
    nix: Nix = field(default_factory=Nix)
    evaluation: Evaluation = field(default_factory=Evaluation)
    log: tuple[str, ...] = ()
    unexamined: tuple[str, ...] = ()
