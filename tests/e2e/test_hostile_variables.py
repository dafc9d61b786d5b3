"""Variables of the shell around: each would lead an installer astray, and none reaches it."""

from __future__ import annotations

import functools
import shlex
from pathlib import Path

import pytest

from tests.support.entered import Entered
from tests.support.nixpkgs import preferred_python, stand_in
from tests.support.project import Project, user_environment

pytestmark = pytest.mark.e2e

PYPROJECT = """\
[project]
name = "app"
version = "1"
requires-python = ">=3.10"
dependencies = ["quack"]
"""
HATCH = PYPROJECT + "\n[tool.hatch.envs.default]\nskip-install = true\ndependencies = ['quack']\n"
PDM = PYPROJECT + '\n[tool.pdm]\ndistribution = false\n\n[[tool.pdm.source]]\nname = "pypi"\n'
POETRY = PYPROJECT + "\n[tool.poetry]\npackage-mode = false\n\n[[tool.poetry.source]]\n"
PIPFILE = '[[source]]\nname = "x"\nurl = "URL/"\nverify_ssl = false\n\n[packages]\nquack = "*"\n'

# `{venv}` is another venv, `{other}` another project, `{empty}` an empty folder; `{trap}` has a
# quack.py that must not be imported.
HERE = "test -e .venv/lib/python3.*/site-packages/quack.py"
NOT_THE_TRAP = "! python -c 'import quack' 2>/dev/null"
NOT_BY_THE_BASE = (
    "base=$(python -c 'import sys; print(sys._base_executable)'); "
    "! $base -c 'import quack' 2>/dev/null"
)
# multiprocessing, build backends and tests start Python by its own word for where it is.
BY_THE_BASE = (
    "base=$(python -c 'import sys; print(sys._base_executable)'); "
    '$base -c \'import subprocess, sys; subprocess.run([sys.executable, "-c", "1"], check=True)\''
)
UV_PIP = f"uv pip install -q quack; {HERE}"
UV_SYNC = f"uv sync -q; {HERE}"
PIP = f"pip install -q quack; {HERE}"
UV_VENV = (
    "rm -rf .venv; uv venv -q; "
    ".venv/bin/python -c 'import sys; assert sys.prefix != sys.base_prefix'"
)
PLATFORM = "test $(python -c 'import sysconfig as s; print(s.get_platform())') != x"
SYSCONFIG = "python -c 'import sysconfig as s; s.get_config_vars()'"
CASES = {
    "uv": [
        ("VIRTUAL_ENV", "{venv}", UV_PIP),
        ("PYTHONPATH", "{trap}", NOT_THE_TRAP),
        ("PYTHONHOME", "{empty}", "python -c 1"),
        ("PYTHONPLATLIBDIR", "elsewhere", "python -c 'import math'"),
        ("PYTHONHASHSEED", "0", "python -c 'import sys; assert sys.flags.hash_randomization'"),
        ("SOURCE_DATE_EPOCH", "1", "test ! -v SOURCE_DATE_EPOCH"),
        ("NIX_PYTHONPATH", "{trap}", NOT_BY_THE_BASE),
        ("NIX_PYTHONPREFIX", "{empty}", UV_VENV),
        ("NIX_PYTHONEXECUTABLE", "{empty}/python", BY_THE_BASE),
        ("_PYTHON_HOST_PLATFORM", "x", PLATFORM),
        ("_PYTHON_SYSCONFIGDATA_NAME", "x", SYSCONFIG),
        ("LD_LIBRARY_PATH", "{empty}", "test ! -v LD_LIBRARY_PATH"),
        ("UV_PYTHON", "{store}", UV_PIP),
        ("UV_SYSTEM_PYTHON", "1", UV_PIP),
        ("UV_MANAGED_PYTHON", "1", UV_VENV),
        ("UV_NO_MANAGED_PYTHON", "1", UV_VENV),
        ("UV_PROJECT", "{other}", UV_SYNC),
        ("UV_PROJECT_ENVIRONMENT", "{empty}/venv", UV_SYNC),
        ("UV_WORKING_DIR", "{other}", UV_SYNC),
    ],
    "pip": [
        ("PIP_TARGET", "{empty}", PIP),
        ("PIP_PREFIX", "{empty}", PIP),
        ("PIP_ROOT", "{empty}", PIP),
        ("PIP_USER", "1", PIP),
        ("PIP_PYTHON", "{venv}/bin/python", PIP),
    ],
    "hatch": [
        ("UV_PYTHON", "{venv}/bin/python", f"hatch run true; {HERE}"),
        ("HATCH_ENV", "none", f"hatch run true; {HERE}"),
    ],
    "pdm": [
        ("CONDA_PREFIX", "{venv}", f"pdm install -q; {HERE}"),
        ("PDM_PROJECT", "{other}", f"pdm install -q; {HERE}"),
    ],
    "poetry": [
        ("CONDA_PREFIX", "{venv}", f"poetry install -q; {HERE}"),
    ],
    "pipenv": [
        ("PIPENV_PIPFILE", "{other}/Pipfile", f"pipenv install -q; {HERE}"),
    ],
}
FILES = {
    "uv": {"pyproject.toml": PYPROJECT},
    "pip": {"requirements.txt": "quack\n"},
    "hatch": {"pyproject.toml": HATCH},
    "pdm": {"pyproject.toml": PDM + 'url = "URL/"\n'},
    "poetry": {"pyproject.toml": POETRY + 'name = "x"\nurl = "URL/"\npriority = "primary"\n'},
    "pipenv": {"Pipfile": PIPFILE},
}


@pytest.fixture(scope="module")
def shells(index, tmp_path_factory, watched_store):
    """Give an installer's shell, entered once, with other places beside its project."""
    return functools.cache(
        lambda installer: _make(installer, tmp_path_factory.mktemp(installer), index)
    )


def _make(installer: str, folder: Path, index: str) -> Entered:
    for name in ("app", "home", "trap", "empty", "other"):
        (folder / name).mkdir()
    environment = user_environment(
        folder / "home",
        UV_DEFAULT_INDEX=index,
        PIP_INDEX_URL=index,
        UV_CACHE_DIR=str(folder / "cache"),
        UV_PYTHON_INSTALL_MIRROR="file:///nowhere",
    )
    project = Project(folder / "app", stand_in(folder, "legacy").ref, environment)
    project.write({name: text.replace("URL", index) for name, text in FILES[installer].items()})
    project.git()
    project.nixpy("init", "--python", preferred_python(), "--installer", installer)
    (folder / "trap/quack.py").write_text("")
    (folder / "other/pyproject.toml").write_text(PYPROJECT)
    (folder / "other/Pipfile").write_text(PIPFILE.replace("URL", index))
    entered = Entered.of(project, folder)
    clean = "$(python -c 'import sys; print(sys.base_prefix)')/bin/python3"
    project.enter(f'"{clean}" -m venv {shlex.quote(str(folder / "venv"))}')
    return entered


@pytest.mark.parametrize(
    ("installer", "variable", "value", "script"),
    [
        pytest.param(installer, *case, id=f"{installer}-{case[0]}")
        for installer, cases in CASES.items()
        for case in cases
    ],
)
def test_it_does_harm_and_is_taken_away(shells, installer, variable, value, script):
    """Set inside the shell it spoils what the user does; inherited by the shell it does not."""
    shell: Entered = shells(installer)
    named = {name: shell.folder / name for name in ("venv", "other", "empty", "trap")}
    value = value.format(**named, store="$(readlink -f $(which -a python3 | sed -n 2p))")
    inherited = shell.run(script, {variable: value})
    assert inherited.status == 0, inherited.output
    assert inherited.changes == ()
    inside = shell.run(f'export {variable}="{value}"; {script}')
    assert inside.status != 0, inside.output
