"""What the shell sets and takes away for each installer."""

from __future__ import annotations

import pytest

from nixpy.installers.registry import INHERITED, activates, spec, unwanted
from nixpy.installers.spec import VenvRequest
from nixpy.metadata.model import Installer


@pytest.mark.parametrize("installer", Installer)
@pytest.mark.parametrize("venv", [".venv", "env"])
def test_no_value_names_this_projects_folder_or_an_interpreter(installer, venv):
    """Only UV_PYTHON_SEARCH_PATH holds paths: folders to search, not an interpreter to use."""
    for name, value in spec(installer).variables(VenvRequest("3.12", venv)).items():
        assert name == "UV_PYTHON_SEARCH_PATH" or "/" not in value


@pytest.mark.parametrize("installer", Installer)
def test_each_installer_sets_no_variable_of_another(installer):
    """A shell steers its installer alone; hatch installs by uv, so it tells uv what to search."""
    prefixes = {f"{installer.name}_"} | ({"UV_PYTHON_"} if installer is Installer.HATCH else set())
    names = spec(installer).variables(VenvRequest("3.12"))
    assert names or installer is Installer.PIP
    assert all(name.startswith(tuple(prefixes)) for name in names)


def test_further_interpreters_come_after_the_projects():
    """`pythons:` are found by uv too, and none of them before the project's."""
    venv = VenvRequest("3.12", pythons=["pkgs.python311"])
    search = spec(Installer.UV).variables(venv)["UV_PYTHON_SEARCH_PATH"]
    assert search == '"${python}/bin:${pkgs.python311}/bin"'


def test_a_venv_of_another_name_is_named_relative_to_the_project():
    """What uv and hatch are told is the folder, the others go by VIRTUAL_ENV."""
    set_by = {one: spec(one).variables(VenvRequest("3.12", "env")) for one in Installer}
    assert set_by[Installer.UV]["UV_PROJECT_ENVIRONMENT"] == '"env"'
    assert set_by[Installer.HATCH]["HATCH_ENV_TYPE_VIRTUAL_PATH"] == '"env"'
    assert "PIPENV_IGNORE_VIRTUALENVS" not in set_by[Installer.PIPENV]
    assert all(activates(installer, "env") for installer in Installer)


def test_poetry_and_pdm_are_left_to_find_each_projects_venv():
    """With VIRTUAL_ENV set, both would install a second project into the first one's venv."""
    without = {installer for installer in Installer if not activates(installer, ".venv")}
    assert without == {Installer.POETRY, Installer.PDM}


def test_what_nixpkgs_brings_for_each_installer():
    """For pip nothing, as it lies in the venv; hatch installs by uv, or by pip if told to."""
    assert {one.value: spec(one).programs for one in Installer} == {
        "uv": ("uv",),
        "pip": (),
        "poetry": ("poetry",),
        "pdm": ("pdm",),
        "hatch": ("hatch", "uv"),
        "pipenv": ("pipenv",),
    }


def test_a_shell_takes_away_only_what_concerns_it():
    """The hook stays short: another installer's own variables are left as they are."""
    assert "PDM_PROJECT" in unwanted(Installer.PDM)
    assert "PDM_PROJECT" not in unwanted(Installer.UV)
    assert "PYTHONPATH" in INHERITED
    assert all("UV_PYTHON" in unwanted(installer) for installer in Installer)


@pytest.mark.parametrize(
    ("installer", "files", "command"),
    [
        ("uv", ("pyproject.toml", "uv.lock"), "uv sync"),
        ("uv", ("pyproject.toml",), "uv sync"),
        ("uv", ("requirements.txt",), "uv pip install -r requirements.txt"),
        ("uv", ("pyproject.toml", "requirements.txt", "uv.lock"), "uv sync"),
        ("uv", ("setup.py",), "uv pip install -e ."),
        ("uv", ("setup.cfg",), "uv pip install -e ."),
        ("pip", ("setup.cfg",), "pip install -e ."),
        ("pip", ("requirements.txt",), "pip install -r requirements.txt"),
        ("pip", ("pyproject.toml",), "pip install -e ."),
        ("pip", ("requirements.txt", "setup.py"), "pip install -r requirements.txt -e ."),
        ("poetry", ("poetry.lock", "pyproject.toml"), "poetry install"),
        ("pdm", ("pyproject.toml",), "pdm install"),
        ("hatch", ("pyproject.toml",), "hatch env remove && hatch env create"),
        ("pipenv", ("Pipfile",), "pipenv install --dev"),
    ],
)
def test_the_command_that_brings_packages_back(installer, files, command):
    """It is one that the user can paste, whatever files the project has."""
    assert spec(Installer(installer)).reinstall(files) == command


@pytest.mark.parametrize("installer", [Installer.PIP, Installer.UV])
def test_without_files_there_is_still_a_command(installer):
    """A project without metadata is told the installer's own words."""
    assert spec(installer).reinstall(()) in {"pip install", "uv sync"}


def test_every_installer_has_a_spec():
    """A member of `Installer` without one would end `nixpy init` in a traceback."""
    assert [spec(one).installer for one in Installer] == list(Installer)
