"""Shells of other kinds than the usual: what is rendered of them, and what is refused."""

import subprocess
from dataclasses import replace

import pytest

from nixpy.config.parse import parse
from nixpy.errors import NixpyError
from nixpy.flake.render import ENTER, FLAKE, VENV, modules, render
from nixpy.metadata.read import read_project
from nixpy.plan.make import make_plan
from nixpy.plan.model import Part
from nixpy.syntax.nix import path_below
from nixpy.syntax.tree import MemoryTree

PYPROJECT = '[project]\nname = "{name}"\nversion = "1"\n'
LOCK = 'version = 1\nrequires-python = ">=3.10"\n'


def plan_of(choices, name="app", folder=".", lock=True):
    """Give the plan of a uv project that lies in a folder of the flake."""
    files = {"pyproject.toml": PYPROJECT.format(name=name), **({"uv.lock": LOCK} if lock else {})}
    own = Part("api", folder, read_project(MemoryTree(files)), parse(choices))
    root = Part("default", ".", read_project(MemoryTree({})), parse(""))
    return make_plan([own] if folder == "." else [root, own])


def test_uv2nix_alone_has_no_program_for_venvs():
    """Where Nix builds every shell's packages, nothing is written that makes a venv."""
    assert set(render(plan_of("provider: uv2nix\n"))) == {FLAKE, ENTER}
    assert set(render(plan_of("provider: uv2nix\n", folder="api"))) == {FLAKE, ENTER, VENV}


def test_uv2nix_in_a_module_takes_its_inputs():
    """The module is a function of the flakes that it uses."""
    text = modules(plan_of("provider: uv2nix\n"))["nix/python-shell-api.nix"]
    assert "\n{ pkgs, pyproject-build-systems, pyproject-nix, uv2nix }:\n" in text
    assert "workspaceRoot = ../.;" in text


def test_uv2nix_gives_hatchling_what_it_needs():
    """The project and members that hatchling builds get the module by which it installs them."""
    backend = '[build-system]\nrequires = ["{0}"]\nbuild-backend = "{0}"\n'
    hatchling = backend.format("hatchling")
    workspace = '[tool.uv.workspace]\nmembers = ["of/*"]\n'
    files = {
        "uv.lock": LOCK,
        "pyproject.toml": PYPROJECT.format(name="My.App") + hatchling + workspace,
        "of/a/pyproject.toml": PYPROJECT.format(name="a") + hatchling,
        "of/b/pyproject.toml": PYPROJECT.format(name="b") + backend.format("setuptools"),
    }
    part = Part("default", ".", read_project(MemoryTree(files)), parse("provider: uv2nix\n"))
    text = render(make_plan([part]))[FLAKE]
    assert 'lib.genAttrs [ "a" "my-app" ] (' in " ".join(text.split())
    assert "final.resolveBuildSystem { editables = [ ]; };" in text
    assert "editables" not in render(plan_of("provider: uv2nix\n"))[FLAKE]


@pytest.mark.parametrize(
    ("folder", "path"),
    [
        (".", "./."),
        ("api", "./api"),
        ("services/the api", '(./. + "/services/the api")'),
        ("${x}", '(./. + "/\\${x}")'),
    ],
)
def test_a_folder_as_a_path_of_nix(folder, path):
    """A folder is a path literal, or joined where Nix could not read it as one."""
    assert path_below("./.", folder) == path


@pytest.mark.parametrize(
    ("name", "program"), [("app", "app-fhs"), ("My App!", "My-App-fhs"), ("größer", "gr-er-fhs")]
)
def test_the_fhs_program_has_the_projects_name(name, program):
    """The program that enters the FHS environment is called by the project's name, made plain."""
    plan = plan_of("shell: fhs\n", name="app")
    shell = plan.shells[0]
    text = render(replace(plan, shells=(replace(shell, title=name),)))[FLAKE]
    assert f'name = "{program}";' in text
    assert f"exec {program}\n" in text


def test_fhs_keeps_the_drivers_libraries():
    """The usual shell unsets LD_LIBRARY_PATH; inside FHS it leads to the graphics driver."""
    usual, fhs = (" ".join(render(plan_of(one))[FLAKE].split()) for one in ("", "shell: fhs\n"))
    assert "unset LD_LIBRARY_PATH UV_PROJECT_ENVIRONMENT" in usual
    assert "unset UV_PROJECT_ENVIRONMENT" in fhs


@pytest.mark.parametrize(
    ("choices", "said"),
    [
        ("packages: [numpy]\n", "all packages come from uv.lock"),
        ("shell: fhs\n", "exclude each other"),
        ("installer: poetry\n", "not poetry"),
    ],
)
def test_uv2nix_refuses_what_it_cannot_do(choices, said):
    """Each choice that does not go with uv2nix is told at the line of `provider`."""
    with pytest.raises(NixpyError, match=said) as caught:
        plan_of(f"provider: uv2nix\n{choices}")
    assert (caught.value.line, caught.value.key) == (1, "provider")


@pytest.mark.parametrize(
    "choices",
    [
        "packages: [numpy]\nlibraries: [libGL]\n",
        "provider: uv2nix\n",
        "shell: fhs\n",
        'python: "3.11.9"\n',
        "cuda: true\n",
        "venv: env\n",
    ],
)
def test_what_is_rendered_is_nix(nix, tmp_path, choices):
    """Each template, filled, is well-formed to the Nix at hand: the flake's and the module's."""
    plan = plan_of(choices)
    files = {"flake.nix": render(plan)[FLAKE], **modules(plan)}
    for name, text in files.items():
        if name.endswith(".nix"):
            (tmp_path / name.replace("/", "-")).write_text(text)
    command = ["nix-instantiate", "--parse", *(str(file) for file in tmp_path.iterdir())]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_uv2nix_needs_a_lock():
    """Without uv.lock there is nothing to build."""
    with pytest.raises(NixpyError, match="there is none") as caught:
        plan_of("provider: uv2nix\n", lock=False)
    assert caught.value.hint == "run `uv lock` before"


def test_an_exact_release():
    """A patch release comes from nixpkgs-python, following nixpkgs, and is told to be compiled."""
    plan = plan_of('python: "3.11.9"\npackages: [numpy]\n')
    text = render(plan)[FLAKE]
    assert 'python = nixpkgs-python.packages.${stdenv.hostPlatform.system}."3.11.9";' in text
    assert "    { self, nixpkgs, nixpkgs-python }:\n" in text
    assert [one.text for one in plan.cautions] == [
        "Python 3.11.9, numpy will be compiled: no cache of nixpkgs holds single patch releases"
    ]


def test_an_exact_release_that_the_project_refuses():
    """A release outside requires-python is told, although its minor version would do."""
    text = PYPROJECT.format(name="a") + 'requires-python = ">=3.11.10"\n'
    project = read_project(MemoryTree({"pyproject.toml": text}))
    plan = make_plan([Part("default", ".", project, parse('python: "3.11.9"\n'))])
    assert "which Python 3.11.9 does not meet" in plan.cautions[0].text
