"""Loading native libraries when the venv's Python starts."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from types import ModuleType

import pytest
from venv_project import HASH, PYTHON, Project, run

from tests.support.lacking import lacking

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="done on Linux only")


class Libraries:
    """A store package of libraries, compiled for the purpose."""

    def __init__(self, folder: Path) -> None:
        self.root = folder
        self.lib = folder / "lib"
        self.lib.mkdir(parents=True)

    def add(self, file: str, soname: str | None = None, code: str = "", *flags: object) -> Path:
        """Compile a library into `lib`."""
        source = self.root / "source.c"
        source.write_text(code)
        named = [f"-Wl,-soname,{soname}"] if soname else []
        run("cc", "-shared", "-fPIC", *named, "-o", self.lib / file, source, *flags)
        return self.lib / file


@pytest.fixture
def libraries(tmp_path: Path) -> Libraries:
    """Give an empty package in a store."""
    if shutil.which("cc") is None:
        lacking("no C compiler")
    return Libraries(tmp_path / "store" / f"{HASH}-hello-lib")


@pytest.fixture
def wheel_library(libraries: Libraries, tmp_path: Path) -> Path:
    """Give a library as wheels have them: it needs libhello.so.1 and does not say where it is."""
    hello = libraries.add("libhello.so.1", "libhello.so.1", "int hello(void) { return 42; }")
    wheel = Libraries(tmp_path / "wheel")
    code = "int hello(void); int greet(void) { return hello(); }"
    return wheel.add("libgreet.so", None, code, hello)


def greet(library: Path) -> str:
    """Return code that loads a library and calls it."""
    return f"import ctypes; print(ctypes.CDLL({str(library)!r}).greet())"


def test_a_wheel_finds_a_library_that_it_needs_by_name(
    project: Project, libraries: Libraries, wheel_library: Path
):
    """What the clean interpreter cannot load, the venv's can, and the store's file is used."""
    code = f"try:\n    {greet(wheel_library)}\nexcept OSError as error: print(error)"
    assert "libhello.so.1: cannot open shared object" in run(PYTHON, "-c", code).stdout
    project.enter("--library", libraries.root)
    assert project.python(greet(wheel_library)) == "42"
    maps = project.python("print(open('/proc/self/maps').read())")
    assert str(libraries.lib / "libhello.so.1") in maps


@pytest.mark.parametrize("flag", ["-I", "-E", "-s", "-B"])
def test_python_with_options_finds_it_too(
    project: Project, libraries: Libraries, wheel_library: Path, flag: str
):
    """Isolated mode and its like change nothing."""
    project.enter("--library", libraries.root)
    assert project.python(greet(wheel_library), flag) == "42"


def test_python_without_site_loads_nothing(
    project: Project, libraries: Libraries, wheel_library: Path
):
    """`python -S` is left as bare as it is."""
    project.enter("--library", libraries.root)
    maps = project.python("print(open('/proc/self/maps').read())", "-S")
    assert "libhello" not in maps


def test_children_are_untouched(project: Project, libraries: Libraries, wheel_library: Path):
    """Another program started from Python has neither a variable nor a library of ours."""
    project.enter("--library", libraries.root)
    code = (
        "import os, subprocess; before = dict(os.environ)\n"
        "out = lambda *c: subprocess.run(c, capture_output=True, text=True).stdout\n"
        "print('hello' in out('cat', '/proc/self/maps'), 'LD_' in out('env'))"
    )
    assert project.python(code) == "False False"


def test_a_symbol_of_a_library_does_not_take_anothers_place(project: Project, libraries: Libraries):
    """A function of the same name in another library stays itself."""
    libraries.add("libbad.so.1", "libbad.so.1", "int greet(void) { return 13; }")
    code = "int greet(void) { return 7; } int ask(void) { return greet(); }"
    other = Libraries(project.root / "other").add("libown.so", None, code)
    project.enter("--library", libraries.root)
    assert project.python(f"import ctypes; print(ctypes.CDLL({str(other)!r}).ask())") == "7"


def test_a_library_that_is_gone_or_broken_does_not_stop_python(
    project: Project, libraries: Libraries, wheel_library: Path
):
    """Python starts without a word, and what is there is loaded nevertheless."""
    libraries.add("liba.so.1", "liba.so.1")
    libraries.add("libb.so.1", "libb.so.1")
    project.enter("--library", libraries.root)
    (libraries.lib / "liba.so.1").unlink()
    (libraries.lib / "libb.so.1").write_bytes(b"\x7fELF\x02\x01 cut short")
    assert project.python(greet(wheel_library)) == "42"


def test_a_single_file_is_looked_up_at_each_start(
    project: Project, libraries: Libraries, wheel_library: Path
):
    """A driver's library that comes later, or moves on, is loaded by the path that was given."""
    driver = project.root / "driver" / "libhello.so.1"
    project.enter("--library", driver)
    assert project.python("print('starts')") == "starts"
    driver.parent.mkdir()
    shutil.copy(libraries.lib / "libhello.so.1", driver)
    assert project.python(greet(wheel_library)) == "42"


def test_a_drivers_libraries_are_loaded_and_linked_alone(project: Project, libraries: Libraries):
    """The host's driver is loaded by its path; a linker sees it without what lies beside it."""
    (libraries.lib / "libc.so.6").touch()
    sonames = "libcuda.so.1", "libnvidia-ml.so.1", "libnvidia-ptxjitcompiler.so.1"
    for soname in sonames:
        libraries.add(soname, soname, "int answer(void) { return 42; }")
    project.enter("--driver", libraries.lib)
    for soname in sonames:
        assert project.python(f"import ctypes; print(ctypes.CDLL({soname!r}).answer())") == "42"
    folder = project.venv / "lib/nixpy-driver"
    links = {path.name: path.readlink() for path in folder.iterdir()}
    assert links == {
        name: libraries.lib / soname
        for soname in sonames
        for name in (soname, soname.removesuffix(".1"))
    }
    project.enter(stamp="without")
    assert not folder.exists()


def test_a_driver_that_vanished_is_told(project: Project, tmp_path: Path):
    """One line says that there is none; the venv is made."""
    told = project.enter("--driver", tmp_path / "gone")
    assert f"`{tmp_path / 'gone'}` holds no library of NVIDIA's driver any more" in told.stderr
    assert project.python("print('starts')") == "starts"


def names(program: ModuleType, library: object) -> list[str]:
    """Return the names of the files that are loaded for a --library."""
    return [Path(path).name for path in program.library_files(str(library))]


def test_a_package_gives_its_sonames(program: ModuleType, libraries: Libraries):
    """Of a library's three names one is loaded: the file to which its soname leads."""
    libraries.add("libz.so.1.2.13", "libz.so.1")
    (libraries.lib / "libz.so.1").symlink_to("libz.so.1.2.13")
    (libraries.lib / "libz.so").symlink_to("libz.so.1")
    libraries.add("libplain.so", "libplain.so")
    assert names(program, libraries.root) == ["libplain.so", "libz.so.1.2.13"]
    assert names(program, libraries.lib) == ["libplain.so", "libz.so.1.2.13"]


def test_some_sonames_can_be_named(program: ModuleType, libraries: Libraries):
    """Of a large package only the listed libraries are loaded, in the listed order."""
    for name in ("liba.so.1", "libb.so.1", "libc++.so.1"):
        libraries.add(name, name)
    assert names(program, f"{libraries.root}:libc++.so.1,liba.so.1,libnone.so.9") == [
        "libc++.so.1", "liba.so.1",
    ]  # fmt: skip


def test_what_is_no_library_by_name_is_left_out(program: ModuleType, libraries: Libraries):
    """Linker scripts, plugins, programs, cut or foreign files are not loaded."""
    good = libraries.add("libgood.so.1", "libgood.so.1").read_bytes()
    libraries.add("plugin.so")
    libraries.add("libother.so.2", "libother.so.1")
    (libraries.lib / "libscript.so").write_text("INPUT(libgood.so.1)")
    (libraries.lib / "libempty.so").touch()
    (libraries.lib / "libcut.so.1").write_bytes(good[:40])
    (libraries.lib / "libcut.so.2").write_bytes(good[:100])
    (libraries.lib / "libdangling.so").symlink_to("nowhere")
    (libraries.lib / "libfolder.so").mkdir()
    # as if for another machine (e_machine), or of 32 bits (EI_CLASS)
    for name, place, value in (("libfar.so.1", 18, 0xF0), ("libnarrow.so.1", 4, 1)):
        foreign = libraries.add(name, name)
        content = bytearray(foreign.read_bytes())
        content[place] = value
        foreign.write_bytes(content)
    assert names(program, libraries.root) == ["libgood.so.1"]


@pytest.mark.parametrize(
    "name",
    ["libasan.so.8", "libtsan.so.2", "libubsan.so.1", "liblsan.so.0", "libhwasan.so.0",
     "libpython3.12.so.1.0", "ld-linux-x86-64.so.2", "libc.so", "libgomp-plugin-nvptx.so.1"],
)  # fmt: skip
def test_what_breaks_a_running_process_is_left_out(
    program: ModuleType, libraries: Libraries, name: str
):
    """Sanitizers, a second libpython and parts of a C library are never loaded."""
    libraries.add(name, name)
    libraries.add("libgomp.so.1", "libgomp.so.1")
    assert names(program, libraries.root) == ["libgomp.so.1"]


def test_glibc_is_left_out(program: ModuleType, libraries: Libraries):
    """A package that is the C library gives nothing at all."""
    libraries.add("libc.so.6", "libc.so.6")
    libraries.add("libm.so.6", "libm.so.6")
    assert names(program, libraries.root) == []
