"""What is said of files that enter a shell of another kind."""

import pytest

from nixpy.flake.inputs import NIXPKGS_PYTHON
from nixpy.syntax.tree import MemoryTree
from nixpy.workspace.other_shells import lines_to_add, projects, remarks

IMPORT = "import ./nix/python-shell.nix { inherit pkgs; }"

EACH = (
    "devShells = eachSystem (system: { default = import ./nix/python-shell.nix "
    "{ pkgs = nixpkgs.legacyPackages.${system}; }; });"
)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("shell.nix", "`nix-shell` enters it"),
        ("devenv.nix", "`devenv shell` still enters it"),
        ("devenv.yaml", "`devenv shell` still enters it"),
        ("devbox.json", "`devbox shell` still enters it"),
        ("pixi.toml", "`pixi shell` still enters it"),
        (".flox/env/manifest.toml", "`flox activate` still enters it"),
    ],
)
def test_each_is_named(name, said):
    """Each file is named with who enters it."""
    (remark,) = remarks(MemoryTree({name: "{ }"}))
    assert remark.startswith(f"{name} stays as it is")
    assert said in remark


@pytest.mark.parametrize(
    "line",
    [
        "use nix",
        "use devenv",
        "layout python",
        "layout python3.11",
        "layout poetry",
        "source .venv/bin/activate",
        ". venv/bin/activate",
        'eval "$(devbox generate direnv --print-envrc)"',
    ],
)
def test_a_line_of_envrc_that_enters_something_else(line):
    """The line and its number are told."""
    (remark,) = remarks(MemoryTree({".envrc": f"dotenv\n{line}\nuse flake\n"}))
    assert remark.startswith(f".envrc:2: `{line}` enters something else")


def test_nothing_is_said_of_nixpys_own():
    """An `.envrc` that enters the flake, and comments, are fine."""
    text = "watch_file nixpy.yaml\nuse flake\n# layout python\nsource_env_if_exists .envrc.local\n"
    assert remarks(MemoryTree({".envrc": text, "flake.nix": "{ }"})) == []


@pytest.mark.parametrize(
    ("files", "wanted"),
    [
        ({"flake.nix": "{ outputs = _: { }; }"}, [f"devShells.${{system}}.default = {IMPORT};"]),
        ({"flake.nix": "utils.lib.eachSystem [ ]"}, [f"devShells.default = {IMPORT};"]),
        ({"flake.nix": "utils.lib.eachDefaultSystem (x"}, [f"devShells.default = {IMPORT};"]),
        ({"flake.nix": "  eachSystem = lib.genAttrs (import systems);"}, [EACH]),
        ({"flake.nix": 'eachSystem = nixpkgs.lib.genAttrs [\n"a"\n];'}, [EACH]),
        (
            {"flake.nix": "eachSystem = f: lib.genAttrs systems (system: f pkgs.${system});"},
            [f"devShells.${{system}}.default = {IMPORT};"],
        ),
        ({"flake.nix": "# no eachSystem"}, [f"devShells.${{system}}.default = {IMPORT};"]),
        ({"flake.nix": "flake-parts.lib.mkFlake"}, [f"devShells.default = {IMPORT};"]),
        ({"shell.nix": ""}, [f"{{ pkgs ? import <nixpkgs> {{ }} }}: {IMPORT}"]),
    ],
)
def test_the_line_to_add(files, wanted):
    """The line fits the file that is there; without one, all ways are shown."""
    assert [lines for _, lines in lines_to_add(MemoryTree(files))] == [wanted]
    assert len(lines_to_add(MemoryTree({}))) == 3


def test_the_lines_for_further_inputs():
    """A module that takes another flake comes with the lines that declare it."""
    flake, _, shell = lines_to_add(MemoryTree({}), [NIXPKGS_PYTHON])
    assert flake[1] == [
        'inputs.nixpkgs-python.url = "github:cachix/nixpkgs-python";',
        'inputs.nixpkgs-python.inputs.nixpkgs.follows = "nixpkgs";',
        "devShells.${system}.default = import ./nix/python-shell.nix "
        "{ inherit pkgs; inherit (inputs) nixpkgs-python; };",
    ]
    assert 'nixpkgs-python = builtins.getFlake "github:cachix/nixpkgs-python";' in shell[1][0]


def test_projects_in_folders():
    """Folders with metadata are projects, but not what lies in one, in tests or in examples."""
    files = [
        "services/api/pyproject.toml",
        "worker/requirements.txt",
        "worker/plugin/pyproject.toml",
        "tests/data/setup.py",
        ".venv/x/setup.py",
        "my app/pyproject.toml",
        "3d/setup.py",
    ]
    assert projects(MemoryTree(dict.fromkeys(files, ""))) == {
        "api": "services/api",
        "my-app": "my app",
        "worker": "worker",
    }
