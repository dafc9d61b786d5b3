"""`--fix` loses nothing: a venv comes back, and lines of others stay."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from nixpy.doctor import fix
from nixpy.doctor.model import Step
from nixpy.doctor.run import findings, select
from nixpy.doctor.snapshot import Elf, Ignored, Loader
from tests.support.scene import Scene
from tests.support.snapshots import changed, text, with_elf


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    """A project whose venv nixpy made, and whose Python is gone."""
    made = Scene.make(tmp_path)
    made.make_venv()
    (made.venv / ".nixpy-stamp").touch()
    (made.venv / "mine").write_text("mine")
    (made.venv / "bin/python").unlink()
    (made.venv / "bin/python").symlink_to("/nix/store/gone/bin/python3")
    made.write({"flake.nix": "{ outputs = _: { }; }\n"})
    return made


def put_nix(scene: Scene, body: str) -> None:
    """Put a program in the place of Nix, which is run in the project."""
    program = Path(scene.environment["PATH"]) / "nix"
    program.unlink(missing_ok=True)
    program.write_text(f'#!/bin/bash\n[ "$1" = develop ] || exit 0\n{body}\n')
    program.chmod(0o755)


MAKES = "/bin/mkdir -p .venv/bin && >.venv/bin/python && echo home=/ >.venv/pyvenv.cfg"


def test_a_venv_that_cannot_be_made_anew_comes_back(scene: Scene) -> None:
    """Where the shell fails, half a venv is replaced by the old one; the exit code is 1."""
    put_nix(scene, "/bin/mkdir .venv; echo broken >&2; exit 1")
    done = scene.doctor("--fix", "--only", "V1")
    assert done.returncode == 1
    assert (scene.venv / "mine").read_text() == "mine"
    assert f"`{scene.venv}` is as it was" in done.stderr
    assert sorted(one.name for one in scene.root.iterdir()) == [".venv", "flake.nix"]


def test_a_shell_that_makes_no_venv_is_a_failure(scene: Scene) -> None:
    """Nix may end well and no venv be there: then the old one stays, too."""
    put_nix(scene, "exit 0")
    assert scene.doctor("--fix", "--only", "V1").returncode == 1
    assert (scene.venv / "mine").exists()


def test_without_nix_nothing_is_moved(scene: Scene) -> None:
    """A venv that nobody can make anew is left as it is."""
    (Path(scene.environment["PATH"]) / "nix").unlink(missing_ok=True)
    done = scene.doctor("--fix", "--only", "V1")
    assert done.returncode == 1
    assert (scene.venv / "mine").exists()
    assert "there is no Nix to make it anew" in done.stderr


def test_a_new_venv_takes_the_place_of_the_old_one(scene: Scene) -> None:
    """With the new one there, the old one is removed."""
    put_nix(scene, MAKES)
    done = scene.doctor("--fix", "--only", "V1")
    assert "fix: nix develop -c true" in done.stdout
    assert not (scene.venv / "mine").exists()
    assert sorted(one.name for one in scene.root.iterdir()) == [".venv", "flake.nix"]


def test_a_run_that_is_killed_is_healed_by_the_next(scene: Scene) -> None:
    """After SIGKILL in the shell the venv is aside; the next run puts it back, and goes on."""
    put_nix(scene, "kill -KILL $PPID; exit 1")
    assert scene.doctor("--fix", "--only", "V1").returncode == -9
    assert not scene.venv.exists()
    put_nix(scene, "exit 1")
    done = scene.doctor("--fix", "--only", "V1")
    assert "which a run that was ended had moved aside" in done.stdout
    assert (scene.venv / "mine").exists()


def git(folder: Path, *arguments: str) -> str:
    """Run git in a folder and give what it prints."""
    command = ["git", "-c", "protocol.file.allow=always", "-C", str(folder), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def test_the_lock_of_a_flake_below_the_root_is_taken_back(tmp_path: Path) -> None:
    """The `.gitignore` of the root is edited; lock files of others stay ignored."""
    scene = Scene.make(tmp_path)
    scene.git()
    scene.write({".gitignore": "a\n*.lock\n# b\n", "sub/flake.nix": "{ outputs = _: { }; }\n"})
    git(scene.root, "add", "sub/flake.nix")
    done = scene.doctor("--fix", "--only", "F2", folder=scene.root / "sub")
    assert done.returncode == 0, done
    assert (scene.root / ".gitignore").read_text() == "a\n*.lock\n!flake.lock\n# b\n"
    scene.write({"poetry.lock": "", "sub/flake.lock": ""})
    status = git(scene.root, "status", "--porcelain", "-uall")
    assert "sub/flake.lock" in status
    assert "poetry.lock" not in status


def test_a_flake_in_a_submodule_is_made_known_to_its_own_git(tmp_path: Path) -> None:
    """A submodule has an index of its own; its .git is a file."""
    scene = Scene.make(tmp_path)
    inner = tmp_path / "inner"
    inner.mkdir()
    (inner / "x").touch()
    git(inner, "init", "-q")
    git(inner, "add", "x")
    git(inner, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "x")
    scene.git()
    git(scene.root, "submodule", "--quiet", "add", str(inner), "part")
    part = scene.root / "part"
    (part / "flake.nix").write_text("{ outputs = _: { }; }\n")
    assert scene.doctor("--fix", "--only", "F1", folder=part).returncode == 0
    assert git(part, "status", "--porcelain") == " A flake.nix\n"


def test_a_file_of_the_flake_in_a_submodule(tmp_path: Path) -> None:
    """Git cannot add what lies in a submodule, so nobody is told to; Nix leaves it out."""
    scene = Scene.make(tmp_path)
    scene.git()
    (scene.root / "part").mkdir()
    git(scene.root / "part", "init", "-q")
    scene.write({"part/x.nix": "{ }\n", "flake.nix": "{ outputs = _: import ./part/x.nix; }\n"})
    git(scene.root, "add", "flake.nix")
    done = scene.doctor("--fix", "--only", "F1")
    assert done.returncode == 1
    assert "the flake names `part/x.nix`, in a submodule" in done.stdout
    assert "submodules=1" in done.stdout


@pytest.mark.parametrize(
    ("where", "pattern", "step", "said"),
    [
        (".gitignore:1", "flake.lock", Step.REMOVE_LINE, "remove the line from `.gitignore`"),
        (".gitignore:1", "*.lock", Step.ADD_LINE, "`!flake.lock` below the line"),
        (".gitignore:1", "sub/", None, "`git add --force flake.lock`"),
        ("/home/user/.config/git/ignore:1", "*.lock", None, "`git add --force flake.lock`"),
        ("~/.gitignore:1", "*.lock", None, "`git add --force flake.lock`"),
    ],
)
def test_what_takes_the_lock_back(where: str, pattern: str, step: Step | None, said: str) -> None:
    """A line that is about the lock alone goes; of another one the lock is taken out."""
    snapshot = changed("git", ignored=(Ignored("flake.lock", where, pattern),))
    assert said in text(snapshot, "F2")
    (found,) = findings(snapshot, select(["F2"]))
    assert (found.mend.step if found.mend else None) == step


def test_a_line_that_was_changed_since_is_left(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Between the look and the mend an editor may have saved."""
    (tmp_path / ".gitignore").write_text("a\nb\n")
    ignored = (Ignored("flake.lock", ".gitignore:2", "*.lock"),)
    snapshot = changed("git", root=str(tmp_path), ignored=ignored)
    assert fix.Fixer(snapshot, agreed=False).mend(findings(snapshot, select(["F2"]))) == (0, True)
    assert (tmp_path / ".gitignore").read_text() == "a\nb\n"
    assert capsys.readouterr().out == ""


def test_after_the_mend_the_text_says_to_enter_the_shell() -> None:
    """A program or library that nixpy.yaml lists by now is not to be added again."""
    ruff = Elf("bin/ruff", interpreter="/lib64/ld-linux-x86-64.so.2")
    lacking = with_elf(ruff, loaders={"/lib64/ld-linux-x86-64.so.2": Loader.ABSENT})
    assert "`nixpy add --tool ruff`" in text(lacking, "L6")
    project = lacking.project
    assert project.choices is not None
    listed = changed("project", lacking, choices=replace(project.choices, tools=("ruff",)))
    assert "nixpy.yaml lists `ruff`: enter the shell again" in text(listed, "L6")
    (found,) = findings(listed, select(["L6"]))
    assert found.mend is None
