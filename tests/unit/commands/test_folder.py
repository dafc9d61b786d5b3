"""The flake in `.nixpy`, and private mode: what is written where, and what is left alone."""

import pytest

from nixpy.cli import run
from tests.support.living import PYPROJECT, contents, git

OWN = "{ outputs = _: { }; }\n"
FOLDER = {".nixpy/enter.bash", ".nixpy/flake.nix", ".nixpy/venv.py"}


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A git checkout with one commit, as the current folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    (tmp_path / "pyproject.toml").write_text(PYPROJECT)
    git(tmp_path, "init", "-q")
    commit(tmp_path)
    return tmp_path


def commit(folder):
    """Commit all."""
    git(folder, "add", "--all")
    git(folder, "commit", "-qm", "all")


def test_init_with_folder(project, capsys):
    """All that belongs to the flake lies in one folder, which needs not be known to git."""
    assert run(["init", "--folder"]) == 0
    assert contents(project).keys() >= FOLDER | {".envrc", "nixpy.yaml"}
    assert not (project / "flake.nix").exists()
    assert 'flake: ".nixpy"\n' in (project / "nixpy.yaml").read_text()
    assert (project / ".envrc").read_text().endswith("\n  use flake path:.nixpy\nfi\n")
    assert git(project, "ls-files").split() == ["pyproject.toml"]
    assert "next: `nixpy shell`" in capsys.readouterr().out
    before = contents(project)
    assert run(["init"]) == 0
    assert run(["sync", "--check"]) == 0
    assert contents(project) == before


@pytest.mark.parametrize("name", ["flake.nix", "shell.nix"])
def test_a_flake_of_the_users_own(project, capsys, name):
    """The user's file stays, the flake goes beside it, and the user is told why."""
    (project / name).write_text(OWN)
    (project / ".envrc").write_text("use flake\n")
    assert run(["init"]) == 0
    err = capsys.readouterr().err
    assert f"note: the flake goes into .nixpy: {name} is your own, and stays as it is" in err
    assert "note: .envrc is your own, and stays: `use flake path:.nixpy` in it would" in err
    assert (project / name).read_text() == OWN
    assert (project / ".envrc").read_text() == "use flake\n"
    assert contents(project).keys() >= FOLDER
    assert run(["sync"]) == 0


def test_a_large_checkout(project, capsys, monkeypatch):
    """What git tracks is measured: that is what Nix would copy after each edit."""
    monkeypatch.setattr("nixpy.workspace.layout.LARGE", 1_000_000)
    (project / "data").write_bytes(bytes(2_000_000))
    assert run(["init"]) == 0
    assert not (project / ".nixpy/flake.nix").exists()
    (project / "flake.nix").unlink()
    git(project, "add", "data")
    assert run(["init"]) == 0
    assert "Nix would copy the checkout's 2 MB after each edit" in capsys.readouterr().err
    assert (project / ".nixpy/flake.nix").exists()


def test_sync_moves_the_flake_there_and_back(project, capsys):
    """The lock comes along, `.envrc` follows, no file is left, and git is told what it needs."""
    (project / "nixpy.yaml").write_text("projects: {api: api}\n")
    (project / "api").mkdir()
    (project / ".envrc").write_text("export A=1\n")
    assert run(["init"]) == 0
    (project / "flake.lock").write_text("{}\n")
    before, known = contents(project), git(project, "ls-files")
    (project / "nixpy.yaml").write_text("projects: {api: api}\nflake: .nixpy\n")
    assert run(["sync", "--check"]) == 1
    assert "`flake.nix` is out of date: the flake's place is another" in capsys.readouterr().err
    assert run(["sync"]) == 0
    assert contents(project).keys() >= FOLDER
    assert not {"flake.nix", "flake.lock"} & contents(project).keys()
    assert "flake.nix" not in git(project, "ls-files").split()
    assert (project / ".nixpy/flake.lock").read_text() == "{}\n"
    envrc = (project / ".envrc").read_text()
    assert envrc.startswith("export A=1\n")
    assert envrc.endswith("if has nix; then\n  use flake path:.nixpy\nfi\n")
    assert "use flake 'path:../.nixpy#api'\n" in (project / "api/.envrc").read_text()
    assert run(["sync", "--check"]) == 0
    (project / "nixpy.yaml").write_text("projects: {api: api}\n")
    assert run(["sync"]) == 0
    assert contents(project) == before
    assert {*git(project, "ls-files").split()} >= {*known.split()}


def test_what_cannot_be_moved(project, capsys):
    """An edited flake, and a second lock that says something else, are left alone and told."""
    assert run(["init"]) == 0
    flake = project / "flake.nix"
    text = flake.read_text()
    flake.write_text(text.replace("pkgs.uv", "pkgs.uv pkgs.jq"))
    before = contents(project)
    assert run(["init", "--folder"]) == 1
    assert "flake.nix: the file was edited since nixpy wrote it" in capsys.readouterr().err
    assert contents(project) == before
    flake.write_text(text)
    (project / "flake.lock").write_text("{}\n")
    (project / ".nixpy/flake.lock").write_text("{ }\n")
    before = contents(project)
    assert run(["init", "--folder"]) == 1
    assert "flake.lock: there is a flake.lock in both places" in capsys.readouterr().err
    assert contents(project) == before


@pytest.mark.parametrize(
    ("choices", "said"),
    [
        ("flake: ../elsewhere\n", "nixpy.yaml:1:8: `flake`: the flake cannot lie in `../else"),
        ("flake: nix\n", "nixpy.yaml:1:8: `flake`: the flake cannot lie in `nix`"),
        ("flake: [a]\n", "nixpy.yaml:1:8: `flake`:"),
        ("installer: uv\nprovider: uv2nix\nflake: .nixpy\n", "nixpy.yaml:2: `provider`: uv2nix"),
        ("nixpkgs: path:../x\nflake: .nixpy\n", "nixpy.yaml:1: `nixpkgs`: `path:../x` leads out"),
    ],
)  # fmt: skip
def test_choices_that_cannot_be(project, capsys, choices, said):
    """Each is told with its file, line and key, and nothing is written."""
    (project / "uv.lock").write_text('version = 1\nrequires-python = ">=3.11"\n')
    (project / "nixpy.yaml").write_text(choices)
    before = contents(project)
    assert run(["init"]) == 1
    assert said in capsys.readouterr().err
    assert contents(project) == before


def test_a_folder_that_cannot_be_written(project, tmp_path_factory, capsys):
    """A file in the folder's place, and a link out of the project, are told; nothing is written."""
    (project / ".nixpy").write_text("mine\n")
    before = contents(project)
    assert run(["init", "--folder"]) == 1
    assert contents(project) == before
    (project / ".nixpy").unlink()
    outside = tmp_path_factory.mktemp("outside")
    (project / ".nixpy").symlink_to(outside)
    assert run(["init", "--folder"]) == 1
    assert "the path leads out of the project" in capsys.readouterr().err
    assert list(outside.iterdir()) == []


def test_private_mode_leaves_no_trace(project, capsys):
    """git sees nothing of it, no file of the team is touched, and all can be taken away."""
    (project / ".gitignore").write_text("*.log\n")
    (project / ".envrc").write_text("use flake\n")
    commit(project)
    before, exclude = contents(project), project / ".git/info/exclude"
    excluded = exclude.read_text()
    assert run(["init", "--private"]) == 0
    assert git(project, "status", "--porcelain") == ""
    assert (
        "hidden from git, by .git/info/exclude: /nixpy.yaml, /.nixpy/," in capsys.readouterr().out
    )
    assert contents(project) | before == contents(project)
    (project / ".venv").mkdir()
    (project / ".venv/.nixpy-stamp").write_text("")
    assert run(["add", "--tool", "jq"]) == 0
    assert run(["sync"]) == 0
    assert git(project, "status", "--porcelain") == ""
    assert run(["eject"]) == 1
    assert "hint: `nixpy eject --private` takes all of it away" in capsys.readouterr().err
    assert run(["eject", "--private"]) == 0
    assert contents(project) == before
    assert not (project / ".venv").exists()
    assert exclude.read_text() == excluded


@pytest.mark.parametrize(
    ("files", "keeps"),
    [({}, True), ({"Pipfile": "[packages]\nnumpy = '*'\n"}, False)],
)
def test_private_mode_uses_nixs_versions(project, files, keeps):
    """The team's lock cannot be aligned by one of them; pipenv knows no other way."""
    for name, text in files.items():
        (project / name).write_text(text)
    assert run(["init", "--private"]) == 0
    assert ("keep: nix" in (project / "nixpy.yaml").read_text()) is keeps


def test_private_mode_in_a_worktree_and_a_submodule(project, monkeypatch, tmp_path_factory):
    """A worktree shares the clone's exclude file, a submodule has its own."""
    tree = tmp_path_factory.mktemp("trees") / "tree"
    git(project, "worktree", "add", "-q", str(tree))
    monkeypatch.chdir(tree)
    assert run(["init", "--private"]) == 0
    assert git(tree, "status", "--porcelain") == ""
    git(project, "submodule", "add", "-q", str(tree), "lib")
    commit(project)
    monkeypatch.chdir(project / "lib")
    assert run(["init", "--private"]) == 0
    assert git(project / "lib", "status", "--porcelain") == ""
    assert git(project, "status", "--porcelain") == ""
    assert run(["eject", "--private"]) == 0
    assert git(project, "status", "--porcelain") == ""


def test_what_cannot_be_private(project, monkeypatch, tmp_path_factory, capsys):
    """A team's own nixpy.yaml, a folder without git, and options that say otherwise."""
    assert run(["init", "--private", "--module"]) == 2
    assert run(["init", "--private", "--no-folder"]) == 2
    assert run(["eject", "--private"]) == 1
    (project / "nixpy.yaml").write_text("")
    commit(project)
    assert run(["init", "--private"]) == 1
    assert "nixpy.yaml: git tracks the file, so it is the team's" in capsys.readouterr().err
    monkeypatch.chdir(tmp_path_factory.mktemp("plain"))
    assert run(["init", "--private"]) == 1
    assert "there is no git checkout" in capsys.readouterr().err


def test_eject_leaves_a_flake_in_a_folder_of_another_name(project):
    """The lock comes along, and nothing names nixpy any more."""
    assert run(["init", "--folder"]) == 0
    (project / ".nixpy/flake.lock").write_text("{}\n")
    commit(project)
    assert run(["eject"]) == 0
    names = contents(project).keys()
    assert names >= {"nix/flake.nix", "nix/flake.lock", "nix/venv.py"}
    assert not any("nixpy" in name for name in names)
    assert "nixpy" not in (project / "nix/flake.nix").read_text()
    assert (project / ".envrc").read_text().endswith("\n  use flake path:nix\nfi\n")


def test_a_file_in_the_folders_place(project, capsys):
    """A `.nixpy` that is a file stays, and its user is told what to do."""
    (project / ".nixpy").write_text("mine\n")
    assert run(["init", "--folder"]) == 1
    assert "a file lies where a folder is needed; move it away" in capsys.readouterr().err
    assert (project / ".nixpy").read_text() == "mine\n"
    assert not (project / "nixpy.yaml").exists()
