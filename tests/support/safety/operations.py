"""The columns: what people do with each installer, and how to tell that it did what it should."""

from __future__ import annotations

from dataclasses import dataclass

# In scripts, $VENV is the project's venv, $VENVS are globs for the places that it may have, and
# $ACTIVATE is what a recipe's users run to have one, where entering the shell does not make it.
# The index has `quack` 1.0 and 2.0, `moo`, which needs `cowsay` 6.1 of Nix's, and cowsay itself at
# 6.1 and 6.2.
_RUNS = (
    "python -c \"import glob, os, sys, quack; found = os.environ['VENVS'].split(); "
    'assert any(os.path.samefile(sys.prefix, one) for of in found for one in glob.glob(of))"'
)
_PIP = (
    "$ACTIVATE; python -m pip --version >/dev/null 2>&1 || python -m ensurepip; "
    "python -m pip install quack"
)


@dataclass(frozen=True, slots=True)
class Operation:
    """A column of the matrix.

    ``there`` are files that must be below the project's venv afterwards, or below another place
    where they begin with a slash (relative to the folder of all projects); ``gone`` must not be.
    ``{other}`` stands for the second project's venv, ``{site}`` for the site-packages of the
    shell's Python, ``{any}`` for any version's.
    """

    installer: str
    name: str
    script: str
    there: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()


_QUACK = ("{any}/quack.py",)
_OTHER = ("{other}/{any}/quack.py",)

UV = (
    Operation(
        "uv",
        "venv",
        "cd ../fresh; uv venv; .venv/bin/python -c "
        "'import sys; assert sys.prefix.endswith(\"/fresh/.venv\"), sys.prefix'",
        there=("/fresh/.venv/pyvenv.cfg",),
    ),
    Operation("uv", "pip install", "$ACTIVATE; uv pip install quack", there=_QUACK),
    Operation(
        "uv",
        "pip uninstall",
        "$ACTIVATE; uv pip install quack moo; uv pip uninstall quack",
        there=("{any}/moo.py",),
        gone=_QUACK,
    ),
    Operation("uv", "lock", "uv lock; test -s uv.lock"),
    Operation("uv", "sync", "uv sync", there=_QUACK),
    Operation("uv", "add", "uv add moo", there=("{any}/moo.py", "{any}/quack.py")),
    Operation(
        "uv",
        "remove",
        "uv add moo; uv remove moo",
        there=_QUACK,
        gone=("{any}/moo.py",),
    ),
    Operation("uv", "run", f"uv run {_RUNS}", there=_QUACK),
    Operation("uv", "run script", "uv run script.py"),
    Operation("uv", "run --with", 'uv run --with moo python -c "import moo, quack"', there=_QUACK),
    Operation("uv", "tool run", "uvx quack; uvx --from moo moo"),
    Operation("uv", "remake", 'uv sync; rm -rf "$VENV"; uv sync', there=_QUACK),
    Operation("uv", "subfolder", "cd source; uv sync; uv add moo", there=("{any}/moo.py",)),
    Operation(
        "uv",
        "second project",
        "cd ../other; uv sync",
        there=_OTHER,
        gone=_QUACK,
    ),
)

# What does not depend on uv's release, in uv's shell.
VENV = (
    Operation(
        "venv",
        "python -m venv",
        "python -m venv ../fresh/.venv; ../fresh/.venv/bin/python -m pip install quack",
        there=("/fresh/.venv/{any}/quack.py",),
    ),
    Operation(
        "venv",
        "python -m pip",
        _PIP,
        there=_QUACK,
    ),
)

# In a shell whose env brings pip and uv: nixpkgs wraps them, so that they take the env for a venv
# of their own. A shell that does not offer them at all passes, too.
_ENVS_PIP = "if type -P pip; then pip install quack; fi"
ENV = (
    Operation(
        "env",
        "pip after uv venv",
        f'rm -rf "$VENV"; uv venv "$VENV"; . "$VENV/bin/activate"; hash -r; {_ENVS_PIP}',
    ),
    Operation(
        "env",
        "pip after venv --without-pip",
        f'rm -rf "$VENV"; hash -r; python -m venv --without-pip "$VENV"; . "$VENV/bin/activate"; '
        f"hash -r; {_ENVS_PIP}",
    ),
    # pip may well refuse: what it must not do is install.
    Operation("env", "pip without a venv", f'rm -rf "$VENV"; hash -r; {_ENVS_PIP} || :'),
    Operation("env", "uv pip install", "$ACTIVATE; uv pip install quack", there=_QUACK),
)

PIP = (
    Operation("pip", "install", "$ACTIVATE; pip install -r requirements.txt", there=_QUACK),
    Operation("pip", "add", "$ACTIVATE; pip install moo", there=("{any}/moo.py",)),
    Operation(
        "pip",
        "remove",
        "$ACTIVATE; pip install moo quack; pip uninstall -y quack",
        there=("{any}/moo.py",),
        gone=_QUACK,
    ),
    Operation("pip", "editable", "$ACTIVATE; pip install -e .", there=_QUACK),
    Operation("pip", "run", f"$ACTIVATE; pip install quack; {_RUNS}", there=_QUACK),
    Operation(
        "pip",
        "recreate",
        '$ACTIVATE; deactivate 2>/dev/null || :; rm -rf "$VENV"; hash -r; python -m venv "$VENV"; '
        '. "$VENV/bin/activate"; pip install -r requirements.txt',
        there=_QUACK,
    ),
    Operation(
        "pip",
        "second project",
        "cd ../other; python -m venv .venv; . .venv/bin/activate; pip install quack",
        there=_OTHER,
        gone=_QUACK,
    ),
)

VIRTUALENV = (
    Operation(
        "virtualenv",
        "create and install",
        "virtualenv ../fresh/.venv; ../fresh/.venv/bin/pip install quack",
        there=("/fresh/.venv/{any}/quack.py",),
    ),
    Operation(
        "virtualenv",
        "of the shell's version",
        'virtualenv -p "$MINOR" ../fresh/.venv; ../fresh/.venv/bin/pip install quack',
        there=("/fresh/.venv/{site}/quack.py",),
    ),
    Operation(
        "virtualenv",
        "recreate",
        "virtualenv ../fresh/.venv; ../fresh/.venv/bin/pip install moo; "
        "virtualenv --clear ../fresh/.venv; ../fresh/.venv/bin/pip install quack",
        there=("/fresh/.venv/{any}/quack.py",),
        gone=("/fresh/.venv/{any}/moo.py",),
    ),
)

POETRY = (
    Operation("poetry", "install", "poetry install", there=_QUACK),
    Operation("poetry", "add", "poetry add moo", there=("{any}/moo.py",)),
    Operation("poetry", "remove", "poetry install; poetry remove quack", gone=_QUACK),
    Operation("poetry", "run", f"poetry install; poetry run {_RUNS}", there=_QUACK),
    Operation("poetry", "recreate", 'rm -rf "$VENV"; poetry install', there=_QUACK),
    Operation("poetry", "subfolder", "cd source; poetry install", there=_QUACK),
    Operation(
        "poetry",
        "second project",
        "cd ../other; poetry install",
        there=_OTHER,
        gone=_QUACK,
    ),
)

PDM = (
    Operation("pdm", "install", "pdm install", there=_QUACK),
    Operation("pdm", "add", "pdm add moo", there=("{any}/moo.py",)),
    Operation("pdm", "remove", "pdm install; pdm remove quack", gone=_QUACK),
    Operation("pdm", "run", f"pdm install; pdm run {_RUNS}", there=_QUACK),
    Operation("pdm", "recreate", 'rm -rf "$VENV"; pdm install', there=_QUACK),
    Operation("pdm", "subfolder", "cd source; pdm install", there=_QUACK),
    Operation("pdm", "second project", "cd ../other; pdm install", there=_OTHER, gone=_QUACK),
)

HATCH = (
    Operation("hatch", "install", "hatch env create; hatch run true", there=_QUACK),
    Operation(
        "hatch",
        "add",
        'hatch run true; sed -i \'s/"quack"/"quack", "moo"/\' pyproject.toml; hatch run true',
        there=("{any}/moo.py",),
    ),
    # Hatch never uninstalls what is not wanted any more: one removes the environment.
    Operation(
        "hatch",
        "remove",
        'sed -i \'s/"quack"/"quack", "moo"/\' pyproject.toml; hatch run true; '
        "sed -i 's/, \"moo\"//' pyproject.toml; hatch env remove default; hatch run true",
        there=_QUACK,
        gone=("{any}/moo.py",),
    ),
    Operation("hatch", "run", f"hatch run {_RUNS}", there=_QUACK),
    Operation(
        "hatch", "recreate", 'rm -rf "$VENV"; hatch env create; hatch run true', there=_QUACK
    ),
    Operation("hatch", "subfolder", "cd source; hatch run true", there=_QUACK),
    Operation("hatch", "second project", "cd ../other; hatch run true", there=_OTHER, gone=_QUACK),
)

PIPENV = (
    Operation("pipenv", "install", "pipenv install", there=_QUACK),
    Operation("pipenv", "add", "pipenv install moo", there=("{any}/moo.py",)),
    Operation("pipenv", "remove", "pipenv install; pipenv uninstall quack", gone=_QUACK),
    Operation("pipenv", "run", f"pipenv install; pipenv run {_RUNS}", there=_QUACK),
    Operation("pipenv", "recreate", 'rm -rf "$VENV"; pipenv install', there=_QUACK),
    Operation("pipenv", "subfolder", "cd source; pipenv install", there=_QUACK),
    Operation("pipenv", "second project", "cd ../other; pipenv install", there=_OTHER, gone=_QUACK),
)

_TOX = ("/app/.tox/py{compact}/{site}/quack.py",)
_NOX = ("/app/.nox/check/{any}/quack.py",)

TOOLS = (
    Operation(
        "pipx",
        "install and run",
        'pipx install quack; "$HOME/.local/bin/quack"; pipx uninstall quack',
    ),
    Operation("pipx", "run", "pipx run quack"),
    Operation(
        "pipx",
        "inject and reinstall",
        'pipx install moo; pipx inject moo quack; pipx reinstall moo; "$HOME/.local/bin/moo"',
    ),
    Operation("tox", "run", "tox run", there=_TOX),
    Operation("tox", "recreate", "tox run; tox run --recreate", there=_TOX),
    Operation("nox", "run", "nox", there=_NOX),
    # Nox makes each session's venv anew unless it is told to keep it.
    Operation("nox", "recreate", "nox; nox", there=_NOX),
    Operation("pre-commit", "run", f"{_PIP}; pre-commit run quack --all-files", there=_QUACK),
    # Its venv lies in pre-commit's cache.
    Operation("pre-commit", "python hook", "pre-commit run python --all-files", gone=_QUACK),
    Operation(
        "pre-commit",
        "recreate",
        "pre-commit install-hooks; pre-commit clean; pre-commit run python --all-files",
        gone=_QUACK,
    ),
)

OPERATIONS = (*UV, *VENV, *ENV, *PIP, *VIRTUALENV, *POETRY, *PDM, *HATCH, *PIPENV, *TOOLS)

# What a shell of an installer brings: the project's own, then tools beside uv or pip.
INSTALLERS = tuple(dict.fromkeys(one.installer for one in OPERATIONS))


def operations(installer: str) -> tuple[Operation, ...]:
    """Give the operations of an installer."""
    return tuple(one for one in OPERATIONS if one.installer == installer)
