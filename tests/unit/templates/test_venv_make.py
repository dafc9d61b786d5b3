"""Making the venv, knowing one that is unfit, and leaving alone what is not a venv."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from types import ModuleType

import pytest
from venv_project import PYTHON, Env, Project, contents, package, place, run

CURRENT = "{}.{}.{}".format(*sys.version_info)


def test_the_first_entry_makes_a_venv_of_the_clean_interpreter(project: Project):
    """The venv's base is the very interpreter that ran the program, and one line says so."""
    done = project.enter()
    assert done.returncode == 0
    assert done.stderr.splitlines() == [f"nixpy: made `{project.venv}` (Python {CURRENT})"]
    assert project.python("import sys; print(sys.prefix)") == str(project.venv)
    assert f"home = {PYTHON.parent}\n" in (project.venv / "pyvenv.cfg").read_text()
    assert (project.venv / "bin/python").resolve() == PYTHON.resolve()


def test_an_entry_with_the_same_stamp_changes_and_says_nothing(project: Project, env: Env):
    """The second of two shells that entered together leaves every file as it is."""
    arguments = ("--env", env(package("spam", points="[console_scripts]\nspam = spam:main")))
    project.enter(*arguments)
    before = {path: path.lstat().st_mtime_ns for path in project.venv.rglob("*")}
    done = project.enter(*arguments)
    assert (done.returncode, done.stderr) == (0, "")
    assert {path: path.lstat().st_mtime_ns for path in project.venv.rglob("*")} == before


def test_a_new_stamp_over_the_same_packages_says_nothing(project: Project, env: Env):
    """An update of Nix's store paths that brings the same packages is silent."""
    arguments = ("--env", env(package("spam")))
    project.enter(*arguments, stamp="1")
    done = project.enter(*arguments, stamp="2")
    assert (done.returncode, done.stderr) == (0, "")
    assert (project.venv / ".nixpy-stamp").read_text() == "2"


@pytest.mark.parametrize(
    "name", ["with space", "it's", 'say "hi"', "$HOME", "new\nline", "grün 水", "back\\slash", "*"]
)
def test_any_folder_will_do(tmp_path: Path, env: Env, name: str):
    """The venv and the programs in it work below a folder of any name, and the stamp is exact."""
    project = Project(tmp_path / name)
    project.root.mkdir()
    points = "[console_scripts]\nspam = spam:main\n"
    stamp = f"{project.venv} --env x"
    done = project.enter("--env", env(package("spam", points=points)), stamp=stamp)
    assert done.returncode == 0
    assert len(done.stderr.splitlines()) == 1
    assert os.fsdecode((project.venv / ".nixpy-stamp").read_bytes()) == stamp
    assert run(project.venv / "bin/spam").stdout.startswith("spam 1.0 ")


@pytest.mark.parametrize("locale", ["C", "C.UTF-8", "en_US.ISO-8859-1"])
def test_any_locale_will_do(tmp_path: Path, env: Env, locale: str):
    """A name that the locale cannot show leads to a working program all the same."""
    project = Project(tmp_path / "grün")
    project.root.mkdir()
    provided = env(package("spam", points="[console_scripts]\nspam = spam:main\n"))
    done = project.enter("--env", provided, env={**os.environ, "LC_ALL": locale})
    assert done.returncode == 0
    assert run(project.venv / "bin/spam").stdout.startswith("spam 1.0 ")


def test_a_name_that_is_not_utf_8_is_refused(tmp_path: Path):
    """Python cannot make a venv in such a folder, so the shell says that it is the reason."""
    project = Project(tmp_path / os.fsdecode(b"gr\xfcn"))
    project.root.mkdir()
    done = project.enter()
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
    assert "is not UTF-8, and Python makes no venv in such a folder" in done.stderr
    assert not project.venv.exists()


def test_a_long_path_does_not_break_programs(tmp_path: Path, env: Env):
    """A path beyond what Linux takes in a #! line gives programs that start all the same."""
    project = Project(tmp_path / ("deep" * 30) / ("er" * 30))
    project.root.mkdir(parents=True)
    points = "[console_scripts]\nspam = spam:main\n"
    project.enter("--env", env(package("spam", points=points)))
    (tmp_path / "elsewhere").symlink_to(project.venv / "bin/spam")
    assert run(tmp_path / "elsewhere").stdout.startswith("spam 1.0 ")


def test_what_cannot_be_in_path_is_refused(tmp_path: Path):
    """A colon in the project's path is named as the reason that there is no venv."""
    project = Project(tmp_path / "a:b")
    project.root.mkdir()
    done = project.enter()
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
    assert "which PATH cannot hold" in done.stderr
    assert not project.venv.exists()


def spoil(project: Project, how: str) -> str:
    """Make a venv unfit, and return what the message about it must say."""
    config = project.venv / "pyvenv.cfg"
    if how == "collected":
        (project.venv / "bin/python").unlink()
        (project.venv / "bin/python").symlink_to("/nix/store/gone/bin/python3")
        return "its `bin/python` leads nowhere"
    if how == "home gone":
        config.write_text("home = /nix/store/gone/bin\nversion = 3.12.0\n")
        return "its Python in `/nix/store/gone/bin` is gone"
    if how == "other minor":
        config.write_text(f"home = {PYTHON.parent}\nversion_info = 3.9.18\n")
        return f"it is of Python 3.9.18, and the shell's is {CURRENT}"
    legacy = project.root / "env/bin"
    legacy.mkdir(parents=True)
    (legacy / "python").write_text("#!/bin/sh\n")
    config.write_text(f"home = {legacy}\nversion = {CURRENT}\n")
    return f"it rests on `{legacy}`, and the shell's Python is"


@pytest.mark.parametrize("how", ["collected", "home gone", "other minor", "env"])
def test_an_unfit_venv_is_made_again(project: Project, how: str):
    """The user is told why, and what to do about the packages that were in it."""
    project.enter()
    place(project.venv, package("mine"))
    why = spoil(project, how)
    done = project.enter("--reinstall", "uv sync", stamp="2")
    first, second = done.stderr.splitlines()
    assert f"nixpy: making `{project.venv}` again: {why}" in first
    assert first.endswith("; run `uv sync` to install your packages again")
    assert second == f"nixpy: made `{project.venv}` (Python {CURRENT})"
    assert project.python("import sys; print(sys.base_prefix)") == str(PYTHON.parent.parent)
    assert not (project.site / "mine").exists()


def test_a_venv_without_packages_of_the_user_is_remade_without_advice(project: Project, env: Env):
    """Where only links are lost, there is nothing to install again."""
    arguments = ("--env", env(package("spam")), "--reinstall", "uv sync")
    project.enter(*arguments)
    spoil(project, "other minor")
    done = project.enter(*arguments, stamp="2")
    assert "again: it is of Python 3.9.18" in done.stderr
    assert "uv sync" not in done.stderr


@pytest.mark.parametrize("move", [shutil.move, shutil.copytree])
def test_a_venv_that_was_moved_or_copied_is_made_again(tmp_path: Path, env: Env, move):
    """Its programs would still start the Python of the place where they were written."""
    old, new = Project(tmp_path / "old"), Project(tmp_path / "new")
    old.root.mkdir()
    points = "[console_scripts]\nspam = spam:main\n"
    arguments = ("--env", env(package("spam", points=points)))
    old.enter(*arguments)
    if move is shutil.move:
        shutil.move(old.root, new.root)
    else:
        shutil.copytree(old.root, new.root, symlinks=True)
    done = new.enter(*arguments, stamp="2")
    assert f"it was moved or copied from `{old.venv}`" in done.stderr
    assert (new.venv / "bin/spam").read_text().startswith(f"#!{new.venv}/bin/python\n")


def test_a_program_from_elsewhere_does_not_make_a_venv_look_moved(project: Project, env: Env):
    """A script that the user copied into `bin` from a venv that is gone costs nothing."""
    arguments = ("--env", env(package("spam", points="[console_scripts]\nspam = spam:main\n")))
    project.enter(*arguments)
    place(project.venv, {"bin/copied": "#!/home/me/old/.venv/bin/python3\n"})
    assert project.enter(*arguments, stamp="2").stderr == ""
    assert (project.venv / "bin/copied").exists()


def test_a_project_reached_by_another_path_keeps_its_venv(tmp_path: Path, env: Env):
    """A link to the project's folder does not make the venv look moved."""
    project = Project(tmp_path / "project")
    project.root.mkdir()
    points = "[console_scripts]\nspam = spam:main\n"
    arguments = ("--env", env(package("spam", points=points)))
    project.enter(*arguments)
    place(project.venv, package("mine"))
    (tmp_path / "link").symlink_to(project.root)
    done = Project(tmp_path / "link").enter(*arguments, stamp="2")
    assert "again" not in done.stderr
    assert (project.site / "mine").exists()


def test_a_venv_that_was_left_half_made_is_finished(project: Project):
    """A shell that was killed while it made the venv costs nothing but time."""
    project.enter()
    (project.venv / ".nixpy-stamp").unlink()
    (project.venv / "pyvenv.cfg").write_text("home =\n")
    shutil.rmtree(project.venv / "bin")
    done = project.enter()
    assert done.stderr.startswith("nixpy: made ")
    assert project.python("import sys; print(sys.prefix)") == str(project.venv)


@pytest.mark.parametrize("part", ["activate", "python", "python3"])
def test_a_venv_that_lacks_a_part_is_completed(project: Project, part: str):
    """A venv whose making was interrupted by others has its missing part at the next entry."""
    project.enter()
    whole = contents(project.venv)
    place(project.venv, package("mine"))
    (project.venv / "bin" / part).unlink()
    done = project.enter()
    assert done.stderr == f"nixpy: mended `{project.venv}`: it had no `bin/{part}`\n"
    assert contents(project.venv) == {**whole, **contents(project.venv)}
    assert (project.site / "mine").exists()
    assert project.python("import sys; print(sys.prefix)", python="python3") == str(project.venv)


def test_home_comes_last(project: Project, tmp_path: Path):
    """Whatever else may be missing, a venv that is not whole has no `home` in pyvenv.cfg."""
    project.enter()
    assert "home = " in (project.venv / "pyvenv.cfg").read_text()
    times = {path: path.lstat().st_mtime_ns for path in (project.venv / "bin").iterdir()}
    made = (project.venv / "pyvenv.cfg").stat().st_mtime_ns
    later = {path.name for path, time in times.items() if time > made}
    assert all(name.startswith("pip") for name in later)


def test_a_venv_with_only_a_lock_in_it_is_made(project: Project):
    """A shell that was killed before it began leaves the next one free to begin."""
    project.venv.mkdir()
    (project.venv / ".lock").touch()
    assert project.enter().returncode == 0


def test_read_only_files_and_folders_are_remade(project: Project, as_user: list[str]):
    """Scripts copied from the store, and a venv without write permission, are no hindrance."""
    project.enter()
    spoil(project, "other minor")
    folders = [path for path in project.venv.rglob("*") if path.is_dir() and not path.is_symlink()]
    for path in project.venv.glob("bin/*ctivate*"):
        path.chmod(0o444)
    for path in [*folders, project.venv]:
        path.chmod(0o555)
    done = run(*as_user, *project.command(stamp="2"))
    assert "again: it is of Python 3.9.18" in done.stderr
    assert (project.venv / "bin/activate").stat().st_mode & 0o200


def obstruct(project: Project, how: str) -> str:
    """Put something in the venv's place, and return what the message about it must say."""
    venv = project.venv
    if how == "file":
        venv.write_text("precious")
        return "is a file, not a venv; move it away"
    if how == "folder":
        venv.mkdir()
        (venv / "notes.txt").write_text("precious")
        return "is neither a venv nor empty; move it away"
    elsewhere = project.root / "elsewhere"
    if how == "dangling link":
        venv.symlink_to(elsewhere)
        return f"is a link to `{elsewhere}`, which is gone; remove the link"
    elsewhere.mkdir()
    (elsewhere / "notes.txt").write_text("precious")
    venv.symlink_to(elsewhere)
    if how == "link to a folder":
        return "is neither a venv nor empty; move it away"
    (elsewhere / "pyvenv.cfg").write_text("home = /nix/store/gone/bin\n")
    return "is a link to a venv that does not fit: its Python in `/nix/store/gone/bin` is gone"


@pytest.mark.parametrize(
    "how", ["file", "folder", "dangling link", "link to a folder", "link to an unfit venv"]
)
def test_what_is_not_ours_is_left_alone(project: Project, how: str):
    """One line names what is in the way, and not a byte of it is lost."""
    expected = obstruct(project, how)
    before = contents(project.root)
    done = project.enter()
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
    assert done.stderr.startswith("nixpy: error: ")
    assert expected in done.stderr
    after = contents(project.root)
    after.pop("elsewhere/.lock", None)
    assert after == before


def test_a_link_to_a_sound_venv_is_followed(project: Project, env: Env):
    """Who keeps venvs elsewhere and links them has Nix's packages linked there."""
    elsewhere = Project(project.root / "elsewhere")
    elsewhere.root.mkdir()
    elsewhere.enter()
    project.venv.symlink_to(elsewhere.venv)
    done = project.enter("--env", env(package("spam")), stamp="2")
    assert done.returncode == 0
    assert project.venv.is_symlink()
    assert elsewhere.python("import spam; print(spam.version)") == "1.0"


@pytest.mark.parametrize("holds", [[], [".lock", ".gitignore"]])
def test_a_link_to_an_empty_folder_is_where_the_venv_is_made(
    project: Project, tmp_path: Path, holds: list[str]
):
    """As on clusters, where the project's disk is small: `.venv` leads to another."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    for name in holds:
        (scratch / name).touch()
    project.venv.symlink_to(scratch)
    done = project.enter()
    assert (done.returncode, project.venv.is_symlink()) == (0, True)
    assert project.python("import sys; print(sys.prefix)") == str(project.venv)
    assert f"VIRTUAL_ENV={project.venv}" in (scratch / "bin/activate").read_text().replace('"', "")


def test_a_venv_in_the_store_is_refused(project: Project, env: Env):
    """A link into the store, as other Nix tools leave, is never written through."""
    project.venv.symlink_to(env({}))
    done = project.enter()
    assert done.returncode == 1
    assert "lies in the Nix store" in done.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_venv_of_another_user_is_left_to_them(project: Project):
    """Root does not leave files in a user's venv that the user could not remove."""
    project.enter()
    os.chown(project.venv, 12345, 12345)
    before = contents(project.venv)
    done = project.enter(stamp="2")
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
    assert "belongs to user 12345, not to you; `chown` or remove it" in done.stderr
    assert contents(project.venv) == before


def test_a_read_only_project_is_named(project: Project, as_user: list[str]):
    """No permission to make the venv gives one line with the path, and no traceback."""
    project.root.chmod(0o555)
    done = subprocess.run([*as_user, *project.command()], capture_output=True, text=True)
    project.root.chmod(0o755)
    assert done.returncode == 1
    assert done.stderr == (
        f"nixpy: error: cannot make the venv: Permission denied: `{project.venv}`\n"
    )


def test_a_project_that_is_not_there_is_named(tmp_path: Path):
    """A wrong NIXPY_ROOT makes no folder anywhere."""
    done = Project(tmp_path / "typo").enter()
    assert done.returncode == 1
    assert f"`{tmp_path / 'typo'}` is not a folder" in done.stderr
    assert not (tmp_path / "typo").exists()


def test_a_failure_leaves_no_stamp(project: Project, env: Env):
    """When linking fails the next shell tries again; the venv can be used as it is, says 3."""
    project.enter()
    (project.site / "zz_nixpy.pth").mkdir()
    (project.site / "zz_nixpy.pth/x").touch()
    done = project.enter("--env", env(package("spam")), stamp="2")
    assert done.returncode == 3
    assert done.stderr == (
        "nixpy: error: cannot bring the venv up to date: Is a directory: "
        f"`{project.site / 'zz_nixpy.pth'}`\n"
    )
    assert not (project.venv / ".nixpy-stamp").exists()


def test_a_message_is_one_line_whatever_the_path_holds(tmp_path: Path):
    """A line break or escape in a folder's name cannot forge a line on the terminal."""
    project = Project(tmp_path / "a\nnixpy: all is well\x1b[2J")
    project.root.mkdir()
    project.venv.write_text("")
    done = project.enter()
    assert len(done.stderr.splitlines()) == 1
    assert "a\\nnixpy: all is well\\x1b[2J" in done.stderr


def test_twenty_shells_at_once_make_one_venv(project: Project, env: Env):
    """They wait for the first, which makes it; the rest find it made and say nothing of it."""
    points = "[console_scripts]\nspam = spam:main\n"
    command = project.command("--env", env(package("spam", points=points)))
    shells = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(20)
    ]
    errors = "".join(shell.communicate(timeout=120)[1] for shell in shells)
    assert [shell.returncode for shell in shells] == [0] * 20
    assert len(re.findall("nixpy: made ", errors)) == 1
    assert run(project.venv / "bin/spam").stdout.startswith("spam 1.0 ")


WITHOUT_LOCKS = """
import errno, fcntl, os, runpy, sys
def flock(*_): raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))
fcntl.flock = flock
del sys.argv[0]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def without_locks(command: list[str]) -> list[str]:
    """Return the command that runs the program as on a file system without locks."""
    return [*command[:2], "-c", WITHOUT_LOCKS, *command[2:]]


def test_shells_at_once_need_no_locks_of_the_file_system(project: Project, env: Env):
    """As on many a network's file system: one makes the venv, the rest wait for it."""
    command = without_locks(project.command("--env", env(package("spam"))))
    shells = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(8)]
    errors = "".join(shell.communicate(timeout=120)[1] for shell in shells)
    assert [shell.returncode for shell in shells] == [0] * 8, errors
    assert len(re.findall("nixpy: made ", errors)) == 1
    assert not list(project.venv.glob(".nixpy-holder-*"))


@pytest.mark.parametrize("place", ["here", "elsewhere"])
def test_a_shell_that_died_without_locks_holds_nothing(
    project: Project, program: ModuleType, monkeypatch: pytest.MonkeyPatch, place: str
):
    """Of one on this machine the process is gone; one on another does not touch its file."""
    monkeypatch.setattr(program, "PATIENCE", 0.2)
    project.enter()
    gone = subprocess.Popen(["true"])
    gone.wait()
    machine = program.here() if place == "here" else "another-1"
    holder = project.venv / f".nixpy-holder-{machine}-{gone.pid}"
    holder.touch()
    known: dict[str, tuple[float, float]] = {}
    me = project.venv / ".nixpy-holder-me-1"
    assert program.is_held(project.venv, me, known) is (place == "elsewhere")
    time.sleep(0.3)
    if place == "elsewhere":
        os.utime(holder)
        assert program.is_held(project.venv, me, known)
        time.sleep(0.3)
    assert not program.is_held(project.venv, me, known)
    assert not holder.exists()


def test_an_install_that_runs_is_waited_for(project: Project):
    """While uv holds the venv's lock the shell waits, and says so after a second."""
    project.enter()
    with (project.venv / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        shell = subprocess.Popen(project.command(stamp="2"), stderr=subprocess.PIPE, text=True)
        assert shell.stderr is not None
        line = shell.stderr.readline()
        assert line == (
            f"nixpy: waiting for another shell or an installer to finish with `{project.venv}`\n"
        )
        assert (project.venv / ".nixpy-stamp").read_text() == "1"
    assert shell.communicate(timeout=60) == (None, "")
    assert (project.venv / ".nixpy-stamp").read_text() == "2"


def test_a_venv_that_uv_made_is_kept(project: Project, uv: str):
    """A venv of the same interpreter is linked into, and what is in it stays."""
    run(uv, "venv", "--python", PYTHON, project.venv)
    place(project.venv, package("mine"))
    done = project.enter()
    assert done.returncode == 0
    assert "again" not in done.stderr
    assert (project.site / "mine").exists()


def test_running_it_without_isolation_is_explained(project: Project):
    """Without -I it would import itself for Python's own module of that name."""
    command = [PYTHON, *project.command()[2:]]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 2
    assert "run it with `python -I`" in done.stderr
