"""Scenes of venvs that have aged, moved, or lack something."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest

from tests.support.scenes import Stage, scene


@scene("V1")
def the_base_was_collected(stage: Stage) -> None:
    """The store path that the venv rests on was removed by the garbage collector."""
    python = stage.own_store_python()
    stage.scene.make_venv(python)
    shutil.rmtree(python.parents[1])


@scene("V2")
def the_shell_has_another_minor(stage: Stage) -> None:
    """The flake was updated after the venv was made."""
    other = stage.other_minor()
    if other is None:
        pytest.skip("the machine has one version of Python only")
    stage.scene.make_venv(stage.python(stage.clean(other)))
    stage.scene.first_on_path(stage.clean())
    stage.scene.set(IN_NIX_SHELL="impure")


@scene("V3")
def scripts_with_the_mode_of_the_store(stage: Stage) -> None:
    """`python -m venv` copied the activate scripts of the store."""
    clean = stage.clean()
    stage.scene.make_venv(stage.python(clean))
    for script in (stage.scene.venv / "bin").glob("[aA]ctivate*"):
        script.chmod(0o444)
    stage.scene.first_on_path(clean)


@scene("V4")
def the_venv_cannot_be_written(stage: Stage) -> None:
    """The venv lies on a file system, or in a folder, that this user may not write to."""
    stage.scene.make_venv()
    if os.getuid():
        stage.scene.site_packages.chmod(0o555)
        return
    # Root may write anywhere, except where nobody may.
    mount = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"'
    programs = {name: shutil.which(name) for name in ("unshare", "mount")}
    mount = mount.replace("mount -", f"{programs['mount']} -")
    command = [str(programs["unshare"]), "--mount", "sh", "-c", mount, str(stage.scene.venv)]
    if None in programs.values() or subprocess.run([*command, "true"], check=False).returncode:
        pytest.skip("neither a plain user nor a root that may mount")
    stage.scene.wrapper = command


@scene("V5")
def the_env_is_not_visible(stage: Stage) -> None:
    """The shell brings an env, the venv was made from the clean Python."""
    clean = stage.clean()
    stage.scene.make_venv(stage.python(clean))
    stage.scene.write({"requirements.in": "cowsay\n"})
    stage.scene.first_on_path(stage.scene.venv / "bin", clean, stage.env())
    stage.scene.set(IN_NIX_SHELL="impure", VIRTUAL_ENV=stage.scene.venv)
    stage.scene.install("pip")  # the project is not about pip's absence
    (stage.scene.site_packages / "pip.py").touch()


@scene("V6")
def two_versions(stage: Stage) -> None:
    """An installer brought cowsay although Nix provides it."""
    clean = stage.clean()
    stage.scene.make_venv(stage.python(clean))
    stage.scene.install("cowsay", "5.0", "uv")
    stage.scene.first_on_path(stage.scene.venv / "bin", clean, stage.env())
    stage.scene.set(IN_NIX_SHELL="impure", VIRTUAL_ENV=stage.scene.venv)


@scene("V7")
def the_venv_was_moved(stage: Stage) -> None:
    """The folder of the project was renamed."""
    stage.scene.make_venv()
    script = stage.scene.venv / "bin/tool"
    script.write_text(f"#!{stage.scene.venv}/bin/python\n")
    script.chmod(0o755)
    stage.scene.root = stage.scene.root.rename(stage.folder / "renamed")


@scene("V8")
def no_pip_for_pip(stage: Stage) -> None:
    """The project has requirements.txt, the venv no pip."""
    stage.scene.write({"requirements.txt": "six\n"})
    stage.scene.make_venv()


@scene("V9")
def no_tkinter(stage: Stage) -> None:
    """The project imports tkinter, which the store's Python has not."""
    clean = stage.clean()
    stage.scene.make_venv(stage.python(clean))
    stage.scene.write({"app.py": '"""A window."""\n\nimport tkinter\n'})
    stage.scene.first_on_path(clean)


@scene("V10")
def the_env_was_collected(stage: Stage) -> None:
    """What a venv of nixpy's is linked to is gone from the store."""
    stage.scene.make_venv()
    (stage.scene.venv / ".nixpy-stamp").touch()
    gone = "/nix/store/00000000000000000000000000000000-python3-env/lib/python3/site-packages"
    (stage.scene.site_packages / "zz_nixpy.pth").write_text(f"{gone}\n")


@scene("V11")
def one_package_twice(stage: Stage) -> None:
    """An update was cut short: the old metadata is still there."""
    stage.scene.make_venv()
    stage.scene.install("quack", "1.0")
    stage.scene.install("quack", "2.0")
