"""L: libraries, judged from snapshots with ELF facts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nixpy.doctor.model import Step
from nixpy.doctor.run import findings, select
from nixpy.doctor.snapshot import Elf, Interpreter, Machine, PathFacts
from nixpy.venv.installed import Distribution
from tests.support.snapshots import (
    GLIBC,
    SITE,
    STORE,
    VENV,
    VENV_PYTHON,
    changed,
    found,
    healthy,
    text,
    with_elf,
    with_variables,
)

GCC = f"{STORE}/gggg-gcc-lib/lib"


def library(name: str, *needed: str, **further) -> Elf:
    """Give an ELF file of site-packages."""
    return Elf(f"{SITE}/{name}", needed=needed, **further)


CPP = library("speedy/_speedy.cpython-312-x86_64-linux-gnu.so", "libstdc++.so.6", "libc.so.6")
CV2 = library("cv2/cv2.abi3.so", "libGL.so.1", "libgthread-2.0.so.0", "libm.so.6")


def debian() -> Interpreter:
    """Give a venv's Python whose loader is the host's."""
    return replace(VENV_PYTHON, base_prefix="/usr", loader="/lib64/ld-linux-x86-64.so.2")


def test_a_library_of_the_manylinux_policy_is_not_found():
    """L1 names the file, the soname, and that a new shell loads it."""
    said = text(with_elf(CPP), "L1")
    assert "`.venv/lib/python3.12/site-packages/speedy/_speedy.cpython-312" in said
    assert "needs libstdc++.so.6" in said
    assert "enter the shell again" in said


@pytest.mark.parametrize(
    "values",
    [
        {"loaded": {"libstdc++.so.6": f"{GCC}/libstdc++.so.6.0.33"}},
        {"files": (replace(CPP, runpath=(GCC,)),), "folders": {GCC: ("libstdc++.so.6",)}},
        {"files": (replace(CPP, rpath=(GCC,)),), "folders": {GCC: ("libstdc++.so.6",)}},
        {"files": (replace(CPP, runpath=("$ORIGIN/../s.libs",)), library("s.libs/libstdc++.so.6"))},
        {"files": (CPP, library("speedy/libstdc++.so.6"))},
        {"files": (replace(CPP, native=False),)},
    ],
    ids=["loaded", "runpath", "rpath", "origin", "own package", "other processor"],
)
def test_where_a_library_may_come_from(values):
    """What is loaded already, on the file's own path or in the wheel itself is found."""
    values = {"files": (CPP,), **values}
    values["folders"] = {GLIBC: ("libc.so.6", "libm.so.6"), **values.get("folders", {})}
    assert found(changed("elf", **values), "L") == []


def test_another_wheels_copy_of_a_system_library_does_not_help():
    """libstdc++ in the folder of one package is not found by another package."""
    other = library("other/libstdc++.so.6")
    assert found(with_elf(CPP, other), "L") == ["L1"]


def test_another_wheels_own_library_does():
    """An extension of torch needs libtorch.so, which `import torch` has loaded before."""
    torch = library("torch/lib/libtorch.so", soname="libtorch.so")
    scatter = library("torch_scatter/_c.cpython-312-x86_64-linux-gnu.so", "libtorch.so")
    assert found(with_elf(torch, scatter), "L") == []


def test_rpath_does_not_count_beside_runpath():
    """As ld.so does: DT_RPATH is ignored where there is DT_RUNPATH."""
    both = replace(CPP, rpath=(GCC,), runpath=("$ORIGIN",))
    folders = {GCC: ("libstdc++.so.6",), GLIBC: ("libc.so.6",)}
    assert found(with_elf(both, folders=folders), "L") == ["L1"]


def test_the_library_path_of_a_wrapper_counts():
    """devenv wraps its Python, which then has an LD_LIBRARY_PATH that the shell has not."""
    wrapped = replace(VENV_PYTHON, library_path=(GCC,))
    folders = {GCC: ("libstdc++.so.6",), GLIBC: ("libc.so.6",)}
    snapshot = replace(with_elf(CPP, folders=folders), interpreters=(wrapped,))
    assert found(snapshot, "L") == []


def test_the_hosts_cache_counts_for_the_hosts_python_only():
    """ld.so.cache is searched by the host's loader, not by that of the store."""
    cache = {name: f"/usr/lib/{name}" for name in (*CPP.needed, *CV2.needed)}
    snapshot = with_elf(CPP, CV2, cache=cache)
    assert found(snapshot, "L") == ["L1", "L2"]
    assert found(replace(snapshot, interpreters=(debian(),)), "L") == []


def test_a_missing_library_on_the_host_is_the_distributions_to_install():
    """L2 with Debian's Python speaks of the distribution's packages, not of nixpkgs."""
    cache = {"libm.so.6": "/lib/libm.so.6"}
    snapshot = replace(with_elf(CV2, cache=cache), interpreters=(debian(),))
    assert "install it with your distribution" in text(snapshot, "L2")


def test_sonames_become_attributes():
    """L2 turns sonames into nixpkgs' attributes, for the command and for nixpy.yaml."""
    (one,) = findings(with_elf(CV2), select(["L2"]))
    assert "cv2: " in one.seen
    assert one.fix == "`nixpy add --library glib libGL`"
    assert one.mend is not None
    assert (one.mend.step, one.mend.values) == (Step.EDIT_CONFIG, ("glib", "libGL"))


def test_an_unknown_soname_is_looked_up_by_nix_locate():
    """A soname that no table knows gets the command that finds its package."""
    odd = library("odd/_odd.abi3.so", "libodd.so.7")
    assert "`nix-locate --whole-name lib/libodd.so.7`" in text(with_elf(odd), "L2")


@pytest.mark.parametrize(
    "name",
    [
        "PyQt6/Qt6/plugins/sqldrivers/libqsqlpsql.so",
        "pkg/_old.cpython-39-x86_64-linux-gnu.so",
        "pkg/_pypy.pypy310-pp73-x86_64-linux-gnu.so",
    ],
)
def test_files_that_no_import_reaches_may_lack_libraries(name):
    """Plugins for databases nobody has, and modules for other Pythons, are not loaded."""
    assert found(with_elf(library(name, "libpq.so.5")), "L") == []


def test_what_an_extension_reaches_counts():
    """The library that an extension needs in its wheel may itself lack one."""
    qt = library("PyQt6/Qt6/lib/libQt6Gui.so.6", "libGL.so.1")
    extension = library("PyQt6/QtGui.abi3.so", "libQt6Gui.so.6", runpath=("$ORIGIN/Qt6/lib",))
    assert "PyQt6/Qt6/lib/libQt6Gui.so.6` needs libGL.so.1" in text(with_elf(qt, extension), "L2")


def test_the_window_systems_plugin_counts_on_nix():
    """Qt's xcb plugin is loaded by name, and without it no window opens."""
    plugin = library("PyQt6/Qt6/plugins/platforms/libqxcb.so", "libxcb-cursor.so.0")
    assert found(with_elf(plugin), "L") == ["L2"]
    assert found(replace(with_elf(plugin), interpreters=(debian(),)), "L") == []


def test_libraries_loaded_by_ctypes_count_for_the_usual_ones():
    """lightgbm loads its library by ctypes: libgomp is missed, a library for plugins is not."""
    light = library("lightgbm/lib/lib_lightgbm.so", "libgomp.so.1", "libOpenCL.so.1")
    (one,) = findings(with_elf(light), select(["L"]))
    assert (one.id, one.seen.rpartition("needs ")[2]) == ("L1", "libgomp.so.1")


def test_the_driver_is_not_looked_for_among_libraries():
    """libcuda belongs to the driver: L4 asks for it where there is a GPU."""
    extension = library("torch/_C.cpython-312-x86_64-linux-gnu.so", "libcuda.so.1")
    assert found(with_elf(extension), "L") == []


def needs(version: str, file: Elf = CPP) -> Elf:
    """Give a file that needs a symbol version of libstdc++, which its path leads to."""
    return replace(file, runpath=(GCC,), versions={"libstdc++.so.6": (version, "CXXABI_1.3")})


DEFINED = {
    f"{GCC}/libstdc++.so.6": ("GLIBCXX_3.4", "GLIBCXX_3.4.9", "GLIBCXX_3.4.29", "CXXABI_1.3")
}
FOLDERS = {GCC: ("libstdc++.so.6",), GLIBC: ("libc.so.6",)}


def test_a_symbol_version_that_is_not_there():
    """L9 names what is needed and the highest there is, by number and not by letter."""
    snapshot = with_elf(needs("GLIBCXX_3.4.30"), folders=FOLDERS, defined=DEFINED)
    assert "needs GLIBCXX_3.4.30" in text(snapshot, "L9")
    assert "has up to GLIBCXX_3.4.29" in text(snapshot, "L9")
    older = with_elf(needs("GLIBCXX_3.4.9"), folders=FOLDERS, defined=DEFINED)
    assert found(older, "L") == []


def test_a_loaded_library_is_the_one_that_counts():
    """The libstdc++ that Python has loaded is taken, whatever RUNPATH leads to."""
    new = f"{STORE}/hhhh-gcc-lib/lib/libstdc++.so.6"
    snapshot = with_elf(
        needs("GLIBCXX_3.4.30"),
        folders=FOLDERS,
        loaded={"libstdc++.so.6": new},
        defined={**DEFINED, new: ("GLIBCXX_3.4.30", "CXXABI_1.3")},
    )
    assert found(snapshot, "L") == []


@pytest.mark.parametrize(
    ("unfound", "loaded", "expected"),
    [(("magic",), {}, ["L3"]), ((), {}, []), (("magic",), {"libmagic.so.1": "/x"}, [])],
)
def test_a_library_searched_by_name(unfound, loaded, expected):
    """python-magic is content with a library that is loaded already, which it tries by soname."""
    snapshot = with_elf(loaded=loaded)
    python = replace(VENV_PYTHON, unfound=unfound)
    snapshot = replace(snapshot, interpreters=(python,))
    snapshot = changed("venv", snapshot, distributions=(Distribution("python-magic", "0.4.27"),))
    assert found(snapshot, "L") == expected


def gpu(**machine) -> object:
    """A machine with a GPU, and a CUDA build of torch in the venv."""
    installed = (Distribution("torch", "2.5.1"), Distribution("nvidia-cublas-cu12", "12.4"))
    snapshot = changed("venv", with_elf(), distributions=installed)
    return replace(snapshot, machine=Machine(gpu="/dev/nvidia0", **machine))


def test_the_driver_is_there_and_not_loaded():
    """L4 names the folder of libcuda."""
    snapshot = gpu(nixos=True, drivers=("/run/opengl-driver/lib",))
    assert "`/run/opengl-driver/lib` has it" in text(snapshot, "L4")
    assert "cuda: true" in text(snapshot, "L4")


def test_the_driver_is_not_there():
    """L4 tells how NixOS, or another host, gets the driver."""
    assert "hardware.graphics.enable" in text(gpu(nixos=True), "L4")
    assert "install the NVIDIA driver" in text(gpu(), "L4")


def test_a_driver_that_is_loaded_or_on_the_path_is_fine():
    """libcuda may be loaded at start, or found by the Python's LD_LIBRARY_PATH."""
    loaded = {"libcuda.so.1": "/run/opengl-driver/lib/libcuda.so.1"}
    assert found(changed("elf", gpu(), loaded=loaded), "L") == []
    python = replace(VENV_PYTHON, library_path=("/run/opengl-driver/lib",))
    listed = changed("elf", gpu(), folders={"/run/opengl-driver/lib": ("libcuda.so.1",)})
    assert found(replace(listed, interpreters=(python,)), "L") == []


def test_without_a_gpu_nobody_misses_the_driver():
    """A CUDA build on a machine without GPU works on the processor."""
    assert found(replace(gpu(), machine=Machine()), "L") == []


@pytest.mark.parametrize(
    ("ldconfig", "told", "expected"), [(False, "", ["L5"]), (True, "", []), (False, "/x", [])]
)
def test_triton_needs_ldconfig_or_a_variable(ldconfig, told, expected):
    """L5 needs a GPU, triton, no ldconfig and no TRITON_LIBCUDA_PATH."""
    snapshot = changed("venv", distributions=(Distribution("triton", "3.1.0"),))
    machine = Machine(gpu="/dev/nvidia0", ldconfig=ldconfig)
    snapshot = replace(snapshot, machine=machine)
    assert found(with_variables(snapshot, TRITON_LIBCUDA_PATH=told), "L5") == expected


def test_glibc_in_the_library_path_is_an_error():
    """L8 is an error with glibc, a warning with other libraries of the store."""
    glibc = with_variables(LD_LIBRARY_PATH=PathFacts(GLIBC, holds=("libc.so.6",)))
    assert text(glibc, "L8").startswith("error: ")
    assert text(with_variables(LD_LIBRARY_PATH=PathFacts(GCC)), "L8").startswith("warning: ")


def test_a_library_path_that_nixpy_yaml_asks_for():
    """`library_path: true` is the user's choice, and the driver's folder is not the store's."""
    chosen = replace(healthy().project.choices, library_path=True)
    snapshot = changed("project", choices=chosen)
    assert found(with_variables(snapshot, LD_LIBRARY_PATH=PathFacts(GCC)), "L8") == []
    driver = PathFacts("/run/opengl-driver/lib", holds=("libcuda.so.1",))
    assert found(with_variables(LD_LIBRARY_PATH=driver), "L8") == []


def test_without_the_venvs_python_nothing_is_said_of_libraries():
    """Which loader would look for them is not known then."""
    broken = Interpreter(f"{VENV}/bin/python", error="ended by signal 11")
    assert found(replace(with_elf(CPP, CV2), interpreters=(broken,)), "L") == []
