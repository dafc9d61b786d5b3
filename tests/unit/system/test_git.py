"""What git is told, in the checkouts that people have."""

import os
import subprocess

import pytest

from nixpy import cli
from nixpy.errors import NixpyError
from nixpy.system import git


def run(folder, *arguments):
    command = ["git", "-C", str(folder), *arguments]
    return subprocess.run(command, capture_output=True, check=True, text=True).stdout


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A checkout with one commit."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    folder = tmp_path / "checkout"
    folder.mkdir()
    run(folder, "init", "-q")
    run(folder, "config", "user.email", "a@b")
    run(folder, "config", "user.name", "a")
    (folder / "old").write_text("x")
    run(folder, "add", "old")
    run(folder, "commit", "-qm", "one")
    return folder


def test_edits_of_tracked_files_are_seen(checkout, tmp_path):
    """New files are no edits, and a filter that the checkout names is not started."""
    (checkout / "new").write_text("x")
    assert not git.edited(checkout)
    (checkout / ".git/info/attributes").write_text("* filter=mark\n")
    run(checkout, "config", "filter.mark.clean", f"touch {tmp_path}/started; cat")
    (checkout / "old").write_text("something else")
    assert git.edited(checkout)
    assert not (tmp_path / "started").exists()
    assert not git.edited(tmp_path)


def test_only_new_files_are_untracked(checkout):
    """What git tracks already is none; names with spaces and letters are fine."""
    new = ["new", "spa ce", "é"]
    for name in new:
        (checkout / name).write_text("x")
    assert git.untracked(checkout, ["old", *new]) == new
    git.intent_to_add(checkout, new)
    assert git.untracked(checkout, new) == []


def test_a_worktree_is_a_checkout(checkout, tmp_path):
    """A worktree has a .git file, and its index is its own."""
    run(checkout, "worktree", "add", "-q", str(tmp_path / "tree"))
    (tmp_path / "tree" / "new").write_text("x")
    assert git.checkout_of(tmp_path / "tree") == tmp_path / "tree"
    git.intent_to_add(tmp_path / "tree", ["new"])
    assert git.untracked(tmp_path / "tree", ["new"]) == []
    assert git.untracked(checkout, ["new"]) == ["new"]


def test_the_environment_of_a_hook_does_not_lead_elsewhere(checkout, tmp_path, monkeypatch):
    """GIT_DIR, as hooks set it, does not make another repository's index change."""
    other = tmp_path / "other"
    other.mkdir()
    run(other, "init", "-q")
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    (checkout / "new").write_text("x")
    git.intent_to_add(checkout, ["new"])
    monkeypatch.delenv("GIT_DIR")
    assert "new" in run(checkout, "ls-files")


def test_outside_a_checkout_there_is_none(tmp_path):
    """A plain folder is no checkout."""
    assert git.checkout_of(tmp_path) is None


def test_a_locked_index_is_told(checkout):
    """Where git is busy the files are there, and the error says what to run."""
    (checkout / "new").write_text("x")
    (checkout / ".git" / "index.lock").touch()
    with pytest.raises(NixpyError, match="git failed") as caught:
        git.intent_to_add(checkout, ["new"])
    assert "git add --intent-to-add new" in (caught.value.hint or "")


def test_a_missing_git_is_told(checkout, monkeypatch, tmp_path):
    """Without the program the error names the way out."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NixpyError, match="git is not installed") as caught:
        git.untracked(checkout, ["old"])
    assert "--no-git" in (caught.value.hint or "")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder to somebody else")
def test_a_checkout_of_another_user(checkout, monkeypatch, tmp_path, capsys):
    """Before anything is written, the error says whose it is and what mends it."""
    (checkout / "pyproject.toml").write_text('[project]\nname = "a"\nversion = "1"\n')
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(checkout)
    for path in (checkout, checkout / ".git"):
        os.chown(path, 12345, 12345)
    assert cli.run(["init"]) == 1
    said = capsys.readouterr().err
    assert f"error: the repository {checkout} belongs to another user" in said
    assert f"safe.directory {checkout}`" in said
    assert not (checkout / "flake.nix").exists()
    assert cli.run(["init", "--no-git"]) == 0
