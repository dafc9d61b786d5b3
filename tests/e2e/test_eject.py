"""`nixpy eject`: the shell goes on without nixpy, and `nixpy init` comes back to it."""

from __future__ import annotations

import subprocess

import pytest

from tests.support.nixpkgs import system
from tests.support.project import Project, lines

pytestmark = pytest.mark.e2e

PYPROJECT = """\
[project]
name = "app"
version = "1"
requires-python = ">=3.10"
dependencies = ["herd"]
"""
ORIGIN = 'python -c "import cowsay, quack; print(cowsay.__file__, quack.__file__)"'


@pytest.fixture
def project(make_project):
    """A committed project in whose venv is a package from Nix and one from the index."""
    made = make_project({"pyproject.toml": PYPROJECT}, "-p", "cowsay", "--tool", "hello")
    made.enter("uv lock -q -P cowsay==6.1 && uv sync -q")
    made.nixpy("sync")
    commit(made)
    return made


def commit(project: Project) -> None:
    """Commit all that is there."""
    who = ["-c", "user.name=a", "-c", "user.email=a@b.example"]
    project.run(["git", "add", "-A"])
    project.run(["git", *who, "commit", "-qm", "a"])


def naming_nixpy(project: Project, folder: str = ".") -> list[str]:
    """Give the lines below a folder that name nixpy, and the files that are called so."""
    command = ["grep", "-rniI", "nixpy", folder, "--exclude-dir=.git", "--exclude=*.pyc"]
    found = project.run(command, check=False).stdout.splitlines()
    return found + [
        str(path) for path in (project.root / folder).rglob("*nixpy*") if ".git" not in path.parts
    ]


def good(project: Project) -> None:
    """See that the shell has Nix's package from Nix, and the installed one as it was."""
    cowsay, quack = lines(project.enter(ORIGIN))[-1].split()
    assert cowsay.startswith("/nix/store/")
    assert quack.startswith(f"{project.venv}/")
    assert " + " not in project.enter("uv sync").stderr


def test_the_shell_goes_on(project):
    """After `eject` nothing names nixpy, the venv's packages stay, and all installs work."""
    project.nixpy("eject")
    assert not (project.root / "nixpy.yaml").exists()
    assert not (project.root / ".nixpy").exists()
    good(project)
    assert naming_nixpy(project) == []
    assert "cowsay==6.1" in lines(project.enter("uv pip freeze"))
    before = project.store()
    project.enter("rm -rf .venv")
    project.enter("uv sync -q")
    good(project)
    assert before.changes(project.store()) == []


def test_edits_are_kept(project):
    """A flake that the user edited is made plain with the edit in it."""
    flake = project.root / "flake.nix"
    text = flake.read_text()
    flake.write_text(text.replace("shellHook = ''\n", "shellHook = ''\n  export MINE=1\n"))
    project.nixpy("eject")
    assert lines(project.enter("echo $MINE"))[-1] == "1"
    good(project)


def test_direnv_goes_on(project):
    """The `.envrc` watches what is there, and enters the plain shell."""
    project.nixpy("eject")
    text = (project.root / ".envrc").read_text()
    watched = ("pyproject.toml", "flake.nix", "flake.lock", "nix/venv.py", "nix/enter.bash")
    lines = [f"watch_file {file}" for file in watched]
    lines += ["# Who has no Nix goes on without it.", "if has nix; then", "  use flake", "fi"]
    assert text.splitlines() == lines


def test_init_says_what_it_found(project):
    """`init` on an ejected project says so; with `--force` it takes the shell and the venv back."""
    project.nixpy("eject")
    good(project)
    refused = project.nixpy("init", check=False)
    assert refused.returncode == 1
    assert "the file was made plain by `nixpy eject`" in refused.stderr
    assert not (project.root / "nixpy.yaml").exists()
    python = project.enter("python -V").stdout.split()[-1].rpartition(".")[0]
    done = project.nixpy("init", "--force", "--python", python, "-p", "cowsay")
    assert "nix/venv.py is not needed any more" in done.stderr
    good(project)
    assert "nixvenv" not in project.run(["ls", "-a", ".venv"]).stdout


def test_choices_are_not_lost(project):
    """Choices that no commit has are kept, unless it is forced."""
    yaml = project.root / "nixpy.yaml"
    yaml.write_text(yaml.read_text() + "# mine\n")
    refused = project.nixpy("eject", check=False)
    assert refused.returncode == 1
    assert "nixpy.yaml: the file is in no commit as it is, and would be lost" in refused.stderr
    assert yaml.exists()
    shown = project.nixpy("eject", "--force", "--dry-run").stdout
    assert "+++ b/nix/venv.py\n" in shown
    assert yaml.exists()
    project.nixpy("eject", "--force")
    good(project)


def test_an_outdated_flake(project):
    """Choices that were not rendered are not lost silently."""
    yaml = project.root / "nixpy.yaml"
    yaml.write_text(yaml.read_text().replace("[hello]", "[]"))
    commit(project)
    refused = project.nixpy("eject", check=False)
    assert refused.returncode == 1
    assert "flake.nix: the file is out of date" in refused.stderr


def test_a_module(make_project, tmp_path):
    """A module beside the user's own flake is made plain, and the flake stays as it is."""
    made = make_project({"pyproject.toml": PYPROJECT}, "-p", "cowsay")
    for path in ("flake.nix", ".envrc"):
        (made.root / path).unlink()
    flake = (
        "{\n  outputs = { nixpkgs, ... }: {\n"
        f"    devShells.{system()}.default = import ./nix/python-shell.nix "
        f"{{ pkgs = nixpkgs.legacyPackages.{system()}; }};\n  }};\n}}\n"
    )
    (made.root / "flake.nix").write_text(flake)
    made.nixpy("init", "--module")
    made.enter("uv lock -q -P cowsay==6.1 && uv sync -q")
    made.nixpy("sync")
    commit(made)
    made.nixpy("eject")
    assert (made.root / "flake.nix").read_text() == flake
    good(made)
    assert naming_nixpy(made) == []


def test_a_monorepo(make_project):
    """Every project's choices go, and every shell goes on."""
    files = {"api/pyproject.toml": PYPROJECT, "api/nixpy.yaml": "packages: [cowsay]\n"}
    made = make_project(files)
    yaml = made.root / "nixpy.yaml"
    yaml.write_text(yaml.read_text() + "projects: {api: api}\n")
    python = yaml.read_text().partition('python: "')[2].partition('"')[0]
    (made.root / "api/nixpy.yaml").write_text(f'python: "{python}"\npackages: [cowsay]\n')
    made.nixpy("sync")
    commit(made)
    made.nixpy("eject")
    assert naming_nixpy(made) == []
    shown = lines(made.enter("echo $VIRTUAL_ENV; python -c 'import cowsay'", flake=".#api"))[-1]
    assert shown == f"{made.root}/api/.venv"
    subprocess.run(["git", "-C", made.root, "diff", "--check"], check=True)
