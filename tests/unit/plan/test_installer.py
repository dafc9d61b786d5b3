"""Which installer a shell gets: evidence is weighed, and the reason says what decided."""

import pytest

from nixpy.config.model import Config
from nixpy.config.parse import parse
from nixpy.metadata.read import read_project
from nixpy.plan.installer import choose_installer
from nixpy.syntax.tree import MemoryTree

PROJECT = '[project]\nname = "app"\ndependencies = ["requests"]\n'
POETRY = '[tool.poetry]\nname = "app"\n[tool.poetry.dependencies]\nrequests = "*"\n'
HATCH = "[tool.hatch.envs.default]\n"
PDM_BACKEND = '[build-system]\nrequires = ["pdm-backend"]\nbuild-backend = "pdm.backend"\n'
POETRY_LOCK = '[[package]]\nname = "requests"\nversion = "2.32"\n'
UV_LOCK = f"version = 1\n{POETRY_LOCK}"


def chosen(config: str = "", **files: str) -> tuple[str, str]:
    names = {
        "pyproject": "pyproject.toml",
        "poetry": "poetry.lock",
        "uv": "uv.lock",
        "ci": ".github/workflows/test.yml",
        "readme": "README.md",
        "pipfile": "Pipfile",
    }
    tree = MemoryTree({names[name]: text for name, text in files.items()})
    choice = choose_installer(read_project(tree), parse(config) if config else Config())
    return choice.installer.value, choice.reason


@pytest.mark.parametrize(
    ("files", "installer", "said"),
    [
        ({}, "uv", "the default: no file of the project names another"),
        ({"pyproject": POETRY, "poetry": POETRY_LOCK}, "poetry", "poetry.lock is there"),
        ({"pyproject": POETRY}, "poetry", "pyproject.toml:1 tool.poetry is for it"),
        ({"pyproject": POETRY, "uv": UV_LOCK}, "uv", "uv.lock is there"),
        (
            {"pyproject": PROJECT, "ci": "run: |\n  uv sync\n"},
            "uv",
            ".github/workflows/test.yml:2 runs `uv sync`",
        ),
        ({"pyproject": PROJECT + HATCH}, "hatch", "pyproject.toml tool.hatch.envs is for it"),
    ],
)
def test_the_strongest_evidence_decides(files, installer, said):
    """A lock, then a tool's table, then the commands of CI, else uv."""
    assert chosen(**files) == (installer, said)


def test_nixpy_yaml_decides_over_all():
    """The user's choice comes first."""
    files = {"pyproject": POETRY, "poetry": POETRY_LOCK}
    assert chosen("installer: pdm", **files) == ("pdm", "nixpy.yaml:1")


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"uv": "version = 1\n"}, "tool.poetry is for it; uv.lock is empty"),
        (
            {"uv": UV_LOCK.replace("requests", "flask")},
            "tool.poetry is for it; uv.lock does not lock requests, and is passed over",
        ),
    ],
)
def test_a_lock_that_is_not_in_use_loses(files, said):
    """One that is empty, or lacks what the project asks for, was left behind."""
    installer, reason = chosen(pyproject=POETRY, **files)
    assert (installer, reason.endswith(said)) == ("poetry", True)


def test_a_lock_that_nothing_else_speaks_for_loses_to_what_is_in_use():
    """Who moved from poetry to hatch may have left poetry.lock behind."""
    files = {"poetry": POETRY_LOCK, "ci": "run: hatch run test\n"}
    installer, reason = chosen(pyproject=PROJECT + HATCH, **files)
    assert installer == "hatch"
    assert reason.endswith(
        "poetry.lock is there, too: `installer:` in nixpy.yaml decides otherwise"
    )


def test_of_two_locks_that_match_the_one_that_ci_uses_is_taken():
    """Some keep a second lock for others."""
    files = {"pyproject": POETRY, "poetry": POETRY_LOCK, "uv": UV_LOCK}
    assert chosen(**files)[0] == "uv"
    assert chosen(**files, ci="- run: poetry install\n")[0] == "poetry"
    assert chosen(**files, ci="- run: uv run pytest\n- run: uv run mypy\n")[0] == "uv"


@pytest.mark.parametrize(
    "table", ["", "[tool.pdm]\ndistribution = true\n", '[tool.pdm.version]\nsource = "scm"\n']
)
def test_a_build_backend_is_no_installer(table):
    """Projects of every installer build with pdm-backend and poetry-core."""
    installer, reason = chosen(pyproject=PROJECT + PDM_BACKEND + table)
    assert (installer, reason) == (
        "uv",
        "the default: pyproject.toml:6 build-system.build-backend names the backend of pdm only",
    )


def test_commands_of_what_was_once_used_decide_nothing():
    """A README that runs pipenv does not bring it where there is no Pipfile."""
    assert chosen(pyproject=PROJECT, readme="pipenv install --dev\n")[0] == "uv"
    assert chosen(pyproject=PROJECT, readme="poetry add app\npip install app\n")[0] == "uv"
