"""A venv that is remade for another Python, and the command that brings its packages back."""

from __future__ import annotations

import re

import pytest

from tests.support.lacking import lacking
from tests.support.nixpkgs import available_pythons, preferred_python
from tests.support.project import lines

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.parametrize("standin", ["legacy"], indirect=True, ids=["legacy"]),
]

PYPROJECT = """\
[project]
name = "app"
version = "1"
requires-python = ">=3.10"
dependencies = ["quack", "cowsay==6.1"]
"""
SOURCE = '[[tool.poetry.source]]\nname = "x"\nurl = "URL/"\npriority = "primary"\n'
HATCH = "[tool.hatch.envs.default]\nskip-install = true\n"
PIPFILE = '[[source]]\nname = "x"\nurl = "URL/"\nverify_ssl = false\n\n[packages]\nquack = "*"\n'
# The files of a project, the command that first installs it, and one that starts Python there.
PROJECTS = {
    "uv": ({"pyproject.toml": PYPROJECT}, "uv sync -q", "uv run python"),
    "uv, requirements": (
        {"requirements.txt": "quack\n"},
        "uv pip install -q -r requirements.txt",
        "python",
    ),
    "pip": ({"requirements.txt": "quack\n"}, "pip install -q -r requirements.txt", "python"),
    "poetry": (
        {"pyproject.toml": f"{PYPROJECT}[tool.poetry]\npackage-mode = false\n{SOURCE}"},
        "poetry install -q",
        "poetry run python",
    ),
    "pdm": (
        {
            "pyproject.toml": f"{PYPROJECT}[tool.pdm]\ndistribution = false\n"
            '[[tool.pdm.source]]\nname = "pypi"\nurl = "URL/"\n'
        },
        "pdm install -q",
        "pdm run python",
    ),
    "hatch": (
        {"pyproject.toml": f'{PYPROJECT}{HATCH}dependencies = ["quack"]\n'},
        "hatch run true",
        "hatch run python",
    ),
    "pipenv": ({"Pipfile": PIPFILE}, "pipenv install -q", "pipenv run python"),
}


@pytest.mark.parametrize("case", PROJECTS)
def test_the_command_that_is_told_brings_the_packages_back(make_project, index, case):
    """After another Python was chosen, that command is all that the project needs to run again."""
    others = [one for one in available_pythons() if one != preferred_python()]
    if not others:
        lacking("there is but one Python")
    files, install, python = PROJECTS[case]
    files = {name: text.replace("URL", index) for name, text in files.items()}
    project = make_project(files, "-p", "cowsay", "--installer", case.partition(",")[0])
    run = f'{python} -c "import sys, quack; print(sys.prefix, *sys.version_info[:2])"'
    project.enter(f"{install}; {run}")
    yaml = project.root / "nixpy.yaml"
    yaml.write_text(yaml.read_text().replace(preferred_python(), others[-1]))
    project.nixpy("sync")
    said = project.enter("true").stderr
    found = re.search("run `(.+?)` to install your packages again", said)
    assert found, said
    project.enter(found[1])
    assert lines(project.enter(run))[-1] == f"{project.venv} {others[-1].replace('.', ' ')}"
    assert lines(project.enter("python -c 'import cowsay; print(cowsay.__file__)'"))[-1].startswith(
        "/nix/store/"
    )
