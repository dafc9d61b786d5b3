"""Looking at files, variables and programs, without judging them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from nixpy.doctor.codec import dump
from nixpy.doctor.gather import machine, probe, project, venv
from nixpy.doctor.gather.gather import gather, project_root
from nixpy.doctor.gather.search import search
from nixpy.doctor.snapshot import Part
from nixpy.metadata.markers import PROJECT_FILES
from nixpy.venv.installed import installed
from tests.support.scene import Scene

HERE = machine.machine({})


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    """A project with a venv."""
    made = Scene.make(tmp_path)
    made.make_venv()
    return made


def test_secrets_do_not_enter_a_snapshot(scene, monkeypatch):
    """Of the environment only what checks read is kept, and no URL of an index or a package."""
    monkeypatch.setenv("UV_INDEX_URL", "https://user:hunter2@index.example/simple")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hunter2")
    monkeypatch.setenv("VIRTUAL_ENV", str(scene.venv))
    scene.install("quack")
    (scene.site_packages / "quack-1.0.dist-info/direct_url.json").write_text('{"url": "hunter2"}')
    scene.write(
        {
            "requirements.txt": "quack @ https://user:hunter2@index.example/quack.zip\n",
            "nixpy.yaml": "env: {TOKEN: hunter2}\nshell_hook: export KEY=hunter2\n",
            ".vscode/settings.json": '{"python.envFile": "hunter2"}',
        }
    )
    text = dump(gather(scene.root, frozenset(Part) - {Part.EVALUATION}))
    assert str(scene.venv) in text
    assert "hunter2" not in text


def test_paths_that_variables_name(tmp_path):
    """Each path is looked at: its kind, whether it is a venv's, whether it is a script."""
    (tmp_path / "venv/bin").mkdir(parents=True)
    (tmp_path / "venv/pyvenv.cfg").touch()
    (tmp_path / "venv/bin/python").touch()
    (tmp_path / "wrapper").write_text("#!/bin/sh\n")
    (tmp_path / "requirements.txt").touch()
    variables = {"UV_PYTHON": f"{tmp_path}/venv/bin/python", "VIRTUAL_ENV": f"{tmp_path}/venv"}
    found = machine.environment({**variables, "TMPDIR": "/gone", "EDITOR": "vi"}, tmp_path)
    assert set(found.variables) == {"UV_PYTHON", "VIRTUAL_ENV", "TMPDIR"}
    assert found.paths[variables["UV_PYTHON"]].venv
    assert found.paths[variables["VIRTUAL_ENV"]].venv
    assert found.paths[variables["VIRTUAL_ENV"]].projects
    assert found.paths["/gone"].kind == "missing"
    assert machine.path_facts("wrapper", tmp_path).script


def test_the_store_may_be_elsewhere():
    """NIX_STORE_DIR names it; a path beside it that begins alike is not in it."""
    elsewhere = machine.machine({"NIX_STORE_DIR": "/data/store"})
    assert elsewhere.in_store("/data/store/x")
    assert not elsewhere.in_store("/data/store-old/x")
    assert not elsewhere.in_store("/nix/store/x")


def test_pythons_on_path(tmp_path):
    """Each folder's different Pythons are found in order; what cannot be started is none."""
    for name in ("a/python3", "a/python3.11", "b/python", "c/python3", "d/python3"):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.touch(mode=0o755)
    (tmp_path / "a/python").symlink_to("python3")
    (tmp_path / "a/python3.12").symlink_to("python3")
    (tmp_path / "c/python3").chmod(0o644)
    (tmp_path / "d/python3").unlink()
    (tmp_path / "d/python3").symlink_to("gone")
    path = ":".join(str(tmp_path / name) for name in ("a", "b", "a", "c", "d", "none"))
    pythons = [one for entry in search(path, tmp_path) for one in entry.pythons("/nix/store")]
    assert pythons == [f"{tmp_path}/a/python3", f"{tmp_path}/a/python3.11", f"{tmp_path}/b/python"]


def test_a_python_says_what_it_is():
    """A probe runs isolated, with and without site."""
    said = probe.ask(sys.executable, HERE, ["no-such-library"])
    assert said.works
    assert said.version == ".".join(map(str, sys.version_info[:3]))
    assert (said.prefix, said.base_prefix) == (sys.prefix, sys.base_prefix)
    assert said.unfound == ("no-such-library",)
    assert any("libc.so" in path or "libc-" in path for path in said.loaded)
    assert said.loader is not None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("#!/bin/sh\necho broken >&2; exit 3\n", "broken"),
        ("#!/bin/sh\nexit 3\n", "exit code 3"),
        ("#!/bin/sh\nkill -SEGV $$\n", "ended by signal 11"),
        ("#!/no/such/shell\n", "No such file or directory"),
        ("\x7fELF", "Exec format error"),
    ],
)
def test_a_python_that_does_not_run(text, said, tmp_path):
    """What goes wrong is told, not raised."""
    file = tmp_path / "python3"
    file.write_text(text)
    file.chmod(0o755)
    assert probe.ask(str(file), HERE).error == said


def test_start_up_files_may_print(scene):
    """A `.pth` file that prints does not hide the answer; one that fails is told."""
    python = str(scene.venv / "bin/python")
    (scene.site_packages / "noise.pth").write_text("import sys; print('{\"version\": 1}')\n")
    assert probe.ask(python, HERE).version
    (scene.site_packages / "exit.pth").write_text("import os; os._exit(4)\n")
    said = probe.ask(python, HERE)
    assert said.works
    assert said.site_error == "exit code 4"


def test_the_venv_of_a_project(tmp_path):
    """The configured venv counts, then `.venv`, then uv's, then an active one, then others."""
    root = tmp_path / "app"
    for name in ("app/env", "app/.devenv/state/venv", "venvs/app", "other/.venv"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "pyvenv.cfg").touch()
    (tmp_path / "other/pyproject.toml").touch()
    assert venv.find(root, None, {}) == root / "env"
    inside = {"UV_PROJECT_ENVIRONMENT": ".devenv/state/venv"}
    assert venv.find(root, None, inside) == root / ".devenv/state/venv"
    assert venv.find(root, None, {"VIRTUAL_ENV": f"{tmp_path}/venvs/app"}) == tmp_path / "venvs/app"
    assert venv.find(root, None, {"VIRTUAL_ENV": f"{tmp_path}/other/.venv"}) == root / "env"
    (root / ".venv").symlink_to("gone")
    assert venv.find(root, None, inside) == root / ".venv"
    assert venv.find(root, "build/venv", inside) == root / "build/venv"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("#!{venv}/bin/python\n", ["{venv}/bin/python"]),
        ("#!{venv}/bin/python3.12 -E\n", ["{venv}/bin/python3.12"]),
        ("#!/with space/bin/python3\n", ["/with space/bin/python3"]),
        ("#!/bin/sh\n'''exec' \"/long/bin/python\" \"$0\" \"$@\"\n' '''\n", ["/long/bin/python"]),
        ("#!/bin/sh\n'''exec' /long/bin/python \"$0\" \"$@\"\n' '''\n", ["/long/bin/python"]),
        ('#!/bin/sh\n\'\'\'exec\' "$(dirname -- "$(realpath -- "$0")")"/\'python\' "$0"\n', []),
        ("#!/usr/bin/env python3\n", []),
        ("#!/bin/bash\necho\n", []),
        ("\x7fELF", []),
    ],
)
def test_first_lines_of_scripts(text, expected, scene):
    """pip, uv and venv write the Python's path in several ways."""
    (scene.venv / "bin/tool").write_text(text.replace("{venv}", str(scene.venv)))
    found = [one.interpreter for one in venv.look(scene.venv, HERE, {}).scripts]
    assert found == [one.replace("{venv}", str(scene.venv)) for one in expected]


def test_activate_scripts_of_all_shells_name_this_venv(scene):
    """What venv writes for bash, csh and fish is understood."""
    named = {one.name: one.venv for one in venv.look(scene.venv, HERE, {}).activators}
    assert {named["activate"], named["activate.csh"], named["activate.fish"]} == {str(scene.venv)}


def test_distributions_of_a_folder(tmp_path):
    """dist-info and egg-info are listed by normalised name, with their installer."""
    (tmp_path / "Foo_Bar-1.0.dist-info").mkdir()
    (tmp_path / "Foo_Bar-1.0.dist-info/INSTALLER").write_text("uv\n")
    (tmp_path / "old-2.0-py3.12.egg-info").mkdir()
    (tmp_path / "~roken-1.0.dist-info").mkdir()
    (tmp_path / "gone-1.0.dist-info").symlink_to("/nix/store/gone")
    found = [(one.name, one.version, one.installer) for one in installed(tmp_path)]
    assert found == [("foo-bar", "1.0", "uv"), ("old", "2.0", "")]
    assert installed(tmp_path / "none") == ()


def test_editors_settings_with_comments(tmp_path):
    """VS Code's JSON may have comments, trailing commas and variables."""
    (tmp_path / ".vscode").mkdir()
    file = tmp_path / ".vscode/settings.json"
    file.write_text(
        '{\n  // one\n  "python.pythonPath": "${workspaceFolder}/.venv/bin/python", /* two */\n'
        '  "a": "// no comment",\n  "python.defaultInterpreterPath": "${env:PY}/bin/python",\n}\n'
    )
    (found,) = project.look(tmp_path, None, [], tmp_path / ".venv").editors
    assert found.path == f"{tmp_path}/.venv/bin/python"
    file.write_text("[1, 2")
    assert project.look(tmp_path, None, [], tmp_path / ".venv").editors == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import tkinter\n", "app.py:1"),
        ("import os\nfrom tkinter import ttk\n", "app.py:2"),
        ("import turtle\n", "app.py:1"),
        ("try:\n    import tkinter\nexcept ImportError:\n    tkinter = None\n", None),
        ("def window():\n    import tkinter\n", None),
        ("from .tkinter import x\n", None),
        ("x = 'import tkinter'\n", None),
        ("import tkinter this is no Python\n", None),
    ],
)
def test_imports_of_tkinter_that_cannot_be_done_without(text, expected, tmp_path):
    """Only an import at the top level of a module makes tkinter necessary."""
    (tmp_path / "app.py").write_text(text)
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv/idle.py").write_text("import tkinter\n")
    found = project.look(tmp_path, None, [], tmp_path / ".venv").imports
    assert found.get("tkinter") == expected


@pytest.mark.parametrize("name", [*PROJECT_FILES, "nixpy.yaml", "shell.nix"])
@pytest.mark.parametrize("checkout", [True, False])
def test_the_root_is_found_from_a_subfolder(name, checkout, tmp_path):
    """The nearest folder above with any file of a project counts, in a git checkout or not."""
    folder = tmp_path / "app/src/pkg"
    folder.mkdir(parents=True)
    (tmp_path / "app" / name).touch()
    if checkout:
        subprocess.run(["git", "init", "-q", tmp_path], check=True)
    assert project_root(folder) == tmp_path / "app"


def test_the_search_for_the_root_ends(tmp_path, monkeypatch):
    """What lies in the home folder, in a shared one or above the checkout is no project's."""
    folder = tmp_path / "app/src"
    folder.mkdir(parents=True)
    (tmp_path / "Pipfile").touch()
    assert project_root(folder) == tmp_path
    monkeypatch.setenv("HOME", str(tmp_path))
    assert project_root(folder) == folder
    monkeypatch.delenv("HOME")
    tmp_path.chmod(0o1777)
    assert project_root(folder) == folder
    tmp_path.chmod(0o700)
    subprocess.run(["git", "init", "-q", tmp_path / "app"], check=True)
    assert project_root(folder) == folder
    assert project_root(tmp_path) == tmp_path
