"""`nixpy explain` as its user sees it."""

import json
import subprocess
import sys

import pytest

from nixpy.cli import run
from nixpy.system import nix
from tests.support.explaining import entry, pyproject, uv_lock

HASH = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
FLAKE_LOCK = json.dumps(
    {
        "nodes": {
            "nixpkgs": {"locked": {"type": "path", "path": "/somewhere", "narHash": HASH}},
            "root": {"inputs": {"nixpkgs": "nixpkgs"}},
        },
        "root": "root",
        "version": 7,
    }
)


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project with a lock and a nixpy.yaml, as the current folder."""
    (tmp_path / "pyproject.toml").write_text(pyproject("pandas"))
    (tmp_path / "uv.lock").write_text(
        uv_lock(entry("pandas", "3.0", "numpy"), entry("numpy", "2.5.1"))
    )
    (tmp_path / "nixpy.yaml").write_text('python: "3.13"\npackages: [numpy]\n')
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "80")
    return tmp_path


@pytest.fixture
def answers(monkeypatch):
    """What Nix gives for an expression, in place of Nix; it is asked only where needed."""
    asked: list[str] = []
    values = {"listed": [{"name": "numpy", "version": "1.26.4"}], "all": []}

    def evaluate(expression: str, **_options: object) -> object:
        asked.append(expression)
        return values

    monkeypatch.setattr(nix, "available", lambda _folder: True)
    monkeypatch.setattr(nix, "holds", lambda _name, _folder: True)
    monkeypatch.setattr(nix, "evaluate", evaluate)
    return asked


def link(project, version: str) -> None:
    """Make what the shell leaves behind: an environment of Nix, linked into the venv."""
    environment = project / "env"
    info = environment / f"lib/python3.13/site-packages/numpy-{version}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("")
    (project / ".venv").mkdir()
    (project / ".venv/.nixpy-stamp").write_text(f"/p /v {project}/.venv --env {environment}")


def test_the_table_and_what_does_not_fit(project, answers, capsys):
    """The conflict stands below its row, and again at the end with what to do."""
    (project / "flake.lock").write_text(FLAKE_LOCK)
    assert run(["explain"]) == 0
    out, err = capsys.readouterr()
    assert "numpy         via pandas        2.5.1   Nix   1.26.4\n" in out
    assert "    ! locked 2.5.1, Nix has 1.26.4\n" in out
    assert "Nix's versions are from the nixpkgs of flake.lock" in out
    assert "hint: `nixpy align numpy` brings them together" in out
    assert err == ""
    assert len(answers) == 1
    assert "/somewhere" in answers[0]


def test_versions_of_what_is_linked_need_no_nix(project, answers, capsys):
    """After the shell was entered its environment tells the versions, until flake.lock changes."""
    link(project, "2.1")
    assert run(["explain"]) == 0
    assert "Nix   2.1\n" in capsys.readouterr().out
    assert answers == []
    (project / "flake.lock").write_text(FLAKE_LOCK)
    assert run(["explain"]) == 0
    assert "Nix   1.26.4\n" in capsys.readouterr().out
    assert len(answers) == 1


def test_without_a_flake_lock_versions_are_not_known(project, capsys):
    """A note says why, and the table is there all the same."""
    assert run(["explain"]) == 0
    out, err = capsys.readouterr()
    assert "numpy         via pandas        2.5.1   Nix   -\n" in out
    assert "note: Nix's versions are not known: there is no flake.lock" in err


def test_one_distribution(project, capsys):
    """With a name the chain that leads to it is told."""
    assert run(["explain", "NumPy"]) == 0
    out = capsys.readouterr().out
    assert "  wanted by   pandas (pyproject.toml:5) → numpy\n" in out


def test_json_has_the_same_keys_for_every_row(project, answers, capsys):
    """Rows, remarks and, for one name, its chains are data."""
    (project / "flake.lock").write_text(FLAKE_LOCK)
    assert run(["explain", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["projects"]["default"]["distributions"]
    assert [one["name"] for one in rows] == ["numpy", "pandas"]
    assert rows[0].keys() == rows[1].keys()
    assert rows[0]["provided_by"] == "Nix"
    assert rows[0]["remarks"][0]["code"] == "version"
    assert rows[0]["remarks"][0]["conflict"] is True
    assert run(["explain", "--json", "numpy"]) == 0
    one = json.loads(capsys.readouterr().out)["projects"]["default"]["distributions"][0]
    assert one["chains"][0]["names"] == ["pandas", "numpy"]
    assert one["nixpkgs"] == "numpy"


def test_a_name_that_nobody_knows(project, capsys):
    """The nearest names are offered, the project's own first."""
    assert run(["explain", "numpi"]) == 1
    err = capsys.readouterr().err
    assert err.startswith("error: `numpi` is neither in the project nor in nixpkgs\n")
    assert "hint: did you mean `numpy`" in err


def test_a_project_without_nixpy_yaml(project, capsys):
    """Before `nixpy init` a project can be explained as well."""
    (project / "nixpy.yaml").unlink()
    assert run(["explain"]) == 0
    assert "2 distributions: 2 from PyPI" in capsys.readouterr().out


def test_a_folder_without_anything(tmp_path, monkeypatch, capsys):
    """An empty folder has no distributions, which is no error."""
    monkeypatch.chdir(tmp_path)
    assert run(["explain"]) == 0
    assert capsys.readouterr().out.startswith("no distributions")


def test_from_a_subfolder_and_in_a_monorepo(project, capsys):
    """The project is found from below; a monorepo's projects have a table each."""
    (project / "src").mkdir()
    (project / "api").mkdir()
    (project / "api/requirements.txt").write_text("flask\n")
    (project / "nixpy.yaml").write_text("packages: [numpy]\nprojects: {api: api}\n")
    assert run(["explain", "-C", str(project / "src")]) == 0
    out = capsys.readouterr().out
    assert out.startswith("# default\n")
    assert "# api\n" in out
    assert run(["explain", "--directory", str(project / "api")]) == 0
    assert "numpy" not in capsys.readouterr().out


def test_a_lock_of_a_newer_uv(project, capsys):
    """What can be read is shown, and a warning names the format."""
    lock = project / "uv.lock"
    lock.write_text(lock.read_text().replace("version = 1\n", "version = 2\n", 1))
    assert run(["explain"]) == 0
    out, err = capsys.readouterr()
    assert "numpy         via pandas        2.5.1" in out
    assert "warning: uv.lock:1 version: lock format 2 is newer than 1" in err


def test_a_broken_lock(project, capsys):
    """A mistake in the lock is one error with its line."""
    (project / "uv.lock").write_text("version = 1\n[[package]\n")
    assert run(["explain"]) == 1
    assert capsys.readouterr().err.startswith("error: uv.lock:2:")


def test_a_closed_pipe_is_no_traceback(project):
    """`nixpy explain | head` ends quietly."""
    line = f"{sys.executable} -m nixpy explain --json | head -c 1"
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("{", "")
