"""The projects that operations are done in: one in whose shell they run, another, and none."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.support.wheelhouse import BACKEND, USUAL, Distribution

# What the index has: Nix provides cowsay 6.1, so an installer that fetches it did not see it.
INDEX = (
    *(one for one in USUAL if one.name == "quack"),
    Distribution("moo", "1.0", requires=("cowsay>=6",)),
    Distribution("cowsay", "6.1"),
    Distribution("cowsay", "6.2"),
)

_PYPROJECT = """\
[build-system]
requires = []
build-backend = "backend"
backend-path = ["build_backend"]

[project]
name = "NAME"
version = "1"
requires-python = ">=3.10"
dependencies = ["quack"]
"""
_POETRY = """
[[tool.poetry.source]]
name = "local"
url = "URL/"
priority = "primary"
"""
_PDM = """
[[tool.pdm.source]]
name = "pypi"
url = "URL/"
"""
_PIPFILE = """\
[[source]]
name = "local"
url = "URL/"
verify_ssl = false

[packages]
quack = "*"
"""
_SCRIPT = """\
# /// script
# requires-python = ">=3.10"
# dependencies = ["quack"]
# ///
import quack

quack.main()
"""
_TOX = """\
[tox]
envlist = pyCOMPACT

[testenv]
commands = python -c "import quack, NAME"
"""
_NOX = """\
import nox


@nox.session
def check(session):
    session.install("quack")
    session.run("python", "-c", "import quack")
"""
_PRE_COMMIT = """\
repos:
  - repo: local
    hooks:
      - id: quack
        name: quack
        entry: quack
        language: system
        always_run: true
        pass_filenames: false
  - repo: ../hooks
    rev: "1"
    hooks:
      - id: python
"""
# A repository of hooks, whose package depends on `quack`.
_HOOKS = """- id: python
  name: python
  entry: quack
  language: python
  always_run: true
  pass_filenames: false
"""


def write(folder: Path, name: str, installer: str, url: str, minor: str) -> None:
    """Write a project of this name for an installer; ``url`` is the index, ``minor`` the Python."""
    folder.mkdir(parents=True)
    if installer == "pipenv":
        files = {"Pipfile": _PIPFILE}
    else:
        further = {"poetry": _POETRY, "pdm": _PDM}.get(installer, "")
        files = {
            "pyproject.toml": _PYPROJECT + further,
            "build_backend/backend.py": BACKEND.read_text("utf-8"),
            "NAME.py": "",
        }
    files["source/.keep"] = ""
    if installer == "uv":
        files["script.py"] = _SCRIPT
    elif installer == "pip":
        files["requirements.txt"] = "quack\n"
    elif installer == "tox":
        files["tox.ini"] = _TOX
    elif installer == "nox":
        files["noxfile.py"] = _NOX
    elif installer == "pre-commit":
        files[".pre-commit-config.yaml"] = _PRE_COMMIT
    values = {"NAME": name, "URL": url, "COMPACT": minor.replace(".", "")}
    for path, text in files.items():
        file = folder / _filled(path, values)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(_filled(text, values), "utf-8")


def write_hooks(folder: Path) -> None:
    """Write a repository of pre-commit's, of release 1."""
    write(folder, "hooks", "", "", "")
    (folder / ".pre-commit-hooks.yaml").write_text(_HOOKS)
    who = ["-c", "user.name=a", "-c", "user.email=a@b.example", "-c", "commit.gpgsign=false"]
    for command in (["init", "-q"], ["add", "--all"], ["commit", "-qm", "1"], ["tag", "1"]):
        subprocess.run(["git", "-C", str(folder), *who, *command], check=True)


def _filled(text: str, values: dict[str, str]) -> str:
    for key, value in values.items():
        text = text.replace(key, value)
    return text
