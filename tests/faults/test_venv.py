"""The program templates/venv.py, stopped or refused at each call by which it writes.

`make faults` runs all of them; a run of all tests takes a sample.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from venv_project import HASH, SITE, Project, package, place

from tests.support.faults import ALL, CALL, FAULTS, WRITING
from tests.support.lacking import lacking

SAMPLE = 2

# The program starts nix-store, whose own calls would be counted too.
WITHOUT_NIX = {"PATH": "/var/empty"}


class Point(NamedTuple):
    """A call that writes: its name, which of that name it is, and its arguments."""

    call: str
    number: int
    arguments: str


class Stage(NamedTuple):
    """A project as an entry finds it, and the entry's arguments."""

    project: Project
    arguments: list[object]
    mine: dict[str, bytes]
    """Files of the user that the entry leaves alone."""


def envs(root: Path) -> tuple[Path, Path]:
    """Make an env, and what becomes of it: a package gone, one newer, one new, one file changed."""
    points = "[console_scripts]\n{0} = {0}:main\n"
    old, new = root / "store" / f"{HASH}-old", root / "store" / f"{HASH}-new"
    for folder, names, version in (old, ("spam", "eggs"), "1"), (new, ("eggs", "ham"), "2"):
        for name in names:
            place(folder, package(name, version, points=points.format(name)))
        place(folder, {"share/man/man1/eggs.1": version, f"share/man/man1/{names[0]}.1": ""})
        place(folder, {"SITE/more.pth": f"/{version}\n"})
    return old, new


def new_venv(root: Path) -> Stage:
    """Make a project that no shell has entered."""
    project = Project(root / "project")
    project.root.mkdir()
    return Stage(project, ["--env", envs(root)[0]], {})


def of_another_env(root: Path) -> Stage:
    """Make a project whose env is another than at the last entry."""
    project = Project(root / "project")
    project.root.mkdir()
    old, new = envs(root)
    project.enter("--env", old, env=WITHOUT_NIX)
    # Instead of the pip of Python, which is 500 files.
    for path in [*project.site.glob("pip*"), *project.venv.glob("bin/pip*")]:
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    mine = {**package("pip", "99"), **package("mine"), "bin/mine": "#!/bin/sh\n"}
    place(project.venv, mine)
    files = [project.venv / path.replace("SITE", str(SITE)) for path in mine]
    return Stage(project, ["--env", new], {str(path): path.read_bytes() for path in files})


def of_another_python(root: Path) -> Stage:
    """Make a project whose Python is another than at the last entry."""
    stage = of_another_env(root)
    config = stage.project.venv / "pyvenv.cfg"
    config.write_text(re.sub(r"(?m)^version = .*", "version = 3.9.18", config.read_text()))
    return stage._replace(mine={})


def picture(venv: Path) -> dict[str, bytes | str]:
    """Return what lies in a venv; of compiled files and times only that they are there."""
    found: dict[str, bytes | str] = {}
    for path in sorted(venv.rglob("*")):
        name = str(path.relative_to(venv))
        if path.is_symlink():
            found[name] = str(path.readlink())
        elif path.is_dir() or path.suffix == ".pyc":
            found[name] = "there"
        elif path.name == ".nixpy-data":
            found[name] = re.sub(rb"(?m)^[\d-]+ ", b"", path.read_bytes())
        else:
            found[name] = path.read_bytes()
    return found


def traced(stage: Stage, *options: str) -> subprocess.CompletedProcess[str]:
    """Enter a project under strace."""
    log = stage.project.root.parent / "log"
    # With the filter it is faster, but kills nothing.
    quick = [] if any("signal=" in option for option in options) else ["--seccomp-bpf"]
    command = [
        shutil.which("strace") or "strace",
        *quick,
        "-f",
        "-o",
        str(log),
        "-e",
        f"trace={WRITING}",
        *options,
    ]
    command += stage.project.command(*stage.arguments, stamp="2")
    return subprocess.run(command, capture_output=True, text=True, timeout=60, env=WITHOUT_NIX)


def points_of(log: str) -> list[Point]:
    """Return the points of an entry; of the files in a wheel some stand for all."""
    points, numbers = [], dict.fromkeys(WRITING.split(","), 0)
    unpacked = 0
    for line in log.splitlines():
        found = CALL.match(line)
        if found is None:
            continue
        call, arguments = found[1], found[2]
        numbers[call] += 1
        if call == "openat" and not re.search(r"O_(CREAT|WRONLY|RDWR)", arguments):
            continue
        opened = re.search(r"unfinished/\d+/pip", arguments)
        unpacked = unpacked + 1 if opened or (call == "write" and unpacked) else 0
        if unpacked < 4 or unpacked % 200 == 0:
            points.append(Point(call, numbers[call], arguments))
    return points


def restore(saved: Path, folder: Path) -> None:
    """Put a folder back as it was."""
    shutil.rmtree(folder)
    shutil.copytree(saved, folder, symlinks=True)


def healed(stage: Stage, fault: str, point: Point, expected: dict[str, bytes | str]) -> str:
    """Let one call go wrong, and say what is not as it should be; empty where all is."""
    venv = stage.project.venv
    done = traced(stage, "-e", f"inject={point.call}:{FAULTS[fault]}:when={point.number}")
    whole = picture(venv) == expected
    if any(Path(path).read_bytes() != content for path, content in stage.mine.items()):
        return "a file of the user's was touched"
    if "Traceback" in done.stderr:
        return done.stderr
    if fault not in {"KILL", "INT"}:
        last = [line for line in done.stderr.splitlines() if "error:" in line]
        if done.returncode == 0 and not whole:
            return "it says that all is well"
        if done.returncode != 0 and (len(last) != 1 or "unfinished/" in last[0]):
            return f"its error is no sentence: {done.stderr!r}"
    again = stage.project.enter(*stage.arguments, stamp="2", env=WITHOUT_NIX)
    now = picture(venv)
    if again.returncode != 0:
        return f"the next entry fails: {again.stderr}"
    different = {
        name for name in now.keys() | expected.keys() if now.get(name) != expected.get(name)
    }
    return f"the next entry leaves: {sorted(different)}" if different else ""


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("make", [new_venv, of_another_env, of_another_python])
def test_the_next_entry_heals(tmp_path: Path, make: Callable[[Path], Stage], fault: str):
    """Wherever an entry was stopped, the next one ends as if it had not been, and sweeps."""
    if shutil.which("strace") is None:
        lacking("strace is not installed: tests that let calls fail need it")
    stage = make(tmp_path)
    saved, root = tmp_path / "saved", stage.project.root
    shutil.copytree(root, saved, symlinks=True)
    assert traced(stage).returncode == 0
    expected = picture(stage.project.venv)
    points = points_of((tmp_path / "log").read_text())
    assert len(points) > 50
    start = [*FAULTS].index(fault)
    step = 1 if ALL else len(points) // SAMPLE
    bad = {}
    for point in points[(0 if ALL else start * step // len(FAULTS)) :: step]:
        restore(saved, root)
        if problem := healed(stage, fault, point, expected):
            bad[point] = problem
    assert not bad, "\n".join(f"{point}: {problem}" for point, problem in bad.items())
