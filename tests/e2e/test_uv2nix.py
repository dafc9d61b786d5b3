"""`provider: uv2nix`, with small stand-ins for the functions of uv2nix and pyproject.nix."""

from __future__ import annotations

import json
import shutil

import pytest

from tests.support.nixpkgs import preferred_python, system
from tests.support.project import lines

pytestmark = pytest.mark.e2e

MINOR = preferred_python()
PYPROJECT = """\
[project]
name = "app"
version = "1"
requires-python = ">=3.10"
dependencies = ["cowsay==6.1"]

[dependency-groups]
dev = ["crc32c==2.7.1"]
"""
HATCHLING = """
[build-system]
requires = ["hatchling"]
build-backend = "hatchling"
"""
# `loadWorkspace` reads uv.lock, and the overlay of it has what it lists, as uv2nix's has. A member
# that has a build backend is built by it, with nothing but what its `requires` names.
UV2NIX = """\
{
  inputs.nixpkgs.url = "nixpkgs";
  inputs.pyproject-nix.url = "pyproject-nix";
  outputs = { nixpkgs, pyproject-nix, self }: {
    lib.workspace.loadWorkspace =
      { workspaceRoot }:
      let
        inherit (nixpkgs) lib;
        read = file: fromTOML (builtins.readFile (workspaceRoot + file));
        names = map (one: one.name) (read "/uv.lock").package;
        members = builtins.listToAttrs (
          map (one: {
            inherit (one) name;
            value = (read "/${one.source.editable}/pyproject.toml").build-system or null;
          }) (builtins.filter (one: one.source ? editable) (read "/uv.lock").package)
        );
        build = final: name: system: final.stdenv.mkDerivation {
          name = "${name}-editable";
          nativeBuildInputs = [ final.python ] ++ final.resolveBuildSystem (
            lib.genAttrs system.requires (_: [ ])
          );
          buildCommand = ''
            python3 -c 'import ${system.build-backend} as it; it.build_editable()'
            mkdir "$out"
          '';
        };
      in
      {
        deps.all = lib.genAttrs names (_: [ ]);
        mkPyprojectOverlay =
          { sourcePreference }: assert sourcePreference == "wheel"; final: prev: { inherit names; };
        mkEditablePyprojectOverlay = { root }: final: prev: {
          editableRoot = root;
          members = builtins.attrNames (lib.filterAttrs (_: system: system != null) members);
        } // lib.mapAttrs (build final) (lib.filterAttrs (_: system: system != null) members);
      };
  };
}
"""
PYPROJECT_NIX = """\
{
  inputs.nixpkgs.url = "nixpkgs";
  outputs = { nixpkgs, self }: {
    build.packages =
      { python, runCommand, stdenv }:
      let
        make = overlay: let
          final = base final // overlay final (base final);
        in final;
        base = final: {
          inherit python stdenv;
          overrideScope = make;
          resolveBuildSystem = spec: map (one: final.${one}) (builtins.attrNames spec);
          module = name: text: runCommand name { } ''
            mkdir -p "$out/${python.sitePackages}"
            printf '%s\\n' '${text}' > "$out/${python.sitePackages}/${name}.py"
          '';
          mkVirtualEnv = name: spec:
            assert final.editableRoot == "$REPO_ROOT";
            (python.withPackages (ps: map (one: ps.${one}) (
              builtins.filter (one: ps ? ${one}) (builtins.attrNames spec)))
            ).overrideAttrs (_: { editable = map (one: final.${one}) final.members; });
        };
      in
      make (_: _: { });
  };
}
"""
BUILD_SYSTEMS = """\
{
  inputs.nixpkgs.url = "nixpkgs";
  inputs.pyproject-nix.url = "pyproject-nix";
  inputs.uv2nix.url = "uv2nix";
  outputs = _: {
    overlays.wheel = final: prev: {
      hatchling = final.module "hatchling" "def build_editable(): import editables";
      editables = final.module "editables" "";
      flit-core = final.module "flit_core" "def build_editable(): pass";
    };
  };
}
"""
INPUTS = {
    "github:pyproject-nix/uv2nix": ("uv2nix", UV2NIX),
    "github:pyproject-nix/pyproject.nix": ("pyproject-nix", PYPROJECT_NIX),
    "github:pyproject-nix/build-system-pkgs": ("build-systems", BUILD_SYSTEMS),
}


@pytest.fixture
def make(make_project, tmp_path):
    """A maker of a project with a lock and `provider: uv2nix`, whose inputs are the stand-ins."""

    def maker(folder: str = ".", further: dict[str, str] | None = None):
        project = make_project({f"{folder}/pyproject.toml": PYPROJECT, **(further or {})})
        root = project.root / folder
        project.enter("uv lock -q", cwd=root)
        shutil.rmtree(project.venv)
        project.run(["git", "add", "-A"])
        yaml = f'python: "{MINOR}"\nprovider: uv2nix\nenv: {{A: b}}\n'
        (root / "nixpy.yaml").write_text(yaml)
        if folder != ".":
            (project.root / "nixpy.yaml").write_text(
                f'python: "{MINOR}"\nprojects: {{api: {folder}}}\n'
            )
        project.nixpy("sync")
        flake = project.root / "flake.nix"
        text = flake.read_text()
        for url, (name, stand_in) in INPUTS.items():
            inner = tmp_path / "inputs" / name
            inner.mkdir(parents=True)
            (inner / "flake.nix").write_text(stand_in)
            assert f'"{url}"' in text
            text = text.replace(f'"{url}"', f'"path:{inner}"')
        flake.write_text(text)
        return project

    return maker


def test_the_lock_is_what_nix_builds(make):
    """Python has what uv.lock lists, groups too, from the store; there is no venv to fill."""
    project = make()
    script = 'python -c "import cowsay, crc32c; print(cowsay.__file__)"; echo $REPO_ROOT $A'
    shown = lines(project.enter(script))
    assert shown[-2].startswith("/nix/store/")
    assert shown[-1] == f"{project.root} b"
    assert not project.venv.exists()
    inner = project.root / "src"
    inner.mkdir()
    assert lines(project.enter("echo $REPO_ROOT", cwd=inner))[-1] == str(project.root)


def test_uv_changes_the_lock_and_nothing_else(make):
    """`uv add`, `uv remove` and `uv lock` edit metadata and lock, and never write to the store."""
    project = make()
    project.enter("true")
    before = project.store()
    project.enter("uv add -q quack")
    assert "quack" in (project.root / "pyproject.toml").read_text()
    assert 'name = "quack"' in (project.root / "uv.lock").read_text()
    project.enter("uv remove -q quack && uv lock -q --check")
    assert 'name = "quack"' not in (project.root / "uv.lock").read_text()
    assert before.changes(project.store()) == []
    assert not list(project.root.glob(".venv/lib/python*/site-packages/quack*"))


def test_the_variables(make):
    """uv is told the clean interpreter, and neither to sync nor to download."""
    project = make()
    names = ("UV_NO_SYNC", "UV_PYTHON", "UV_PYTHON_DOWNLOADS", "PYTHONPATH", "VIRTUAL_ENV")
    script = "; ".join(f'echo "{name}=${{{name}-}}"' for name in names)
    outside = {"PYTHONPATH": "/x", "VIRTUAL_ENV": "/y"}
    shown = dict(
        line.split("=", 1)
        for line in lines(project.enter(script, environment=outside))
        if "=" in line
    )
    assert shown["UV_NO_SYNC"] == "1"
    assert shown["UV_PYTHON_DOWNLOADS"] == "never"
    assert shown["UV_PYTHON"].startswith("/nix/store/")
    assert "-env/" not in shown["UV_PYTHON"]
    assert (shown["PYTHONPATH"], shown["VIRTUAL_ENV"]) == ("", "")


WORKSPACE = """
[tool.uv.workspace]
members = ["members/*"]
"""
MEMBER = """\
[project]
name = "{name}"
version = "1"
"""
FLIT = """
[build-system]
requires = ["flit-core"]
build-backend = "flit_core"
"""


def test_members_whose_backend_needs_more_than_it_names(make):
    """hatchling installs from a folder by `editables`, which no `requires` has."""
    member, other = MEMBER.format(name="2d-plot"), MEMBER.format(name="other")
    project = make(
        further={
            "pyproject.toml": PYPROJECT + HATCHLING + WORKSPACE,
            "app/__init__.py": "",
            "members/plot/pyproject.toml": member + HATCHLING,
            "members/other/pyproject.toml": other + FLIT,
        }
    )
    assert lines(project.enter("echo $REPO_ROOT"))[-1] == str(project.root)
    flake = project.root / "flake.nix"
    text = flake.read_text()
    assert '"2d-plot"' in text
    assert '"other"' not in text
    flake.write_text(text.replace("editables = [ ];", ""))
    failed = project.enter("true", check=False)
    assert "No module named 'editables'" in failed.stderr


def test_one_nixpkgs_for_all(make):
    """All further inputs follow the flake's own nixpkgs."""
    project = make()
    command = ["nix", "flake", "metadata", "--json", *project.flake_options()]
    nodes = json.loads(project.run(command).stdout)["locks"]["nodes"]
    assert {name for name in nodes if name.startswith("nixpkgs")} == {"nixpkgs"}
    assert sorted(nodes["root"]["inputs"]) == [
        "nixpkgs",
        "pyproject-build-systems",
        "pyproject-nix",
        "uv2nix",
    ]


def test_in_a_monorepo(make):
    """A project of a monorepo is built from its own lock, beside shells that have a venv."""
    project = make("services/api")
    script = 'python -c "import cowsay; print(cowsay.__file__)"; echo $REPO_ROOT'
    shown = lines(project.enter(script, flake=".#api"))
    assert shown[-2].startswith("/nix/store/")
    assert shown[-1] == f"{project.root}/services/api"
    shown = lines(project.enter("echo $VIRTUAL_ENV"))
    assert shown[-1] == str(project.venv)


def test_every_system_evaluates(make):
    """The flake evaluates for another system than this machine's."""
    project = make()
    other = "aarch64-linux" if system() != "aarch64-linux" else "x86_64-linux"
    attribute = f".#devShells.{other}.default.drvPath"
    done = project.run(["nix", "eval", "--raw", attribute, *project.flake_options()])
    assert done.stdout.endswith(".drv")


@pytest.mark.parametrize(
    ("choices", "said"),
    [
        ("packages: [numpy]\n", "with uv2nix all packages come from uv.lock"),
        ("shell: fhs\n", "exclude each other"),
        ("installer: pip\n", "uv2nix builds what uv locks, not pip"),
        ('pythons: ["3.11"]\n', "with uv2nix a shell has one Python"),
    ],
)
def test_choices_that_do_not_go_together(make, choices, said):
    """A choice that uv2nix cannot meet is told with its line, and nothing is written."""
    project = make()
    yaml = project.root / "nixpy.yaml"
    yaml.write_text(f"provider: uv2nix\n{choices}")
    done = project.nixpy("sync", check=False)
    assert done.returncode == 1
    assert "error: nixpy.yaml:1: `provider`: " in done.stderr
    assert said in done.stderr


def test_without_a_lock(make_project):
    """Without uv.lock there is nothing to build, and how to make one is said."""
    project = make_project({"pyproject.toml": PYPROJECT})
    (project.root / "nixpy.yaml").write_text("provider: uv2nix\n")
    done = project.nixpy("sync", check=False)
    assert "error: nixpy.yaml:1: `provider`: uv2nix builds what uv.lock says" in done.stderr
    assert "hint: run `uv lock` before" in done.stderr
