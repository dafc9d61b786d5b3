"""Where an installer's versions stand, and what keeps Nix's in their place."""

import pytest

from nixpy.config.parse import parse
from nixpy.metadata.read import read_project
from nixpy.plan.make import make_plan
from nixpy.plan.model import Part
from nixpy.syntax.tree import MemoryTree

PROJECT = '[project]\nname = "app"\nversion = "1"\ndependencies = ["numpy"]\n'
POETRY = "[tool.poetry.dependencies]\nnumpy = '*'\n"


def plan_of(files, choices=""):
    config = parse(f"packages: [numpy, django_5]\n{choices}")
    return make_plan([Part("default", ".", read_project(MemoryTree(files)), config)])


@pytest.mark.parametrize(
    ("files", "kept"),
    [
        ({"pyproject.toml": PROJECT}, ("uv.lock", "uv lock -P")),
        ({"pyproject.toml": POETRY}, ("poetry.lock", "nixpy align")),
        ({"Pipfile": "[packages]\nnumpy = '*'\n"}, ("Pipfile.lock", "Pipfile")),
        ({"requirements.txt": "numpy==1.26.4\n"}, ("requirements.txt", "requirements.txt")),
        ({"requirements.txt": "numpy>=1\n"}, None),
    ],
)
def test_what_keeps_nixs_versions(files, kept):
    """A command of the installer's own where it has one, else the file to write into."""
    assert plan_of(files).shells[0].kept == kept


def test_nothing_is_compared_where_nix_provides_nothing():
    project = read_project(MemoryTree({"pyproject.toml": PROJECT}))
    (shell,) = make_plan([Part("default", ".", project, parse(""))]).shells
    assert shell.kept is None


def test_nixs_versions_whatever_the_lock_has():
    """uv installs the rest; the names are PyPI's."""
    (shell,) = plan_of({"pyproject.toml": PROJECT}, "keep: nix\n").shells
    rest = "uv sync --inexact --no-install-package"
    assert shell.kept == ("uv.lock", rest)
    assert shell.reinstall == f"{rest} django --no-install-package numpy"
    assert shell.no_sync


@pytest.mark.parametrize(
    ("files", "how"),
    [
        ({"pyproject.toml": POETRY}, "`nixpy align` brings the lock to Nix's versions"),
        ({"Pipfile": "[packages]\nnumpy = '*'\n"}, "ask for them in Pipfile"),
    ],
)
def test_an_installer_that_installs_all_of_its_lock(files, how):
    planned = plan_of(files, "keep: nix\n")
    (caution,) = [one for one in planned.cautions if "keep" in one.text]
    assert "nixpy.yaml:2" in caution.text
    assert caution.hint == f"remove it; {how}"
    assert not planned.shells[0].no_sync


def test_pip_keeps_what_it_finds():
    assert plan_of({"requirements.txt": "numpy\n"}, "installer: pip\nkeep: nix\n").cautions == ()
