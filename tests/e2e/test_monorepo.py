"""Several projects in one repository: each has its own shell and its own venv."""

from __future__ import annotations

import os
import subprocess

import pytest

from tests.support.nixpkgs import available_pythons, preferred_python
from tests.support.project import Project, lines

pytestmark = pytest.mark.e2e

MINOR = preferred_python()
OTHER = next((one for one in available_pythons() if one != MINOR), MINOR)
UV = (
    '[project]\nname = "{name}"\nversion = "1"\nrequires-python = ">=3.10"\ndependencies = {deps}\n'
)
WHERE = 'python -c "import sys; print(sys.prefix, *sys.version_info[:2])"'


@pytest.fixture
def repository(make_project):
    """A repository with a uv project, a pip project with a package from Nix, and nothing else."""
    files = {
        "services/api/pyproject.toml": UV.format(name="api", deps='["quack"]'),
        "services/api/nixpy.yaml": f'python: "{OTHER}"\n',
        "worker/requirements.txt": "herd\n",
        "worker/nixpy.yaml": f'python: "{MINOR}"\ninstaller: pip\npackages: [cowsay]\n',
    }
    project = make_project(files, "--python", MINOR)
    yaml = project.root / "nixpy.yaml"
    yaml.write_text(
        f'nixpkgs: "{project.nixpkgs}"\nprojects:\n  api: services/api\n  worker: worker\n'
        f'python: "{MINOR}"\n'
    )
    project.nixpy("sync")
    project.run(["nix", "flake", "lock"])
    return project


def venvs(root):
    """Give the folders below that are venvs, relative to the root."""
    return sorted(str(path.parent.relative_to(root)) for path in root.rglob("pyvenv.cfg"))


@pytest.mark.parametrize("inside", [False, True])
def test_each_shell_has_its_venv(repository, inside):
    """`nix develop .#api` from anywhere enters the venv of that project, with its Python."""
    root = repository.root
    for name, folder, minor in (("api", "services/api", OTHER), ("worker", "worker", MINOR)):
        cwd = root / folder if inside else root
        flake = f"{os.path.relpath(root, cwd)}#{name}"
        shown = lines(repository.enter(WHERE, cwd=cwd, flake=flake))[-1]
        assert shown == f"{root}/{folder}/.venv {minor.replace('.', ' ')}"
    assert venvs(root) == ["services/api/.venv", "worker/.venv"]


def test_installs_stay_in_their_project(repository):
    """uv and pip install into their own project's venv only, and the store stays as it is."""
    root = repository.root
    api, worker = root / "services/api", root / "worker"
    repository.enter("true", flake=".#api")
    repository.enter("true", flake=".#worker")
    repository.enter("uv sync -q", cwd=api, flake="../..#api")
    repository.enter("pip install -q -r requirements.txt", cwd=worker, flake="..#worker")
    for venv, has, lacks in ((api, "quack", "herd"), (worker, "herd", "ruff")):
        site = next(venv.glob(".venv/lib/python3.*/site-packages"))
        names = {path.name.partition("-")[0] for path in site.glob("*.dist-info")}
        assert has in names
        assert lacks not in names
    found = repository.enter("python -c 'import cowsay; print(cowsay.__file__)'", flake=".#worker")
    assert lines(found)[-1].startswith("/nix/store/")
    assert venvs(root) == ["services/api/.venv", "worker/.venv"]


def test_direnv_in_each(repository):
    """Each folder's `.envrc` enters its own shell."""
    root = repository.root
    for folder in (".", "services/api", "worker"):
        repository.run(["direnv", "allow", str(root / folder)])
        done = repository.run(
            ["direnv", "exec", str(root / folder), "bash", "-c", "type -p python"]
        )
        wanted = os.path.normpath(root / folder / ".venv")
        assert lines(done)[-1] == f"{wanted}/bin/python"


def test_commands_in_a_projects_folder(repository):
    """`add` in a project's folder edits that project's choices, and its shell alone changes."""
    api = repository.root / "services/api"
    nixpy = repository.nixpy("--version").args[:-1]
    repository.run([*nixpy, "add", "crc32c"], cwd=api)
    assert "crc32c" in (api / "nixpy.yaml").read_text()
    assert "crc32c" not in (repository.root / "nixpy.yaml").read_text()
    assert repository.run([*nixpy, "sync", "--check"], cwd=api).returncode == 0
    repository.enter("python -c 'import crc32c'", flake=".#api")
    script = "python -c 'import crc32c'"
    assert repository.enter(script, flake=".#worker", check=False).returncode != 0
    assert "good: api, default, worker" in repository.run([*nixpy, "check"], cwd=api).stdout


def test_a_uv_workspace_has_one_venv(make_project):
    """The members of a uv workspace share the root's venv, from a member's folder too."""
    files = {
        "pyproject.toml": UV.format(name="root", deps="[]")
        + '[tool.uv.workspace]\nmembers = ["packages/*"]\n',
        "packages/one/pyproject.toml": UV.format(name="one", deps='["quack"]'),
        "packages/two/pyproject.toml": UV.format(name="two", deps='["herd"]'),
    }
    project = make_project(files, "-p", "cowsay")
    project.enter("uv lock -q -P cowsay==6.1 && uv sync -q --all-packages")
    member = project.root / "packages/one"
    shown = lines(project.enter(f"{WHERE}; uv run {WHERE}; uv pip list", cwd=member))
    assert shown[0].split()[0] == shown[1].split()[0] == str(project.venv)
    listed = {line.split()[0] for line in shown[2:] if line}
    assert {"quack", "herd", "cowsay"} <= listed
    assert venvs(project.root) == [".venv"]


def test_a_project_in_a_subfolder(standin, make_project):
    """A project deep in a repository has its flake and its venv there, and nothing elsewhere."""
    files = {"tools/gen/pyproject.toml": UV.format(name="gen", deps="[]"), "README": "x"}
    whole = make_project({**files, "other/x": ""}, name="repo")
    inner = Project(whole.root / "tools/gen", standin.ref, whole.environment)
    inner.nixpy("init", "--python", MINOR)
    shown = lines(inner.enter(WHERE))[-1].split()[0]
    assert shown == str(inner.venv)
    below = inner.root / "src"
    below.mkdir()
    assert lines(inner.enter(WHERE, cwd=below))[-1].split()[0] == str(inner.venv)
    tracked = inner.run(["git", "ls-files", "--full-name", "."]).stdout.split()
    assert "tools/gen/.nixpy/venv.py" in tracked
    assert not (whole.root / ".venv").exists()


def git(project: Project, *arguments: str) -> str:
    """Run git as somebody, and give what it prints."""
    who = ["-c", "user.name=a", "-c", "user.email=a@b.example", "-c", "protocol.file.allow=always"]
    return project.run(["git", *who, *arguments]).stdout


def test_a_worktree_has_its_own_venv(make_project, tmp_path):
    """A second worktree enters its own venv, although its flake is the same file."""
    project = make_project({"pyproject.toml": UV.format(name="app", deps="[]")})
    git(project, "add", "-A")
    git(project, "commit", "-qm", "a")
    git(project, "worktree", "add", "-q", str(tmp_path / "second"), "-b", "second")
    second = Project(tmp_path / "second", project.nixpkgs, project.environment)
    for one in (project, second):
        assert lines(one.enter(WHERE))[-1].split()[0] == str(one.venv)
    second.nixpy("add", "cowsay")
    second.enter("python -c 'import cowsay'")
    with pytest.raises(AssertionError, match="cowsay"):
        project.enter("python -c 'import cowsay'")
    assert "wrote" not in second.nixpy("init").stdout


def test_a_project_that_is_a_submodule(make_project, tmp_path):
    """In a submodule, `init` works as in a repository of its own, and enters the venv there."""
    library = make_project({"pyproject.toml": UV.format(name="lib", deps="[]")}, name="lib")
    for path in ("flake.nix", ".envrc", "nixpy.yaml", ".gitignore"):
        (library.root / path).unlink()
    git(library, "add", "-A")
    git(library, "commit", "-qm", "a")
    outer = make_project({"pyproject.toml": UV.format(name="app", deps="[]")}, name="outer")
    git(outer, "submodule", "add", "-q", str(library.root), "lib")
    inner = Project(outer.root / "lib", outer.nixpkgs, outer.environment)
    done = inner.nixpy("init", "--python", MINOR)
    assert "wrote      flake.nix (git add --intent-to-add)" in done.stdout
    assert "flake.nix" in git(inner, "ls-files").split()
    assert lines(inner.enter(WHERE))[-1].split()[0] == str(inner.venv)


def test_a_submodule_as_one_of_the_projects(make_project):
    """A submodule listed under `projects:` gets a shell, and nothing is added to its own git."""
    library = make_project({"pyproject.toml": UV.format(name="lib", deps="[]")}, name="lib")
    git(library, "commit", "-qm", "a", "--allow-empty")
    outer = make_project({"pyproject.toml": UV.format(name="app", deps="[]")}, name="outer")
    git(outer, "submodule", "add", "-q", str(library.root), "vendor/lib")
    yaml = outer.root / "nixpy.yaml"
    yaml.write_text(yaml.read_text() + "\nprojects: {lib: vendor/lib}\n")
    (outer.root / "vendor/lib/nixpy.yaml").write_text(f'python: "{MINOR}"\n')
    outer.nixpy("sync")
    shown = lines(outer.enter(WHERE, flake=".#lib"))[-1].split()[0]
    assert shown == f"{outer.root}/vendor/lib/.venv"
    status = subprocess.run(
        ["git", "-C", str(outer.root / "vendor/lib"), "diff", "--cached", "--name-only"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert status.stdout == ""


def test_in_the_middle_of_a_merge(make_project):
    """While a merge is unfinished, a new project can be made, and its shell entered."""
    project = make_project({"pyproject.toml": UV.format(name="app", deps="[]"), "a": "1\n"})
    git(project, "add", "-A")
    git(project, "commit", "-qm", "a")
    git(project, "branch", "-m", "main")
    git(project, "branch", "other")
    for text, branch in (("2\n", "other"), ("3\n", "main")):
        git(project, "checkout", "-q", branch)
        (project.root / "a").write_text(text)
        git(project, "commit", "-qam", text.strip())
    with pytest.raises(AssertionError, match="CONFLICT"):
        git(project, "merge", "other")
    project.nixpy("add", "cowsay")
    (project.root / ".nixpy/venv.py").unlink()
    project.nixpy("sync")
    project.enter("python -c 'import cowsay'")
    assert "a" in git(project, "diff", "--name-only", "--diff-filter=U").split()
