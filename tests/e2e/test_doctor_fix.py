"""`nixpy doctor --fix`: what it mends, what it says first, and what it never does."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from tests.support.project import Project
from tests.support.scene import Scene

pytestmark = pytest.mark.e2e

PYPROJECT = """\
[project]
name = "app"
version = "1"
requires-python = ">=3.10"
dependencies = ["quack"]
"""


def git(scene: Scene, *arguments: str) -> str:
    """Run git in the project and give what it prints."""
    command = ["git", "-C", str(scene.root), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@pytest.fixture
def scene(tmp_path, nix_config) -> Scene:
    """An empty project."""
    return Scene.make(tmp_path)


@pytest.fixture
def made(make_project, standin) -> Project:
    """A project of nixpy whose flake names the stand-in itself, with a synced venv."""
    project = make_project({"pyproject.toml": PYPROJECT}, "--nixpkgs", standin.ref)
    project.run(["nix", "develop", "-c", "uv", "sync", "-q"])
    return project


def break_venv(project: Project) -> None:
    """Let the venv's Python lead nowhere, as after a garbage collection."""
    for link in (project.venv / "bin").glob("python*"):
        link.unlink()
        link.symlink_to("/nix/store/00000000000000000000000000000000-python3/bin/python3")


def test_a_broken_venv_of_nixpys_is_made_anew(made: Project):
    """V1 is mended by entering the shell; what was done is said first, and packages come back."""
    break_venv(made)
    assert "V1" in made.nixpy("doctor", check=False).stdout
    done = made.nixpy("doctor", "--fix", "--ignore", "F", check=False)
    assert done.returncode == 0, done
    assert done.stdout.splitlines()[0] == f"fix: move {made.venv} aside, to .venv.before-fix"
    assert "fix: nix develop -c true, which makes it anew" in done.stdout
    assert "nothing found" in done.stdout
    made.run(["nix", "develop", "-c", "uv", "sync", "-q", "--offline"])
    made.run([str(made.venv / "bin/python"), "-c", "import quack"])


def test_packages_that_nothing_restores_are_named_and_kept(made: Project):
    """A venv with what no lock or requirement names is removed with `--yes` only."""
    stray = next(made.venv.glob("lib/python3.*/site-packages")) / "stray-1.0.dist-info"
    stray.mkdir()
    (stray / "METADATA").write_text("Metadata-Version: 2.1\nName: stray\nVersion: 1.0\n")
    break_venv(made)
    done = made.nixpy("doctor", "--fix", "--only", "V", check=False)
    assert done.returncode == 1
    assert "holds stray, which no lock or requirements file brings back" in done.stderr
    assert "`nixpy doctor --fix --yes`" in done.stderr
    assert stray.exists()
    done = made.nixpy("doctor", "--fix", "--yes", "--only", "V", check=False)
    assert done.returncode == 0
    assert "to .venv.before-fix, with stray" in done.stdout
    assert not stray.exists()


def test_a_venv_that_is_not_nixpys_is_left_alone(scene: Scene):
    """A broken venv that another program made is told of, and not touched."""
    scene.make_venv()
    shutil.rmtree(scene.venv / "bin")
    (scene.venv / "bin").mkdir()
    (scene.venv / "bin/python").symlink_to("/gone/python")
    done = scene.doctor("--fix")
    assert done.returncode == 1
    assert "V1" in done.stdout
    assert "fix: " not in done.stdout
    assert (scene.venv / "pyvenv.cfg").exists()


def test_untracked_files_are_made_known_to_git(scene: Scene):
    """F1 is mended by `git add --intent-to-add`, which stages no content."""
    scene.write({"flake.nix": "{ outputs = _: { }; }\n"})
    scene.git()
    done = scene.doctor("--fix")
    assert done.returncode == 0
    assert done.stdout.splitlines()[0] == "fix: git add --intent-to-add flake.nix"
    assert git(scene, "status", "--porcelain") == " A flake.nix\n"


def test_the_lock_is_taken_out_of_what_is_ignored(scene: Scene):
    """F2 is mended in `.gitignore`, of which the other lines stay."""
    scene.write({"flake.nix": "{ outputs = _: { }; }\n", ".gitignore": "a\n*.lock\n# b\n"})
    scene.git("flake.nix")
    done = scene.doctor("--fix")
    assert done.returncode == 0
    assert "fix: write `!flake.lock` below line 2, `*.lock`, of .gitignore" in done.stdout
    assert (scene.root / ".gitignore").read_text() == "a\n*.lock\n!flake.lock\n# b\n"


def test_a_program_is_added_to_nixpy_yaml_and_the_flake(scene: Scene):
    """L6 is mended by `tools:` in nixpy.yaml, whose comments stay, and a new flake.nix."""
    scene.write({"pyproject.toml": PYPROJECT, "nixpy.yaml": "# mine\ntools: [jq] # json\n"})
    scene.git("pyproject.toml", "nixpy.yaml")
    scene.nixpy("init")
    scene.make_venv()
    scene.compile(
        scene.venv / "bin/ruff",
        "-Wl,--dynamic-linker=/lib64/ld-linux-absent.so.2",
        source="int main(void) { return 0; }",
        shared=False,
    )
    assert scene.found("--ignore", "V") == ["L6"]
    done = scene.doctor("--fix", "--only", "L,F10")
    assert "fix: add ruff to `tools` in nixpy.yaml" in done.stdout
    assert (scene.root / "nixpy.yaml").read_text() == "# mine\ntools: [jq, ruff] # json\n"
    assert "pkgs.ruff" in (scene.root / "flake.nix").read_text()


def test_an_outdated_flake_is_rendered_anew(scene: Scene):
    """F10 is mended by what `nixpy sync` does; an edited flake is refused and kept."""
    scene.write({"pyproject.toml": PYPROJECT})
    scene.git("pyproject.toml")
    scene.nixpy("init", "--tool", "jq")
    text = (scene.root / "nixpy.yaml").read_text().replace("tools: [jq]", "tools: [ripgrep]")
    scene.write({"nixpy.yaml": text})
    assert scene.found() == ["F10"]
    done = scene.doctor("--fix", "--only", "F10")
    assert done.returncode == 0
    assert "     flake.nix is written" in done.stdout
    assert "pkgs.ripgrep" in (scene.root / "flake.nix").read_text()
    flake = scene.root / "flake.nix"
    flake.write_text(flake.read_text() + "# mine\n")
    scene.write({"nixpy.yaml": text.replace("ripgrep", "fd")})
    assert scene.doctor("--fix", "--only", "F10").returncode == 0
    assert flake.read_text().endswith("# mine\n")


def test_nothing_to_mend(scene: Scene):
    """What no step can mend is told as without `--fix`."""
    scene.set(SOURCE_DATE_EPOCH="1")
    done = scene.doctor("--fix")
    assert done.returncode == 1
    assert "fix: " not in done.stdout
    assert "E3" in done.stdout
