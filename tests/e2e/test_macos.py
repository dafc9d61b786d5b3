"""What a shell on macOS gets: evaluated for it and read by this machine's bash, run on no Mac."""

from __future__ import annotations

import re
import subprocess

import pytest

from tests.support.project import lines

pytestmark = pytest.mark.e2e

# Each of them loads what lies in no wheel: pango, libmagic, portaudio, cairo.
PYPROJECT = """\
[project]
name = "app"
version = "1"
requires-python = ">=3.11"
dependencies = ["weasyprint", "python-magic", "pyaudio", "pycairo", "opencv-python"]
"""
LIBRARIES = ("cairo", "file", "harfbuzz", "pango", "portaudio")
USUAL = "/Users/me/lib:/usr/local/lib:/lib:/usr/lib"


@pytest.mark.parametrize("system", ["aarch64-darwin", "x86_64-darwin"])
@pytest.mark.parametrize("before", ["", "/opt/own"])
def test_libraries_are_found_on_macos(make_project, system, before):
    """The shell says where libraries lie, behind its own places only; those of Linux are left."""
    project = make_project(
        {"pyproject.toml": PYPROJECT, "nixpy.yaml": f"libraries: [alsa-lib]\nsystems: [{system}]\n"}
    )
    shell = f".#devShells.{system}.default"
    evaluated = ["nix", "eval", *project.flake_options(), "--raw"]
    hook = project.run([*evaluated, f"{shell}.shellHook"]).stdout
    (libraries,) = re.findall(r'--fallback "([^"]+)"', hook)
    sourced = (project.root / ".nixpy/enter.bash").read_text()
    (of_macos,) = re.findall(r"(?ms)^ *if \[\[ [^\n]*\$OSTYPE == darwin.*?^ *fi$", sourced)
    script = f"OSTYPE=darwin24; HOME=/Users/me; fallback={libraries}; {of_macos}\n"
    script += 'echo "$DYLD_FALLBACK_LIBRARY_PATH"'
    variables = {"PATH": "/usr/bin:/bin", "DYLD_FALLBACK_LIBRARY_PATH": before}
    told = subprocess.run(
        ["bash", "-c", script], env=variables, capture_output=True, check=True, text=True
    ).stdout.strip()
    own, usual = told.removesuffix(before or USUAL), told.endswith(before or USUAL)
    assert usual
    names = [re.sub(r"^/nix/store/[a-z0-9]{32}-([a-z]+).*", r"\1", one) for one in own.split(":")]
    assert {*LIBRARIES} <= {*names}
    assert "alsa" not in names


def test_linux_has_no_variable_of_macos(make_project):
    """The lines are in the hook, and do nothing here."""
    project = make_project({"pyproject.toml": PYPROJECT})
    assert lines(project.enter('echo "${DYLD_FALLBACK_LIBRARY_PATH-none}"')) == ["none"]
