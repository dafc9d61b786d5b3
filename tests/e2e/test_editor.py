"""`nixpy editor vscode`, and the shell whose interpreter it names."""

from __future__ import annotations

import json

import pytest

from tests.support.nixpkgs import preferred_python
from tests.support.project import lines

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.parametrize("standin", ["argv0"], indirect=True, ids=["argv0"]),
]

PYPROJECT = '[project]\nname = "app"\nversion = "1"\nrequires-python = ">=3.10"\n'
KEPT = '{\n  // ours\n  "editor.rulers": [100],\n}\n'


def test_the_interpreter_is_the_shells(make_project):
    """The interpreter that is named runs outside of the shell too, with Nix's packages."""
    files = {"pyproject.toml": PYPROJECT, ".vscode/settings.json": KEPT}
    project = make_project(files, "-p", "cowsay")
    inside = "python -c 'import sys; print(sys.executable)'"
    executable = lines(project.enter(inside))[-1]
    project.nixpy("editor", "vscode")
    text = (project.root / ".vscode/settings.json").read_text()
    assert '  // ours\n  "editor.rulers": [100],\n' in text
    settings = json.loads(text.replace("// ours", ""))
    named = settings["python.defaultInterpreterPath"]
    named = named.replace("${workspaceFolder}", str(project.root))
    assert named == executable
    found = project.run([named, "-c", "import cowsay; print(cowsay.__file__)"]).stdout
    assert found.startswith("/nix/store/")


def test_in_a_monorepo(make_project):
    """In a project's folder the editor is pointed at the venv of that project."""
    project = make_project(
        {
            "nixpy.yaml": "projects:\n  api: services/api\n",
            "services/api/nixpy.yaml": f'python: "{preferred_python()}"\n',
            "services/api/pyproject.toml": PYPROJECT,
            "pyproject.toml": PYPROJECT.replace("app", "all"),
        }
    )
    folder = project.root / "services/api"
    project.nixpy("editor", "vscode", "-C", str(folder))
    settings = json.loads((folder / ".vscode/settings.json").read_text())
    named = settings["python.defaultInterpreterPath"]
    inside = "python -c 'import sys; print(sys.executable)'"
    executable = lines(project.enter(inside, flake=".#api"))[-1]
    assert named.replace("${workspaceFolder}", str(folder)) == executable
