"""Generated flakes: whole files as snapshots, each parsed by the real Nix."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from nixpy import cli
from nixpy.config import parse as config
from nixpy.flake import render
from nixpy.flake.header import pristine
from nixpy.metadata.read import read_project
from nixpy.plan.make import make_plan
from nixpy.plan.model import Part
from nixpy.syntax.tree import MemoryTree
from tests.support.lacking import lacking

SNAPSHOTS = Path(__file__).parent / "snapshots"

PYPROJECT = """\
[project]
name = "shop"
version = "1"
requires-python = ">=3.11"
dependencies = ["numpy", "opencv-python", "psycopg2"]
"""

CASES = {
    "bare": ({}, ""),
    "numpy": ({"pyproject.toml": PYPROJECT}, "packages: [numpy]"),
    "pip": ({"requirements.txt": "rich\n"}, "installer: pip\npackages: [opencv-python, numpy]"),
    "pdm": ({"pdm.lock": ""}, 'python: "3.12"\npackages: [numpy]'),
    "tools": (
        {"pyproject.toml": PYPROJECT, ".python-version": "3.12.4\n"},
        'tools: [ruff, postgresql]\nlibraries: [libGL]\nenv: {DEBUG: "1"}\n'
        "shell_hook: |\n  echo \"${USER:-nobody}\" ''\nvenv: build/venv\npythons: ['3.11']\n",
    ),
    "unfree": ({}, "allow_unfree: true\nnixpkgs: nixos-25.11\nsystems: [x86_64-linux]"),
    "programs": (
        {
            "pyproject.toml": '[project]\nname = "x"\nversion = "1"\n'
            'dependencies = ["playwright", "ruff", "clang-format", "pyzbar"]\n',
            "poetry.lock": '[[package]]\nname = "playwright"\nversion = "1.49.0"\nfiles = []\n'
            '[metadata]\nlock-version = "2.1"\ncontent-hash = ""\n',
        },
        "library_path: true\ncuda: true\ntools: [ruff]\npython: '3.12'\ninstaller: poetry\n",
    ),
    "hostile": (
        {
            "pyproject.toml": '[project]\nname = "x"\nversion = "1"\n'
            'dependencies = ["numpy"]\n# "; builtins.exec ${evil}\n',
            ".python-version": "3.12\n",
        },
        "env: {A: \"'; rm -rf $HOME; ''${evil} `id`\"}\n"
        "shell_hook: \"''${evil}''; in evil\"\nvenv: \"a b/$(id)'${x}\"\n",
    ),
}


def rendered(name: str) -> dict[str, str]:
    files, text = CASES[name]
    part = Part("default", ".", read_project(MemoryTree(files)), config.parse(text))
    return render.render(make_plan([part]))


@pytest.mark.parametrize("name", CASES)
def test_the_flake_is_as_it_was(name):
    """A change of what users get is seen in review: `NIXPY_UPDATE=1 pytest` takes it over."""
    text = rendered(name)[render.FLAKE]
    file = SNAPSHOTS / f"{name}.nix"
    if os.environ.get("NIXPY_UPDATE"):
        file.write_text(text)
    assert text == file.read_text()


@pytest.mark.parametrize("name", CASES)
def test_nix_parses_the_flake(name, tmp_path):
    """Every snapshot is Nix."""
    if not shutil.which("nix-instantiate"):
        lacking("nix-instantiate is missing")
    file = tmp_path / "flake.nix"
    file.write_text(rendered(name)[render.FLAKE])
    done = subprocess.run(
        ["nix-instantiate", "--parse", str(file)],
        capture_output=True,
        env={**os.environ, "NIX_REMOTE": "dummy://"},
        text=True,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", CASES)
def test_the_same_input_gives_the_same_bytes(name):
    """Rendering twice gives one result, with a header that holds."""
    first, second = rendered(name), rendered(name)
    assert first == second
    assert pristine(first[render.FLAKE]) is True
    assert pristine(first[render.VENV]) is True


def test_a_line_number_does_not_change_the_flake():
    """A comment added to nixpy.yaml leaves flake.nix as it is."""
    files, text = CASES["numpy"]

    def flake(yaml: str) -> str:
        part = Part("default", ".", read_project(MemoryTree(files)), config.parse(yaml))
        return render.render(make_plan([part]))[render.FLAKE]

    assert flake(text) == flake(f"# a comment\n\n{text}\n")


def test_no_variable_of_another_installer_is_set():
    """A pip shell has nothing of uv's, and a uv shell nothing of pdm's."""
    assert "UV_PYTHON =" not in rendered("pip")[render.FLAKE]
    assert "PDM_" not in rendered("numpy")[render.FLAKE]


@pytest.mark.parametrize("name", CASES)
def test_no_pip_installs_outside_of_a_venv(name):
    """After `uv venv`, which makes venvs without pip, `pip` is one of another Python."""
    assert 'PIP_REQUIRE_VIRTUALENV = "true";' in rendered(name)[render.FLAKE]


def test_the_first_nixpy_yaml_says_nothing_but_defaults():
    """What `nixpy init` writes without options changes no default."""
    parsed = config.parse(render.nixpy_yaml())
    assert (parsed.packages, parsed.libraries, parsed.tools, parsed.python) == ((), (), (), None)


def test_a_hook_keeps_its_lines(tmp_path):
    """Characters that only Python takes for the end of a line end none: a comment stays one."""
    (tmp_path / "nixpy.yaml").write_text(
        'shell_hook: "# a\\vtouch b\\ftouch c\\x1ctouch d\\x85touch e\\u2028touch f"\n', "utf-8"
    )
    assert cli.run(["sync", "--no-git", "-C", str(tmp_path)]) == 0
    line = "# a\vtouch b\ftouch c\x1ctouch d\x85touch e\u2028touch f\n"
    text = (tmp_path / "flake.nix").read_bytes().decode()
    assert line in text
