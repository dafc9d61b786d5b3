"""What is copied below sys.prefix, and what keeps the store's paths alive."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from venv_project import HASH, PYTHON, Env, Project, contents, package, place

KERNEL = "share/jupyter/kernels/spam/kernel.json"


def kernel(*argv: str) -> str:
    """Return the text of a kernel.json."""
    return json.dumps({"argv": [*argv, "-f", "{connection_file}"], "display_name": "Spam"})


def test_data_that_programs_look_for_is_in_the_venv(project: Project, env: Env):
    """Jupyter's kernels and settings and manual pages are below sys.prefix, and no other files."""
    files = {KERNEL: kernel("python"), "etc/jupyter/x.json": "{}", "share/man/man1/spam.1": ".TH"}
    provided = env({**files, "share/doc/spam": "", "etc/passwd": ""})
    project.enter("--env", provided)
    for path, text in files.items():
        assert (project.venv / path).read_text() == text
        assert not (project.venv / path).is_symlink()
    assert not (project.venv / "share/doc").exists()
    assert not (project.venv / "etc/passwd").exists()


def test_data_that_lies_in_other_store_paths_is_found(project: Project, env: Env, tmp_path: Path):
    """An env is made of links into its packages, folders and files alike."""
    part = env({"share/jupyter/kernels/a/kernel.json": "a", "one/x.1": "x"}, "part")
    provided = env({"share/man/man1/y.1": "y"})
    (provided / "share/jupyter").symlink_to(part / "share/jupyter")
    (provided / "share/man/man1/x.1").symlink_to(part / "one/x.1")
    (provided / "share/man/man1/gone.1").symlink_to(part / "gone")
    env({})  # seal it as it is now
    project.enter("--env", provided)
    assert (project.venv / "share/jupyter/kernels/a/kernel.json").read_text() == "a"
    pages = {path.name for path in (project.venv / "share/man/man1").iterdir()}
    assert pages == {"x.1", "y.1"}


def test_a_kernel_of_the_store_starts_the_venvs_python(project: Project, env: Env):
    """A kernel that names Nix's interpreter, which has no packages, gets the venv's instead."""
    store_python = f"/nix/store/{HASH}-python3-3.12.1/bin/python3.12"
    other = f"/nix/store/{HASH}-octave/bin/octave"
    provided = env({
        KERNEL: kernel(store_python, "-m", "spam"),
        "share/jupyter/kernels/octave/kernel.json": kernel(other),
        "share/jupyter/kernels/broken/kernel.json": "{",
        "share/jupyter/kernels/list/kernel.json": "[]",
    })  # fmt: skip
    project.enter("--env", provided)
    told = json.loads((project.venv / KERNEL).read_text())
    assert told["argv"][:3] == [str(project.venv / "bin/python"), "-m", "spam"]
    assert told["display_name"] == "Spam"
    kernels = project.venv / "share/jupyter/kernels"
    assert (kernels / "octave/kernel.json").read_text() == kernel(other)
    assert (kernels / "broken/kernel.json").read_text() == "{"


def test_data_follows_the_env_and_leaves_no_empty_folders(project: Project, env: Env):
    """What the env no longer has is taken away, what it has changed is replaced."""
    project.enter("--env", env({KERNEL: kernel("a"), "etc/jupyter/x.json": "1"}, "old"))
    project.enter("--env", env({"etc/jupyter/x.json": "2"}, "new"), stamp="2")
    assert (project.venv / "etc/jupyter/x.json").read_text() == "2"
    assert not (project.venv / "share").exists()
    project.enter(stamp="3")
    assert not (project.venv / "etc").exists()


def test_data_of_the_user_is_left_alone(project: Project, env: Env):
    """A kernel that was installed or edited in the venv survives what Nix brings and takes."""
    provided = env({KERNEL: kernel("a"), "share/jupyter/x": "nix", "share/jupyter/y": "nix"}, "old")
    project.enter()
    place(project.venv, {KERNEL: "mine"})
    project.enter("--env", provided, stamp="2")
    (project.venv / "share/jupyter/x").write_text("edited")
    project.enter("--env", env({KERNEL: kernel("b"), "share/jupyter/x": "new"}, "new"), stamp="3")
    project.enter(stamp="4")
    assert {path: text for path, text in contents(project.venv).items() if path[:5] == "share"} == {
        KERNEL: b"mine",
        "share/jupyter/x": b"edited",
    }


def test_data_is_not_written_through_a_link_out_of_the_venv(project: Project, env: Env):
    """Who linked the venv's share/jupyter elsewhere finds nothing of Nix's there."""
    project.enter()
    (project.root / "mine").mkdir()
    (project.venv / "share").mkdir()
    (project.venv / "share/jupyter").symlink_to(project.root / "mine")
    project.enter("--env", env({KERNEL: kernel("a")}), stamp="2")
    assert list((project.root / "mine").iterdir()) == []


def fake_nix(folder: Path, script: str) -> dict[str, str]:
    """Return the environment with a nix-store that notes its arguments and runs `script`."""
    folder.mkdir(exist_ok=True)
    program = folder / "nix-store"
    program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" >>{folder}/log\n{script}\n')
    program.chmod(0o755)
    return {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"}


@pytest.mark.skipif("/nix/store" in str(PYTHON), reason="the interpreter is a root of its own")
def test_what_the_venv_points_to_becomes_a_root_once(project: Project, env: Env, tmp_path: Path):
    """Nix is asked to keep the env and the libraries, and not again while they are the same."""
    provided, library = env(package("spam")), tmp_path / "store" / f"{HASH}-zlib"
    (library / "lib").mkdir(parents=True)
    root = project.venv / ".nixpy-gcroot"
    link = f"ln -s {provided} {root}; ln -s {library} {root}-2"
    nix = fake_nix(tmp_path / "nix", link)
    arguments = ("--env", provided, "--library", f"{library}:libz.so.1")
    project.enter(*arguments, env=nix)
    asked = (tmp_path / "nix/log").read_text().splitlines()
    assert asked == [
        "--realise", str(provided), str(library), "--add-root", str(root), "--indirect",
    ]  # fmt: skip
    project.enter(*arguments, stamp="2", env=nix)
    assert (tmp_path / "nix/log").read_text().splitlines() == asked
    project.enter("--env", provided, stamp="3", env=fake_nix(tmp_path / "nix", ":"))
    assert not (project.venv / ".nixpy-gcroot-2").is_symlink()


@pytest.mark.parametrize("script", ["echo no; echo never >&2; exit 1", "kill -9 $$"])
def test_a_nix_that_refuses_is_not_mentioned(
    project: Project, env: Env, tmp_path: Path, script: str
):
    """The shell works and is as quiet without a root."""
    nix = fake_nix(tmp_path / "nix", script)
    done = project.enter("--env", env(package("spam")), env=nix)
    assert done.returncode == 0
    assert len(done.stderr.splitlines()) == 1
    assert (tmp_path / "nix/log").exists()


def test_without_nix_at_hand_the_venv_is_made(project: Project, env: Env):
    """A shell without nix-store on PATH lacks the root and nothing else."""
    done = project.enter("--env", env(package("spam")), env={"PATH": "/nonexistent"})
    assert (done.returncode, len(done.stderr.splitlines())) == (0, 1)
