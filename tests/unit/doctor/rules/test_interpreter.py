"""I: the choice of Python, judged from snapshots."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nixpy.doctor.snapshot import Loader, PathFacts, Pin, Venv
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


def test_a_healthy_shell_has_no_finding():
    """All checks together find nothing in a healthy shell of nixpy."""
    assert found(healthy()) == []


def of_legacy_env():
    """A shell whose venv was made from a legacy env, by another program than nixpy."""
    venv = replace(legacy_env(), path=f"{VENV}/bin/python")
    snapshot = changed("venv", nixpy=False)
    snapshot = changed("project", snapshot, choices=None)
    snapshot = changed("flake", snapshot, generated=False)
    return replace(snapshot, interpreters=(venv, python(f"{CLEAN}/bin/python3")))


def test_a_venv_from_a_legacy_env_names_the_clean_python():
    """I1 says with which Python to make the venv anew."""
    assert f"make it with `{CLEAN}/bin/python3 -m venv .venv`" in text(of_legacy_env(), "I1")


def test_a_venv_from_the_newer_kind_of_env_is_no_legacy_env():
    """A venv whose base is an argv0 env has its own prefix, so I1 is silent."""
    venv = replace(VENV_PYTHON, base_prefix=ENV)
    assert found(replace(healthy(), interpreters=(venv,)), "I") == []


def test_an_environment_that_nix_builds_as_a_venv_is_no_legacy_env():
    """uv2nix's env in the store has a pyvenv.cfg, and UV_NO_SYNC says that nothing is installed."""
    env = replace(legacy_env(), pyvenv=True)
    snapshot = with_variables(
        replace(healthy(), interpreters=(env,), venv=Venv(VENV)),
        UV_NO_SYNC="1",
        UV_PYTHON=PathFacts(f"{CLEAN}/bin/python3.12", kind="file"),
        VIRTUAL_ENV=PathFacts(ENV, writable=False, venv=True),
    )
    assert found(snapshot, "I") == []


def test_without_a_venv_a_legacy_env_on_path_is_taken_for_one():
    """I1 tells that `uv pip` would install into the env, where the clean Python is there too."""
    snapshot = with_variables(replace(healthy(), venv=Venv(VENV)), VIRTUAL_ENV="")
    alone = with_variables(snapshot, UV_PYTHON_SEARCH_PATH="")
    assert "to uv this is a venv" in text(alone, "I1")


def test_a_global_env_is_no_finding_where_uv_searches_elsewhere():
    """With `programs.nixpy` the env is on PATH for scripts, and uv never meets it."""
    snapshot = with_variables(replace(healthy(), venv=Venv(VENV)), VIRTUAL_ENV="")
    assert found(snapshot, "I1", "I2") == []


def test_only_a_legacy_env_is_a_warning_while_the_venv_works():
    """I2 is an error without a venv, a warning as long as there is one that works."""
    snapshot = replace(
        with_variables(UV_PYTHON_SEARCH_PATH=""),
        search=(entry(f"{ENV}/bin", "python3"),),
        interpreters=(VENV_PYTHON, legacy_env()),
    )
    assert text(snapshot, "I2").startswith("warning: ")
    assert text(replace(snapshot, venv=Venv(VENV)), "I2").startswith("error: ")


def test_a_search_path_for_uv_makes_up_for_the_env_on_path():
    """With UV_PYTHON_SEARCH_PATH uv finds the clean Python, so I2 is silent."""
    snapshot = replace(healthy(), search=(entry(f"{ENV}/bin", "python3"),), venv=Venv(VENV))
    assert "I2" not in found(snapshot)


@pytest.mark.parametrize(
    ("value", "facts", "expected"),
    [
        ("3.12", None, []),
        ("python3.12", None, []),
        (f"{CLEAN}/bin/python3", PathFacts(f"{CLEAN}/bin/python3.12", kind="file"), ["I3"]),
        ("/run/system/bin/python3", PathFacts(f"{CLEAN}/bin/python3", kind="file"), ["I3"]),
        (f"{VENV}/bin/python", PathFacts(f"{CLEAN}/bin/python3", kind="file", venv=True), ["I4"]),
        ("/opt/wrapper", PathFacts("/opt/wrapper", kind="file", script=True), ["I4"]),
        ("/opt/gone", PathFacts("/opt/gone", kind="missing"), ["I4"]),
        ("/opt/python3", PathFacts("/opt/python3", kind="file"), []),
    ],
)
def test_what_uv_python_may_be(value, facts, expected):
    """UV_PYTHON may be a version, a name, or a real interpreter outside of the store."""
    snapshot = with_variables(UV_PYTHON=value)
    if facts:
        paths = {**snapshot.environment.paths, value: facts}
        snapshot = changed("environment", snapshot, paths=paths)
    assert found(snapshot, "I3", "I4") == expected


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (PathFacts(ENV, writable=False), "error: "),
        (PathFacts("/srv/venv", writable=False), "error: "),
        (PathFacts("/home/user/other/.venv", projects=True), "another project's venv"),
        (PathFacts("/home/user/venvs/app"), "the project has its own venv, `.venv`"),
        (PathFacts("/gone/venv", kind="missing"), "there is no such folder"),
    ],
)
def test_a_virtual_env_that_is_not_the_projects(facts, said):
    """I5 says in what way VIRTUAL_ENV is wrong."""
    assert said in text(with_variables(VIRTUAL_ENV=facts), "I5")


def test_the_projects_own_venv_may_be_gone_or_elsewhere():
    """A `.venv` not made yet, and a venv inside of the project, are no wrong VIRTUAL_ENV."""
    gone = with_variables(VIRTUAL_ENV=PathFacts(VENV, kind="missing"))
    assert found(replace(gone, venv=Venv(VENV)), "I5") == []
    inside = with_variables(VIRTUAL_ENV=PathFacts(f"{ROOT}/.devenv/state/venv", projects=False))
    assert found(inside, "I5") == []


def test_a_project_above_the_venv_is_the_same_one():
    """In a workspace the venv lies in the root, whose metadata makes it no other project's."""
    snapshot = changed("project", root=f"{ROOT}/packages/one")
    snapshot = replace(snapshot, venv=Venv(f"{ROOT}/packages/one/.venv"))
    assert found(snapshot, "I5") == []


@pytest.mark.parametrize(
    ("state", "nix_ld", "expected"),
    [
        (Loader.PRESENT, "", []),
        (Loader.ABSENT, "", ["I6"]),
        (Loader.STUB, "", ["I6"]),
        (Loader.NIX_LD, "", ["I6"]),
        (Loader.NIX_LD, "/nix/store/ld.so", []),
    ],
)
def test_a_generic_python_starts_where_its_loader_is(state, nix_ld, expected):
    """A Python for other Linux systems works with their loader, or with nix-ld and NIX_LD."""
    snapshot = changed("venv", loader="/lib64/ld-linux-x86-64.so.2", loader_state=state)
    assert found(with_variables(snapshot, NIX_LD=nix_ld), "I6", "V1") == expected


def test_the_hosts_python_first_is_told_in_nix_shells_only():
    """I7 is about shells that Nix made: elsewhere nobody expects the store's Python first."""
    search = (entry("/home/user/.pyenv/shims", "python3"), *healthy().search)
    snapshot = with_variables(replace(healthy(), search=search), UV_PYTHON_SEARCH_PATH="")
    assert "pyenv is asked before" in text(snapshot, "I7")
    assert found(with_variables(snapshot, IN_NIX_SHELL=""), "I7") == []


def test_the_hosts_uv_before_the_shells():
    """I7 names a uv of the host that runs in place of the shell's."""
    snapshot = replace(healthy(), search=(entry("/home/user/.cargo/bin", "uv"), *healthy().search))
    assert "the host's uv runs" in text(snapshot, "I7")


@pytest.mark.parametrize(
    ("version", "uv_python", "expected"),
    [("3.12.4", "", ["I8"]), ("3.12.8", "", []), ("3.12", "", []), ("3.12.4", "3.12", [])],
)
def test_a_pinned_patch_release(version, uv_python, expected):
    """Only a patch release that is not there, and that UV_PYTHON does not override, is told."""
    pins = (Pin(version, version, ".python-version:1"),)
    snapshot = changed("project", with_variables(UV_PYTHON=uv_python), pins=pins)
    assert found(snapshot, "I8") == expected


def test_pip_without_a_venv_matters_where_pip_is_the_installer():
    """uv makes its venv by itself, and PIP_PREFIX sends pip elsewhere."""
    bare = with_variables(replace(healthy(), venv=Venv(VENV)), VIRTUAL_ENV="")
    pip = changed("project", bare, installers=("pip",))
    assert found(bare, "I9") == []
    assert found(pip, "I9") == ["I9"]
    assert found(with_variables(pip, PIP_PREFIX=f"{ROOT}/_build"), "I9") == []


def test_the_soabi_of_another_python():
    """I10 compares the SOABI with the version."""
    mixed = replace(VENV_PYTHON, soabi="cpython-311-x86_64-linux-gnu")
    assert "3.12.8, but its SOABI is cpython-311" in text(
        replace(healthy(), interpreters=(mixed,)), "I10"
    )


def test_a_free_threaded_python_has_its_own_soabi():
    """`cpython-313t` is the SOABI of a 3.13, not of another Python."""
    free = replace(VENV_PYTHON, version="3.13.1", soabi="cpython-313t-x86_64-linux-gnu")
    assert found(replace(healthy(), interpreters=(free,)), "I10") == []


def test_a_shim_is_not_taken_for_a_python_that_is_broken():
    """Shims are not run, and that is no finding of its own."""
    shim = python(f"{STORE}/x/shims/python3", error="a shim, which is not run")
    snapshot = replace(healthy(), interpreters=(*healthy().interpreters, shim))
    assert found(snapshot, "I", "V") == []
