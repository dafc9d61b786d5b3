"""V: the life of a venv, judged from snapshots."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nixpy.doctor.model import Step
from nixpy.doctor.run import findings, select
from nixpy.doctor.snapshot import Activator, PathFacts, Script, Venv
from nixpy.venv.installed import Distribution
from tests.support.snapshots import (
    CLEAN,
    ENV,
    SITE,
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


def test_a_dangling_python_of_nixpys_can_be_mended():
    """V1 of a venv that nixpy made carries the mend of remaking it."""
    snapshot = changed("venv", python_exists=False)
    (one,) = findings(snapshot, select(["V1"]))
    assert one.mend is not None
    assert one.mend.step is Step.REMAKE_VENV
    assert "no garbage collector root keeps" in one.why


def test_a_dangling_python_of_others_is_told_how_to_remake():
    """V1 of a venv that nixpy did not make names the installer's own command."""
    snapshot = changed("venv", python_exists=False, nixpy=False)
    assert "`uv sync`" in text(snapshot, "V1")
    (one,) = findings(snapshot, select(["V1"]))
    assert one.mend is None


def test_a_home_that_is_gone():
    """V1 sees a pyvenv.cfg whose home is gone even if the link still leads somewhere."""
    snapshot = changed("venv", home_exists=False)
    assert f"names `{CLEAN}/bin`, which is gone" in text(snapshot, "V1")


def test_a_python_that_crashes_is_v1_unless_the_library_path_explains_it():
    """A Python that does not run is V1; with store paths in LD_LIBRARY_PATH that is L8's to say."""
    broken = python(f"{VENV}/bin/python", error="ended by signal 11")
    snapshot = replace(healthy(), interpreters=(broken,))
    assert found(snapshot, "V1", "L8") == ["V1"]
    glibc = PathFacts(f"{STORE}/eeee-glibc-2.38/lib", holds=("libc.so.6",))
    assert found(with_variables(snapshot, LD_LIBRARY_PATH=glibc), "V1", "L8") == ["L8"]


def test_a_link_to_no_folder():
    """`.venv` may be a link; V1 tells where it leads if that is gone."""
    venv = Venv(VENV, kind="link", resolved="/srv/venvs/gone")
    assert "links to `/srv/venvs/gone`" in text(replace(healthy(), venv=venv), "V1")


def test_another_minor_version_matters_in_nix_shells_only():
    """V2 compares with the shell's Python; outside of a Nix shell a venv may be of any version."""
    other = f"{STORE}/ffff-python3-3.13.1"
    snapshot = replace(
        healthy(),
        search=(entry(f"{other}/bin", "python3"),),
        interpreters=(VENV_PYTHON, python(f"{other}/bin/python3", other, "3.13.1")),
    )
    assert "is of Python 3.12; the shell has 3.13.1" in text(snapshot, "V2")
    assert found(with_variables(snapshot, IN_NIX_SHELL=""), "V2") == []


def test_read_only_scripts_are_a_note():
    """V3 names the script and its mode."""
    sealed = (Activator("activate.fish", 0o444), Activator("activate", 0o444))
    assert text(changed("venv", activators=sealed), "V3").startswith(
        "note: `.venv/bin/activate` has mode 0444"
    )


def test_a_venv_of_another_user():
    """V4 names both users."""
    snapshot = changed("venv", writable=False, owner=0)
    assert "it belongs to user 0, you are 1000" in text(snapshot, "V4")


def unlinked(**further):
    """A shell with an env on PATH and a venv that sees nothing of it."""
    blind = replace(VENV_PYTHON, sys_path=(f"{VENV}/{SITE}",))
    snapshot = replace(healthy(), interpreters=(blind, legacy_env(**further)))
    return changed("venv", snapshot, distributions=())


def test_what_the_env_has_and_the_venv_does_not_see():
    """V5 is a warning for what the project wants, a note for the rest."""
    assert text(unlinked(), "V5").startswith(f"warning: `{ENV}` has numpy")
    assert text(changed("project", unlinked(), wanted=()), "V5").startswith("note: ")


def test_a_venv_that_was_made_from_the_env_does_not_see_it():
    """Such a venv has the env's standard library on its path, and not the env's packages."""
    snapshot = unlinked()
    venv, env = snapshot.interpreters
    of_env = replace(venv, base_prefix=ENV, sys_path=(f"{ENV}/lib/python3.12", f"{VENV}/{SITE}"))
    env = replace(env, base_prefix=ENV)
    found_so = text(replace(snapshot, interpreters=(of_env, env)), "V5")
    assert found_so.startswith(f"warning: `{ENV}` has numpy")
    assert "once the env is collected" in found_so
    with_site = replace(of_env, sys_path=(*of_env.sys_path, f"{ENV}/{SITE}"))
    assert found(replace(snapshot, interpreters=(with_site, env)), "V5") == []


def test_pythonpath_makes_the_env_visible():
    """What PYTHONPATH shows can be imported, so V5 is silent (and E1 speaks)."""
    shown = PathFacts(f"{ENV}/{SITE}", distributions=("numpy",))
    assert found(with_variables(unlinked(), PYTHONPATH=shown), "V5", "E1") == ["E1"]


def test_an_env_with_tools_alone_is_not_missed():
    """`withPackages (ps: [ ps.pip ps.virtualenv ])` is there to make venvs with."""
    tools = (Distribution("pip", "24.0"), Distribution("virtualenv", "20.26"))
    snapshot = unlinked()
    env = replace(snapshot.interpreters[1], distributions=tools)
    assert found(replace(snapshot, interpreters=(snapshot.interpreters[0], env)), "V5") == []


@pytest.mark.parametrize(
    ("installer", "version", "expected"),
    [("uv", "2.1.0", ["V6"]), ("uv", "1.26.4", []), ("nixpy", "2.1.0", [])],
)
def test_two_versions_of_a_distribution(installer, version, expected):
    """V6 is about another version that an installer brought, not about nixpy's own link."""
    snapshot = changed("venv", distributions=(Distribution("numpy", version, installer),))
    assert found(snapshot, "V6") == expected


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        (Script("tool", f"{VENV}/bin/python", f"{VENV}/bin"), []),
        (Script("tool", "/old/.venv/bin/python", "/old/.venv/bin", exists=False), ["V7"]),
        (Script("tool", "/old/.venv/bin/python", "/old/.venv/bin", venv=True), ["V7"]),
        (Script("tool", "/mnt/.venv/bin/python", f"{VENV}/bin"), []),
        (Script("tool", f"{CLEAN}/bin/python3", f"{CLEAN}/bin", venv=False), []),
    ],
)
def test_scripts_of_another_folder(script, expected):
    """A script of the venv may name a Python by another path to the same folder, or of no venv."""
    assert found(changed("venv", scripts=(script,)), "V7") == expected


def test_an_activate_script_of_another_folder():
    """V7 sees VIRTUAL_ENV in `activate`."""
    moved = Activator("activate", 0o644, "/old/.venv", "/old/.venv")
    assert "`.venv/bin/activate` names `/old/.venv`" in text(
        changed("venv", activators=(moved,)), "V7"
    )


@pytest.mark.parametrize(
    ("made_by_uv", "with_nixpy", "pip_python", "expected"),
    [
        (False, False, "", ["V8"]),
        (True, False, "", []),
        (True, True, "", ["V8"]),
        (False, False, "/opt/python", []),
    ],
)
def test_no_pip_in_the_venv(made_by_uv, with_nixpy, pip_python, expected):
    """A venv of uv's needs no pip for `uv pip`, unless nixpy.yaml names pip as the installer."""
    config = {"home": "/x", "version": "3.12.8", **({"uv": "0.13.8"} if made_by_uv else {})}
    snapshot = replace(healthy(), interpreters=(replace(VENV_PYTHON, pip=False),))
    snapshot = changed("venv", snapshot, config=config)
    choices = healthy().project.choices if with_nixpy else None
    snapshot = changed("project", snapshot, installers=("pip",), choices=choices)
    assert found(with_variables(snapshot, PIP_PYTHON=pip_python), "V8") == expected


def test_tkinter_is_added_to_nixpy_yaml():
    """V9 in a project of nixpy carries the mend of adding tkinter to its packages."""
    snapshot = replace(healthy(), interpreters=(replace(VENV_PYTHON, tkinter=False),))
    snapshot = changed("project", snapshot, imports={"tkinter": "app.py:3"})
    (one,) = findings(snapshot, select(["V9"]))
    assert one.mend is not None
    assert (one.mend.key, one.mend.values) == ("packages", ("tkinter",))


def test_tkinter_of_a_distribution_is_the_distributions_to_install():
    """V9 with a Python of Debian's does not speak of nixpkgs."""
    debian = replace(VENV_PYTHON, tkinter=False, base_prefix="/usr", loader="/lib64/ld.so")
    snapshot = replace(healthy(), interpreters=(debian,))
    snapshot = changed("project", snapshot, imports={"tkinter": "app.py:3"})
    assert "apt install python3-tk" in text(snapshot, "V9")
