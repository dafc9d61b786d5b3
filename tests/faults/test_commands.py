"""Commands that write, stopped or refused at each call by which they do, and run again."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.faults import ALL, CALL, FAULTS, WRITING
from tests.support.lacking import lacking
from tests.support.project import user_environment

SAMPLE = 1
ASIDE = ".poetry.lock.before-align"
PYPROJECT = '[project]\nname = "app"\nversion = "1"\nrequires-python = ">=3.10"\n'
COMMANDS = {
    "init": ["init", "--no-git", "-p", "numpy"],
    "add": ["add", "--no-git", "pandas"],
    "eject": ["eject", "--no-git"],
    "editor": ["editor", "vscode"],
    "align": ["align"],
}


def nixpy(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run nixpy in a project."""
    return _run(project, [sys.executable, "-B", "-m", "nixpy", *arguments])


def traced(project: Path, arguments: list[str], *options: str) -> subprocess.CompletedProcess[str]:
    """Run nixpy under strace, which leaves its log beside the project."""
    log = str(project.parent / "log")
    command = ["strace", "-y", "-o", log, "-e", f"trace={WRITING},fsync", *options]
    return _run(project, [*command, sys.executable, "-B", "-m", "nixpy", *arguments])


def _run(project: Path, command: list[str]) -> subprocess.CompletedProcess[str]:
    home = project.parent / "home"
    home.mkdir(exist_ok=True)
    return subprocess.run(
        command,
        cwd=project,
        env=user_environment(home, PATH=f"{project.parent}/bin:/usr/bin:/bin"),
        capture_output=True,
        text=True,
        timeout=60,
    )


def prepare(project: Path, name: str) -> None:
    """Make a project as the command finds it."""
    project.mkdir()
    (project / "pyproject.toml").write_text(PYPROJECT)
    if name == "init":
        return
    if name == "align":
        prepare_align(project)
        return
    assert nixpy(project, "init", "--no-git", "-p", "numpy").returncode == 0
    link = project / ".venv/lib/python3.12/site-packages/numpy-1.dist-info"
    link.mkdir(parents=True)
    (link / "INSTALLER").write_text("nixpy\n")
    (project / ".venv/pyvenv.cfg").write_text("home = /\n")
    (project / ".venv/.nixpy-stamp").write_text("")
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@b.example"]
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "a"]):
        assert _run(project, [*git, *command]).returncode == 0


def prepare_align(project: Path) -> None:
    """Make a project whose lock has another version than its env, and a poetry that locks it."""
    (project / "pyproject.toml").write_text(f"{PYPROJECT}dependencies = ['numpy']\n[tool.poetry]\n")
    (project / "nixpy.yaml").write_text('python: "3.12"\npackages: [numpy]\n')
    info = project / "env/lib/python3.12/site-packages/numpy-2.1.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("")
    (project / ".venv").mkdir()
    (project / ".venv/.nixpy-stamp").write_text(f"/p /v {project}/.venv --env {project}/env")
    (project / "poetry.lock").write_text(
        '[[package]]\nname = "numpy"\nversion = "2.5.1"\nfiles = []\n'
        '\n[metadata]\nlock-version = "2.1"\ncontent-hash = "old"\n'
    )
    poetry = project.parent / "bin/poetry"
    poetry.parent.mkdir()
    poetry.write_text(
        '#!/bin/sh\n[ "$1" = --version ] && echo "poetry 2.0" && exit\n'
        "sed -i s/old/new/ poetry.lock\n"
    )
    poetry.chmod(0o755)


def picture(project: Path) -> dict[str, bytes]:
    """Return the project's files, without what git keeps."""
    return {
        str(path.relative_to(project)): b"" if path.is_dir() else path.read_bytes()
        for path in sorted(project.rglob("*"))
        if ".git" not in path.relative_to(project).parts
    }


def points(log: str, project: Path) -> list[tuple[str, int]]:
    """Return the calls that write below the project: each name, and which of that name it is."""
    found, numbers = [], dict.fromkeys([*WRITING.split(","), "fsync"], 0)
    for line in log.splitlines():
        call = CALL.match(line)
        if call is None:
            continue
        numbers[call[1]] += 1
        opened = call[1] != "openat" or re.search(r"O_(CREAT|WRONLY|RDWR)", call[2])
        if opened and str(project) in line:
            found.append((call[1], numbers[call[1]]))
    return found


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("name", COMMANDS)
def test_run_again_it_ends_as_if_nothing_had_been(tmp_path, name, fault):
    """Each file is the old or the new one, errors are sentences, and the next run finishes."""
    if shutil.which("strace") is None:
        lacking("strace is not installed: tests that let calls fail need it")
    project, saved = tmp_path / "project", tmp_path / "saved"
    prepare(project, name)
    shutil.copytree(project, saved, symlinks=True)
    before = picture(project)
    done = traced(project, COMMANDS[name])
    assert done.returncode == 0, done.stderr
    after = picture(project)
    found = points((tmp_path / "log").read_text(), project)
    assert found
    step = 1 if ALL else max(1, len(found) // SAMPLE)
    bad = {}
    for call, number in found[(0 if ALL else [*FAULTS].index(fault) % step) :: step]:
        shutil.rmtree(project)
        shutil.copytree(saved, project, symlinks=True)
        inject = f"inject={call}:{FAULTS[fault]}:when={number}"
        stopped = traced(project, COMMANDS[name], "-e", inject)
        torn = {
            file
            for file, content in picture(project).items()
            if ".nixpy-" not in file and content not in {before.get(file), after.get(file)}
        }
        if ASIDE in torn:  # until the next run the lock may be the one that poetry started with
            torn -= {ASIDE, "poetry.lock"}
        again = nixpy(project, *COMMANDS[name])
        now = picture(project)
        wrong = {file for file in now.keys() | after.keys() if now.get(file) != after.get(file)}
        traces = [text for text in (stopped.stderr, again.stderr) if "Traceback" in text]
        if torn or wrong or traces:
            bad[call, number] = (torn, wrong, *traces, again.stderr)
    assert not bad, "\n".join(f"{point}: {problem}" for point, problem in bad.items())
