"""`nixpy env`: the variables of the real shell, for who does not enter it."""

from __future__ import annotations

import json
import shutil

import pytest

from tests.support.project import lines

pytestmark = pytest.mark.e2e

PYPROJECT = '[project]\nname = "app"\nversion = "1"\nrequires-python = ">=3.10"\n'
CHOICES = 'packages: [cowsay]\nenv:\n  GREETING: "it\'s $HOME"\n  lower: case\n'
ORIGIN = (
    'python -c "import sys, cowsay; print(sys.prefix, cowsay.__file__)"; echo "$GREETING $lower"'
)


@pytest.fixture
def project(make_project):
    """A project whose nixpkgs is the stand-in."""
    made = make_project({"pyproject.toml": PYPROJECT})
    yaml = made.root / "nixpy.yaml"
    python = yaml.read_text().partition('python: "')[2].partition('"')[0]
    yaml.write_text(f'python: "{python}"\nnixpkgs: "{made.nixpkgs}"\n{CHOICES}')
    made.nixpy("sync")
    return made


def good(project, done) -> None:
    """See that what was run had the venv's Python, Nix's package and the chosen variables."""
    place, greeting = lines(done)[-2:]
    assert place.split()[0] == str(project.venv)
    assert place.split()[1].startswith("/nix/store/")
    assert greeting == "it's $HOME case"


def test_bash_and_fish_have_the_shell(project):
    """Evaluated by bash, or by fish, the variables are the shell itself, without entering it."""
    for shell, command in (("bash", ["bash", "-c"]), ("fish", ["fish", "--no-config", "-c"])):
        if shutil.which(shell):
            text = project.nixpy("env", "--shell", shell).stdout
            good(project, project.run([*command, f"{text}\n{ORIGIN}"]))


def test_json_has_the_same_values_as_the_shell(project):
    """Each variable has the value that it has inside; nothing of Nix's builds is among them."""
    variables = json.loads(project.nixpy("env", "--shell", "json").stdout)
    assert variables["VIRTUAL_ENV"] == str(project.venv)
    assert variables["PATH"].split(":")[1] == f"{project.venv}/bin"
    assert variables["UV_PYTHON_PREFERENCE"] == "only-system"
    assert not {"buildInputs", "out", "shellHook", "TMPDIR", "HOME", "SHLVL", "PWD"} & {*variables}
    inside = project.enter("env -0").stdout
    values = dict(one.split("=", 1) for one in inside.split("\0") if "=" in one)
    unstable = {"NIX_CFLAGS_COMPILE", "NIX_LDFLAGS"}
    for name in variables.keys() - unstable:
        assert values.get(name) == variables[name], name


def test_what_the_shell_takes_away(project):
    """A PYTHONPATH from outside is unset, and null in JSON."""
    outside = {"PYTHONPATH": "/x"}
    command = project.nixpy("env").args
    assert "unset PYTHONPATH\n" in project.run(command, environment=outside).stdout
    shown = project.run([*command, "--shell", "json"], environment=outside).stdout
    assert json.loads(shown)["PYTHONPATH"] is None


def test_nothing_is_written_but_the_venv(project):
    """flake.lock is not made by asking."""
    before = {path.name for path in project.root.iterdir()}
    project.nixpy("env")
    assert {path.name for path in project.root.iterdir()} - before <= {".venv"}


def test_an_error_of_nix_is_told_plainly(project):
    """A package that nixpkgs has not is named in place of Nix's trace."""
    project.nixpy("add", "--tool", "gti")
    done = project.nixpy("env", check=False)
    assert done.returncode == 1
    assert "error: nixpkgs has no `gti`" in done.stderr
    assert "flake.nix:" not in done.stderr
