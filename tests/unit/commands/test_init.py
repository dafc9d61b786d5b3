"""`nixpy init` as its user sees it: what is printed, what is written, what is left alone."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from nixpy import __version__
from nixpy.cli import run

PYPROJECT = '[project]\nname = "app"\nversion = "1"\nrequires-python = ">=3.11"\n'
FILES = {
    ".envrc",
    ".gitignore",
    ".nixpy/enter.bash",
    ".nixpy/venv.py",
    "flake.nix",
    "nixpy.yaml",
}


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A git checkout with a pyproject.toml, as the current folder."""
    git(tmp_path, "init", "-q")
    (tmp_path / "pyproject.toml").write_text(PYPROJECT)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    return tmp_path


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and ".git/" not in f"{path.relative_to(folder).as_posix()}/"
    }


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", "-C", str(folder), *arguments], capture_output=True, check=True, text=True
    )
    return done.stdout


def test_it_says_what_it_chose_and_what_it_wrote(project, capsys):
    """Each choice has a line with its reason, then each file, then the next command."""
    assert run(["init", "-p", "numpy", "--python", "3.13"]) == 0
    out, err = capsys.readouterr()
    assert "python     3.13  (nixpy.yaml:3)" in out
    assert "installer  uv  (the default: no file of the project names another)" in out
    assert "packages   numpy  (nixpy.yaml:" in out
    assert "wrote      flake.nix" in out
    assert out.endswith("next: `nix develop` (or `direnv allow`), then `uv sync`\n")
    assert err == ""
    assert set(contents(project)) == FILES | {"pyproject.toml"}


@pytest.mark.parametrize(
    ("files", "command"),
    [
        ({"pyproject.toml": "[tool.poetry.dependencies]\npython = '3.12'\n"}, "poetry install"),
        ({"requirements.txt": "numpy\n"}, "uv pip install -r requirements.txt"),
        ({"setup.py": "from setuptools import setup\nsetup()\n"}, "uv pip install -e ."),
        ({"Pipfile": "[packages]\nnumpy = '*'\n"}, "pipenv install --dev"),
    ],
)
def test_the_next_steps_end_with_what_installs_this_project(
    tmp_path, monkeypatch, capsys, files, command
):
    """The command is one that works with the files that are there."""
    folder = tmp_path / "app"
    folder.mkdir()
    git(folder, "init", "-q")
    monkeypatch.chdir(folder)
    for name, text in files.items():
        (folder / name).write_text(text)
    assert run(["init"]) == 0
    assert capsys.readouterr().out.endswith(f"(or `direnv allow`), then `{command}`\n")


def test_each_project_of_a_monorepo_has_its_steps(project, capsys):
    """A shell of its own, a folder of its own, and its own installer."""
    (project / "api").mkdir()
    (project / "api/requirements.txt").write_text("numpy\n")
    (project / "nixpy.yaml").write_text("projects: {api: api}\n")
    assert run(["init"]) == 0
    line = "      `nix develop .#api`, then `cd api && uv pip install -r requirements.txt`\n"
    assert capsys.readouterr().out.endswith(line)


@pytest.mark.parametrize("place", ["home", "root"])
def test_a_folder_that_holds_more_than_a_project(tmp_path, monkeypatch, capsys, place):
    """Nix would copy a home folder, keys and all, to where everybody can read it."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir({"home": tmp_path, "root": "/"}[place])
    assert run(["init"]) == 1
    assert "into a store that everybody can read\n" in capsys.readouterr().err
    assert contents(tmp_path) == {}


def test_without_nix(project, monkeypatch, capsys):
    """Where there is no Nix the next step would fail, so how to get it is said."""
    monkeypatch.setattr("nixpy.system.nix.available", lambda *_: False)
    assert run(["init"]) == 0
    assert "note: Nix is not installed here: https://nixos.org" in capsys.readouterr().err


def test_a_second_run_changes_nothing(project, capsys):
    """Running it again leaves every byte as it was."""
    run(["init", "-p", "numpy"])
    before = contents(project)
    capsys.readouterr()
    assert run(["init", "-p", "numpy"]) == 0
    assert contents(project) == before
    assert "wrote" not in capsys.readouterr().out


def test_a_dry_run_writes_nothing(project, capsys):
    """`--dry-run` shows a unified diff of all files and leaves the folder alone."""
    before = contents(project)
    assert run(["init", "--dry-run"]) == 0
    assert contents(project) == before
    out = capsys.readouterr().out
    assert "--- /dev/null\n+++ b/flake.nix\n" in out


def test_json_gives_the_whole_plan(project, capsys):
    """`--json` prints the plan and the files' texts, and nothing else, on stdout."""
    assert run(["init", "--json", "-p", "numpy"]) == 0
    plan = json.loads(capsys.readouterr().out)
    assert plan["shells"]["default"]["installer"] == "uv"
    assert plan["shells"]["default"]["packages"][0]["attribute"] == "numpy"
    texts = {file["path"]: file["text"] for file in plan["files"]}
    assert texts["flake.nix"] == (project / "flake.nix").read_text()
    assert {decision["subject"] for decision in plan["decisions"]} >= {"python", "nixpkgs"}


def test_options_are_kept_in_nixpy_yaml(project):
    """What was said on the command line holds for the next run; comments stay."""
    (project / "nixpy.yaml").write_text("# ours\npackages: [rich] # keep\n")
    assert run(["init", "-p", "numpy", "--tool", "ruff", "--library", "libGL"]) == 0
    text = (project / "nixpy.yaml").read_text()
    assert "# ours\n" in text
    assert "packages: [rich, numpy] # keep\n" in text
    assert "tools: [ruff]\n" in text
    assert "libraries: [libGL]\n" in text


@pytest.mark.parametrize("name", [".nixpy/venv.py"])
def test_a_foreign_file_is_not_replaced(project, capsys, name):
    """A file that nixpy did not write stays, and so does everything else, until --force."""
    (project / ".nixpy").mkdir()
    (project / name).write_text("mine\n")
    before = contents(project)
    assert run(["init"]) == 1
    assert contents(project) == before
    assert f"error: {name}: the file was not written by nixpy" in capsys.readouterr().err
    assert run(["init", "--force"]) == 0
    assert (project / name).read_text() != "mine\n"


def test_a_flake_that_is_replaced_is_kept_beside(project, capsys):
    """`--force` moves the user's flake aside, says so, and never over another copy."""
    mine = "{ outputs = _: { }; }\n"
    (project / "flake.nix").write_text(mine)
    assert run(["init", "--force"]) == 0
    assert "wrote      flake.nix.before-nixpy" in capsys.readouterr().out
    assert (project / "flake.nix").read_text() != mine
    assert (project / "flake.nix.before-nixpy").read_text() == mine
    (project / "flake.nix").write_text("{ outputs = _: { a = 1; }; }\n")
    before = contents(project)
    assert run(["init", "--force"]) == 1
    assert contents(project) == before
    assert "flake.nix.before-nixpy: the file is there already" in capsys.readouterr().err


def test_an_edited_file_is_not_replaced(project, capsys):
    """An edit of a generated file is noticed by its checksum."""
    run(["init"])
    flake = project / "flake.nix"
    flake.write_text(flake.read_text().replace("pkgs.uv", "pkgs.uv pkgs.jq"))
    before = contents(project)
    assert run(["init", "--python", "3.13"]) == 1
    assert contents(project) == before
    assert "was edited since nixpy wrote it" in capsys.readouterr().err


def test_envrc_and_gitignore_are_extended_once(project):
    """What stands in them stays, and a second run adds nothing."""
    (project / ".envrc").write_text("export A=1")
    (project / ".gitignore").write_text("/.venv\n*.log")
    for _ in range(2):
        assert run(["init"]) == 0
        assert (project / ".envrc").read_text().startswith("export A=1\nwatch_file")
        assert (project / ".envrc").read_text().count("use flake") == 1
        assert (project / ".gitignore").read_text() == "/.venv\n*.log\n.direnv/\n"


def test_an_envrc_that_uses_a_flake_is_left_alone(project):
    """`use flake` with the user's own arguments is the user's."""
    (project / ".envrc").write_text("use flake . --impure\n")
    assert run(["init"]) == 0
    assert (project / ".envrc").read_text() == "use flake . --impure\n"


def test_git_is_made_aware_of_new_files(project, capsys):
    """A flake sees what git knows: the new files are intended to be added, none is staged."""
    git(project, "init", "-q")
    (project / ".git" / "info" / "exclude").write_text(".envrc\n")
    assert run(["init"]) == 0
    assert set(git(project, "ls-files").split()) >= FILES
    assert git(project, "diff", "--cached", "--name-only") == ""
    out, err = capsys.readouterr()
    assert "flake.nix (git add --intent-to-add)" in out
    assert "outside a git checkout" not in err


def test_no_git_leaves_the_index_alone(project):
    """`--no-git` writes the files and nothing else."""
    git(project, "init", "-q")
    assert run(["init", "--no-git"]) == 0
    assert git(project, "ls-files") == ""


def test_a_folder_that_git_ignores_is_no_part_of_the_checkout(project, capsys):
    """A scratch folder leaves the outer index alone, and its user learns how to enter."""
    git(project, "init", "-q")
    (project / ".gitignore").write_text("build/\n")
    (project / "build" / "app").mkdir(parents=True)
    assert run(["init", "build/app"]) == 0
    assert git(project, "ls-files") == ""
    assert "run `git init` here" in capsys.readouterr().err


def test_a_project_below_the_checkout_works(project):
    """In a subfolder of a git checkout the files are added by their own path."""
    git(project, "init", "-q")
    (project / "sub").mkdir()
    assert run(["init", "sub"]) == 0
    assert {f"sub/{name}" for name in FILES} <= set(git(project, "ls-files").split())


def test_no_metadata_is_a_valid_shell(tmp_path, monkeypatch, capsys):
    """An empty folder gets a shell, and a line that says that nothing was found."""
    monkeypatch.chdir(tmp_path)
    assert run(["init"]) == 0
    out, err = capsys.readouterr()
    assert "no metadata found" in out
    assert "the flake goes into .nixpy: outside a git checkout Nix would copy" in err
    assert (tmp_path / ".nixpy/flake.nix").exists()


@pytest.mark.parametrize(
    ("files", "arguments", "said", "hint"),
    [
        ({"pyproject.toml": "[project\n"}, [], "pyproject.toml:1:", None),
        ({"pyproject.toml": b"name = '\xe9'\n"}, [], "pyproject.toml:1", None),
        ({"pyproject.toml": '[project]\nname = "a"\ndependencies = "numpy"\n'}, [],
         "pyproject.toml:3", None),
        ({"uv.lock": "version = \n"}, [], "uv.lock:1:", None),
        ({"requirements.txt": "-r requirements.txt\n"}, [], "requirements.txt:1", None),
        ({"requirements.txt": "numpy=>1\n"}, [], "requirements.txt:1", None),
        ({"nixpy.yaml": "pakages: [a]\n"}, [], "nixpy.yaml:1:1: `pakages`: unknown key",
         "did you mean `packages`?"),
        ({"nixpy.yaml": "packages: [numpy, numpy]\n"}, [], "listed twice", None),
        ({}, ["-p", "nunpy"], "--package: nixpkgs has no Python package `nunpy`",
         "did you mean `numpy`"),
        ({}, ["-p", "numpy==1.2"], "--package: `numpy==1.2` names a version", None),
        ({}, ["--python", "3.8"], "--python: Python 3.8 is not in nixos-unstable", None),
        ({}, ["--python", "snake"], "--python: `snake` is not a Python version", None),
        ({}, ["--nixpkgs", "a b"], "--nixpkgs: `a b` is not a flake reference", None),
        ({}, ["--tool", "nox"], "--tool: nixpkgs' `nox` is another program", "under `packages:`"),
        ({}, ["--tool", "python312"], "--tool: `python312` is an interpreter", "`pythons:`"),
        ({".python-version": "pypy3.10\n"}, [], ".python-version:1", "3.14"),
        ({"pyproject.toml": '[project]\nname = "a"\nrequires-python = "<3.9"\n'}, [],
         "pyproject.toml:3", None),
        ({}, ["missing"], "missing: there is no such folder", None),
        ({"file": "x"}, ["file"], "file: expected a folder, found a file", None),
    ],
)  # fmt: skip
def test_bad_input_is_one_clear_error(tmp_path, monkeypatch, capsys, files, arguments, said, hint):
    """Each mistake gives `error:` on stderr and exit 1, no traceback, and nothing is written."""
    monkeypatch.chdir(tmp_path)
    for name, text in files.items():
        (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    before = contents(tmp_path)
    assert run(["init", *arguments]) == 1
    assert contents(tmp_path) == before
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("error: ")
    assert said in err
    if hint:
        assert hint in err.partition("hint: ")[2]


@pytest.mark.parametrize("arguments", [["int"], ["init", "--pyton", "3"], ["init", "a", "b"]])
def test_wrong_usage_is_exit_code_2(arguments, capsys):
    """A command or option that is not there is a usage error."""
    assert run(arguments) == 2
    assert "Usage: nixpy" in capsys.readouterr().err


def test_an_unreadable_file_is_told(project, capsys, monkeypatch):
    """A file that may not be read is named; root may read all, so the refusal is simulated."""
    real = os.open

    def refuse(path: str | Path, *args: object, **kwargs: object) -> object:
        if Path(path).name == "pyproject.toml":
            raise PermissionError(13, "Permission denied")
        return real(path, *args, **kwargs)

    monkeypatch.setattr(os, "open", refuse)
    assert run(["init"]) == 1
    assert "error: pyproject.toml: cannot be read: Permission denied" in capsys.readouterr().err


def test_control_characters_do_not_reach_the_terminal(tmp_path, monkeypatch, capsys):
    """What a file's name or text says cannot steer the terminal."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "nixpy.yaml").write_text('packages: ["a\\e[31mb"]\n')
    assert run(["init"]) == 1
    assert "\x1b" not in capsys.readouterr().err


@pytest.mark.parametrize(
    "program",
    [[sys.executable, "-m", "nixpy"], [str(Path(sys.executable).with_name("nixpy"))]],
    ids=["module", "script"],
)
def test_the_program_starts(program, tmp_path):
    """Both ways of starting it give the version."""
    done = subprocess.run(
        [*program, "--version"], capture_output=True, cwd=tmp_path, env=os.environ, text=True
    )
    assert (done.returncode, done.stdout) == (0, f"nixpy {__version__}\n")


def test_a_refusal_names_a_command_that_goes_on(project, capsys, monkeypatch):
    """The command of the hint, with the folder where it is another one, gives the shell."""
    (project / "pyproject.toml").write_text(PYPROJECT.replace(">=3.11", ">=3.8,<3.11"))
    monkeypatch.chdir(project.parent)
    assert run(["init", project.name]) == 1
    hint = capsys.readouterr().err.partition("hint: ")[2]
    assert hint == (
        f"nixos-25.11 has Python 3.10: `nixpy init --nixpkgs nixos-25.11 {project.name}`\n"
    )
    assert run(hint.split("`")[1].split()[1:]) == 0
    assert "python     3.10" in capsys.readouterr().out
