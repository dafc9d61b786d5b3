"""Reading ELF files: compiled here, and bad ones."""

from __future__ import annotations

import struct
import subprocess
import sys
from pathlib import Path

import pytest

from nixpy.doctor.gather.elf import Counter, interpreter, loader_state, read
from nixpy.doctor.snapshot import Loader


@pytest.fixture
def compile_c(tmp_path: Path):
    """Compiles a C source with gcc: ``compile_c(source, *options) -> Path``."""

    def compile_source(source: str, *options: str, name: str = "lib.so") -> Path:
        code, target = tmp_path / f"{name}.c", tmp_path / name
        code.write_text(source)
        subprocess.run(["gcc", str(code), "-o", str(target), *options], check=True)
        return target

    return compile_source


def test_what_a_library_needs(compile_c):
    """Needed libraries, its own name, and where it looks, with $ORIGIN as it stands."""
    library = compile_c(
        "#include <math.h>\ndouble two(double x) { return sin(x); }",
        "-shared", "-fPIC", "-Wl,--no-as-needed", "-lm", "-Wl,-soname,libtwo.so.1",
        "-Wl,--enable-new-dtags,-rpath,$ORIGIN/../two.libs:/nix/store/x/lib",
    )  # fmt: skip
    counter = Counter()
    found = read(str(library), "two.so", counter)
    assert found is not None
    assert found.elf.path == "two.so"
    assert found.elf.soname == "libtwo.so.1"
    assert found.elf.needed == ("libm.so.6", "libc.so.6")
    assert found.elf.runpath == ("$ORIGIN/../two.libs", "/nix/store/x/lib")
    assert found.elf.rpath == ()
    assert found.elf.interpreter is None
    assert found.elf.native
    assert 0 < counter.bytes < 10_000


def test_rpath_is_not_runpath(compile_c):
    """The older tag is told apart, since it counts in another order."""
    options = ("-shared", "-fPIC", "-Wl,--disable-new-dtags,-rpath,/old")
    library = compile_c("int one(void) { return 1; }", *options)
    found = read(str(library), "x", Counter())
    assert found is not None
    assert (found.elf.rpath, found.elf.runpath) == (("/old",), ())


def test_what_readelf_says(compile_c):
    """The symbol versions that a C library needs are those that readelf prints."""
    library = compile_c(
        "#include <stdio.h>\n#include <math.h>\n"
        'int f(double x) { return printf("%f", pow(x, x)); }',
        "-shared", "-fPIC", "-lm",
    )  # fmt: skip
    found = read(str(library), "x", Counter())
    assert found is not None
    said = subprocess.run(
        ["readelf", "--version-info", "--wide", library], check=True, capture_output=True, text=True
    ).stdout
    for versions in found.elf.versions.values():
        assert versions
        assert all(f"Name: {version}" in said for version in versions)
    assert said.count("Name: GLIBC_") == sum(map(len, found.elf.versions.values()))


def test_many_versions_of_one_library(compile_c, tmp_path):
    """A list of versions that is longer than what is read at a time is read whole."""
    script = tmp_path / "versions"
    names = [f"LONG_NAME_OF_A_VERSION_{number:03}" for number in range(200)]
    script.write_text("\n".join(f"{name} {{ f{n}; }};" for n, name in enumerate(names)))
    functions = "".join(f"int f{n}(void) {{ return {n}; }}\n" for n in range(200))
    options = ("-shared", "-fPIC", f"-Wl,--version-script={script}", "-Wl,-soname,libmany.so")
    many = compile_c(functions, *options, name="libmany.so")
    calls = "".join(f"int f{n}(void);\n" for n in range(200))
    body = " + ".join(f"f{n}()" for n in range(200))
    user = compile_c(
        f"{calls}int all(void) {{ return {body}; }}", "-shared", "-fPIC", str(many), name="user.so"
    )
    defined = read(str(many), "x", Counter(), definitions=True)
    needed = read(str(user), "x", Counter())
    assert defined is not None
    assert needed is not None
    assert set(names) < set(defined.defined)
    assert set(needed.elf.versions["libmany.so"]) == set(names)


def test_a_program_names_its_loader(compile_c):
    """PT_INTERP is read through symbolic links too."""
    program = compile_c(
        "int main(void) { return 0; }", "-Wl,--dynamic-linker=/lib64/other.so.2", name="program"
    )
    link = program.with_name("link")
    link.symlink_to(program)
    assert interpreter(str(link)) == "/lib64/other.so.2"
    assert interpreter(sys.executable) is not None


def test_a_static_program_has_no_loader(compile_c):
    """A static program starts anywhere."""
    program = compile_c("void _start(void) {}", "-static", "-nostdlib", name="static")
    assert interpreter(str(program)) is None


def header(bits: int, machine: int, order: str = "<") -> bytes:
    """Give an ELF file without segments."""
    identification = b"\x7fELF" + bytes([bits // 32, 1 if order == "<" else 2, 1]) + bytes(9)
    layout = "HHIIIIIHHHHHH" if bits == 32 else "HHIQQQIHHHHHH"
    return identification + struct.pack(
        order + layout, 3, machine, 1, 0, 0, 0, 0, 64, 0, 0, 0, 0, 0
    )


@pytest.mark.parametrize(("bits", "machine", "order"), [(32, 40, "<"), (64, 21, ">"), (64, 8, "<")])
def test_other_processors(bits, machine, order, tmp_path):
    """Files for ARM of 32 bits, big-endian PowerPC or MIPS are read, and are not native."""
    file = tmp_path / "foreign.so"
    file.write_bytes(header(bits, machine, order))
    found = read(str(file), "foreign.so", Counter())
    assert found is not None
    assert not found.elf.native


@pytest.mark.parametrize(
    "content",
    [b"", b"\x7fELF", b"#!/bin/sh\n", b"\x7fELF\x09\x09" + bytes(100), header(64, 62)[:40]],
    ids=["empty", "magic", "script", "odd class", "cut"],
)
def test_what_is_no_elf_file(content, tmp_path):
    """Other files, and broken ones, are passed over."""
    file = tmp_path / "bad.so"
    file.write_bytes(content)
    assert read(str(file), "bad.so", Counter()) is None


def test_any_cut_of_a_file_is_passed_over(compile_c):
    """A file that is cut short anywhere neither raises nor hangs."""
    library = compile_c("int one(void) { return 1; }", "-shared", "-fPIC")
    whole = library.read_bytes()
    for size in range(0, min(len(whole), 6000), 97):
        library.write_bytes(whole[:size])
        found = read(str(library), "x", Counter())
        assert found is None or found.elf.path == "x"


def test_a_file_that_is_missing_or_a_folder(tmp_path):
    """What cannot be opened or read is passed over."""
    assert read(str(tmp_path / "none.so"), "x", Counter()) is None
    assert read(str(tmp_path), "x", Counter()) is None


def test_what_stands_at_a_loaders_path(tmp_path):
    """NixOS puts a stub or nix-ld where generic programs look for their loader."""
    store = tmp_path / "store"
    for name in ("stub-ld-x86_64", "nix-ld-2.0", "glibc-2.40"):
        (store / name).mkdir(parents=True)
        (store / name / "ld.so").touch()
        (tmp_path / name).symlink_to(store / name / "ld.so")
    states = {
        "stub-ld-x86_64": Loader.STUB,
        "nix-ld-2.0": Loader.NIX_LD,
        "glibc-2.40": Loader.PRESENT,
        "none": Loader.ABSENT,
    }
    for name, state in states.items():
        assert loader_state(str(tmp_path / name), str(store)) is state
    assert loader_state(str(store / "nix-ld-2.0/ld.so"), str(store)) is Loader.PRESENT
    assert loader_state(None, str(store)) is Loader.PRESENT
