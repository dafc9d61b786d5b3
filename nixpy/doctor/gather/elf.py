"""Reads the header and the dynamic section of ELF files, a few kilobytes of each.

pyelftools knows the structures. Its own way to the strings goes by the section headers, at the end
of the file; here they are found through the program headers, as the dynamic loader does it. The two
arrays of equal entries, program headers and dynamic section, are unpacked as such: a venv has tens
of thousands of them.
"""

from __future__ import annotations

import os
import platform
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from nixpy.doctor.snapshot import Elf, Loader

MAGIC = b"\x7fELF"

_WINDOW = 1024
_STRING = 64
# Far above what any linker makes: a corrupt file must not make us read on for ever.
_MOST = 4096

_MACHINES = {"EM_X86_64": "x86_64", "EM_AARCH64": "aarch64", "EM_386": "i686", "EM_ARM": "armv7l"}


_ASKED = frozenset(
    {
        "DT_NULL",
        "DT_NEEDED",
        "DT_STRTAB",
        "DT_SONAME",
        "DT_RPATH",
        "DT_RUNPATH",
        "DT_VERDEF",
        "DT_VERDEFNUM",
        "DT_VERNEED",
        "DT_VERNEEDNUM",
    }
)
# Elf32_Phdr, Elf64_Phdr, Elf32_Dyn and Elf64_Dyn of elf(5).
_SEGMENT = {32: "IIIIIIII", 64: "IIQQQQQQ"}
_DYNAMIC = {32: "iI", 64: "qQ"}


class _Segment(NamedTuple):
    type: int
    offset: int
    address: int
    size: int  # in the file


@dataclass(slots=True)
class Counter:
    """Counts the bytes that were read."""

    bytes: int = 0


@dataclass(frozen=True, slots=True)
class Read:
    """One file's facts; ``defined`` are the symbol versions that it has (a library)."""

    elf: Elf
    defined: tuple[str, ...] = field(default=())


def read(path: str, name: str, counter: Counter, *, definitions: bool = False) -> Read | None:
    """Read one file, which facts shall call ``name``.

    Gives None for what is not an ELF file, is cut short, or cannot be read.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError:
        return None
    try:
        return _File(handle, counter).facts(name, definitions=definitions)
    except (OSError, ArithmeticError, LookupError, ValueError, struct.error, _parse_error()):
        return None
    finally:
        os.close(handle)


def interpreter(path: str) -> str | None:
    """Give the PT_INTERP of a program, or None where there is none."""
    found = read(os.path.realpath(path), path, Counter())
    return found.elf.interpreter if found else None


def loader_state(loader: str | None, store: str) -> Loader:
    """Say what stands at the path of a dynamic loader."""
    if loader is None or (loader.startswith(store + "/") and Path(loader).exists()):
        return Loader.PRESENT
    resolved = os.path.realpath(loader)
    if not Path(resolved).exists():
        return Loader.ABSENT
    if "stub-ld" in resolved:
        return Loader.STUB
    return Loader.NIX_LD if "nix-ld" in resolved else Loader.PRESENT


@cache
def _parse_error() -> type[Exception]:
    from elftools.common.exceptions import ELFError

    error: type[Exception] = ELFError
    return error


@cache
def _structures(bits: int, little: bool) -> Any:
    from elftools.elf.structs import ELFStructs

    structures = ELFStructs(little_endian=little, elfclass=bits)
    structures.create_basic_structs()
    structures.create_advanced_structs()
    return structures


@cache
def _numbers() -> Mapping[str, int]:
    from elftools.elf.enums import ENUM_P_TYPE_BASE

    numbers: Mapping[str, int] = ENUM_P_TYPE_BASE
    return numbers


@cache
def _tags() -> dict[int, str]:
    from elftools.elf.enums import ENUM_D_TAG_COMMON

    return {number: name for name, number in ENUM_D_TAG_COMMON.items() if name in _ASKED}


@cache
def _parse() -> Any:
    from elftools.common.utils import struct_parse

    return struct_parse


class _Window:
    """A file as pyelftools reads it, of which a kilobyte is fetched at a time."""

    def __init__(self, handle: int, counter: Counter) -> None:
        self._handle = handle
        self._counter = counter
        self._start = 0
        self._data = b""
        self._at = 0

    def fetch(self, offset: int, size: int) -> bytes:
        """Read past the window."""
        data = os.pread(self._handle, size, offset)
        self._counter.bytes += len(data)
        return data

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        self._at = offset + (self._at if whence == os.SEEK_CUR else 0)
        return self._at

    def tell(self) -> int:
        return self._at

    def read(self, size: int) -> bytes:
        begin = self._at - self._start
        if begin < 0 or begin + size > len(self._data):
            self._data = self.fetch(self._at, max(size, _WINDOW))
            self._start, begin = self._at, 0
        data = self._data[begin : begin + size]
        self._at += len(data)
        return data


class _File:
    def __init__(self, handle: int, counter: Counter) -> None:
        self._stream = _Window(handle, counter)
        identification = self._stream.read(16)
        if identification[:4] != MAGIC or identification[4:5] not in {b"\1", b"\2"}:
            raise ValueError
        self._bits, self._order = 32 * identification[4], "<" if identification[5] == 1 else ">"
        self._structures = _structures(self._bits, identification[5] == 1)
        self._header = self._parse(self._structures.Elf_Ehdr, 0)
        rows = self._rows(_SEGMENT[self._bits], self._header.e_phoff, self._header.e_phnum)
        # The flags stand in another place in files of 32 bits.
        first = 1 if self._bits == 32 else 2
        self._segments = [
            _Segment(row[0], row[first], row[first + 1], row[first + 3]) for row in rows
        ]

    def _parse(self, structure: Any, offset: int) -> Any:
        return _parse()(structure, self._stream, offset)

    def _rows(self, layout: str, offset: int, count: int) -> list[tuple[int, ...]]:
        """Unpack an array of equal entries."""
        row = struct.Struct(self._order + layout)
        self._stream.seek(offset)
        data = self._stream.read(row.size * min(count, _MOST))
        return list(row.iter_unpack(data[: len(data) // row.size * row.size]))

    def _segment(self, kind: str) -> _Segment | None:
        number = _numbers()[kind]
        return next((one for one in self._segments if one.type == number), None)

    def _offset(self, address: int) -> int:
        load = _numbers()["PT_LOAD"]
        for one in self._segments:
            if one.type == load and 0 <= address - one.address < one.size:
                return address - one.address + one.offset
        raise ValueError

    def _dynamic(self) -> dict[str, list[int]]:
        tags: dict[str, list[int]] = {}
        place = self._segment("PT_DYNAMIC")
        if place is None:
            return tags
        layout = _DYNAMIC[self._bits]
        names = _tags()
        count = place.size // struct.calcsize(self._order + layout)
        for tag, value in self._rows(layout, place.offset, count):
            name = names.get(tag)
            if name == "DT_NULL":
                break
            if name:
                tags.setdefault(name, []).append(value)
        return tags

    def _string(self, offset: int) -> str:
        data, size = b"", _STRING
        while b"\0" not in data and size <= _MOST:
            data = self._stream.fetch(offset, size)
            size *= 4
        return data.partition(b"\0")[0].decode("utf-8", "replace")

    def facts(self, name: str, *, definitions: bool) -> Read:
        interpreter = self._segment("PT_INTERP")
        tags = self._dynamic()
        strings = self._offset(tags["DT_STRTAB"][0]) if "DT_STRTAB" in tags else 0

        def texts(tag: str) -> list[str]:
            return [self._string(strings + offset) for offset in tags.get(tag, ())]

        elf = Elf(
            path=name,
            needed=tuple(texts("DT_NEEDED")),
            soname=next(iter(texts("DT_SONAME")), None),
            rpath=_folders(texts("DT_RPATH")),
            runpath=_folders(texts("DT_RUNPATH")),
            interpreter=self._string(interpreter.offset) if interpreter else None,
            versions=self._needed_versions(tags, strings),
            native=_MACHINES.get(self._header.e_machine) == _this_machine(),
        )
        return Read(elf, tuple(self._defined_versions(tags, strings)) if definitions else ())

    def _needed_versions(
        self, tags: Mapping[str, list[int]], strings: int
    ) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for at, entry in self._chain(tags, "DT_VERNEED", self._structures.Elf_Verneed, "vn_next"):
            names, start = [], at + entry.vn_aux
            for _ in range(min(entry.vn_cnt, _MOST)):
                auxiliary = self._parse(self._structures.Elf_Vernaux, start)
                names.append(self._string(strings + auxiliary.vna_name))
                start += auxiliary.vna_next
            found[self._string(strings + entry.vn_file)] = tuple(names)
        return found

    def _defined_versions(self, tags: Mapping[str, list[int]], strings: int) -> Iterator[str]:
        for at, entry in self._chain(tags, "DT_VERDEF", self._structures.Elf_Verdef, "vd_next"):
            auxiliary = self._parse(self._structures.Elf_Verdaux, at + entry.vd_aux)
            yield self._string(strings + auxiliary.vda_name)

    def _chain(
        self, tags: Mapping[str, list[int]], tag: str, structure: Any, distance: str
    ) -> Iterator[tuple[int, Any]]:
        """Walk one of the two lists of versions, of which each entry says how far the next is."""
        if tag not in tags:
            return
        at = self._offset(tags[tag][0])
        for _ in range(min(tags[f"{tag}NUM"][0], _MOST)):
            entry = self._parse(structure, at)
            yield at, entry
            at += entry[distance]


def _folders(texts: list[str]) -> tuple[str, ...]:
    return tuple(entry for text in texts for entry in text.split(":") if entry)


@cache
def _this_machine() -> str:
    return {"arm64": "aarch64", "amd64": "x86_64"}.get(platform.machine(), platform.machine())
