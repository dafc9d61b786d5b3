"""`shell: fhs`, with a small stand-in for buildFHSEnv."""

from __future__ import annotations

import os
import pty
import select
import time

import pytest

from tests.support.nixpkgs import preferred_python, system
from tests.support.project import Project, lines

pytestmark = pytest.mark.e2e

MINOR = preferred_python()
PYPROJECT = '[project]\nname = "my app"\nversion = "1"\nrequires-python = ">=3.10"\n'
# What buildFHSEnv makes: a program that sets PATH as other Linux systems have it, sets
# LD_LIBRARY_PATH for the graphics driver, reads `profile`, and runs `runScript`.
NIXPKGS = """\
{
  inputs.base.url = "BASE";
  outputs =
    { base, self }:
    base
    // {
      legacyPackages = builtins.mapAttrs (
        _: pkgs:
        pkgs
        // {
          buildFHSEnv =
            { name, targetPkgs, profile, runScript }:
            let
              etc = pkgs.writeText "profile" ''
                export PATH="/usr/bin:/usr/sbin:$PATH" IN_FHS=1
                export LD_LIBRARY_PATH=/run/opengl-driver/lib
                ${profile}
              '';
            in
            pkgs.writeShellScriptBin name ''
              export FHS_TARGETS="${toString (targetPkgs pkgs)}"
              . ${etc}
              exec ${runScript} "$@"
            '';
        }
      ) base.legacyPackages;
    };
}
"""


@pytest.fixture
def project(make_project, tmp_path) -> Project:
    """A project whose shell enters the stand-in for an FHS environment."""
    made = make_project({"pyproject.toml": PYPROJECT})
    nixpkgs = tmp_path / "fhs-nixpkgs"
    nixpkgs.mkdir()
    (nixpkgs / "flake.nix").write_text(NIXPKGS.replace("BASE", made.nixpkgs))
    (made.root / "nixpy.yaml").write_text(
        f'python: "{MINOR}"\nnixpkgs: "path:{nixpkgs}"\nshell: fhs\n'
        "packages: [cowsay]\nlibraries: [libGL]\nenv: {A: b}\n"
    )
    made.nixpy("sync")
    return Project(made.root, f"path:{nixpkgs}", made.environment)


SCRIPT = (
    'python -c "import sys, cowsay; print(sys.prefix)"; type -p python; '
    'echo "$VIRTUAL_ENV $UV_PYTHON $A ${IN_FHS-out} ${LD_LIBRARY_PATH-none}"'
)


def test_inside_are_the_same_variables(project):
    """The program enters an FHS environment with the venv first on PATH, and the same variables."""
    inside = lines(project.enter(f"my-app-fhs -c '{SCRIPT}'"))[-3:]
    assert inside == [
        str(project.venv),
        f"{project.venv}/bin/python",
        f"{project.venv} {MINOR} b 1 /run/opengl-driver/lib",
    ]
    outside = lines(project.enter(SCRIPT))[-3:]
    assert outside[:2] == inside[:2]
    assert outside[2] == f"{project.venv} {MINOR} b out none"
    run = project.nixpy(
        "run", "bash", "-c", 'echo "$IN_FHS:$#:$2"; exit 3', "x", "1", "a  b", check=False
    )
    assert (run.returncode, lines(run)) == (3, ["1:2:a  b"])


def test_libraries_and_programs_are_inside(project):
    """What nixpy.yaml lists, what wheels need and the installer are put where others look."""
    targets = lines(project.enter("my-app-fhs -c 'echo $FHS_TARGETS'"))[-1]
    for name in ("libGL", "zlib", "uv", "python3"):
        assert name in targets


def test_installs_work_inside(project):
    """uv installs into the venv from inside, and the store stays as it is."""
    project.enter("true")
    before = project.store()
    project.enter("my-app-fhs -c 'uv pip install -q quack && python -c \"import quack\"'")
    assert before.changes(project.store()) == []
    assert list(project.venv.glob("lib/python3.*/site-packages/quack*"))


def test_a_terminal_goes_on_inside(project):
    """`nix develop` in a terminal ends up in the FHS environment."""
    command = ["nix", "develop", *project.flake_options()]
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(project.root)
        os.execvpe("nix", command, {**project.environment, "TERM": "dumb"})
    shown = b""
    deadline = time.monotonic() + 120
    os.write(terminal, b"echo in=${IN_FHS-out} $VIRTUAL_ENV; exit\n")
    while time.monotonic() < deadline:
        ready, _, _ = select.select([terminal], [], [], 5)
        try:
            data = os.read(terminal, 4096) if ready else b""
        except OSError:
            break
        if ready and not data:
            break
        shown += data
    os.waitpid(child, 0)
    assert f"in=1 {project.venv}" in shown.decode(errors="replace")


def test_macos_has_the_shell_without_it(project):
    """Where there is no such environment, the shell is the usual one."""
    attribute = ".#devShells.aarch64-darwin.default.drvPath"
    command = ["nix", "eval", "--raw", attribute, *project.flake_options()]
    if system() == "x86_64-linux":
        assert project.run(command).stdout.endswith(".drv")
