"""Reads every ELF file of a venv, and what the dynamic loader would find outside of it."""

from __future__ import annotations

import os
import re
import struct
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from nixpy.doctor.gather import elf
from nixpy.doctor.loader.search import HOST_FOLDERS, Search, expand
from nixpy.doctor.snapshot import Binaries, Elf, Interpreter, Machine, Venv

_LIBRARY = re.compile(r".+\.so(?:\.[\d.]+)?|.+\.so\.[\w.]+")
# Nothing that ends so is an ELF file; the rest is looked at if it may be executed.
_TEXT = re.compile(
    r".*\.(?:c|cc|cfg|cpp|css|csv|gz|h|hpp|html|ini|jinja|js|json|map|md|mjs|npy|npz|pem|png|pxd"
    r"|pyc?|pyi|pyx|rst|sh|svg|toml|ts|ttf|txt|xml|yaml|yml|zip)"
)
_SKIPPED = frozenset({"__pycache__", "node_modules", "include"})

# Asked for, although libraries of CUDA load it by themselves.
_CUDA = frozenset({"libcuda.so.1"})

_CACHE = "/etc/ld.so.cache"
_CACHE_MAGIC = b"glibc-ld.so.cache1.1"


def look(
    venv: Venv,
    python_said: Callable[[], Interpreter | None],
    machine: Machine,
) -> Binaries:
    """Read the ELF files of a venv.

    ``python_said`` gives what its Python said, and may wait for it: it is called late.
    """
    counter = elf.Counter()
    root = venv.resolved or venv.path
    files = tuple(_files(root, counter))
    python = python_said()
    library_path = python.library_path if python else ()
    wanted = _CUDA | {name for one in files for name in (*one.needed, *one.versions)}
    loaded = dict(_loaded(python.loaded if python else (), counter))
    store_loader = (
        str(Path(python.loader).parent)
        if python and python.loader and machine.in_store(python.loader)
        else None
    )
    folders = _folders(root, files, library_path, store_loader)
    cache = {} if store_loader else _cache(wanted)
    listed = {folder: _list(folder, wanted) for folder in folders}
    search = Search(
        venv=root,
        files={f"{root}/{one.path}": one for one in files},
        library_path=library_path,
        store_loader=store_loader,
        folders=listed,
        cache=cache,
        loaded=loaded,
    )
    loaders = {one.interpreter for one in files if one.interpreter}
    return Binaries(
        files=files,
        folders={folder: names for folder, names in listed.items() if names},
        cache=cache,
        defined=_defined(search, files, counter),
        loaders={one: elf.loader_state(one, machine.store) for one in sorted(loaders)},
        loaded=loaded,
        bytes_read=counter.bytes,
    )


def _files(root: str, counter: elf.Counter) -> Iterator[Elf]:
    for path in _candidates(root):
        found = elf.read(path, os.path.relpath(path, root), counter)
        if found is not None:
            yield found.elf


def _candidates(root: str) -> Iterator[str]:
    todo = [root]
    while todo:
        try:
            entries = sorted(os.scandir(todo.pop()), key=lambda one: one.name)
        except OSError:
            continue
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                if entry.name not in _SKIPPED and not entry.name.endswith(".dist-info"):
                    todo.append(entry.path)
            elif _may_be_elf(entry):
                yield entry.path


def _may_be_elf(entry: os.DirEntry[str]) -> bool:
    if _LIBRARY.fullmatch(entry.name):
        return True
    if _TEXT.fullmatch(entry.name):
        return False
    try:
        return bool(entry.is_file() and entry.stat().st_mode & 0o111)
    except OSError:
        return False


def _loaded(paths: Iterable[str], counter: elf.Counter) -> Iterator[tuple[str, str]]:
    for path in paths:
        found = elf.read(path, path, counter)
        if found is not None:
            yield found.elf.soname or Path(path).name, path


def _folders(
    root: str, files: Iterable[Elf], library_path: Iterable[str], store_loader: str | None
) -> list[str]:
    """Give the folders that some file makes the loader search, and the default ones."""
    found = dict.fromkeys(library_path)
    for one in files:
        origin = str(Path(root, one.path).parent)
        found |= dict.fromkeys(expand(entry, origin) for entry in (*one.rpath, *one.runpath))
    return [*found, *((store_loader,) if store_loader else HOST_FOLDERS)]


def _list(folder: str, wanted: frozenset[str]) -> tuple[str, ...]:
    try:
        names = os.listdir(folder)  # noqa: PTH208 - only the names, of large folders
    except OSError:
        return ()
    return tuple(sorted(wanted.intersection(names)))


def _defined(
    search: Search, files: Iterable[Elf], counter: elf.Counter
) -> dict[str, tuple[str, ...]]:
    paths = {
        path
        for one in files
        for library in one.versions
        if (path := search.find(one, library)) and path not in search.files
    }
    found = {path: elf.read(path, path, counter, definitions=True) for path in sorted(paths)}
    return {path: one.defined for path, one in found.items() if one is not None}


def _cache(wanted: frozenset[str]) -> Mapping[str, str]:
    """Look the sonames up in the host's cache of libraries (ldconfig(8)), as glibc does."""
    try:
        data = Path(_CACHE).read_bytes()
    except OSError:
        return {}
    begin = data.find(_CACHE_MAGIC)
    found: dict[str, str] = {}
    if begin < 0:
        return found
    # struct cache_file_new and file_entry_new of glibc's sysdeps/generic/dl-cache.h
    (count,) = struct.unpack_from("=I", data, begin + len(_CACHE_MAGIC))
    for number in range(count):
        entry = begin + 48 + number * 24
        if entry + 24 > len(data):
            break
        _, key, value = struct.unpack_from("=iII", data, entry)
        name = _text(data, begin + key)
        if name in wanted and name not in found:
            path = _text(data, begin + value)
            if _this_word_size(path):
                found[name] = path
    return found


def _text(data: bytes, offset: int) -> str:
    return data[offset : data.find(b"\0", offset)].decode("utf-8", "replace")


def _this_word_size(path: str) -> bool:
    found = elf.read(path, path, elf.Counter())
    return found is not None and found.elf.native
