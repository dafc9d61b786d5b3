"""Projects, homes and venvs in the states that real machines have them in."""

from __future__ import annotations

import os
import shutil
import subprocess
import time

import pytest

from tests.support.nixpkgs import attribute, available_pythons, preferred_python
from tests.support.project import Project, lines
from tests.support.wheelhouse import Distribution, source_tree

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.parametrize("standin", ["legacy"], indirect=True, ids=["legacy"]),
]

PYPROJECT = """\
[project]
name = "app"
version = "1"
requires-python = ">=3.10"
dependencies = ["quack"]
"""
FILES = {"pyproject.toml": PYPROJECT}
PREFIX = "python -c 'import sys; print(sys.prefix)'"


@pytest.fixture
def project(make_project) -> Project:
    """A project of uv's that was not entered yet."""
    return make_project(FILES)


def prefix_of(project: Project) -> str:
    """Give the prefix of the Python that the shell runs."""
    return lines(project.enter(PREFIX))[-1]


def test_a_venv_from_a_legacy_env_is_made_again(project, standin):
    """The venv of a uv of 2024, whose installs target the store, is recognised, the user told."""
    env = standin.build(f"pkgs.{attribute(preferred_python())}.withPackages (ps: [ ps.cowsay ])")
    uv = standin.build('pkgs.uvVersions."0.4.30"') / "bin/uv"
    subprocess.run([uv, "venv", "--python", env / "bin/python3", project.venv], check=True)
    entered = project.enter(PREFIX)
    assert "rests on" in entered.stderr
    assert f"making `{project.venv}` again" in entered.stderr
    assert lines(entered)[-1] == str(project.venv)


def test_a_dangling_venv_is_made_again(project):
    """A venv whose Python was collected from the store is made anew."""
    (project.venv / "bin").mkdir(parents=True)
    (project.venv / "bin/python").symlink_to("/nix/store/gone/bin/python3")
    (project.venv / "pyvenv.cfg").write_text("home = /nix/store/gone/bin\n")
    entered = project.enter(PREFIX)
    assert "is gone" in entered.stderr
    assert lines(entered)[-1] == str(project.venv)


def test_a_venv_of_another_minor_version_is_made_again(project):
    """After another Python was chosen the venv follows, and the user learns how to reinstall."""
    others = [one for one in available_pythons() if one != preferred_python()]
    project.enter("uv sync -q")
    if not others:
        config = project.venv / "pyvenv.cfg"
        config.write_text(config.read_text().replace(preferred_python(), "3.1"))
        (project.venv / ".nixpy-stamp").unlink()
    else:
        text = (project.root / "flake.nix").read_text()
        now, then = attribute(preferred_python()), attribute(others[-1])
        (project.root / "flake.nix").write_text(text.replace(now, then))
    entered = project.enter(PREFIX)
    assert "run `uv sync` to install your packages again" in entered.stderr
    assert lines(entered)[-1] == str(project.venv)


def test_a_file_in_the_venvs_place_is_left_alone(project):
    """It may be somebody's; the shell says so in one line and sets no VIRTUAL_ENV."""
    project.venv.write_text("mine\n")
    entered = project.enter('echo "${VIRTUAL_ENV-none}"')
    assert "is a file, not a venv" in entered.stderr
    assert lines(entered)[-1] == "none"
    assert project.venv.read_text() == "mine\n"


def test_a_link_to_a_venv_elsewhere_is_followed(project, tmp_path):
    """Some keep venvs on another disk."""
    (tmp_path / "elsewhere").mkdir()
    project.venv.symlink_to(tmp_path / "elsewhere")
    project.enter("uv sync -q")
    assert project.venv.is_symlink()
    assert list((tmp_path / "elsewhere").glob("lib/python3.*/site-packages/quack.py"))


def test_a_dangling_link_in_the_venvs_place_is_left_alone(project):
    """What it should point to is for the user to say."""
    project.venv.symlink_to("/nowhere/at/all")
    assert "is a link to `/nowhere/at/all`, which is gone" in project.enter("true").stderr
    assert project.venv.is_symlink()


def test_a_venv_that_cannot_be_written_is_made_writable(project):
    """A venv copied from the store has lost its write permissions."""
    project.enter("true")
    (project.venv / ".nixpy-stamp").unlink()
    project.venv.chmod(0o555)
    project.enter("uv sync -q")
    assert list(project.venv.glob("lib/python3.*/site-packages/quack.py"))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder to somebody else")
def test_a_venv_of_another_user_is_left_alone(project):
    """Made inside a container as another user: the shell says whose it is and changes nothing."""
    project.enter("true")
    (project.venv / ".nixpy-stamp").unlink()
    os.chown(project.venv, 12345, 12345)
    entered = project.enter("true")
    assert "belongs to user 12345" in entered.stderr
    assert project.venv.stat().st_uid == 12345


def test_the_venv_removed_while_the_shell_is_open(project):
    """`uv sync` makes it anew from the shell's clean Python, and the next entry links again."""
    shown = project.enter("uv sync -q; rm -rf .venv; uv sync -q; cat .venv/pyvenv.cfg").stdout
    home = next(line for line in shown.splitlines() if line.startswith("home"))
    assert "/nix/store/" in home
    assert "-env" not in home
    assert prefix_of(project) == str(project.venv)


def test_a_second_project_gets_its_own_venv(project, tmp_path):
    """`cd ../other && uv sync` installs there, and only there."""
    other = tmp_path / "other"
    other.mkdir()
    (other / "pyproject.toml").write_text(PYPROJECT)
    project.enter(f"cd {other} && uv sync -q && uv add -q moo")
    assert list(other.glob(".venv/lib/python3.*/site-packages/moo.py"))
    assert not list(project.venv.glob("lib/python3.*/site-packages/quack.py"))


@pytest.mark.parametrize("number", [2, 20])
def test_many_shells_entering_at_once_make_one_venv(project, number):
    """All of them end up in it, and one of them has made it."""
    project.enter("true")
    shutil.rmtree(project.venv)
    command = ["nix", "develop", *project.flake_options(), "-c", "bash", "-c", PREFIX]
    running = [
        subprocess.Popen(
            command,
            cwd=project.root,
            env=dict(project.environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(number)
    ]
    said = [one.communicate(timeout=300) for one in running]
    assert {out.strip() for out, _ in said} == {str(project.venv)}
    assert sum("made `" in error for _, error in said) == 1


def test_entering_while_the_venv_is_locked_waits(project):
    """An installer holds the venv's lock; the shell neither spoils its work nor fails."""
    project.enter("true")
    (project.venv / ".nixpy-stamp").unlink()
    holder = subprocess.Popen(
        ["flock", str(project.venv / ".lock"), "sleep", "3"], stdin=subprocess.DEVNULL
    )
    time.sleep(0.5)
    start = time.monotonic()
    assert prefix_of(project) == str(project.venv)
    assert time.monotonic() - start > 1
    assert holder.wait() == 0


SLOWLY = """
_at_once = build_wheel


def build_wheel(*arguments, **options):
    import time

    Path(STARTED).touch()
    time.sleep(5)
    return _at_once(*arguments, **options)
"""


@pytest.mark.parametrize("installer", ["uv", "pip"])
def test_entering_while_an_installer_builds(make_project, tmp_path, installer):
    """uv holds the venv's lock, for which the shell waits; pip holds none. Neither is disturbed."""
    project = make_project(FILES, "--installer", installer, "-p", "cowsay")
    started = tmp_path / "started"
    tree = source_tree(Distribution("slow"))
    tree["build_backend/backend.py"] += SLOWLY.replace("STARTED", repr(str(started)))
    project.write({f"slow/{path}": text for path, text in tree.items()})
    project.enter("true")
    pip = "uv pip" if installer == "uv" else "pip"
    command = ["nix", "develop", *project.flake_options()]
    command += ["-c", "bash", "-c", f"{pip} install -q ./slow quack"]
    install = subprocess.Popen(
        command, cwd=project.root, env=dict(project.environment), stdin=subprocess.DEVNULL
    )
    while not started.exists():
        assert install.poll() is None
        time.sleep(0.05)
    (project.venv / ".nixpy-stamp").unlink()
    assert prefix_of(project) == str(project.venv)
    assert install.wait(timeout=120) == 0
    shown = lines(project.enter("slow; quack; python -c 'import cowsay; print(cowsay.__file__)'"))
    assert shown[-3:-1] == ["slow 1.0", "quack 2.0"]
    assert shown[-1].startswith("/nix/store/")


def test_a_home_that_cannot_be_written(project, tmp_path):
    """On a read-only file system; Nix and uv need no more than a place for their caches."""
    home = tmp_path / "bare"
    home.mkdir()
    script = 'mount -t tmpfs -o ro none "$HOME" && ! touch "$HOME/x" 2>/dev/null && exec "$@"'
    command = ["unshare", "--mount", "--map-root-user", "sh", "-c", script, "sh"]
    command += ["nix", "develop", *project.flake_options()]
    command += ["-c", "bash", "-c", f"uv sync -q && {PREFIX}"]
    environment = {"HOME": str(home), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    entered = project.run(command, environment=environment)
    assert lines(entered)[-1] == str(project.venv)
    assert list(project.venv.glob("lib/python3.*/site-packages/quack.py"))


@pytest.mark.parametrize("name", ["it's", "new\nline", "a 'b' \"c\" $d `e` 北"])
def test_paths_that_nix_itself_cannot_name(make_project, tmp_path, name):
    """With NIXPY_ROOT a project whose path Nix takes for no flake, or trips over, installs too."""
    project = make_project(FILES, "-p", "cowsay")
    odd = tmp_path / name
    odd.mkdir()
    environment = {"NIXPY_ROOT": str(odd)}
    script = 'cd "$NIXPY_ROOT"; uv pip install -q quack; python -m quack; cowsay -t hi >/dev/null'
    shown = lines(project.enter(script, environment=environment))
    assert shown[-1] == "quack 2.0"
    assert list((odd / ".venv").glob("lib/python3.*/site-packages/quack.py"))
    assert not project.venv.exists()
