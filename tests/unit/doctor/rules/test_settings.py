"""I, second half: what sends installers elsewhere, judged from snapshots and from files."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from nixpy.doctor.gather import machine, probe
from nixpy.doctor.gather.settings import settings
from nixpy.doctor.snapshot import PathFacts, Pin, SearchEntry, Setting, Snapshot
from tests.support.snapshots import (
    CLEAN,
    ENV,
    ROOT,
    STORE,
    VENV,
    VENV_PYTHON,
    changed,
    entry,
    found,
    healthy,
    legacy_env,
    python,
    text,
    with_variables,
)


def with_program(name: str, folder: str, snapshot: Snapshot | None = None) -> Snapshot:
    """Give a shell in which a program comes from a folder, first of all."""
    one = snapshot or healthy()
    return replace(one, search=(entry(folder, name), *one.search))


def test_a_uv_of_a_legacy_env_is_named():
    """I11 says which uv runs and what to write instead; beside the env it is right."""
    assert found(healthy(), "I11") == []
    said = text(with_program("uv", f"{ENV}/bin"), "I11")
    assert f"`{ENV}/bin/uv` is a program of the env `{ENV}`" in said
    assert "put `pkgs.uv` beside it" in said


def test_a_pip_of_the_env():
    """I12: the env's pip before the venv's; where another installer is used, a note."""
    shell = with_program("pip", f"{ENV}/bin")
    assert text(shell, "I12").startswith("note: ")
    assert text(changed("project", shell, installers=("pip",)), "I12").startswith("error: ")
    assert found(with_program("pip", f"{VENV}/bin", shell), "I12") == []


def test_the_hosts_pip_beside_a_venv_without_one():
    """I12 in place of V8, since `pip install` does not even fail."""
    without = replace(VENV_PYTHON, pip=False)
    shell = changed("project", installers=("pip",), choices=None)
    shell = replace(shell, interpreters=(without, *shell.interpreters[1:]))
    assert found(shell, "I12", "V8") == ["V8"]
    end = SearchEntry("/usr/bin", "/usr/bin", {"pip": "/usr/bin/pip"})
    assert found(replace(shell, search=(*shell.search, end)), "I12", "V8") == ["I12"]


@pytest.mark.parametrize(
    ("specifier", "ids"),
    [(">=3.13", ["I13"]), (">=3.10", []), ("<3.12", ["I13"]), ("==3.12.*", []), ("^3.9", [])],
)
def test_requires_python(specifier, ids):
    """I13 compares the venv's Python with what the project allows."""
    wants = (Pin(specifier, None, "pyproject.toml:4"),)
    assert found(changed("project", requires=wants), "I13") == ids


def test_requires_python_of_a_shell_without_a_venv():
    """Where there is no venv, the Python counts that it would be made from."""
    shell = changed("venv", kind="missing", config={}, python=None, python_exists=False)
    shell = replace(shell, interpreters=(python(f"{CLEAN}/bin/python3"),))
    shell = changed("project", shell, requires=(Pin(">=3.13", None, "setup.cfg:2"),))
    assert "setup.cfg:2 allows Python `>=3.13`" in text(shell, "I13")


@pytest.mark.parametrize(
    ("variables", "settings", "said"),
    [
        ({"UV_MANAGED_PYTHON": "1"}, (), "UV_MANAGED_PYTHON says"),
        ({"UV_PYTHON_PREFERENCE": "managed"}, (), "UV_PYTHON_PREFERENCE says"),
        ({"UV_SYSTEM_PYTHON": "true"}, (), "UV_SYSTEM_PYTHON=true"),
        ({}, (("python-preference", "only-managed"),), "uv.toml says `only-managed`"),
        ({"UV_PYTHON_DOWNLOADS": "automatic"}, (), "UV_PYTHON_DOWNLOADS says `automatic`"),
        ({}, (("required-version", "<0.12"),), '`required-version = "<0.12"`'),
        ({}, (("required-version", "0.11.2"),), "is 0.13.8"),
    ],
)
def test_settings_of_uv(variables, settings, said):
    """I14 names the variable or file, and its value."""
    facts = tuple(Setting("uv", name, value, "uv.toml") for name, value in settings)
    shell = changed("project", with_variables(**variables), settings=facts)
    uv = f"{STORE}/{'d' * 32}-uv-0.13.8/bin"
    assert said in text(with_program("uv", uv, shell), "I14")


def test_settings_of_uv_that_do_not_count():
    """A variable comes before a file; without uv, and off Nix, nobody asks."""
    facts = (Setting("uv", "python-preference", "only-managed", "uv.toml"),)
    shell = changed("project", settings=facts)
    assert found(with_variables(shell, UV_PYTHON_PREFERENCE="only-system"), "I14") == []
    fits = (Setting("uv", "required-version", ">=0.13", "uv.toml"),)
    uv = f"{STORE}/{'d' * 32}-uv-0.13.8/bin"
    assert found(with_program("uv", uv, changed("project", settings=fits)), "I14") == []
    other = changed("project", shell, installers=("pip",))
    assert found(replace(other, search=other.search[:2]), "I14") == []


@pytest.mark.parametrize(
    "name", ["PYTHONHOME", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "UV_PROJECT", "PDM_PROJECT"]
)
def test_variables_that_lead_elsewhere(name):
    """I15: each variable that our own hook unsets."""
    assert f"`unset {name}`" in text(with_variables(**{name: "/elsewhere"}), "I15")


@pytest.mark.parametrize(
    ("name", "value", "ids"),
    [
        ("PIP_USER", "1", ["I15"]),
        ("PIP_USER", "false", []),
        ("UV_PROJECT", ROOT, []),
        ("UV_WORKING_DIR", f"{ROOT}/part", []),
        ("PIPENV_PIPFILE", f"{ROOT}/Pipfile", []),
    ],
)
def test_variables_that_do_not(name, value, ids):
    """A value that means no, or this very project, is fine."""
    assert found(with_variables(**{name: value}), "I15") == ids


def test_a_venv_of_another_project_for_uv():
    """I15: an absolute UV_PROJECT_ENVIRONMENT of another project is emptied by `uv sync`."""
    other = PathFacts("/home/user/other/.venv", venv=True, projects=True)
    assert "another project's" in text(with_variables(UV_PROJECT_ENVIRONMENT=other), "I15")
    state = PathFacts(f"{ROOT}/.devenv/state/venv", venv=True)
    assert found(with_variables(UV_PROJECT_ENVIRONMENT=state), "I15") == []


@pytest.mark.parametrize(
    ("installer", "one", "ids"),
    [
        ("pip", Setting("pip", "user", "true", "/home/user/.config/pip/pip.conf"), ["I15"]),
        ("uv", Setting("pip", "user", "true", "/home/user/.config/pip/pip.conf"), []),
        ("pdm", Setting("pdm", "python", f"{CLEAN}/bin/python3", ".pdm-python"), ["I15"]),
        ("pdm", Setting("pdm", "python", f"{VENV}/bin/python", ".pdm-python"), []),
    ],
)
def test_settings_that_lead_elsewhere(installer, one, ids):
    """pip.conf matters where pip is used, `.pdm-python` where it names the store."""
    assert found(changed("project", installers=(installer,), settings=(one,)), "I15") == ids


def test_poetrys_venvs_elsewhere():
    """POETRY_VIRTUALENVS_PATH counts unless the venv is kept in the project."""
    shell = changed("project", with_variables(POETRY_VIRTUALENVS_PATH="/x"), installers=("poetry",))
    assert found(shell, "I15") == ["I15"]
    assert found(with_variables(shell, POETRY_VIRTUALENVS_IN_PROJECT="true"), "I15") == []


def test_a_store_that_was_written_to():
    """I16 names the path to repair, and what lies in it."""
    env = legacy_env(foreign=(f"{ENV}/lib/python3.12/site-packages/toolz",))
    said = text(replace(healthy(), interpreters=(VENV_PYTHON, env)), "I16")
    assert f"`{ENV}` holds toolz" in said
    assert f"`sudo nix store repair {ENV}`" in said


def test_what_nix_did_not_write_is_known_by_its_time(tmp_path):
    """Only in a real store whose times were kept."""
    store = tmp_path / "store"
    site = store / "x-env/lib/python3.12/site-packages"
    site.mkdir(parents=True)
    (site / "numpy").touch()
    for path in [store, *store.rglob("*")]:
        os.utime(path, (1, 1))
    here = machine.machine({"NIX_STORE_DIR": str(store)})
    (site / "toolz").touch()
    assert probe._foreign([str(store / "x-env")], here) == ()
    (tmp_path / "var/nix/db").mkdir(parents=True)
    assert probe._foreign([str(store / "x-env")], here) == (str(site / "toolz"),)
    os.utime(store / "x-env", (5, 5))
    assert probe._foreign([str(store / "x-env")], here) == ()


def test_settings_are_read_from_their_files(tmp_path: Path) -> None:
    """uv's in the project and the user's folder, pip's, pdm's; broken ones are told of."""
    (tmp_path / "pyproject.toml").write_text('[tool.uv]\npython-preference = "managed"\n')
    (tmp_path / ".pdm-python").write_text("/nix/store/x/bin/python\n")
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv/pip.conf").write_text("[global]\ntarget = /x\nuser = no\n")
    home = tmp_path / "home"
    (home / ".config/uv").mkdir(parents=True)
    (home / ".config/uv/uv.toml").write_text('required-version = ">=1"\n')
    (home / ".pip").mkdir()
    (home / ".pip/pip.conf").write_text("what is this\n")
    errors: list[str] = []
    read = settings(tmp_path, tmp_path / ".venv", {}, str(home), errors)
    assert [(one.tool, one.name, one.value) for one in read] == [
        ("uv", "python-preference", "managed"),
        ("uv", "required-version", ">=1"),
        ("pip", "target", "/x"),
        ("pdm", "python", "/nix/store/x/bin/python"),
    ]
    assert len(errors) == 1
    assert "pip.conf" in errors[0]
