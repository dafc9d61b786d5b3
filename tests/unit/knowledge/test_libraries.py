"""Which libraries and programs a distribution takes from nixpkgs."""

import pytest

from nixpy.knowledge.libraries import TOOLS, alternatives, needs, soname_provider, unfree
from nixpy.knowledge.programs import brought_by, program, programs


def test_opencv_takes_libgl_and_glib() -> None:
    """What `import cv2` loads from the system is there, for both names of the wheel."""
    for name in ("opencv-python", "opencv_contrib_python"):
        found = needs(name)
        assert found is not None
        assert {"libGL", "glib", "libxcb"} <= set(found.runtime)
    headless = needs("opencv-python-headless")
    assert headless is not None
    assert headless.runtime == ()


@pytest.mark.parametrize(
    ("name", "runtime", "build"),
    [
        ("psycopg2", "libpq", "libpq.pg_config"),
        ("mysqlclient", "libmysqlclient", "pkg-config"),
        ("python-ldap", "openldap", "cyrus_sasl"),
        ("pycairo", "cairo", "pkg-config"),
        ("pygobject", "glib", "gobject-introspection"),
        ("dbus-python", "dbus", "meson"),
    ],
)
def test_what_is_built_finds_its_headers(name: str, runtime: str, build: str) -> None:
    """Distributions without a Linux wheel name what building them takes."""
    found = needs(name)
    assert found is not None
    assert found.sdist
    assert runtime in found.runtime
    assert build in found.build


@pytest.mark.parametrize("name", ["psycopg2-binary", "numpy", "lxml", "pillow", "cryptography"])
def test_wheels_that_bring_everything_take_nothing(name: str) -> None:
    """A wheel that bundles its libraries loads none of nixpkgs', but its sdist builds with them."""
    found = needs(name)
    assert found is not None
    assert found.runtime == ()
    assert found.build
    assert not found.sdist


@pytest.mark.parametrize(
    ("name", "programs"),
    [
        ("pytesseract", ("tesseract",)),
        ("pdf2image", ("poppler-utils",)),
        ("pydot", ("graphviz",)),
        ("pyspark", ("jdk",)),
        ("ffmpeg-python", ("ffmpeg",)),
    ],
)
def test_programs_are_told_from_libraries(name: str, programs: tuple[str, ...]) -> None:
    """What a distribution runs is put on PATH, and not loaded."""
    found = needs(name)
    assert found is not None
    assert (found.runtime, found.programs) == ((), programs)


def test_libraries_that_are_searched_by_name() -> None:
    """Those that ask for a library by name are marked, with the wheels that bring it."""
    sounddevice = needs("sounddevice")
    assert sounddevice is not None
    assert (sounddevice.runtime, sounddevice.by_name) == (("portaudio",), True)
    psycopg = needs("psycopg")
    assert psycopg is not None
    assert psycopg.unless == ("psycopg-binary", "psycopg-c")
    weasyprint = needs("weasyprint")
    assert weasyprint is not None
    assert not weasyprint.by_name


def test_names_of_one_family_share_a_row() -> None:
    """PyQt takes what the wheel with Qt takes, and tkinter comes from nixpkgs."""
    assert needs("pyqt6") == needs("pyqt6-qt6")
    customtkinter = needs("customtkinter")
    assert customtkinter is not None
    assert customtkinter.packages == ("tkinter",)


def test_unfree_libraries_are_kept_apart() -> None:
    """A shell never fails to evaluate for a library that the user did not allow."""
    cupy = needs("cupy-cuda12x")
    assert cupy is not None
    assert cupy.runtime == ()
    assert cupy.unfree
    for found in (needs(name) for name in ("cupy-cuda12x", "oracledb", "pycuda", "vllm")):
        assert found is not None
        assert all(unfree(attribute) for attribute in found.unfree)
        assert not any(unfree(a) for a in (*found.runtime, *found.build, *found.programs))
    assert not unfree("libGL")


def test_nothing_is_known_of_pure_python() -> None:
    """Most distributions need nothing."""
    assert needs("requests") is None


def test_tools_are_told_from_libraries() -> None:
    """Compilers and generators run on the build machine, and have no headers."""
    pycairo = needs("pycairo")
    assert pycairo is not None
    assert [name for name in pycairo.build if name not in TOOLS] == ["cairo"]


@pytest.mark.parametrize(
    ("attribute", "paths"),
    [
        ("libGL", ("libGL",)),
        ("libx11", ("libx11", "xorg.libX11")),
        ("xorg.libX11", ("libx11", "xorg.libX11")),
        ("poppler_utils", ("poppler-utils", "poppler_utils")),
        ("unixODBC", ("unixodbc", "unixODBC")),
        ("libpq", ("libpq", "postgresql")),
        ("postgresql", ("postgresql",)),
        ("mesa", ("mesa",)),
    ],
)
def test_renamed_libraries_evaluate_on_every_branch(attribute: str, paths: tuple[str, ...]) -> None:
    """A library that was renamed is named as both old and new branches do, the new name first."""
    assert alternatives(attribute) == paths


@pytest.mark.parametrize(
    ("soname", "attribute"),
    [
        ("libGL.so.1", "libGL"),
        ("libEGL.so.1", "libGL"),
        ("libgthread-2.0.so.0", "glib"),
        ("libX11.so.6", "libx11"),
        ("libxcb-icccm.so.4", "libxcb-wm"),
        ("libstdc++.so.6", "stdenv.cc.cc.lib"),
        ("libgomp.so.1", "stdenv.cc.cc.lib"),
        ("libz.so.1", "zlib"),
        ("libcrypt.so.1", "libxcrypt-legacy"),
        ("libcrypt.so.2", "libxcrypt"),
        ("libavcodec.so.61", "ffmpeg"),
        ("libproj.so.25.9.3", "proj"),
        ("libssl3.so", "nss"),
        ("libc.so.6", None),
        ("libmine.so", None),
    ],
)
def test_a_missing_soname_leads_to_its_library(soname: str, attribute: str | None) -> None:
    """What the dynamic linker does not find is told as an attribute of nixpkgs."""
    assert soname_provider(soname) == attribute


def test_programs_in_wheels() -> None:
    """A wheel such as ruff's holds a program for a generic Linux, and nixpkgs has its own."""
    ruff = program("Ruff")
    assert ruff is not None
    assert (ruff.programs, ruff.attribute, ruff.fetched) == (("ruff",), "ruff", False)
    pyright = program("pyright")
    assert pyright is not None
    assert pyright.fetched
    assert program("requests") is None
    assert {"cmake", "ninja", "playwright", "uv"} <= {one.distribution for one in programs()}


def test_tools_know_the_wheels_that_bring_them() -> None:
    """A program of nixpkgs knows under which other names a venv may have it."""
    assert brought_by("just") == ("rust-just",)
    assert brought_by("clang-tools") == ("clang-format", "clang-tidy", "clangd")
    assert brought_by("postgresql") == ()
