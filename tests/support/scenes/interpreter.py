"""Scenes in which the wrong Python is chosen."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from tests.support.nixpkgs import attribute, preferred_python
from tests.support.scene import host_python
from tests.support.scenes import Stage, scene


@scene("I1")
def venv_from_a_legacy_env(stage: Stage) -> None:
    """`uv venv` of 2024 was called with the Python of a legacy env."""
    env, uv = stage.env("legacy"), stage.standin("legacy").build('pkgs.uvVersions."0.4.30"')
    command: list[str | Path] = [uv / "bin/uv", "venv"]
    command += ["--python", stage.python(env), stage.scene.venv]
    subprocess.run(command, check=True, capture_output=True, env=stage.scene.environment)
    stage.scene.first_on_path(stage.clean())


@scene("I2")
def only_a_legacy_env_on_path(stage: Stage) -> None:
    """The shell brings `python.withPackages` and nothing else."""
    stage.scene.first_on_path(stage.env("legacy"))


@scene("I3")
def uv_python_is_a_store_path(stage: Stage) -> None:
    """UV_PYTHON names the clean Python by its path, as recipes say."""
    clean = stage.clean()
    stage.scene.make_venv(stage.python(clean))
    stage.scene.first_on_path(clean)
    stage.scene.set(UV_PYTHON=stage.python(clean))


@scene("I4")
def uv_python_is_a_wrapper(stage: Stage) -> None:
    """UV_PYTHON names a script that starts the Python."""
    clean = stage.clean()
    stage.scene.make_venv(stage.python(clean))
    wrapper = stage.folder / "wrapped-python"
    wrapper.write_text(f'#!/bin/sh\nexec {stage.python(clean)} "$@"\n')
    wrapper.chmod(0o755)
    stage.scene.first_on_path(clean)
    stage.scene.set(UV_PYTHON=wrapper)


@scene("I5")
def another_projects_venv_is_active(stage: Stage) -> None:
    """The shell was entered from that of another project."""
    stage.scene.make_venv()
    other = stage.folder / "other"
    shutil.copytree(stage.scene.venv, other / ".venv", symlinks=True)
    (other / "pyproject.toml").write_text('[project]\nname = "other"\nversion = "1"\n')
    stage.scene.set(VIRTUAL_ENV=other / ".venv")


@scene("I6")
def uv_downloaded_a_generic_python(stage: Stage) -> None:
    """The venv rests on a Python in uv's folder, whose loader this machine has not."""
    stage.scene.make_venv()
    host = host_python()
    downloaded = stage.folder / "home/.local/share/uv/python/cpython-3-linux-gnu/bin" / host.name
    downloaded.parent.mkdir(parents=True)
    shutil.copy(host, downloaded)
    loader = "/lib64/ld-linux-absent.so.2"
    subprocess.run(["patchelf", "--set-interpreter", loader, str(downloaded)], check=True)
    for link in (stage.scene.venv / "bin").glob("python*"):
        link.unlink()
        link.symlink_to(downloaded)
    config = stage.scene.venv / "pyvenv.cfg"
    config.write_text(f"home = {downloaded.parent}\nversion_info = 3.12.8\nuv = 0.13.8\n")


@scene("I7")
def shims_before_the_shells_python(stage: Stage) -> None:
    """`.bashrc` puts the shims of pyenv before the folders of the Nix shell."""
    shims = stage.folder / "home/.pyenv/shims"
    shims.mkdir(parents=True)
    (shims / "python3").write_text("#!/bin/sh\nexit 1\n")
    (shims / "python3").chmod(0o755)
    stage.scene.first_on_path(shims, stage.clean())
    stage.scene.set(IN_NIX_SHELL="impure")


@scene("I8")
def a_patch_release_is_pinned(stage: Stage) -> None:
    """`.python-version` names a patch release that the shell has not."""
    clean = stage.clean()
    asked = "import sys; print('%d.%d.99' % sys.version_info[:2])"
    said = [str(stage.python(clean)), "-c", asked]
    pin = subprocess.run(said, check=True, capture_output=True, text=True).stdout
    stage.scene.write({".python-version": pin})
    stage.scene.first_on_path(clean)


@scene("I9")
def pip_without_a_venv(stage: Stage) -> None:
    """The shell has Python and pip, and the project requirements.txt and no venv."""
    programs = stage.folder / "pip"
    programs.mkdir()
    (programs / "pip").write_text("#!/bin/sh\nexit 1\n")
    (programs / "pip").chmod(0o755)
    stage.scene.write({"requirements.txt": "six\n"})
    stage.scene.first_on_path(stage.clean(), programs)


@scene("I10")
def the_build_configuration_of_another(stage: Stage) -> None:
    """A setup hook names the build configuration of a Python that is not this one."""
    stage.scene.make_venv()
    stage.scene.set(_PYTHON_SYSCONFIGDATA_NAME="_sysconfigdata__of_another")


@scene("I11")
def uv_is_listed_in_the_env(stage: Stage) -> None:
    """`ps.uv` in `withPackages`, beside a clean Python: the wrapper leads uv's Pythons astray."""
    clean = stage.clean()
    name = attribute(preferred_python())
    env = stage.standin("legacy").build(f"pkgs.{name}.withPackages (ps: [ ps.uv ])")
    stage.scene.make_venv(stage.python(clean))
    stage.scene.first_on_path(clean, env / "bin")


@scene("I12")
def pip_is_the_envs(stage: Stage) -> None:
    """The env brings pip, and the venv none."""
    clean = stage.clean()
    name = attribute(preferred_python())
    env = stage.standin("argv0").build(f"pkgs.{name}.withPackages (ps: [ ps.pip ])")
    stage.scene.make_venv(stage.python(clean))
    stage.scene.first_on_path(stage.scene.venv / "bin", clean, env / "bin")


@scene("I13")
def the_project_wants_a_newer_python(stage: Stage) -> None:
    """`requires-python` allows no Python that there is."""
    stage.scene.make_venv(stage.python(stage.clean()))
    text = '[project]\nname = "a"\nversion = "1"\nrequires-python = ">=3.99"\n'
    stage.scene.write({"pyproject.toml": text})


@scene("I14")
def uv_is_to_take_its_own_pythons(stage: Stage) -> None:
    """A colleague without Nix wrote uv.toml."""
    stage.scene.make_venv(stage.python(stage.clean()))
    stage.scene.write({"uv.toml": 'python-preference = "only-managed"\n'})
    stage.scene.set(IN_NIX_SHELL="impure")


@scene("I15")
def pip_installs_elsewhere(stage: Stage) -> None:
    """PIP_TARGET was inherited from the shell around this one."""
    stage.scene.make_venv(stage.python(stage.clean()))
    stage.scene.set(PIP_TARGET=stage.folder / "elsewhere", IN_NIX_SHELL="impure")


@scene("I16")
def an_installer_wrote_into_the_store(stage: Stage) -> None:
    """pip ran as root with the Python of the store."""
    python = stage.own_store_python()
    site = python.parents[1] / "lib" / python.name / "site-packages"
    site.mkdir()
    (stage.folder / "var/nix/db").mkdir(parents=True)
    for path in [*stage.own_store().rglob("*")]:
        os.utime(path, (1, 1), follow_symlinks=False)
    (site / "toolz.py").touch()
    stage.scene.first_on_path(python.parent)
