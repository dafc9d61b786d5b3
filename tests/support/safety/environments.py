"""The rows: nixpy's shell, and the recipes that people use today, each with its source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tests.support.safety import devenv
from tests.support.safety.operations import INSTALLERS

# uv, and what is done with Python's own modules, and with pip of Nix's, in a shell of uv's.
_OF_UV = ("uv", "venv", "env")
_OTHERS = tuple(one for one in INSTALLERS if one not in _OF_UV)
# devenv wraps the Python of its env in this way on every nixpkgs.
_DEVENV_KINDS = ("resolve",)


@dataclass(frozen=True, slots=True)
class Environment:
    """A recipe for a development shell.

    ``source`` says where it is from, ``version`` of which release or date. ``shell`` are the
    attributes of its mkShell, in which ``pkgs``, ``python`` and ``pythonEnv``
    (python.withPackages) are free; None: nixpy writes it.
    ``venv`` is the folder of its venv, relative to the project; ``makes_venv`` tells whether
    entering makes it. Where it does not, operations that need one make it as the recipe's users do.
    ``kinds`` are the kinds of env that it can meet, ``installers`` those that it is tried with:
    their programs stand where the shell says ``PROGRAMS``.
    """

    key: str
    title: str
    version: str
    source: str
    shell: str | None
    venv: str = ".venv"
    makes_venv: bool = False
    kinds: tuple[str, ...] = ("argv0", "legacy")
    installers: tuple[str, ...] = INSTALLERS


def _venv_of(python: str) -> str:
    """Give the shell that makes and activates a venv, and points uv at it."""
    return f"""
        packages = [ {python} pkgs.uv PROGRAMS ];
        shellHook = ''
          [ -d .venv ] || python -m venv .venv
          source .venv/bin/activate
          export UV_PYTHON=$VIRTUAL_ENV/bin/python
        '';
        """


ENVIRONMENTS = (
    Environment(
        "nixpy",
        "nixpy",
        "of this page",
        "`nixpy init`, this project",
        None,
        makes_venv=True,
        kinds=("argv0", "resolve", "legacy"),
    ),
    Environment(
        "bare",
        "`withPackages` shell",
        "2024-06 and 2025-01-17",
        "nixpkgs manual, Python, “python.withPackages function”: an env among the packages of a "
        "shell; with uv as in astral-sh/uv#4450 and #10711",
        """
        packages = [ pythonEnv pkgs.uv PROGRAMS ];
        """,
    ),
    Environment(
        "uv-python-env",
        "`UV_PYTHON=${env}`",
        "2025-08",
        'public flakes with `UV_PYTHON = "${pythonEnv}/bin/python"` and '
        '`UV_PYTHON_DOWNLOADS = "never"`; the interpreter as the nixpkgs manual\'s section on uv '
        "advises (NixOS/nixpkgs#430257)",
        """
        packages = [ pythonEnv pkgs.uv PROGRAMS ];
        env = {
          UV_PYTHON = "${pythonEnv}/bin/python";
          UV_PYTHON_DOWNLOADS = "never";
        };
        """,
    ),
    Environment(
        "uv-python-clean",
        "`UV_PYTHON=${python}`",
        "2026-07-20",
        "template hello-world of pyproject-nix/uv2nix (`UV_PYTHON = python.interpreter`, "
        '`UV_PYTHON_DOWNLOADS = "never"`, `unset PYTHONPATH`), without its UV_NO_SYNC',
        """
        packages = [ python pkgs.uv PROGRAMS ];
        env = {
          UV_PYTHON = python.interpreter;
          UV_PYTHON_DOWNLOADS = "never";
        };
        shellHook = ''
          unset PYTHONPATH
        '';
        """,
    ),
    Environment(
        "uv-python-venv",
        "`UV_PYTHON=$VIRTUAL_ENV/bin/python`",
        "2024-09-14",
        "comment of akaihola in astral-sh/uv#4450: activate the venv, then export it; "
        "the venv made by the `python` of a `withPackages` shell",
        _venv_of("pythonEnv"),
        makes_venv=True,
    ),
    Environment(
        "uv-python-venv-clean",
        "`UV_PYTHON=$VIRTUAL_ENV/bin/python`, no env",
        "2024-09-14",
        "as before, where the shell has `python` itself, and so no packages of Nix's",
        _venv_of("python"),
        makes_venv=True,
    ),
    Environment(
        "appended",
        "clean python appended to PATH",
        "2025-03-17",
        "comment of MarSoft in astral-sh/uv#7395: only-system, and "
        "`PATH=$PATH:$(python -c 'import sys; print(sys.base_prefix)')/bin`",
        """
        packages = [ pythonEnv pkgs.uv PROGRAMS ];
        shellHook = ''
          export UV_PYTHON_PREFERENCE=only-system
          export PATH="$PATH:$(python -c 'import sys; print(sys.base_prefix)')/bin"
        '';
        """,
    ),
    Environment(
        "venv-shell-hook",
        "nixpkgs' venvShellHook",
        "since nixpkgs 20.03",
        "nixpkgs manual, Python, “How to consume Python modules using pip in a virtual "
        "environment”; the hook as in pkgs/development/interpreters/python/hooks/"
        "venv-shell-hook.sh",
        """
        packages = [ python pythonEnv pkgs.uv PROGRAMS ];
        venvDir = "./.venv";
        shellHook = ''
          if [ -d "$venvDir" ]; then
            source "$venvDir/bin/activate"
          else
            ${python.interpreter} -m venv "$venvDir"
            source "$venvDir/bin/activate"
          fi
        '';
        """,
        makes_venv=True,
    ),
    Environment(
        "devenv",
        "devenv with uv",
        "2.1, 2026-05-05, to 2.2.2, 2026-08-13",
        "cachix/devenv, src/modules/languages/python with languages.python.uv.enable and "
        "venv.enable: no UV_PYTHON since cachix/devenv#2663, only-system, and Nix's packages by "
        "NIX_PYTHONPATH and a .pth file",
        devenv.with_uv(),
        venv=".devenv/state/venv",
        makes_venv=True,
        kinds=_DEVENV_KINDS,
        installers=_OF_UV,
    ),
    Environment(
        "devenv-poetry",
        "devenv with poetry",
        "2.1, 2026-05-05, to 2.2.2, 2026-08-13",
        "the same with languages.python.poetry.enable",
        devenv.with_poetry(),
        makes_venv=True,
        kinds=_DEVENV_KINDS,
        installers=("poetry",),
    ),
    Environment(
        "devenv-venv",
        "devenv with a venv alone",
        "2.1, 2026-05-05, to 2.2.2, 2026-08-13",
        "the same with languages.python.venv.enable alone, for those who use another installer",
        devenv.with_venv(),
        venv=".devenv/state/venv",
        makes_venv=True,
        kinds=_DEVENV_KINDS,
        installers=_OTHERS,
    ),
    Environment(
        "devenv-before",
        "devenv before 2.1, with uv",
        "1.7, 2025-07-02, and 1.8, 2025-07-17",
        "the same as it was: UV_PYTHON at the env and PYTHONPATH. UV_PYTHON went with 1.8.2, came "
        "back with 2.0.5 and went for good with 2.1; PYTHONPATH stayed until 2.0.4",
        devenv.before_with_uv(),
        venv=".devenv/state/venv",
        makes_venv=True,
        kinds=_DEVENV_KINDS,
        installers=_OF_UV,
    ),
    Environment(
        "devenv-before-venv",
        "devenv before 2.1, with a venv alone",
        "1.7, 2025-07-02, to 2.0.4, 2026-03-11",
        "the same with languages.python.venv.enable alone",
        devenv.before_with_venv(),
        venv=".devenv/state/venv",
        makes_venv=True,
        kinds=_DEVENV_KINDS,
        installers=_OTHERS,
    ),
)


def environment(key: str) -> Environment:
    """Give the environment of a key."""
    return next(one for one in ENVIRONMENTS if one.key == key)


def flake(
    one: Environment, system: str, attribute: str, program: str, packages: Sequence[str]
) -> str:
    """Give the flake of a baseline.

    ``attribute`` is the Python's, ``program`` an installer's or empty, ``packages`` are what the
    env has beside cowsay; where a recipe has no env they are programs.
    """
    shell = one.shell or ""
    programs = [f"pkgs.{program}"] if program else []
    if "pythonEnv" not in shell:
        programs += [f"python.pkgs.{name}" for name in packages]
    listed = " ".join(f"ps.{name}" for name in ("cowsay", *packages))
    shell = shell.replace("PROGRAMS", " ".join(programs))
    return f"""{{
  outputs =
    {{ nixpkgs, ... }}:
    let
      pkgs = nixpkgs.legacyPackages.{system};
      python = pkgs.{attribute};
      pythonEnv = python.withPackages (ps: [ {listed} ]);
    in
    {{
      devShells.{system}.default = pkgs.mkShell {{
{shell}
      }};
    }};
}}
"""
