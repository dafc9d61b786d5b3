"""The shell that `nixpy init` makes, entered with the real Nix, on both kinds of environment."""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess

import pytest

from tests.support.nixpkgs import preferred_python
from tests.support.project import lines

pytestmark = pytest.mark.e2e

PYPROJECT = """\
[project]
name = "app"
version = "1"
requires-python = ">=3.10"
dependencies = ["herd"]
"""
ORIGIN = 'python -c "import cowsay, quack; print(cowsay.__file__, quack.__file__)"'


def test_uv_installs_what_nix_does_not_provide(make_project):
    """`uv sync` takes cowsay from Nix, the rest into .venv, and leaves the store as it was."""
    project = make_project({"pyproject.toml": PYPROJECT}, "-p", "cowsay")
    project.enter("true")
    before = project.store()
    synced = project.enter("uv lock -q -P cowsay==6.1 && uv sync")
    assert "+ herd==1.0" in synced.stderr
    assert "+ quack==2.0" in synced.stderr
    assert "cowsay" not in synced.stderr
    cowsay, quack = lines(project.enter(f"uv run {ORIGIN}"))[0].split()
    assert cowsay.startswith("/nix/store/")
    assert quack.startswith(f"{project.venv}/")
    assert before.changes(project.store()) == []
    found = lines(project.enter("command -v pip pip3; python -m pip --version"))
    assert all(str(project.venv) in line for line in found[-3:]), found


def test_pip_installs_what_nix_does_not_provide(make_project):
    """`pip install -r` sees cowsay as installed; pip itself lies in .venv."""
    project = make_project({"requirements.txt": "herd\n"}, "-p", "cowsay", "--installer", "pip")
    project.enter("true")
    before = project.store()
    installed = project.enter("pip install -r requirements.txt").stdout
    assert "Successfully installed herd-1.0 quack-2.0" in installed
    cowsay, quack = lines(project.enter(ORIGIN))[0].split()
    assert cowsay.startswith("/nix/store/")
    assert quack.startswith(f"{project.venv}/")
    assert lines(project.enter("pip uninstall -qy cowsay && command -v pip"))[-1].startswith(
        str(project.venv)
    )
    assert before.changes(project.store()) == []


def test_the_shell_sets_what_the_policy_says(make_project):
    """A version request and a place to search; the venv, the clean python, then the rest."""
    minor = preferred_python()
    project = make_project({"pyproject.toml": PYPROJECT}, "-p", "cowsay")
    shown = lines(project.enter("env -0 | tr '\\0\\n' '\\n '", environment={"PYTHONPATH": "/x"}))
    variables = dict(line.split("=", 1) for line in shown if "=" in line)
    assert variables["VIRTUAL_ENV"] == str(project.venv)
    assert variables["UV_PYTHON"] == minor
    assert variables["UV_PYTHON_PREFERENCE"] == "only-system"
    assert variables["UV_PYTHON_DOWNLOADS"] == "never"
    assert "UV_PROJECT_ENVIRONMENT" not in variables
    path = variables["PATH"].split(":")
    assert "-uv-" in path[0]
    assert path[1:3] == [f"{project.venv}/bin", variables["UV_PYTHON_SEARCH_PATH"]]
    assert not any("-env/bin" in folder for folder in path)
    leaked = {
        "PYTHONPATH",
        "PYTHONHOME",
        "PYTHONHASHSEED",
        "PYTHONNOUSERSITE",
        "DETERMINISTIC_BUILD",
        "SOURCE_DATE_EPOCH",
        "LD_LIBRARY_PATH",
        "_PYTHON_HOST_PLATFORM",
        "_PYTHON_SYSCONFIGDATA_NAME",
    }
    assert leaked & variables.keys() == set()


@pytest.mark.parametrize("installer", ["uv", "pip"])
def test_no_installer_of_the_env_is_on_path(make_project, installer):
    """nixpkgs wraps them so that they take the env for a venv: with any of these venvs, or none."""
    made = {
        "uv": 'uv venv -q "$VIRTUAL_ENV"',
        "pip": 'python -m venv --without-pip "$VIRTUAL_ENV"',
    }
    project = make_project(
        {"pyproject.toml": PYPROJECT}, "-p", "pip", "-p", "uv", "--installer", installer
    )
    found = "{ type -ap pip pip3 uv virtualenv python python3 || :; } | xargs -r realpath --"
    again = f'rm -rf "$VIRTUAL_ENV"; hash -r; {found}; {made[installer]}; {found}'
    programs = lines(project.enter(f"{found}; {again}"))
    assert any(program.startswith("/nix/store/") for program in programs)
    assert [program for program in programs if "-env/bin/" in program] == []


@pytest.mark.parametrize("installer", ["uv", "poetry", "pdm", "hatch", "pipenv"])
def test_the_shells_installer_comes_before_the_projects_own(make_project, installer):
    """A project may depend on its installer, whose wheel brings a program of the same name."""
    project = make_project({"pyproject.toml": PYPROJECT}, "--installer", installer)
    project.enter(f"python -m pip install -q {installer}")
    assert (project.venv / "bin" / installer).exists()
    program, version = lines(project.enter(f"type -p {installer}; {installer} --version"))[:2]
    assert program.startswith("/nix/store/")
    assert "99.0" not in version


def test_entering_again_prints_nothing_and_starts_nothing(make_project, tmp_path):
    """When nothing changed the hook runs no program at all and says nothing."""
    project = make_project({"pyproject.toml": PYPROJECT}, "-p", "cowsay")
    first = project.enter("true").stderr
    assert f"made `{project.venv}`" in first
    assert "nixpy: " not in project.enter("true").stderr
    hook = tmp_path / "hook.sh"
    hook.write_text(project.development_environment()["shellHook"])
    trace = tmp_path / "trace"
    script = f'set -eu; source {shlex.quote(str(hook))}; [[ $VIRTUAL_ENV == "$1" ]]'
    project.run(
        ["strace", "-f", "-qq", "-e", "trace=execve", "-o", str(trace)]
        + ["bash", "--norc", "-c", script, "bash", str(project.venv)]
    )
    assert trace.read_text().count("execve(") == 1, "bash alone was started"


@pytest.mark.parametrize("installer", ["uv", "pip", "poetry", "pdm"])
def test_links_that_an_installer_took_away_come_back(make_project, installer):
    """The next entry links them anew, and the one after it has nothing to do."""
    takes_away = {
        "uv": "uv sync -q",
        "pip": "pip uninstall -qy cowsay",
        "poetry": "poetry run python -m pip uninstall -qy cowsay",
        "pdm": "pdm run python -m pip uninstall -qy cowsay",
    }
    alone = PYPROJECT.replace('["herd"]', "[]")
    project = make_project({"pyproject.toml": alone}, "-p", "cowsay", "--installer", installer)
    program = project.venv / "bin/cowsay"
    project.enter(takes_away[installer])
    assert not program.exists()
    project.enter(
        "cowsay -t moo; python -c 'import importlib.metadata as m; m.version(\"cowsay\")'"
    )
    stamp = project.venv / ".nixpy-stamp"
    before = stamp.stat().st_mtime_ns
    project.enter("true")
    assert stamp.stat().st_mtime_ns == before


def test_a_stale_shell_names_the_file(make_project):
    """What the shell was made from has changed: each entry says so until `nixpy sync`."""
    pin = f"{preferred_python()}\n"
    project = make_project({"pyproject.toml": PYPROJECT, ".python-version": pin}, "-p", "cowsay")
    watched = (project.root / ".envrc").read_text().splitlines()
    changes = {
        ".python-version": (pin, "3.9\n"),
        "nixpy.yaml": ("packages:", "env: {A: b}\npackages:"),
        "pyproject.toml": (">=3.10", ">=3.9"),
    }
    assert {f"watch_file {file}" for file in changes} <= set(watched)
    project.enter("true")
    for file, (old, new) in changes.items():
        path = project.root / file
        before = path.read_text()
        path.write_text("# a comment\n" + before.replace('["herd"]', "[]"))
        assert "nixpy sync" not in project.enter("true").stderr
        assert old in before
        path.write_text(before.replace(old, new))
        for _ in range(2):
            said = project.enter("true").stderr
            assert f"nixpy: `{file}` has changed since this shell of Python" in said
            assert "run `nixpy sync`" in said
        project.nixpy("sync")
        assert "nixpy sync" not in project.enter("true").stderr


def test_it_works_from_a_subfolder(make_project):
    """The root is found from any folder below it, by the flake that stands there."""
    project = make_project({"pyproject.toml": PYPROJECT, "src/deep/x.py": ""}, "-p", "cowsay")
    below = project.root / "src" / "deep"
    assert lines(project.enter('echo "$VIRTUAL_ENV"', cwd=below)) == [str(project.venv)]
    assert sorted(path.name for path in below.iterdir()) == ["x.py"]


@pytest.mark.parametrize("installable", ["./app", "path:./app"])
def test_from_outside_no_venv_is_made(make_project, installable):
    """Above the project there is no root: one line says so, and no folder is touched."""
    project = make_project({"pyproject.toml": PYPROJECT}, "-p", "cowsay")
    above = project.root.parent
    if installable.startswith("path:"):
        installable = f"path:{project.root}"
    before = sorted(above.iterdir())
    done = project.enter('echo "[${VIRTUAL_ENV-}]"; python -V', cwd=above, flake=installable)
    assert lines(done)[0] == "[]"
    said = [line for line in done.stderr.splitlines() if "no venv" in line]
    assert len(said) == 1
    assert said[0].startswith("nixpy: ")
    assert sorted(above.iterdir()) == before
    assert not project.venv.exists()


def test_nixpy_root_says_where_the_project_is(make_project):
    """With NIXPY_ROOT the shell is entered from anywhere."""
    project = make_project({"pyproject.toml": PYPROJECT}, "-p", "cowsay")
    done = project.enter(
        'echo "$VIRTUAL_ENV"',
        cwd=project.root.parent,
        flake="./app",
        environment={"NIXPY_ROOT": str(project.root)},
    )
    assert lines(done) == [str(project.venv)]


def test_another_projects_folder_is_not_taken_for_the_root(make_project):
    """From inside a second nixpy project, the first one's shell makes no venv there."""
    first = make_project({"pyproject.toml": PYPROJECT}, "-p", "cowsay")
    second = make_project({"pyproject.toml": PYPROJECT.replace('"app"', '"other"')}, name="other")
    done = first.enter('echo "[${VIRTUAL_ENV-}]"', cwd=second.root, flake="../app")
    assert lines(done) == ["[]"]
    assert "no venv" in done.stderr
    assert not second.venv.exists()


@pytest.mark.parametrize("name", ["spa ce", 'quo"tes"', "größe", "$dollar `tick`", "a#b?c&d"])
def test_odd_folder_names(make_project, name):
    """Spaces, quotes, dollars and letters beyond ASCII in the path are no obstacle.

    The folder is no git checkout: Nix up to 2.18 cannot read one at such a path (NixOS/nix#6394).
    A single quote is missing here, since `nix develop` itself puts the folder's path unescaped
    between single quotes (`out='…/outputs/out'`), and so breaks its own script.
    """
    project = make_project({"pyproject.toml": PYPROJECT}, "-p", "cowsay", name=name, git=False)
    done = project.enter(
        "uv lock -q -P cowsay==6.1 && uv sync -q && quack && cowsay -t hi >/dev/null"
        f' && {ORIGIN} && echo "$VIRTUAL_ENV"'
    )
    program, origins, venv = lines(done)
    assert program == "quack 2.0"
    assert origins.startswith("/nix/store/")
    assert venv == str(project.venv)


def test_direnv_enters_the_same_shell(make_project):
    """`use flake` in the written .envrc gives the venv and its programs."""
    project = make_project({"pyproject.toml": PYPROJECT}, "-p", "cowsay")
    envrc = project.root / ".envrc"
    options = shlex.join(project.flake_options())
    envrc.write_text(envrc.read_text().replace("use flake", f"use flake . {options}"))
    project.run(["direnv", "allow"])
    done = project.run(["direnv", "exec", ".", "bash", "-c", 'echo "$VIRTUAL_ENV"; type -p python'])
    assert lines(done) == [str(project.venv), f"{project.venv}/bin/python"]
    below = project.root / "below"
    below.mkdir()
    script = f'cd {shlex.quote(str(below))} && eval "$(direnv export bash)" && python -V'
    project.run(["bash", "-c", script])


def test_who_has_no_nix_goes_on_without_it(make_project, tmp_path):
    """A colleague's direnv prints no error at each `cd`."""
    project = make_project({"pyproject.toml": PYPROJECT})
    programs = tmp_path / "programs"
    programs.mkdir()
    for name in ("bash", "cat", "direnv", "env", "mkdir", "sed", "stat"):
        (programs / name).symlink_to(str(shutil.which(name)))
    project.run(["direnv", "allow"])
    command = ["env", f"PATH={programs}", "direnv", "exec", ".", "bash", "-c", "echo in"]
    done = project.run(command)
    assert lines(done) == ["in"]
    assert "not found" not in done.stderr


def test_the_printed_environment_can_be_sourced(make_project):
    """`nix print-dev-env` gives a script that enters the venv, also under `set -eu`."""
    project = make_project({"pyproject.toml": PYPROJECT}, "-p", "cowsay")
    script = project.run(["nix", "print-dev-env", *project.flake_options()]).stdout
    file = project.root.parent / "environment.sh"
    file.write_text(script)
    done = project.run(
        ["bash", "-c", f'source {shlex.quote(str(file))}; set -eu; echo "$VIRTUAL_ENV"']
    )
    assert lines(done)[-1] == str(project.venv)


def test_the_lock_wins_over_nix(make_project):
    """Where the lock has another version, the installer's copy is imported, and Nix's stays."""
    project = make_project({"pyproject.toml": PYPROJECT}, "-p", "cowsay")
    project.enter("true")
    before = project.store()
    project.enter("uv lock -q -P cowsay==6.2 && uv sync -q")
    origin = lines(project.enter(f"{ORIGIN}; uv pip list --format freeze"))
    assert origin[0].startswith(f"{project.venv}/")
    assert "cowsay==6.2" in origin
    assert before.changes(project.store()) == []


def test_an_empty_folder_gets_a_shell(make_project):
    """Without any metadata there is a Python, uv and a venv."""
    project = make_project({})
    done = project.enter("uv pip install -q quack && quack")
    assert lines(done) == ["quack 2.0"]


def test_a_program_from_nix_runs_from_the_venv(make_project):
    """A console script of a linked package stands in .venv/bin and runs with the venv's python."""
    project = make_project({"pyproject.toml": PYPROJECT}, "-p", "cowsay")
    program = lines(project.enter("type -p cowsay && cowsay -t moo"))
    assert program[0] == f"{project.venv}/bin/cowsay"
    assert "moo" in "\n".join(program[1:])


def test_the_flake_checks_and_locks(make_project):
    """The flake is valid as a whole: its outputs evaluate, and a lock file can be written."""
    project = make_project({"pyproject.toml": PYPROJECT}, "-p", "cowsay")
    attribute = subprocess.run(
        ["nix", "eval", "--impure", "--raw", "--expr", "builtins.currentSystem"],
        capture_output=True,
        check=True,
        env=dict(project.environment),
        text=True,
    ).stdout
    for output in (f"checks.{attribute}.devShell", f"devShells.{attribute}.default"):
        drv = project.run(
            ["nix", "eval", "--raw", f".#{output}.drvPath", *project.flake_options()]
        ).stdout
        assert drv.endswith(".drv")
    systems = project.run(
        ["nix", "eval", "--json", ".#devShells", "--apply", "builtins.attrNames"]
        + project.flake_options()
    ).stdout
    assert {attribute, "aarch64-darwin", "aarch64-linux", "x86_64-linux"} <= set(
        json.loads(systems)
    )


def test_the_venv_is_made_again_when_it_is_gone(make_project):
    """`rm -rf .venv` is answered by the next entry."""
    project = make_project({"pyproject.toml": PYPROJECT}, "-p", "cowsay")
    project.enter("true")
    shutil.rmtree(project.venv)
    assert lines(project.enter("type -p python")) == [f"{project.venv}/bin/python"]
