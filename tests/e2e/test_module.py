"""`nixpy init --module` beside a flake, a shell.nix and flake-parts of the user's own."""

from __future__ import annotations

import json
import sys

import pytest

from tests.support.nixpkgs import preferred_python, system
from tests.support.project import Project, lines

pytestmark = pytest.mark.e2e

PYPROJECT = '[project]\nname = "app"\nversion = "1"\nrequires-python = ">=3.10"\n'
OWN = """\
{
  inputs.nixpkgs.url = "nixpkgs";
  outputs =
    { nixpkgs, ... }:
    let
      system = "SYSTEM";
      pkgs = nixpkgs.legacyPackages.${system};
    in
    {
      # LINE
    };
}
"""
PARTS = """\
{
  inputs = {
    nixpkgs.url = "nixpkgs";
    flake-parts.url = "path:./parts";
  };
  outputs =
    inputs@{ flake-parts, ... }:
    flake-parts.lib.mkFlake { inherit inputs; } {
      systems = [ "SYSTEM" ];
      perSystem =
        { pkgs, ... }:
        {
          # LINE
        };
    };
}
"""
# What `perSystem` of flake-parts comes to.
STAND_IN_FOR_PARTS = """\
{
  outputs = _: {
    lib.mkFlake =
      { inputs }:
      { systems, perSystem }:
      let
        of = system: perSystem { pkgs = inputs.nixpkgs.legacyPackages.${system}; inherit system; };
        each = f: builtins.listToAttrs (map (name: { inherit name; value = f name; }) systems);
      in
      { devShells = each (system: (of system).devShells); };
  };
}
"""
UTILS = """\
{
  inputs = {
    nixpkgs.url = "nixpkgs";
    flake-utils.url = "path:./utils";
  };
  outputs =
    { nixpkgs, flake-utils, ... }:
    flake-utils.lib.eachDefaultSystem (
      system:
      let
        pkgs = nixpkgs.legacyPackages.${system};
      in
      {
        # LINE
      }
    );
}
"""
# What `eachDefaultSystem` of flake-utils comes to: the system goes below the first attribute.
STAND_IN_FOR_UTILS = """\
{
  outputs = _: {
    lib.eachDefaultSystem = f: builtins.mapAttrs (_: value: { SYSTEM = value; }) (f "SYSTEM");
  };
}
"""
GEN_ATTRS = """\
{
  inputs.nixpkgs.url = "nixpkgs";
  outputs =
    { nixpkgs, ... }:
    let
      forAllSystems = nixpkgs.lib.genAttrs [ "SYSTEM" ];
    in
    {
      # LINE
    };
}
"""
PROBE = 'python -c "import sys, cowsay; print(sys.prefix, cowsay.__file__)"; echo $UV_PYTHON'


@pytest.fixture
def start(standin, index, make_project, tmp_path):
    """A maker of projects that have files of their own before nixpy comes."""

    def make(files: dict[str, str]) -> tuple[Project, str]:
        # `make_project` runs `init`, which is what these tests do themselves.
        other = make_project({}, name="other")
        root = tmp_path / "app"
        root.mkdir()
        project = Project(root, other.nixpkgs, other.environment)
        project.write({"pyproject.toml": PYPROJECT, **files})
        project.git()
        python = ["--python", preferred_python()]
        said = project.nixpy("init", "--module", "-p", "cowsay", *python).stdout
        return project, said

    return make


def printed(said: str) -> str:
    """Give the line to add that `init --module` printed last."""
    return said.rstrip().splitlines()[-1].strip()


def entered(project: Project, done) -> None:
    """See that a shell has the project's venv, Nix's package and the variables."""
    place, version = lines(done)[-2:]
    prefix, package = place.split()
    assert prefix == str(project.venv)
    assert package.startswith("/nix/store/")
    assert version == preferred_python()


def test_in_a_flake(start):
    """The printed line in a flake gives the shell, from any folder of the project."""
    project, said = start({"flake.nix": OWN.replace("SYSTEM", system())})
    flake = project.root / "flake.nix"
    assert "# LINE" in flake.read_text()
    assert not (project.root / ".envrc").exists()
    flake.write_text(flake.read_text().replace("# LINE", printed(said)))
    entered(project, project.enter(PROBE))
    inner = project.root / "src" / "app"
    inner.mkdir(parents=True)
    entered(project, project.enter(PROBE, cwd=inner))


def test_in_shell_nix(start):
    """The printed line as shell.nix gives the shell to `nix-shell`, without any flake."""
    project, said = start({"shell.nix": "{ }\n"})
    (project.root / "shell.nix").write_text(printed(said) + "\n")
    nixpkgs = project.nixpkgs.removeprefix("path:")
    command = ["nix-shell", "-I", f"nixpkgs={nixpkgs}", "--run", PROBE]
    entered(project, project.run(command))
    inner = project.root / "src"
    inner.mkdir()
    entered(project, project.run([*command, str(project.root / "shell.nix")], cwd=inner))


def test_in_flake_parts(start):
    """The printed line in `perSystem` of flake-parts gives the shell."""
    files = {"flake.nix": PARTS.replace("SYSTEM", system()), "parts/flake.nix": STAND_IN_FOR_PARTS}
    project, said = start(files)
    flake = project.root / "flake.nix"
    flake.write_text(flake.read_text().replace("# LINE", printed(said)))
    entered(project, project.enter(PROBE))


def test_in_flake_utils(start):
    """The printed line in `eachDefaultSystem` of flake-utils gives the shell."""
    files = {"flake.nix": UTILS, "utils/flake.nix": STAND_IN_FOR_UTILS.replace("SYSTEM", system())}
    project, said = start(files)
    flake = project.root / "flake.nix"
    flake.write_text(flake.read_text().replace("# LINE", printed(said)))
    entered(project, project.enter(PROBE))


def test_in_a_flake_on_gen_attrs(start):
    """The printed line uses the function by which the flake makes one output for each system."""
    project, said = start({"flake.nix": GEN_ATTRS.replace("SYSTEM", system())})
    flake = project.root / "flake.nix"
    flake.write_text(flake.read_text().replace("# LINE", printed(said)))
    entered(project, project.enter(PROBE))


def test_it_is_the_flakes_own_shell(start, make_project):
    """Module and flake of the same choices set the same variables, PATH among them."""
    project, said = start({"flake.nix": OWN.replace("SYSTEM", system())})
    flake = project.root / "flake.nix"
    flake.write_text(flake.read_text().replace("# LINE", printed(said)))
    own = make_project({"pyproject.toml": PYPROJECT}, "-p", "cowsay", name="flake")
    wanted = ("PATH=", "VIRTUAL_ENV=", "UV_", "NIX_LD", "LD_", "PYTHON", "SOURCE_DATE_EPOCH=")
    shells = []
    for one in (project, own):
        shown = one.enter("env | sort").stdout.replace(str(one.root), "ROOT")
        shells.append([line for line in shown.splitlines() if line.startswith(wanted)])
    assert len(shells[0]) > 4
    assert shells[0] == shells[1]


def test_living_with_it(start):
    """`add`, `sync` and `check` keep the module, and leave the flake alone."""
    project, said = start({"flake.nix": OWN.replace("SYSTEM", system())})
    flake = project.root / "flake.nix"
    flake.write_text(flake.read_text().replace("# LINE", printed(said)))
    before = flake.read_text()
    project.nixpy("add", "crc32c")
    project.enter("python -c 'import crc32c'")
    assert project.nixpy("sync", "--check").returncode == 0
    planned = json.loads(project.nixpy("init", "--json").stdout)
    assert "nix/python-shell.nix" in [one["path"] for one in planned["files"]]
    flake.write_text(before.replace('"nixpkgs"', f'"{project.nixpkgs}"'))
    project.run(["nix", "flake", "lock"])
    assert project.nixpy("check").stdout.startswith("good: default")
    yaml = project.root / "nixpy.yaml"
    yaml.write_text(yaml.read_text().replace("tools: []", "tools: [gti]"))
    project.nixpy("sync")
    for command in (["check"], ["add", "--tool", "gitt"]):
        refused = project.nixpy(*command, check=False)
        assert refused.returncode == 1
        assert f"nixpkgs has no `{'gitt' if command[1:] else 'gti'}`" in refused.stderr


def test_without_module_a_flake_is_left_alone(start):
    """Plain `init` in such a project puts a flake of its own beside it, and both can be entered."""
    project, _ = start({"flake.nix": OWN.replace("SYSTEM", system())})
    project.run(["rm", "-r", "nix", ".nixpy", "nixpy.yaml"])
    own = (project.root / "flake.nix").read_text()
    done = project.nixpy("init", "--python", preferred_python(), "--nixpkgs", project.nixpkgs)
    assert "the flake goes into .nixpy: flake.nix is your own" in done.stderr
    assert (project.root / "flake.nix").read_text() == own
    (project.root / "a/b").mkdir(parents=True)
    command = ["python", "-c", "import sys; print(sys.prefix)"]
    nixpy = [sys.executable, "-I", "-m", "nixpy", "run", *command]
    assert lines(project.run(nixpy, cwd=project.root / "a/b")) == [str(project.venv)]
    assert project.nixpy("check").stdout.startswith("good: default")
    project.run(["direnv", "allow"])
    direnv = ["direnv", "exec", ".", *command]
    assert lines(project.run(direnv)) == [str(project.venv)]
