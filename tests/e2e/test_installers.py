"""Each installer in its shell: it counts Nix's packages as installed, and obeys its variables."""

from __future__ import annotations

import functools
import platform
from pathlib import Path

import pytest

from tests.support.entered import Entered
from tests.support.nixpkgs import available_pythons, preferred_python, stand_in
from tests.support.project import Project, user_environment

pytestmark = pytest.mark.e2e

MINOR = preferred_python()
# Programs of nixpkgs run under its default Python: by it a venv of another version is known.
OWN = "3.13" if "3.13" in available_pythons() else MINOR

PYPROJECT = """\
[project]
name = "app"
version = "1"
requires-python = ">=3.10"
dependencies = ["quack", "cowsay==6.1"]
"""
FILES = {
    "uv": {"pyproject.toml": PYPROJECT},
    "pip": {"requirements.txt": "quack\ncowsay==6.1\n"},
    "poetry": {
        "pyproject.toml": PYPROJECT + "\n[tool.poetry]\npackage-mode = false\n\n"
        '[[tool.poetry.source]]\nname = "x"\nurl = "URL/"\npriority = "primary"\n'
    },
    "pdm": {
        "pyproject.toml": PYPROJECT + "\n[tool.pdm]\ndistribution = false\n\n"
        '[[tool.pdm.source]]\nname = "pypi"\nurl = "URL/"\n'
    },
    "hatch": {
        "pyproject.toml": PYPROJECT + "\n[tool.hatch.envs.default]\nskip-install = true\n"
        'dependencies = ["quack", "cowsay==6.1"]\n'
    },
    "pipenv": {
        "Pipfile": '[[source]]\nname = "x"\nurl = "URL/"\nverify_ssl = false\n\n'
        '[packages]\nquack = "*"\ncowsay = "==6.1"\n'
    },
}
INSTALL = {
    "uv": "uv sync -q",
    "pip": "pip install -q -r requirements.txt",
    "poetry": "poetry install -q",
    "pdm": "pdm install -q",
    "hatch": "hatch run true",
    "pipenv": "pipenv install -q",
}
HERE = "test -e .venv/lib/python3.*/site-packages/quack.py"
VERSION = f"test -d .venv/lib/python{MINOR}"
ONLY_UV = 'PATH="$(dirname "$(command -v uv)")"; '
MANAGED = (
    'base=$(python -c "import sys; print(sys._base_executable)"); '
    "version=$(python -c 'import platform; print(platform.python_version())'); "
    f"folder=$HOME/managed/cpython-$version-linux-{platform.machine()}-gnu; "
    'mkdir -p "$folder/bin"; '
    f'ln -s "$base" "$folder/bin/python{MINOR}"; export UV_PYTHON_INSTALL_DIR=$HOME/managed; '
)


def _config(tool: str, table: str, key: str, value: str) -> str:
    return (
        f"mkdir -p $HOME/.config/{tool}; "
        f"printf '[{table}]\\n{key} = {value}\\n' > $HOME/.config/{tool}/config.toml; "
    )


OBEYED = [
    ("uv", "UV_PYTHON", f"echo {MINOR}.99 > .python-version; uv sync -q; {HERE}"),
    ("uv", "UV_PYTHON_SEARCH_PATH", f"{ONLY_UV}uv venv -q --clear other"),
    (
        "uv",
        "UV_PYTHON_DOWNLOADS",
        f"{ONLY_UV}said=$(uv venv other -p 3.9 2>&1) || [[ $said == *\"set to 'never'\"* ]]",
    ),
    (
        "uv",
        "UV_PYTHON_PREFERENCE",
        f"{MANAGED}[[ $(uv python find --system {MINOR}) != *managed* ]]",
    ),
    (
        "pip",
        "PIP_REQUIRE_VIRTUALENV",
        "base=$(python -c 'import sys; print(sys._base_executable)'); "
        "said=$(PYTHONPATH=$(echo .venv/lib/python3.*/site-packages) $base -m pip install quack "
        '2>&1) || [[ $said == *"Could not find an activated virtualenv"* ]]',
    ),
    ("poetry", "POETRY_VIRTUALENVS_IN_PROJECT", f"rm -rf .venv; poetry install -q; {HERE}"),
    (
        "poetry",
        "POETRY_VIRTUALENVS_CREATE",
        _config("pypoetry", "virtualenvs", "create", "false")
        + f"rm -rf .venv; poetry install -q; {HERE}",
    ),
    (
        "pdm",
        "PDM_IGNORE_SAVED_PYTHON",
        f"python -m venv --without-pip other; echo $PWD/other/bin/python > .pdm-python; "
        f"pdm install -q; {HERE}",
    ),
    ("pdm", "PDM_PYTHON_VERSION", f"rm -rf .venv; pdm install -q; {VERSION}"),
    (
        "pdm",
        "PDM_USE_VENV",
        _config("pdm", "python", "use_venv", "false") + f"pdm install -q; {HERE}",
    ),
    ("pdm", "PDM_VENV_BACKEND", f"rm -rf .venv; pdm install -q; {HERE}"),
    (
        "pdm",
        "PDM_VENV_IN_PROJECT",
        _config("pdm", "venv", "in_project", "false") + f"rm -rf .venv; pdm install -q; {HERE}",
    ),
    ("hatch", "HATCH_ENV_TYPE_VIRTUAL_PATH", f"hatch run true; {HERE}"),
    (
        "hatch",
        "HATCH_ENV_TYPE_VIRTUAL_UV_PATH",
        f"rm -rf .venv; hatch run true; {HERE}; grep '^uv = ' .venv/pyvenv.cfg",
    ),
    ("hatch", "HATCH_PYTHON", f"rm -rf .venv; hatch run true; {VERSION}"),
    ("pipenv", "PIPENV_VENV_IN_PROJECT", f"rm -rf .venv; pipenv install -q; {HERE}"),
    ("pipenv", "PIPENV_DEFAULT_PYTHON_VERSION", f"rm -rf .venv; pipenv install -q; {VERSION}"),
    (
        "pipenv",
        "PIPENV_IGNORE_VIRTUALENVS",
        f"mkdir other; cp Pipfile other; cd other; pipenv install -q; {HERE}",
    ),
]
# These choose a version, which tells nothing where nixpkgs' default Python is the shell's.
OF_VERSIONS = {"PDM_PYTHON_VERSION", "HATCH_PYTHON", "PIPENV_DEFAULT_PYTHON_VERSION"}


@pytest.fixture(scope="module")
def shells(index, tmp_path_factory, watched_store):
    """Give an installer's shell, entered once, in which Nix provides cowsay."""
    return functools.cache(
        lambda installer: _make(installer, tmp_path_factory.mktemp(installer), index)
    )


def _make(installer: str, folder: Path, index: str) -> Entered:
    for name in ("app", "home"):
        (folder / name).mkdir()
    environment = user_environment(
        folder / "home",
        PATH="/usr/bin:/bin",
        UV_DEFAULT_INDEX=index,
        PIP_INDEX_URL=index,
        UV_CACHE_DIR=str(folder / "cache"),
        UV_PYTHON_INSTALL_MIRROR="file:///nowhere",
    )
    project = Project(folder / "app", stand_in(folder, "legacy").ref, environment)
    project.write({name: text.replace("URL", index) for name, text in FILES[installer].items()})
    project.git()
    project.nixpy("init", "--python", MINOR, "--installer", installer, "-p", "cowsay")
    return Entered.of(project, folder)


@pytest.mark.parametrize("installer", FILES)
def test_what_nix_provides_counts_as_installed(shells, installer):
    """The installer fetches what Nix lacks, and leaves cowsay as the link that nixpy made."""
    linked = "grep -qx nixpy .venv/lib/python3.*/site-packages/cowsay-6.1.dist-info/INSTALLER"
    script = f"{INSTALL[installer]}; {HERE}; {linked}; python -c 'import cowsay; print(cowsay)'"
    done = shells(installer).run(script)
    assert done.status == 0, done.output
    assert "/nix/store/" in done.output.splitlines()[-1]
    assert done.changes == ()


@pytest.mark.parametrize(
    ("installer", "variable", "script"),
    [
        pytest.param(
            *case,
            id=case[1],
            marks=pytest.mark.skipif(
                case[1] in OF_VERSIONS and OWN == MINOR, reason="nixpkgs' Python is the shell's"
            ),
        )
        for case in OBEYED
    ],
)
def test_the_variable_is_obeyed(shells, installer, variable, script):
    """With it the tool does what the shell promises, and without it something else."""
    with_it = shells(installer).run(script)
    assert with_it.status == 0, with_it.output
    without = shells(installer).run(f"test -v {variable}; unset {variable}; {script}")
    assert without.status != 0, without.output
