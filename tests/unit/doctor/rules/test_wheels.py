"""L: programs, browsers, headers and SDKs, judged from snapshots."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nixpy.doctor.model import Step
from nixpy.doctor.rules.wheels import fits
from nixpy.doctor.run import findings, select
from nixpy.doctor.snapshot import Elf, Loader, LockedWheels, Machine, PathFacts
from nixpy.venv.installed import Distribution
from tests.support.snapshots import (
    SITE,
    STORE,
    VENV,
    VENV_PYTHON,
    changed,
    entry,
    found,
    healthy,
    text,
    with_elf,
    with_variables,
)

GENERIC = "/lib64/ld-linux-x86-64.so.2"
RUFF = Elf("bin/ruff", interpreter=GENERIC)
NODE = Elf(f"{SITE}/playwright/driver/node", interpreter=GENERIC)


def absent(*files: Elf):
    """A venv with programs on a machine without their loader."""
    return with_elf(*files, loaders={GENERIC: Loader.ABSENT})


def test_a_program_is_replaced_by_nixpkgs_own():
    """L6 names nixpkgs' package of the program, and adds it to `tools`."""
    (one,) = findings(absent(RUFF), select(["L6"]))
    assert "`nixpy add --tool ruff`" in one.fix
    assert one.mend is not None
    assert (one.mend.step, one.mend.key, one.mend.values) == (Step.EDIT_CONFIG, "tools", ("ruff",))


def test_a_program_that_comes_first_on_path_is_the_one_that_runs():
    """With `tools: [ruff]` nixpkgs' ruff precedes the venv's, which nobody starts then."""
    search = (entry(f"{STORE}/ruff/bin", "ruff"), entry(f"{VENV}/bin", "ruff"))
    assert found(replace(absent(RUFF), search=search), "L") == []


def test_programs_inside_of_packages_are_a_warning():
    """L6 in a package's folder is a warning: not everybody uses that program."""
    assert text(absent(NODE), "L6").startswith("warning: ")


@pytest.mark.parametrize(
    "file",
    [
        Elf("bin/python3.12", interpreter=GENERIC),
        Elf("bin/\N{MATHEMATICAL ITALIC SMALL PI}thon", interpreter=GENERIC),
        replace(RUFF, native=False),
        Elf(f"{SITE}/prisma/query-engine", interpreter="/lib/ld-musl-x86_64.so.1"),
    ],
    ids=["python", "python by its other name", "other processor", "musl"],
)
def test_programs_that_are_not_meant(file):
    """The venv's own Python is I6's, and wheels carry programs for other systems."""
    loaders = {GENERIC: Loader.ABSENT, "/lib/ld-musl-x86_64.so.1": Loader.ABSENT}
    assert found(with_elf(file, loaders=loaders), "L") == []


def with_playwright(folder: str, *holds: str, nixos: bool = True):
    """A venv with a playwright that wants chromium-1217."""
    snapshot = changed(
        "venv",
        distributions=(Distribution("playwright", "1.57.0"),),
        browsers={"chromium": "chromium-1217", "firefox": "firefox-1496"},
    )
    snapshot = replace(snapshot, machine=Machine(nixos=nixos))
    facts = PathFacts(folder, holds=holds) if folder else ""
    return with_variables(snapshot, PLAYWRIGHT_BROWSERS_PATH=facts)


def test_browsers_of_another_playwright():
    """L7 names the build that is wanted and those that are there."""
    snapshot = with_playwright("/browsers", "chromium-1148", "firefox-1496")
    assert "wants chromium-1217; `/browsers` has chromium-1148" in text(snapshot, "L7")


def test_a_browser_that_was_left_out_on_purpose():
    """A set of browsers with the right chromium alone is fine."""
    assert found(with_playwright("/browsers", "chromium-1217"), "L7") == []


def test_without_the_variable_playwright_downloads_browsers():
    """On NixOS the downloaded ones cannot start; elsewhere they can."""
    assert "is not set" in text(with_playwright(""), "L7")
    assert found(with_playwright("", nixos=False), "L7") == []


PYCAIRO = LockedWheels("pycairo", "1.27.0", ("pycairo-1.27.0-cp310-cp310-win32.whl",), sdist=True)


def test_headers_for_an_sdist_are_missing():
    """L11 names what the shell has not, and adds it to `libraries`."""
    snapshot = changed("project", locked=(PYCAIRO,))
    (one,) = findings(snapshot, select(["L11"]))
    assert "pycairo 1.27.0 has no wheel for Python 3.12" in one.seen
    assert one.mend is not None
    assert "cairo" in one.mend.values


def test_headers_that_are_there():
    """The compiler of a Nix shell is told of its inputs by store path."""
    snapshot = changed("project", locked=(PYCAIRO,))
    flags = " ".join(f"-I{STORE}/x-{name}-1.2/include" for name in ("cairo", "pkg-config"))
    search = (*healthy().search, entry("/pkg/bin", "gcc", "pkg-config", "meson", "ninja"))
    snapshot = with_variables(replace(snapshot, search=search), NIX_CFLAGS_COMPILE=flags)
    assert found(snapshot, "L11") == []


def test_what_is_installed_needs_no_headers_any_more():
    """An sdist that was built already, or that has a wheel here, is fine."""
    snapshot = changed("project", locked=(PYCAIRO,))
    installed = (Distribution("pycairo", "1.27.0", "uv"),)
    assert found(changed("venv", snapshot, distributions=installed), "L11") == []
    wheel = replace(PYCAIRO, wheels=("pycairo-1.27.0-cp312-cp312-manylinux_2_17_x86_64.whl",))
    assert found(changed("project", locked=(wheel,)), "L11") == []


@pytest.mark.parametrize(
    ("wheel", "minor", "system", "fitting"),
    [
        ("a-1-py3-none-any.whl", "3.12", "x86_64-linux", True),
        ("a-1-py2.py3-none-any.whl", "3.12", "x86_64-linux", True),
        ("a-1-cp312-cp312-manylinux_2_17_x86_64.whl", "3.12", "x86_64-linux", True),
        ("a-1-cp39-abi3-manylinux_2_17_x86_64.whl", "3.12", "x86_64-linux", True),
        ("a-1-cp311-cp311-manylinux_2_17_x86_64.whl", "3.12", "x86_64-linux", False),
        ("a-1-cp313-abi3-manylinux_2_17_x86_64.whl", "3.12", "x86_64-linux", False),
        ("a-1-cp312-cp312-manylinux_2_17_aarch64.whl", "3.12", "x86_64-linux", False),
        ("a-1-cp312-cp312-macosx_11_0_arm64.whl", "3.12", "aarch64-darwin", True),
        ("a-1-cp312-cp312-macosx_10_9_universal2.whl", "3.12", "x86_64-darwin", True),
        ("a-1-cp312-cp312-win_amd64.whl", "3.12", "x86_64-linux", False),
        ("a-1-cp312-cp312-musllinux_1_2_x86_64.whl", "3.12", "x86_64-linux", False),
        ("not a wheel", "3.12", "x86_64-linux", False),
    ],
)
def test_which_wheels_fit(wheel, minor, system, fitting):
    """A wheel's tags tell the Pythons and systems that it is for (PEP 425)."""
    assert fits(wheel, minor, system) is fitting


def test_wheels_that_are_forbidden():
    """L10 names the file of the module."""
    file = f"{STORE}/old/site-packages/_manylinux.py"
    python = replace(VENV_PYTHON, manylinux=file)
    assert file in text(replace(healthy(), interpreters=(python,)), "L10")


def on_a_mac(**variables):
    """A shell on macOS, with the host's xcrun on PATH."""
    snapshot = replace(
        healthy(), machine=Machine("aarch64-darwin"), search=(entry("/usr/bin", "xcrun"),)
    )
    return with_variables(snapshot, **variables)


def test_an_sdk_that_is_gone_is_an_error():
    """L12 with a folder that is not there breaks every compiler."""
    gone = PathFacts(f"{STORE}/apple-sdk-14.4", kind="missing")
    assert text(on_a_mac(SDKROOT=gone), "L12").startswith("error: SDKROOT=")


def test_an_sdk_of_nix_with_the_hosts_xcrun():
    """L12 is about Nix's SDK where the host's xcrun, and not Nix's, is started."""
    sdk = PathFacts(f"{STORE}/apple-sdk-14.4")
    assert "`/usr/bin/xcrun` is the host's" in text(on_a_mac(DEVELOPER_DIR=sdk), "L12")
    mine = replace(on_a_mac(DEVELOPER_DIR=sdk), search=(entry(f"{STORE}/xcbuild/bin", "xcrun"),))
    assert found(mine, "L12") == []
    on_linux = replace(on_a_mac(DEVELOPER_DIR=sdk), machine=Machine())
    assert found(on_linux, "L12") == []
