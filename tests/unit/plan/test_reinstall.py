"""The command by which the project's packages come: one that works on the files that are there."""

import pytest

from nixpy.config.model import Config
from nixpy.metadata.read import read_project
from nixpy.plan.make import make_plan
from nixpy.plan.model import Part
from nixpy.syntax.tree import MemoryTree

_SETUP_CFG = "[metadata]\nname = app\n[options]\ninstall_requires = numpy\n"
_TOOLS = "[tool.ruff]\nline-length = 100\n"


@pytest.mark.parametrize(
    ("files", "command"),
    [
        ({"setup.cfg": _SETUP_CFG}, "uv pip install -e ."),
        ({"setup.py": "setup(name='app')"}, "uv pip install -e ."),
        ({"setup.cfg": _SETUP_CFG, "pyproject.toml": _TOOLS}, "uv pip install -e ."),
        ({"setup.py": "setup()", "pyproject.toml": _TOOLS}, "uv pip install -e ."),
        ({"setup.cfg": "[a]\n", "requirements.txt": "a"}, "uv pip install -r requirements.txt"),
        ({"pyproject.toml": "[project]\nname = 'app'\n", "setup.cfg": "[flake8]\n"}, "uv sync"),
        ({"pyproject.toml": "[project]\nname = 'app'\n", "setup.py": "setup()"}, "uv sync"),
    ],
)  # fmt: skip
def test_uv_sync_is_for_projects_with_a_project_table(files, command):
    """`uv sync` refuses a project that only setup.py or setup.cfg describe."""
    part = Part("default", ".", read_project(MemoryTree(files)), Config())
    assert make_plan([part]).shells[0].reinstall == command
