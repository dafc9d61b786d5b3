"""The shell tells where an installer would take another version, and what keeps Nix's."""

from __future__ import annotations

import json
import re

import pytest

from tests.support.project import lines

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.parametrize("standin", ["legacy"], indirect=True, ids=["legacy"]),
]

PYPROJECT = '[project]\nname = "app"\nversion = "1"\ndependencies = ["cowsay"]\n'
PROJECT = {"pyproject.toml": PYPROJECT + 'requires-python = ">=3.10"\n'}
WHERE = "python -c 'import cowsay; print(cowsay.__file__)'"


def told(done) -> list[str]:
    """Give the lines of an entry that speak of versions."""
    return [line for line in done.stderr.splitlines() if "Nix's" in line]


def command(line: str) -> str:
    """Give the command that a line names."""
    found = re.search("`([^`]+ [^`]+)` (?:keeps|and entering again bring) Nix's", line)
    assert found, line
    return found[1]


def test_before_there_is_a_lock(make_project):
    """The command that is told makes a lock by which Nix's package stays, and is told once."""
    project = make_project(PROJECT, "-p", "cowsay", "--installer", "uv")
    (line,) = told(project.enter("true"))
    assert told(project.enter("true")) == []
    assert command(line) == "uv lock -P cowsay==6.1"
    done = project.enter(f"{command(line)} && uv sync && {WHERE}")
    assert lines(done)[-1].startswith("/nix/store/")
    assert told(project.enter("true")) == []


def test_a_lock_with_another_version(make_project):
    """Where `uv sync` has put its own copy in, the command and `uv sync` bring Nix's back."""
    project = make_project(PROJECT, "-p", "cowsay", "--installer", "uv")
    done = project.enter(f"uv sync -q; {WHERE}")
    assert lines(done)[-1].startswith(str(project.venv))
    (line,) = told(project.enter("true"))
    assert "`uv.lock` has other versions than Nix: cowsay 6.2 (Nix: 6.1); `uv pip un" in line
    assert told(project.enter("true")) == []
    project.enter(command(line))
    done = project.enter(f"uv sync && {WHERE}")
    assert told(done) == []
    assert lines(done)[-1].startswith("/nix/store/")
    (project.root / "uv.lock").unlink()
    project.enter("uv lock")
    (again,) = told(project.enter("true"))
    assert command(again) == "uv lock -P cowsay==6.1"


def test_a_floor_that_uv_add_writes(make_project):
    """`uv add` asks for the newest or newer; the command that is told takes that back."""
    text = PROJECT["pyproject.toml"].replace('"cowsay"', "")
    project = make_project({"pyproject.toml": text}, "-p", "cowsay", "--installer", "uv")
    project.enter("uv add cowsay")
    assert "cowsay>=6.2" in (project.root / "pyproject.toml").read_text()
    (line,) = told(project.enter("true"))
    project.enter(command(line))
    assert "cowsay>=6.1" in (project.root / "pyproject.toml").read_text()
    done = project.enter(f"uv sync && {WHERE}")
    assert lines(done)[-1].startswith("/nix/store/")
    assert told(done) == []


def test_nixs_copy_is_kept_and_the_lock_untouched(make_project):
    """`keep: nix`: what the team has locked stays, and Nix's version is what this shell imports."""
    project = make_project(
        {**PROJECT, "nixpy.yaml": "keep: nix\npackages: [cowsay]\n"}, "--installer", "uv"
    )
    project.enter("uv lock && uv add quack")
    lock = (project.root / "uv.lock").read_text()
    assert 'name = "cowsay"\nversion = "6.2"' in lock
    (line,) = told(project.enter("true"))
    assert command(line) == "uv sync --inexact --no-install-package cowsay"
    for _ in range(2):
        done = project.enter(f"{command(line)}; uv run {WHERE}; python -c 'import quack'")
        assert lines(done)[-1].startswith("/nix/store/")
        assert told(done) == []
    # Somebody forgot, and the shell says how to get back.
    project.enter("uv sync")
    (line,) = told(project.enter("true"))
    project.enter(command(line))
    assert lines(project.enter(f"uv run {WHERE}"))[-1].startswith("/nix/store/")
    assert (project.root / "uv.lock").read_text() == lock


def test_a_pinned_requirement(make_project):
    """What a person has pinned a person changes."""
    files = {"requirements.txt": "cowsay==6.2 # the newest\n"}
    project = make_project(files, "-p", "cowsay", "--installer", "pip")
    (line,) = told(project.enter("true"))
    assert line == (
        "nixpy: `requirements.txt` has other versions than Nix: cowsay 6.2 (Nix: 6.1);"
        " `requirements.txt` decides: write Nix's"
    )
    (project.root / "requirements.txt").write_text("cowsay==6.1\n")
    assert told(project.enter("true")) == []


def test_pipenv(make_project):
    """Its lock is JSON, and no command of its own takes a version for it."""
    project = make_project({"Pipfile": '[packages]\ncowsay = "*"\n'}, "-p", "cowsay")
    lock = {"_meta": {}, "default": {"cowsay": {"version": "==6.2"}}, "develop": {}}
    (project.root / "Pipfile.lock").write_text(json.dumps(lock))
    (line,) = told(project.enter("true"))
    assert "`Pipfile.lock` has other versions than Nix: cowsay 6.2 (Nix: 6.1)" in line
    assert line.endswith("`Pipfile` decides: write Nix's")


@pytest.mark.parametrize(
    ("installer", "table", "file", "install"),
    [
        (
            "poetry",
            "[tool.poetry]\npackage-mode = false\n"
            '[[tool.poetry.source]]\nname = "x"\nurl = "URL/"\n',
            "poetry.lock",
            "poetry lock -q",
        ),
        (
            "pdm",
            '[tool.pdm]\ndistribution = false\n[[tool.pdm.source]]\nname = "pypi"\nurl = "URL"\n'
            "verify_ssl = false\n",
            "pdm.lock",
            "pdm lock -q",
        ),
    ],
)
def test_installers_whose_lock_is_aligned(make_project, index, installer, table, file, install):
    """Before there is a lock and after the installer made one, what it takes is told."""
    text = PROJECT["pyproject.toml"] + table.replace("URL", index)
    project = make_project({"pyproject.toml": text}, "-p", "cowsay", "--installer", installer)
    (line,) = told(project.enter("true"))
    said = f"nixpy: no `{file}` yet: once it is there, `nixpy align` takes Nix's cowsay 6.1 into it"
    assert line == said
    project.enter(install)
    (line,) = told(project.enter("true"))
    assert line == (
        f"nixpy: `{file}` has other versions than Nix: cowsay 6.2 (Nix: 6.1);"
        " `nixpy align` keeps Nix's"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("version = 9\n\n[[package]]\nname = 'cowsay'\n", "is not to be understood"),
        ('version = 1\n\n[[package]]\nname = "cows', "is not to be understood"),
        (
            "<<<<<<< mine\nversion = 1\n=======\nversion = 2\n>>>>>>> theirs\n",
            "has marks of a merge",
        ),
    ],
)
def test_a_lock_that_makes_no_sense(make_project, text, said):
    """One line, and the shell is entered."""
    project = make_project(PROJECT, "-p", "cowsay", "--installer", "uv")
    project.enter("true")
    (project.root / "uv.lock").write_text(text)
    done = project.enter(WHERE)
    assert lines(done)[-1].startswith("/nix/store/")
    assert told(done) == [f"nixpy: `uv.lock` {said}: its versions were not compared with Nix's"]
