"""E: the shell's variables and what reads them, judged from snapshots."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nixpy.doctor.snapshot import EditorSetting, Kernel, Machine, Mention, PathFacts, Pin, Venv
from tests.support.snapshots import (
    CLEAN,
    ENV,
    ROOT,
    SITE,
    STORE,
    VENV,
    VENV_PYTHON,
    changed,
    entry,
    found,
    healthy,
    python,
    text,
    with_variables,
)

NUMPY = {"distributions": ("numpy",)}


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (PathFacts(f"{ENV}/{SITE}", **NUMPY), ["E1"]),
        (PathFacts(f"{CLEAN}/{SITE}"), []),
        (PathFacts("/opt/lib/python3.9/site-packages", **NUMPY), ["E1"]),
        (PathFacts(f"{ROOT}/src"), []),
        (PathFacts("/opt/lib/python3.12/site-packages", **NUMPY), []),
    ],
    ids=["env", "empty", "other minor", "project", "same minor"],
)
def test_what_may_stand_on_pythonpath(facts, expected):
    """Packages of the store come before the venv's, those of another minor version are wrong."""
    assert found(with_variables(PYTHONPATH=facts), "E1") == expected


def test_pythonpath_without_a_venv_is_how_nix_shell_works():
    """With no venv, PYTHONPATH is what makes the packages of a shell visible."""
    clean = python(f"{CLEAN}/bin/python3")
    snapshot = replace(healthy(), venv=Venv(VENV), interpreters=(clean,))
    assert (
        found(with_variables(snapshot, PYTHONPATH=PathFacts(f"{ENV}/{SITE}", **NUMPY)), "E1") == []
    )


def test_a_tool_brought_another_python():
    """E2 names where the declared one stands on PATH."""
    other = f"{STORE}/iiii-python3-3.13.1"
    snapshot = replace(
        healthy(),
        search=(entry(f"{other}/bin", "python3"), entry(f"{CLEAN}/bin", "python3")),
        interpreters=(
            VENV_PYTHON,
            python(f"{other}/bin/python3", other, "3.13.1"),
            python(f"{CLEAN}/bin/python3"),
        ),
    )
    assert f"put `{CLEAN}/bin` before it" in text(snapshot, "E2")
    in_order = replace(snapshot, search=snapshot.search[::-1])
    assert found(in_order, "E2") == []


def test_the_venv_first_on_path_hides_other_pythons():
    """With `.venv/bin` first, `python` is the venv's, so E2 is silent."""
    pins = (Pin("3.11", "3.11", ".python-version:1"),)
    snapshot = with_variables(changed("project", pins=pins), UV_PYTHON="")
    assert found(snapshot, "E2") == []


@pytest.mark.parametrize(
    ("value", "expected"), [("0", ["E3"]), ("315532799", ["E3"]), ("315532800", []), ("x", [])]
)
def test_dates_of_zip_files(value, expected):
    """The first day of 1980 is fine, the second before is not."""
    assert found(with_variables(SOURCE_DATE_EPOCH=value), "E3") == expected


@pytest.mark.parametrize(
    ("value", "shell", "expected"),
    [("0", "impure", ["E4"]), ("random", "impure", []), ("0", "", [])],
)
def test_the_seed_of_hashes(value, shell, expected):
    """A fixed seed is told in a Nix shell; elsewhere the user set it."""
    assert found(with_variables(PYTHONHASHSEED=value, IN_NIX_SHELL=shell), "E4") == expected


def test_all_variables_of_the_temporary_folder_are_unset_together():
    """E5 names each variable that leads nowhere."""
    gone = PathFacts("/tmp/nix-shell.gone", kind="missing")
    snapshot = with_variables(TMPDIR=gone, TEMP=gone, TMP=PathFacts("/tmp"))
    assert "`unset TMPDIR TEMP`" in text(snapshot, "E5")


def test_certificates_that_are_there():
    """E6 is about files that are missing."""
    there = PathFacts("/etc/ssl/certs/ca-bundle.crt", kind="file")
    gone = PathFacts("/no-cert-file.crt", kind="missing")
    assert found(with_variables(SSL_CERT_FILE=there), "E6") == []
    assert "NIX_SSL_CERT_FILE=/no-cert-file.crt" in text(
        with_variables(NIX_SSL_CERT_FILE=gone), "E6"
    )


@pytest.mark.parametrize(
    ("variables", "nixos", "expected"),
    [
        ({}, False, ["E7"]),
        ({}, True, []),
        ({"LANG": "C.UTF-8"}, False, []),
        ({"LANG": ""}, False, []),
        ({"LANG": "C", "LC_ALL": "de_DE.UTF-8"}, False, ["E7"]),
        ({"LOCALE_ARCHIVE": PathFacts("/usr/lib/locale/locale-archive", kind="file")}, False, []),
        ({"LOCALE_ARCHIVE": PathFacts("/nix/store/gone", kind="missing")}, False, ["E7"]),
    ],
)
def test_where_locales_are_missing(variables, nixos, expected):
    """Off NixOS, a Python of the store finds locales by LOCALE_ARCHIVE alone."""
    snapshot = replace(healthy(), machine=Machine(nixos=nixos))
    assert found(with_variables(snapshot, **variables), "E7") == expected


def test_the_hosts_python_has_the_hosts_locales():
    """E7 is about Nix's glibc, which the stand-in of a shell may not use at all."""
    host = replace(VENV_PYTHON, loader="/lib64/ld-linux-x86-64.so.2")
    snapshot = replace(healthy(), machine=Machine(), interpreters=(host,))
    assert found(snapshot, "E7") == []


def test_functions_arrive_in_nix_develop():
    """E9 is told only where direnv loaded the shell."""
    lost = (Mention("serve", "flake.nix:12"),)
    snapshot = changed("flake", functions=lost)
    assert found(snapshot, "E9") == []
    assert "flake.nix:12 defines serve" in text(
        with_variables(snapshot, DIRENV_DIR=f"-{ROOT}"), "E9"
    )


@pytest.mark.parametrize(
    ("path", "exists", "expected"),
    [
        (f"{CLEAN}/bin/python3", True, ["E10"]),
        ("/gone/python", False, ["E10"]),
        (f"{VENV}/bin/python", True, []),
        (f"{VENV}/bin/python", False, []),
        ("/usr/bin/python3", True, []),
    ],
)
def test_which_python_the_editor_may_name(path, exists, expected):
    """The venv's is right even before the venv is made; the store's and missing ones are not."""
    setting = EditorSetting(".vscode/settings.json", path, path, exists)
    assert found(changed("project", editors=(setting,)), "E10") == expected


@pytest.mark.parametrize(
    ("program", "exists", "owner", "expected"),
    [
        (f"{CLEAN}/bin/python3", True, "venv", ["E11"]),
        (f"{CLEAN}/bin/python3", False, "venv", ["E11"]),
        (f"{VENV}/bin/python", True, "venv", []),
        ("python", False, "venv", []),
        (f"{VENV}/bin/python", False, "user", ["E11"]),
        (f"{CLEAN}/bin/python3", True, "JUPYTER_PATH", []),
    ],
)
def test_which_python_a_kernel_may_start(program, exists, owner, expected):
    """A kernel of the venv starts the venv's Python; one that Nix provides may start Nix's."""
    kernel = Kernel(
        "python3", f"{VENV}/share/jupyter/kernels/python3/kernel.json", program, exists, owner
    )
    assert found(changed("venv", kernels=(kernel,)), "E11") == expected
