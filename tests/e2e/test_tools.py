"""Tools beside the installer: whose copy of a package they run, where Nix provides it as well."""

from __future__ import annotations

import pytest

from tests.support.entered import Entered
from tests.support.nixpkgs import preferred_python, stand_in
from tests.support.project import Project, user_environment

pytestmark = pytest.mark.e2e

MINOR = preferred_python()
COMPACT = MINOR.replace(".", "")

# `herd` needs `cowsay`, which Nix provides at the version that the project wants.
PYPROJECT = """\
[project]
name = "app"
version = "1"
requires-python = ">=3.10"
dependencies = ["cowsay==6.1"]
"""
SHOW = "import cowsay; print('from', cowsay.__file__)"
SCRIPT = f"""\
# /// script
# requires-python = ">=3.10"
# dependencies = ["herd"]
# ///
{SHOW}
"""
TOX = f"""\
[tox]
env_list = py{COMPACT}, site
skipsdist = true

[testenv]
skip_install = true
commands = python -c "{SHOW}"

[testenv:py{COMPACT}]
deps = herd

[testenv:site]
base_python = py{COMPACT}
system_site_packages = true
"""
NOX = f"""\
import nox


@nox.session
def own(session):
    session.install("herd")
    session.run("python", "-c", "{SHOW}")


@nox.session(venv_backend="none")
def shared(session):
    session.run("uv", "run", "python", "-c", "{SHOW}")


@nox.session(venv_backend="none")
def bare(session):
    session.run("python", "-c", "{SHOW}")
"""
PRE_COMMIT = f"""\
repos:
  - repo: local
    hooks:
      - id: shared
        name: shared
        entry: uv run python -c "{SHOW}"
        language: system
        always_run: true
        pass_filenames: false
        verbose: true
      - id: bare
        name: bare
        entry: python -c "{SHOW}"
        language: system
        always_run: true
        pass_filenames: false
"""
FILES = {
    "pyproject.toml": PYPROJECT,
    "script.py": SCRIPT,
    "tox.ini": TOX,
    "noxfile.py": NOX,
    ".pre-commit-config.yaml": PRE_COMMIT,
}
RUN = f'-c "{SHOW}"'
CASES = {
    "uv run": (f"uv run python {RUN}", "/nix/store/"),
    "uv run --with": (f"uv run --with quack python {RUN}", "/nix/store/"),
    "uv run --with what needs it": (f"uv run --with herd python {RUN}", "/cache/"),
    "uv run --isolated": (f"uv run --isolated python {RUN}", "/cache/"),
    "uvx": (f"uvx --with herd python {RUN}", "/cache/"),
    "uv run script": ("uv run script.py", "/cache/"),
    "python -m venv": (
        f"python -m venv v; v/bin/pip install -q herd; v/bin/python {RUN}",
        "/app/v/",
    ),
    "virtualenv": (
        f"virtualenv -q -p {MINOR} v; v/bin/pip install -q herd; v/bin/python {RUN}",
        "/app/v/",
    ),
    "pipx": (
        "pipx install quack; pipx inject quack herd; "
        f'"$HOME"/.local/share/pipx/venvs/quack/bin/python {RUN}',
        "/pipx/venvs/",
    ),
    "tox": (f"tox run -e py{COMPACT}", "/app/.tox/"),
    "nox": ("nox -s own", "/app/.nox/"),
    "nox without venv": ("nox -s shared", "/nix/store/"),
    "nox, its own python": ("nox -s bare", "/nix/store/"),
    "pre-commit": ("pre-commit run shared --all-files", "/nix/store/"),
}
LACKING = {
    "pre-commit": "pre-commit run bare --all-files",
    "python -m venv": f"python -m venv --system-site-packages v; v/bin/python {RUN}",
    "virtualenv": f"virtualenv -q -p {MINOR} --system-site-packages v; v/bin/python {RUN}",
    "tox": "tox run -e site",
}


@pytest.fixture(scope="module")
def shell(index, tmp_path_factory, watched_store):
    """A shell with all tools, in which Nix provides cowsay, and `uv sync` has been run."""
    folder = tmp_path_factory.mktemp("tools")
    for name in ("app", "home"):
        (folder / name).mkdir()
    environment = user_environment(
        folder / "home",
        UV_DEFAULT_INDEX=index,
        PIP_INDEX_URL=index,
        UV_CACHE_DIR=str(folder / "cache"),
    )
    project = Project(folder / "app", stand_in(folder, "legacy").ref, environment)
    project.write(FILES)
    project.git()
    tools = [
        word for one in ("pipx", "pre-commit", "tox", "virtualenv") for word in ("--tool", one)
    ]
    project.nixpy("init", "--python", MINOR, "-p", "cowsay", "-p", "nox", *tools)
    entered = Entered.of(project, folder)
    project.enter("uv sync -q")
    return entered


@pytest.mark.parametrize(("script", "place"), CASES.values(), ids=CASES)
def test_whose_copy_is_run(shell, script, place):
    """What runs in the project's venv has Nix's; a tool's own environment gets one of its own."""
    done = shell.run(script)
    assert done.status == 0, done.output
    (shown,) = {line for line in done.output.splitlines() if line.startswith("from ")}
    assert place in shown
    assert done.changes == ()


@pytest.mark.parametrize("script", LACKING.values(), ids=LACKING)
def test_who_does_not_see_what_nix_provides(shell, script):
    """A clean interpreter has none of it, nor has nixpkgs' own, which tools put first on PATH."""
    done = shell.run(script)
    assert done.status != 0
    assert "No module named 'cowsay'" in done.output
    assert done.changes == ()
