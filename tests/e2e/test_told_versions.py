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
    found = re.search("`([^`]+ [^`]+)` (?:keeps|takes) Nix's", line)
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
    assert "`uv.lock` has other versions than Nix: cowsay 6.2 (Nix: 6.1); `uv lock" in line
    assert told(project.enter("true")) == []
    project.enter(f"{command(line)} && uv sync")
    assert told(project.enter("true")) == []
    (project.root / "uv.lock").unlink()
    project.enter("uv lock")
    assert told(project.enter("true")) == [line], "it was right in between"


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
