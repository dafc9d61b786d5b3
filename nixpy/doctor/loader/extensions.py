"""What would go wrong when Python loads the extension modules of a venv: pure.

Only files that an import reaches count: wheels hold plugins for databases and window systems that
nobody has, and whose libraries are rightly missing.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from nixpy.doctor.loader.search import Search
from nixpy.doctor.rules import asks
from nixpy.doctor.snapshot import Elf, Snapshot
from nixpy.knowledge.libraries import DEFAULTS
from nixpy.knowledge.libraries import soname_provider as looked_up

_EXTENSION = re.compile(r"(?!lib)[^.]+\.(?:(?P<tag>cpython-\d+\w*|abi3|pypy\d+)[^/]*\.)?so")
# Qt loads it by name, and a program with windows does nothing without it.
_PLUGIN = re.compile(r".*/plugins/platforms/libqxcb\.so")
# The driver's own, for which L4 looks.
_DRIVER = re.compile(r"lib(?:cuda|nvidia-\w+|nvcuvid|nvoptix|cudadebugger)\.so")
# Thousands of files need the same few libraries.
soname_provider = cache(looked_up)
_SYMBOL = re.compile(r"(GLIBC|GLIBCXX|CXXABI|GCC)_(\d+(?:\.\d+)*)")


@dataclass(frozen=True, slots=True)
class Missing:
    """A soname that no searched folder has.

    ``file`` is relative to the venv; ``package`` is the folder or module whose import reaches it.
    """

    soname: str
    file: str
    package: str


@dataclass(frozen=True, slots=True)
class TooOld:
    """A symbol version that the library found does not have, and the highest that it has."""

    file: str
    library: str
    version: str
    highest: str

    @property
    def order(self) -> tuple[int, ...]:
        """The version as numbers."""
        return _numbers(self.version)


class Loading:
    """The files of a snapshot's venv, and how each would be loaded."""

    def __init__(self, snapshot: Snapshot) -> None:
        python = asks.venv_python(snapshot)
        self._minor = python.minor if python else ""
        self._defined = snapshot.elf.defined
        self._windows = asks.runs_on_nix(snapshot)
        # Without the venv's Python nobody knows which loader and which folders count.
        self._files = [one for one in snapshot.elf.files if one.native] if python else []
        self._search = search_of(snapshot)
        self._names: dict[str, Elf] = {}
        self._packages: dict[str, set[str]] = {}
        for one in self._files:
            names = {posixpath.basename(one.path), one.soname or ""} - {""}
            self._names |= dict.fromkeys(names, one)
            self._packages.setdefault(top_level(one.path), set()).update(names)
        self._reached = self._reach()

    def _is_root(self, path: str) -> bool:
        found = _EXTENSION.fullmatch(posixpath.basename(path))
        if found is None:
            return self._windows and _PLUGIN.fullmatch(path) is not None
        tag = found["tag"]
        if tag is None or tag == "abi3":
            return True
        digits = re.fullmatch(r"cpython-(\d+)t?", tag)
        return digits is not None and digits[1] == self._minor.replace(".", "")

    def _bundled(self, elf: Elf, needed: str) -> Elf | None:
        """Give the file of the venv that a package loads by itself before it is needed.

        A library that wheels take from the system counts only within one package.
        """
        own = needed in self._packages.get(top_level(elf.path), ())
        if own or (soname_provider(needed) is None and needed in self._names):
            return self._names[needed]
        return None

    def _reach(self) -> dict[str, str]:
        """Give the files that an import loads: path → the package that is imported."""
        todo = [one for one in self._files if self._is_root(one.path)]
        reached = {one.path: top_level(one.path) for one in todo}
        while todo:
            elf = todo.pop()
            for needed in elf.needed:
                path = self._search.find(elf, needed)
                further = self._search.files.get(path or "") or self._bundled(elf, needed)
                if further is not None and further.path not in reached:
                    reached[further.path] = reached[elf.path]
                    todo.append(further)
        return reached

    def missing(self) -> Iterator[Missing]:
        """Give what is needed and not found.

        What an import does not reach counts for the libraries that nearly all wheels may load:
        packages load such files by ``ctypes``.
        """
        for elf in self._files:
            package = self._reached.get(elf.path)
            for needed in elf.needed:
                # Programs are started by the loader that they name, not loaded into Python; Qt's
                # core library is one, too, until an extension reaches it.
                if package is None and (elf.interpreter or soname_provider(needed) not in DEFAULTS):
                    continue
                if _DRIVER.match(needed) or self._search.find(elf, needed):
                    continue
                if self._bundled(elf, needed) is None:
                    yield Missing(needed, elf.path, package or top_level(elf.path))

    def too_old(self) -> Iterator[TooOld]:
        """Give the symbol versions that are needed and that the library found does not have."""
        for elf in self._files:
            if elf.path not in self._reached:
                continue
            for library, versions in elf.versions.items():
                path = self._search.find(elf, library)
                defined = self._defined.get(path or "")
                if path is None or not defined:
                    continue
                for version in versions:
                    if _SYMBOL.fullmatch(version) and version not in defined:
                        yield TooOld(elf.path, path, version, _highest(version, defined))


def _highest(version: str, defined: Iterable[str]) -> str:
    family = version.partition("_")[0] + "_"
    return max((one for one in defined if one.startswith(family)), key=_numbers, default="none")


def _numbers(version: str) -> tuple[int, ...]:
    found = _SYMBOL.fullmatch(version)
    return tuple(int(part) for part in found[2].split(".")) if found else ()


def top_level(path: str) -> str:
    """Give the folder or module below site-packages (or of the venv) that a file belongs to."""
    _, found, below = path.rpartition("site-packages/")
    name = (below if found else path).split("/")[0]
    return name.removesuffix(".libs").split(".")[0]


def search_of(snapshot: Snapshot) -> Search:
    """Give what the loader of the venv's Python knows."""
    elf, venv = snapshot.elf, snapshot.venv
    python = asks.venv_python(snapshot)
    loader = python.loader if python else None
    store = posixpath.dirname(loader) if loader and snapshot.machine.in_store(loader) else None
    root = venv.resolved or venv.path
    return Search(
        venv=root,
        files={posixpath.join(root, one.path): one for one in elf.files},
        library_path=python.library_path if python else (),
        store_loader=store,
        folders=elf.folders,
        cache=elf.cache,
        loaded=elf.loaded,
    )
