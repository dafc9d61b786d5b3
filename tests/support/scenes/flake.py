"""Scenes of flakes that Nix refuses, and of git checkouts around them."""

from __future__ import annotations

import subprocess

from tests.support.nixpkgs import system
from tests.support.scenes import Stage, scene


def _flake(stage: Stage, shell: str, inputs: str = "", shell_system: str = "") -> None:
    """Write a flake with one development shell, and make the project a git checkout."""
    name = shell_system or system()
    arguments = "{ self, nixpkgs }" if inputs else "_"
    text = f"""\
{{
  {inputs}
  outputs = {arguments}: {{
    devShells."{name}".default =
      {shell};
  }};
}}
"""
    stage.scene.write({"flake.nix": text})
    stage.scene.git("flake.nix")


def _derivation() -> str:
    return f'derivation {{ name = "shell"; system = "{system()}"; builder = "/bin/sh"; }}'


@scene("F1")
def the_flake_is_not_tracked(stage: Stage) -> None:
    """flake.nix was written in a git checkout and not added."""
    stage.scene.write({"flake.nix": "{ outputs = _: { }; }\n"})
    stage.scene.git()


@scene("F11")
def the_flake_does_not_evaluate(stage: Stage) -> None:
    """The shell has a mistake that no other finding is about."""
    _flake(stage, 'throw "the database is asked first"')


@scene("F2")
def the_lock_is_ignored(stage: Stage) -> None:
    """`.gitignore` has a line for all lock files."""
    stage.scene.write({".gitignore": "__pycache__/\n*.lock\n"})
    _flake(stage, _derivation())


@scene("F3")
def no_git(stage: Stage) -> None:
    """The project is no git checkout, and large."""
    stage.scene.write({"flake.nix": "{ outputs = _: { }; }\n", "data.bin": "0" * 25_000_000})


@scene("F4")
def the_system_is_not_listed(stage: Stage) -> None:
    """The flake has a shell for another system only."""
    _flake(stage, _derivation(), shell_system="riscv64-linux")


@scene("F5")
def flakes_are_disabled(stage: Stage) -> None:
    """nix.conf enables no experimental feature."""
    _flake(stage, _derivation())
    stage.scene.set(NIX_CONFIG="experimental-features =\n")


@scene("F6")
def an_unfree_package(stage: Stage) -> None:
    """The shell asks for what nixpkgs refuses, with nixpkgs' message."""
    _flake(
        stage,
        'throw "Package \u2018cuda_nvcc-12.8\u2019 in /nix/store/x/default.nix:1'
        " has an unfree license"
        ' (\u2018CUDA EULA\u2019), refusing to evaluate."',
    )


@scene("F7")
def a_python_that_was_removed(stage: Stage) -> None:
    """The flake names a Python that its nixpkgs has not; Nix says so."""
    inputs = f'inputs.nixpkgs.url = "{stage.standin("argv0").ref}";'
    _flake(stage, f"nixpkgs.legacyPackages.{system()}.python39", inputs)
    command = ["nix", "flake", "lock", str(stage.scene.root)]
    subprocess.run(command, check=True, capture_output=True, env=stage.scene.environment)
    stage.scene.git("flake.nix", "flake.lock")


@scene("F8")
def two_versions_in_one_env(stage: Stage) -> None:
    """The flake lists two attributes of one project."""
    inputs = 'inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";'
    shell = "nixpkgs.python3.withPackages (ps: [\n  ps.django\n  ps.django_5\n])"
    _flake(stage, shell, inputs)


@scene("F9")
def a_name_of_pypi(stage: Stage) -> None:
    """The flake names a package as nobody does in nixpkgs."""
    inputs = 'inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";'
    _flake(stage, "nixpkgs.python3.withPackages (ps: with ps; [ numpy pytorch ])", inputs)


@scene("F10")
def nixpy_yaml_was_edited(stage: Stage) -> None:
    """nixpy.yaml was edited after the flake was rendered."""
    stage.scene.write({"pyproject.toml": '[project]\nname = "app"\nversion = "1"\n'})
    stage.scene.git("pyproject.toml")
    stage.scene.nixpy("init", "--no-folder", "--tool", "jq")
    text = (stage.scene.root / "nixpy.yaml").read_text()
    assert "tools: [jq]" in text
    stage.scene.write({"nixpy.yaml": text.replace("tools: [jq]", "tools: [jq, ripgrep]")})


@scene("F12")
def direnv_copies_the_folder(stage: Stage) -> None:
    """`.envrc` names the folder by `path:`, past git."""
    _flake(stage, _derivation())
    stage.scene.write({".envrc": "use flake path:.\n"})


@scene("F13")
def a_large_checkout_was_edited(stage: Stage) -> None:
    """Git tracks more than 50 MB, one file was edited since, and the flake lies in the root."""
    _flake(stage, _derivation())
    with (stage.scene.root / "data.bin").open("wb") as file:
        file.truncate(60_000_000)
    stage.scene.git("data.bin")
    author = ["-c", "user.name=A", "-c", "user.email=a@example.com"]
    command = ["git", *author, "commit", "-q", "-a", "-m", "all"]
    subprocess.run(command, cwd=stage.scene.root, check=True, env=stage.scene.environment)
    stage.scene.write({"flake.nix": (stage.scene.root / "flake.nix").read_text() + "\n"})


@scene("F14")
def a_hook_makes_the_venv_each_time(stage: Stage) -> None:
    """The second entry finds the venv of the first."""
    hook = "shellHook = ''\n        uv venv\n        source .venv/bin/activate\n      '';"
    _flake(stage, _derivation().replace("{ name", "{ " + hook + " name"))
