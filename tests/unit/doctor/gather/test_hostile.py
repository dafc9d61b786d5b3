"""A stranger's repository: `nixpy doctor` looks at it, and starts nothing of it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from nixpy.doctor.gather import machine, probe
from nixpy.doctor.snapshot import Interpreter
from nixpy.system import git, process
from tests.support.scene import Scene, host_python

HERE = machine.machine({})


@pytest.fixture
def hostile(tmp_path: Path) -> Scene:
    """A checkout in which all that could be started leaves a trace in the folder `ran`."""
    scene = Scene.make(tmp_path)
    ran = tmp_path / "ran"
    ran.mkdir()
    scene.make_venv(host_python())
    trace = f"import pathlib; pathlib.Path({str(ran)!r}, {{!r}}).touch()\n"
    for name in ("evil.pth", "sitecustomize.py", "usercustomize.py", "_manylinux.py"):
        (scene.site_packages / name).write_text(trace.format(name))
    (scene.site_packages / "pip").mkdir()
    (scene.site_packages / "pip/__init__.py").write_text(trace.format("pip"))
    modules = scene.root / f"lib/python{sys.version_info[0]}.{sys.version_info[1]}"
    modules.mkdir(parents=True)
    for name in ("os.py", "site.py", "encodings.py", "json.py"):
        (modules / name).write_text(trace.format(f"lib-{name}"))
        (scene.root / name).write_text(trace.format(name))
    programs = scene.root / "bin"
    programs.mkdir()
    for name in ("python3", "python", "nix", "git", "uv", "gcc", "ld", "ldconfig", "objdump"):
        (programs / name).write_text(f"#!/bin/sh\ntouch {ran}/{name}\n")
        (programs / name).chmod(0o755)
    scene.write(
        {
            "flake.nix": "{ outputs = _: { devShells = { }; }; }\n",
            "setup.py": trace.format("setup.py"),
            "conftest.py": trace.format("conftest.py"),
            ".gitattributes": "* filter=evil diff=evil\n",
        }
    )
    scene.git("flake.nix", ".gitattributes")
    for name, value in {
        "core.fsmonitor": f"touch {ran}/fsmonitor; true",
        "core.hooksPath": str(scene.root / "hooks"),
        "core.pager": f"touch {ran}/pager",
        "diff.external": f"touch {ran}/diff",
        "filter.evil.clean": f"touch {ran}/clean; cat",
        "filter.evil.smudge": f"touch {ran}/smudge; cat",
    }.items():
        command = ["git", "-C", str(scene.root), "config", name, value]
        subprocess.run(command, check=True)
    hook = scene.root / "hooks/post-index-change"
    hook.parent.mkdir()
    hook.write_text(f"#!/bin/sh\ntouch {ran}/hook\n")
    hook.chmod(0o755)
    (scene.root / "flake.nix").touch()  # so that git has to compare its content
    scene.set(
        PYTHONPATH=scene.root,
        LD_PRELOAD=scene.root / "evil.so",
        UV_PYTHON=programs / "python3",
        VIRTUAL_ENV=scene.venv,
    )
    scene.first_on_path(scene.venv / "bin", programs, Path("bin"))
    return scene


def ran(scene: Scene) -> list[str]:
    """Give what was started."""
    return sorted(one.name for one in (scene.root.parent / "ran").iterdir())


def test_nothing_of_a_hostile_repository_is_started(hostile: Scene) -> None:
    """No start-up file, module, program, hook or filter of it runs; what was left out is said."""
    done = hostile.doctor("--json")
    assert ran(hostile) == []
    assert "`bin/python3` was not run, since it lies in the project" in done.stdout
    assert done.returncode == 1


@pytest.mark.parametrize("home", ["../..", "bin"])
def test_a_home_in_the_project_is_not_followed(hostile: Scene, home: str) -> None:
    """pyvenv.cfg may name a folder of the project as the place of Python's own modules."""
    config = hostile.venv / "pyvenv.cfg"
    config.write_text(f"home = {hostile.root / home}\nversion = 3.12.1\n")
    hostile.doctor()
    assert ran(hostile) == []


def test_the_user_may_allow_it(hostile: Scene) -> None:
    """With `--run-venv` the venv's own Python says what it is, with what it starts."""
    hostile.set(PYTHONPATH="", UV_PYTHON="", LD_PRELOAD="")
    hostile.doctor("--run-venv", "--only", "V8")
    assert "evil.pth" in ran(hostile)


def test_a_copied_python_is_not_run_and_that_is_said(tmp_path: Path) -> None:
    """A venv with a copy of Python holds a program that anybody may have changed."""
    scene = Scene.make(tmp_path)
    scene.make_venv(host_python(), "--copies")
    done = scene.doctor("--only", "V8")
    assert done.returncode == 1
    assert "nothing found in what could be examined" in done.stdout
    assert "`.venv/bin/python` was not run, since it lies in the project" in done.stderr
    assert scene.doctor("--only", "V8", "--run-venv").returncode == 0


def both(scene: Scene) -> tuple[Interpreter, Interpreter]:
    """Give what the venv's Python says, and what is read from its files in place of that."""
    python = str(scene.venv / "bin/python")
    return probe.ask(python, HERE), probe.ask(python, HERE, (), scene.root)


def test_what_is_read_is_what_it_would_say(tmp_path: Path) -> None:
    """Of a venv, its .pth folders included, the same is known as if its Python had been run."""
    scene = Scene.make(tmp_path)
    scene.make_venv(host_python())
    (tmp_path / "further").mkdir()
    (scene.site_packages / "further.pth").write_text(f"# one\n{tmp_path}/further\n/gone\n")
    said, read = both(scene)
    for name in (
        "works", "executable", "prefix", "base_prefix", "plain_prefix", "version", "soabi",
        "managed", "sys_path", "pip", "tkinter", "manylinux", "loader", "loader_state", "pyvenv",
    ):  # fmt: skip
        assert getattr(said, name) == getattr(read, name), name


def test_the_packages_of_the_base_are_seen_where_the_venv_sees_them(tmp_path: Path) -> None:
    """`--system-site-packages` adds the base's folders, after the venv's own."""
    scene = Scene.make(tmp_path)
    scene.make_venv(host_python(), "--system-site-packages")
    said, read = both(scene)
    assert set(said.sys_path) == set(read.sys_path)


def test_libraries_that_nixpys_venv_loads_are_known(tmp_path: Path) -> None:
    """`_nixpy.pth` is read: its libraries count as loaded, with those that they need."""
    scene = Scene.make(tmp_path)
    scene.make_venv(host_python())
    inner = scene.compile(tmp_path / "lib/libinner.so.1", "-Wl,-soname,libinner.so.1")
    outer = scene.compile(
        tmp_path / "lib/libouter.so.1", "-Wl,--no-as-needed", str(inner), "-Wl,-rpath,$ORIGIN"
    )
    line = f"import _nixpy; _nixpy.load({str(outer)!r}, '/gone/libgone.so')\n"
    (scene.site_packages / "_nixpy.pth").write_text(line)
    _, read = both(scene)
    assert {str(outer), str(inner)} <= set(read.loaded)
    assert "/gone/libgone.so" not in read.loaded


def test_variables_that_keep_git_from_running_programs(hostile: Scene) -> None:
    """What Nix is given, so that the git that it starts runs no filter and no monitor."""
    variables = {**os.environ, **git.harmless(hostile.root)}
    command = ["git", "-C", str(hostile.root), "diff", "--quiet"]
    process.run(command, environment=variables)
    assert ran(hostile) == []


def test_programs_are_found_outside_of_the_project(
    hostile: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Entries of PATH in the project are passed over, also those that lead there by a link."""
    link = hostile.root.parent / "link"
    link.symlink_to(hostile.root / "bin")
    monkeypatch.setenv("PATH", f"{link}:{hostile.root}/bin")
    assert process.find("git") == f"{link}/git"
    assert process.find("git", outside=hostile.root) is None
