"""Where the dynamic loader would find a library: pure, for glibc (ld.so(8)).

A store glibc searches neither the host's folders nor its ``ld.so.cache``.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from nixpy.doctor.snapshot import Elf

# The host's loader looks here after its cache; the cache has the multi-architecture folders.
HOST_FOLDERS = ("/lib64", "/usr/lib64", "/lib", "/usr/lib")


@dataclass(frozen=True, slots=True)
class Search:
    """What the dynamic loader of one Python knows.

    ``venv`` is the venv's folder without symbolic links. ``store_loader`` is the folder of the
    loader where it is in the store. ``folders``, ``cache`` and ``loaded`` are as in ``Binaries``.
    """

    venv: str
    files: Mapping[str, Elf]
    library_path: tuple[str, ...] = ()
    store_loader: str | None = None
    folders: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    cache: Mapping[str, str] = field(default_factory=dict)
    loaded: Mapping[str, str] = field(default_factory=dict)

    def find(self, elf: Elf, needed: str) -> str | None:
        """Give the path that a DT_NEEDED entry leads to, or None if the loader finds nothing."""
        if needed in self.loaded:
            return self.loaded[needed]
        for folder in self.searched(elf):
            path = posixpath.join(folder, needed)
            if path in self.files or needed in self.folders.get(folder, ()):
                return path
        if self.store_loader is None and needed in self.cache:
            return self.cache[needed]
        return next(
            (
                posixpath.join(folder, needed)
                for folder in self._default_folders()
                if needed in self.folders.get(folder, ())
            ),
            None,
        )

    def searched(self, elf: Elf) -> Iterator[str]:
        """Give the folders that are searched for what a file needs, before the default ones."""
        origin = posixpath.dirname(posixpath.join(self.venv, elf.path))
        if not elf.runpath:
            yield from (expand(entry, origin) for entry in elf.rpath)
        yield from self.library_path
        yield from (expand(entry, origin) for entry in elf.runpath)

    def _default_folders(self) -> tuple[str, ...]:
        return HOST_FOLDERS if self.store_loader is None else (self.store_loader,)


def expand(entry: str, origin: str) -> str:
    """Put a file's folder in place of ``$ORIGIN`` in an entry of RPATH or RUNPATH."""
    text = entry.replace("${ORIGIN}", origin).replace("$ORIGIN", origin)
    return posixpath.normpath(text) if text else origin
