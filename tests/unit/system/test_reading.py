"""Files of strangers: nothing outside of the project is read, and nothing is waited for."""

import os
from pathlib import Path

import pytest

from nixpy.errors import NixpyError
from nixpy.metadata.read import read_project
from nixpy.system.files import DiskTree, read_text, remove
from nixpy.system.reading import read_head
from nixpy.venv.links import unlink_packages
from nixpy.workspace.locate import find

_SECRET = "hunter2 hunter2\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Give a project beside a file that is none of its own."""
    (tmp_path / "secret.txt").write_text(_SECRET)
    root = tmp_path / "project"
    root.mkdir()
    return root


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("requirements.txt", "\n-r ../secret.txt\n", "requirements.txt:2: names `../secret.txt`"),
        ("requirements.txt", "-c ../secret.txt\n", "requirements.txt:1: names `../secret.txt`"),
        ("setup.cfg", "[options]\ninstall_requires = file: ../secret.txt\n", "setup.cfg:2: "),
        (
            "pyproject.toml",
            "[project]\nname = 'a'\ndynamic = ['dependencies']\n"
            "[tool.setuptools.dynamic]\ndependencies = {file = ['../secret.txt']}\n",
            "pyproject.toml:5: ",
        ),
        ("environment.yml", "dependencies:\n- pip:\n  - -r ../secret.txt\n", "environment.yml:3: "),
    ],
)
def test_what_a_file_names_outside_is_refused_with_its_line(project, file, text, said):
    """The error names the line, and nothing of what stands there."""
    (project / file).write_text(text)
    with pytest.raises(NixpyError) as error:
        read_project(DiskTree(project))
    assert said in str(error.value)
    assert "hunter2" not in str(error.value)


def test_members_of_a_workspace_lie_below_it(project):
    """A pattern that leads out of the project is not searched for; a note tells of its line."""
    (project.parent / "other").mkdir()
    (project.parent / "other/pyproject.toml").write_text(_SECRET)
    (project / "pyproject.toml").write_text("[tool.uv.workspace]\nmembers = ['../**']\n")
    notes = read_project(DiskTree(project)).notes
    assert [note.text for note in notes] == [
        "`../**` leads out of the workspace, so it was left out"
    ]
    assert notes[0].origin.line == 2


def test_a_link_out_of_the_project_is_not_followed(project):
    """A file that is a link to another user's secrets is an error that shows none of them."""
    (project / "requirements.txt").symlink_to("../secret.txt")
    with pytest.raises(
        NixpyError, match=r"requirements\.txt: lies outside of the project"
    ) as error:
        read_project(DiskTree(project))
    assert "hunter2" not in str(error.value)
    with pytest.raises(NixpyError, match="lies outside of the project"):
        read_text(project, "requirements.txt")


def test_in_a_checkout_files_above_the_project_are_read(project):
    """A project of a repository may name files of other folders of it."""
    (project.parent / ".git").mkdir()
    (project.parent / "base.txt").write_text("numpy\n")
    (project / "requirements.txt").write_text("-r ../base.txt\n")
    assert [one.name for one in read_project(DiskTree(project)).wanted] == ["numpy"]


def test_a_home_folder_in_git_is_no_project(project, monkeypatch):
    """Who keeps the home folder in git does not open all of it to each project below."""
    (project.parent / ".git").mkdir()
    monkeypatch.setenv("HOME", str(project.parent))
    (project / "requirements.txt").write_text("-r ../secret.txt\n")
    with pytest.raises(NixpyError, match="lies outside"):
        read_project(DiskTree(project))


@pytest.mark.parametrize(
    "name",
    ["pyproject.toml", "requirements.txt", "uv.lock", "nixpy.yaml", "setup.py", "Dockerfile"],
)
def test_fifos_and_devices_are_not_waited_for(project, name):
    """A FIFO, a device, and a link to one: an error or nothing, at once."""
    (project / "setup.cfg").write_text("[metadata]\nname = a\n")
    os.mkfifo(project / name)
    tree = DiskTree(project)
    with pytest.raises(NixpyError, match="cannot be read: not a regular file"):
        tree.read(name)
    (project / name).unlink()
    (project / name).symlink_to("/dev/zero")
    with pytest.raises(NixpyError, match="lies outside of the project"):
        tree.read(name)
    with pytest.raises(OSError, match="not a regular file"):
        read_head(project / name, 10)


def test_nothing_is_removed_through_links(project):
    """A link is removed itself; below a link to a folder nothing is."""
    kept, folder = project / "kept", project / "folder"
    kept.write_text("")
    folder.mkdir()
    (folder / "file").write_text("")
    (project / "link").symlink_to("kept")
    (project / "other").symlink_to("folder")
    remove(project, ["link"])
    assert kept.exists()
    assert not (project / "link").is_symlink()
    with pytest.raises(NixpyError, match="nothing is removed through links"):
        remove(project, ["other/file"])
    with pytest.raises(NixpyError, match="nothing is removed through links"):
        remove(project, ["../project/other/file"])
    assert (folder / "file").exists()


def test_a_venv_elsewhere_keeps_its_links(project):
    """A venv that is a link may be another project's."""
    venv = project.parent / "venv"
    info = venv / "lib/python3.12/site-packages/a-1.dist-info"
    info.mkdir(parents=True)
    (info / "INSTALLER").write_text("nixpy")
    (venv / "pyvenv.cfg").touch()
    (project / ".venv").symlink_to(venv)
    unlink_packages(project / ".venv", "nixpy")
    assert info.exists()
    unlink_packages(venv, "nixpy")
    assert not info.exists()


def test_a_project_is_looked_for_in_its_checkout_only(project):
    """A nixpy.yaml above the repository says nothing of it; above a submodule it does."""
    (project.parent / "nixpy.yaml").touch()
    assert find(project).root == project.parent
    (project / ".git").write_text("gitdir: ../.git/modules/project\n")
    assert find(project).root == project.parent
    (project / ".git").unlink()
    (project / ".git").mkdir()
    with pytest.raises(NixpyError, match="nor a folder above it in the same checkout"):
        find(project)


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a file away")
def test_files_of_another_user_are_not_believed(project):
    """A nixpy.yaml that somebody put into a folder above, as /tmp is, is not taken."""
    (project.parent / "nixpy.yaml").touch()
    os.chown(project.parent / "nixpy.yaml", 12345, 12345)
    with pytest.raises(NixpyError, match="nor a folder above it"):
        find(project)
    os.chown(project.parent / "nixpy.yaml", 0, 0)
    os.chown(project.parent, 12345, 12345)
    with pytest.raises(NixpyError, match="nor a folder above it"):
        find(project)
    os.chown(project.parent, 0, 0)
    assert find(project).root == project.parent
