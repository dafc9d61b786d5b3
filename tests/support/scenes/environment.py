"""Scenes of variables that lead astray, and of what reads other settings."""

from __future__ import annotations

import json

from tests.support.nixpkgs import preferred_python
from tests.support.scenes import Stage, scene

FLAKE = "{ outputs = _: { }; }\n"


@scene("E1")
def python_path_before_the_venv(stage: Stage) -> None:
    """A setup hook put the packages of an env on PYTHONPATH."""
    clean = stage.clean()
    stage.scene.make_venv(stage.python(clean))
    stage.scene.first_on_path(clean)
    env = stage.env().parent
    stage.scene.set(PYTHONPATH=env / f"lib/python{preferred_python()}/site-packages")


@scene("E2")
def a_tool_brought_its_python(stage: Stage) -> None:
    """The Python of a tool comes before the one that the project wants."""
    other = stage.other_minor()
    wanted = preferred_python() if other else "3.9"
    first = [stage.clean(other)] if other else []
    stage.scene.write({".python-version": f"{wanted}\n"})
    stage.scene.first_on_path(*first, stage.clean())


@scene("E3")
def a_date_before_1980(stage: Stage) -> None:
    """The build environment sets the first second of 1970."""
    stage.scene.set(SOURCE_DATE_EPOCH="1")


@scene("E4")
def hash_randomisation_is_off(stage: Stage) -> None:
    """The setup hook of Python fixes the seed."""
    stage.scene.set(IN_NIX_SHELL="impure", PYTHONHASHSEED="0")


@scene("E5")
def the_temporary_folder_is_gone(stage: Stage) -> None:
    """The TMPDIR of a shell that has ended was kept by direnv."""
    stage.scene.set(TMPDIR=stage.folder / "nix-shell.gone")


@scene("E6")
def no_certificates(stage: Stage) -> None:
    """Nix's builds have no certificates, and a shell inherits that."""
    stage.scene.set(SSL_CERT_FILE="/no-cert-file.crt")


@scene("E7")
def no_locales(stage: Stage) -> None:
    """A Python of the store, a LANG, and no LOCALE_ARCHIVE."""
    stage.scene.first_on_path(stage.own_store_python().parent)
    stage.scene.set(LANG="en_US.UTF-8")


@scene("E8")
def direnv_fell_back(stage: Stage) -> None:
    """nix-direnv could not evaluate the flake."""
    stage.scene.set(NIX_DIRENV_DID_FALLBACK="1")


@scene("E9")
def functions_in_the_hook(stage: Stage) -> None:
    """A shell was loaded by direnv and its hook defines an alias and a function."""
    hook = "shellHook = ''\n  alias ll='ls -l'\n  serve() {\n    python -m http.server\n  }\n'';"
    stage.scene.write(
        {
            "flake.nix": f"{{ outputs = _: {{ lib = {{\n{hook}\n}}; }}; }}\n",
            ".envrc": "use flake\n",
        }
    )
    stage.scene.git("flake.nix")
    stage.scene.set(DIRENV_DIR=f"-{stage.scene.root}")


@scene("E10")
def the_editor_names_a_store_path(stage: Stage) -> None:
    """VS Code was pointed at a Python of the store, in JSON with a comment."""
    stage.scene.make_venv()
    stage.scene.write(
        {
            ".vscode/settings.json": "{\n  // chosen once\n"
            '  "python.defaultInterpreterPath": "/nix/store/gone/bin/python3",\n}\n'
        }
    )


@scene("E11")
def the_kernel_is_another_python(stage: Stage) -> None:
    """The kernelspec of Nix's ipykernel lies in the venv."""
    stage.scene.make_venv()
    folder = stage.scene.venv / "share/jupyter/kernels/python3"
    folder.mkdir(parents=True)
    argv = [str(stage.clean() / "python3"), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    (folder / "kernel.json").write_text(json.dumps({"argv": argv, "language": "python"}))
