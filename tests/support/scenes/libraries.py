"""Scenes of wheels whose libraries or programs do not work; compiled here."""

from __future__ import annotations

import json
import sysconfig
from pathlib import Path

from tests.support.scenes import Stage, scene

EXTENSION = sysconfig.get_config_var("EXT_SUFFIX")
_NEEDS_ALL = "-Wl,--no-as-needed"


def _library(stage: Stage, soname: str) -> list[str]:
    """Compile a library that will not be where it is needed; give how to link with it."""
    target = stage.scene.compile(stage.folder / "elsewhere" / soname, f"-Wl,-soname,{soname}")
    return [_NEEDS_ALL, f"-L{target.parent}", f"-l:{soname}"]


def _venv_of_the_store(stage: Stage) -> Path:
    python = stage.own_store_python()
    stage.scene.make_venv(python)
    stage.scene.first_on_path(python.parent)
    return stage.scene.site_packages


@scene("L1")
def libstdcxx_is_not_found(stage: Stage) -> None:
    """An extension in C++, and a Python whose loader knows the store only."""
    site_packages = _venv_of_the_store(stage)
    options = _library(stage, "libstdc++.so.6")
    stage.scene.compile(site_packages / f"speedy/_speedy{EXTENSION}", *options)


@scene("L2")
def libgl_is_not_found(stage: Stage) -> None:
    """An extension that draws, as OpenCV's does."""
    site_packages = _venv_of_the_store(stage)
    options = [*_library(stage, "libGL.so.1"), *_library(stage, "libgthread-2.0.so.0")]
    stage.scene.compile(site_packages / "cv2/cv2.abi3.so", *options)


@scene("L3")
def a_library_is_searched_by_name(stage: Stage) -> None:
    """A package asks `find_library` for a library that the machine has not."""
    stage.scene.make_venv()
    stage.scene.install("pylibdmtx")


@scene("L6")
def a_program_without_its_loader(stage: Stage) -> None:
    """The wheel of ruff holds a program that names a loader which is not there."""
    stage.scene.make_venv()
    stage.scene.compile(
        stage.scene.venv / "bin/ruff",
        "-Wl,--dynamic-linker=/lib64/ld-linux-absent.so.2",
        source="int main(void) { return 0; }",
        shared=False,
    )


@scene("L7")
def browsers_of_another_version(stage: Stage) -> None:
    """PLAYWRIGHT_BROWSERS_PATH has browsers of another Playwright than the venv's."""
    stage.scene.make_venv()
    stage.scene.install("playwright", "1.57.0")
    listed = {"browsers": [{"name": "chromium", "revision": "1217", "installByDefault": True}]}
    package = stage.scene.site_packages / "playwright/driver/package"
    package.mkdir(parents=True)
    (package / "browsers.json").write_text(json.dumps(listed))
    browsers = stage.own_store() / "cccc-playwright-browsers"
    (browsers / "chromium-1148").mkdir(parents=True)
    stage.scene.set(PLAYWRIGHT_BROWSERS_PATH=browsers)


@scene("L8")
def the_store_in_ld_library_path(stage: Stage) -> None:
    """The shell exports LD_LIBRARY_PATH with a folder of the store."""
    stage.scene.make_venv()
    library = stage.scene.compile(stage.own_store() / "dddd-gcc-lib/lib/libfast.so.1")
    stage.scene.set(LD_LIBRARY_PATH=library.parent)


@scene("L9")
def an_older_libstdcxx(stage: Stage) -> None:
    """An extension was built with a newer libstdc++ than the one that its RUNPATH leads to."""
    site_packages = _venv_of_the_store(stage)
    soname = "libstdc++.so.6"
    folders = {}
    for version in ("GLIBCXX_3.4.29", "GLIBCXX_3.4.30"):
        folders[version] = stage.own_store() / f"eeee-{version}/lib"
        folders[version].mkdir(parents=True)
        script = folders[version] / "versions"
        script.write_text(f"{version} {{ one; }};")
        stage.scene.compile(
            folders[version] / soname, f"-Wl,-soname,{soname}", f"-Wl,--version-script={script}"
        )
    old, new = folders.values()
    stage.scene.compile(
        site_packages / f"speedy/_speedy{EXTENSION}",
        _NEEDS_ALL, f"-L{new}", f"-l:{soname}", f"-Wl,-rpath,{old}",
        source="int one(void); int two(void) { return one(); }",
    )  # fmt: skip


@scene("L10")
def wheels_are_forbidden(stage: Stage) -> None:
    """A module `_manylinux` as older nixpkgs have it."""
    stage.scene.make_venv()
    module = stage.scene.site_packages / "_manylinux.py"
    module.write_text("manylinux1_compatible = False\nmanylinux2014_compatible = False\n")


@scene("L11")
def headers_for_an_sdist(stage: Stage) -> None:
    """The lock file has pycairo as an sdist only, and the Nix shell has no cairo."""
    stage.scene.make_venv()
    stage.scene.write(
        {
            "pyproject.toml": '[project]\nname = "app"\ndependencies = ["pycairo"]\n',
            "uv.lock": _LOCK,
        }
    )
    stage.scene.set(IN_NIX_SHELL="impure", NIX_LDFLAGS="-L/nix/store/ffff-zlib-1.3/lib")


_LOCK = """\
version = 1
requires-python = ">=3.10"

[[package]]
name = "app"
version = "1"
source = { virtual = "." }
dependencies = [{ name = "pycairo" }]

[[package]]
name = "pycairo"
version = "1.27.0"
source = { registry = "https://index.example/simple" }
sdist = { url = "https://index.example/pycairo-1.27.0.tar.gz", hash = "sha256:00", size = 1 }
wheels = [
    { url = "https://index.example/pycairo-1.27.0-cp310-cp310-win32.whl", hash = "sha256:00" },
]
"""
