"""The shells of devenv's Python module, as mkShell's attributes: those of today, and of before.

Taken from src/modules/languages/python of cachix/devenv. Its shell has a profile, a folder of links
to all packages; here the env stands for it, which is what there is of Python in it.
"""

from __future__ import annotations

# Nix's packages are shown by NIX_PYTHONPATH, which a start-up file of devenv's own reads and leaves
# to child processes, as nixpkgs' does not.
_PATHS = """
          dontAddPythonPath = "1";
          NIX_PYTHONPATH = "${pythonEnv}/${python.sitePackages}";
          PYTHONPATH = pkgs.runCommand "sitecustomize" { } ''
            mkdir "$out"
            sed 's/environ.pop("NIX_PYTHONPATH", None)/environ.get("NIX_PYTHONPATH")/' \\
              ${python}/${python.sitePackages}/sitecustomize.py > "$out/sitecustomize.py"
          '';"""
_UV = """
          UV_PYTHON_DOWNLOADS = "never";
          UV_PYTHON_PREFERENCE = "only-system";"""
_POETRY = """
          POETRY_VIRTUALENVS_CREATE = "true";
          POETRY_VIRTUALENVS_IN_PROJECT = "true";
          POETRY_VIRTUALENVS_PATH = "/var/empty";"""
_INTERPRETER = "${pythonEnv}/bin/${python.executable}"
_STATE = """
          export DEVENV_STATE="$PWD/.devenv/state\""""
_PROJECT_ENVIRONMENT = """
          export UV_PROJECT_ENVIRONMENT="$DEVENV_STATE/venv\""""


def with_uv() -> str:
    """Returns the shell of 2.1 and later with uv.enable and venv.enable."""
    return _today(_UV, _PROJECT_ENVIRONMENT + _venv(f"uv venv -p {_INTERPRETER}", shown=True))


def with_venv() -> str:
    """Returns the shell of 2.1 and later with venv.enable alone."""
    return _today("", _venv(f"{_INTERPRETER} -m venv --upgrade-deps", shown=True))


def with_poetry() -> str:
    """Returns the shell of 2.1 and later with poetry.enable."""
    return _today(
        _POETRY,
        f"""
          unset VIRTUAL_ENV
          poetry env use --no-interaction --quiet {_INTERPRETER}
          {_shown(".venv")}
          if [ ! -f .venv/poetry.lock.checksum ]; then
            poetry install --no-interaction --no-root && : > .venv/poetry.lock.checksum
          fi
          source .venv/bin/activate""",
    )


def before_with_uv() -> str:
    """Returns the shell of 1.8 with uv.enable and venv.enable."""
    return _before(_PROJECT_ENVIRONMENT + _venv(f"uv venv -p {_INTERPRETER}", shown=False), uv=True)


def before_with_venv() -> str:
    """Returns the shell of 1.8 with venv.enable alone."""
    return _before(_venv(f"{_INTERPRETER} -m venv --upgrade-deps", shown=False), uv=False)


def _today(variables: str, hook: str) -> str:
    return f"""
        packages = [ pythonEnv pkgs.uv PROGRAMS ];
        env = {{{_PATHS}{variables}
        }};
        shellHook = ''{_STATE}{hook}
        '';
        """


def _before(hook: str, *, uv: bool) -> str:
    variables = f"""
          UV_PYTHON = "{_INTERPRETER}";
          UV_PYTHON_DOWNLOADS = "never";"""
    return f"""
        packages = [ pythonEnv pkgs.uv PROGRAMS ];
        env = {{{variables if uv else ""}
        }};
        shellHook = ''{_STATE}{hook}
          export PYTHONPATH="${{pythonEnv}}/${{python.sitePackages}}''${{PYTHONPATH:+:$PYTHONPATH}}"
        '';
        """


def _venv(make: str, *, shown: bool) -> str:
    venv = "$DEVENV_STATE/venv"
    show = f"\n          {_shown(venv)}" if shown else ""
    return f"""
          unset VIRTUAL_ENV
          if [ ! -d "{venv}" ]; then
            {make} "{venv}"
          fi{show}
          source "{venv}/bin/activate\""""


def _shown(venv: str) -> str:
    """Returns the command that shows Nix's packages in a venv, behind the venv's own."""
    return (
        'echo "${pythonEnv}/${python.sitePackages}" '
        f'> "{venv}/${{python.sitePackages}}/devenv-profile.pth"'
    )
