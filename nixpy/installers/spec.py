"""What nixpy has to know of an installer, in one shape for all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from nixpy.metadata.model import Installer
from nixpy.syntax.nix import string

# Versions of a lock's entries that are to change: the new one, by normalised name and old version.
Changes = Mapping[tuple[str, str], str]


@dataclass(frozen=True, slots=True)
class VenvRequest:
    """The venv that a shell asks an installer for.

    ``minor`` is the version of its Python, such as ``3.12``; ``folder`` where it lies, relative to
    the project; ``pythons`` are the Nix expressions of further interpreters.
    """

    minor: str
    folder: str = ".venv"
    pythons: Sequence[str] = ()

    @property
    def usual(self) -> bool:
        """Whether the venv lies where every installer looks for it."""
        return self.folder == ".venv"

    @property
    def request(self) -> str:
        """The Python version as a Nix string."""
        return string(self.minor)

    @property
    def found_by_uv(self) -> dict[str, str]:
        """What uv may take for a Python; older than 0.11.8, it looks at PATH alone."""
        search = ":".join(f"${{{one}}}/bin" for one in ("python", *self.pythons))
        return {
            "UV_PYTHON_DOWNLOADS": '"never"',
            "UV_PYTHON_PREFERENCE": '"only-system"',
            "UV_PYTHON_SEARCH_PATH": f'"{search}"',
        }


# What the shell sets, as Nix expressions by variable.
Variables = Callable[[VenvRequest], dict[str, str]]
# The command that brings a project's packages back into a fresh venv, told the files that the
# project's metadata was read from, relative to its root.
Reinstall = Callable[[Sequence[str]], str]
# What locks again, told the pins (``numpy==1.26.4``) and the program's major version.
LockCommand = Callable[[Sequence[str], int], list[str]]
# A lock's text with other versions in it, for an installer that then locks again.
LockEdit = Callable[[str, Changes], str]


@dataclass(frozen=True, slots=True)
class Lock:
    """How an installer is made to lock a version that the project's requirements leave open.

    ``file`` is its lockfile. ``edit`` is set where the version is to stand in the lock before
    ``command`` is run. ``install`` is the command that then installs what is locked, ``leave_out``
    one that installs all of it but for packages: their names follow, each after the option that it
    ends in.
    """

    file: str
    command: LockCommand
    install: str
    edit: LockEdit | None = None
    leave_out: str | None = None


@dataclass(frozen=True, slots=True)
class Spec:
    """All that is true of one installer.

    ``programs`` are nixpkgs' attributes of what it needs on PATH, ``unset`` the variables that the
    shell takes away for it, beside those of every venv. ``add`` is its command that takes a further
    dependency into the project's files, None where it has no such command, and ``lock`` is None
    where no version can be locked that the requirements leave open.

    ``activates`` is False for those that prefer VIRTUAL_ENV to the project that they are run in: a
    second project would be installed into this one's venv. A ``.venv`` they find without it.
    ``compiles`` tells that it runs modules of its own in the project's Python, which then would
    cache bytecode beside them in a store that root can write to.
    """

    installer: Installer
    variables: Variables
    reinstall: Reinstall
    programs: tuple[str, ...]
    unset: tuple[str, ...] = ()
    add: str | None = None
    lock: Lock | None = None
    activates: bool = True
    compiles: bool = False
