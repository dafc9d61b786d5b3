"""Snapshots for the doctor's checks: a healthy shell, to be changed in one thing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from nixpy.doctor.run import findings, select
from nixpy.doctor.snapshot import (
    Choices,
    Elf,
    Environment,
    Flake,
    Git,
    Interpreter,
    Machine,
    Nix,
    Part,
    PathFacts,
    ProjectFacts,
    SearchEntry,
    Snapshot,
    Venv,
)
from nixpy.venv.installed import Distribution

STORE = "/nix/store"
CLEAN = f"{STORE}/aaaa-python3-3.12.8"
ENV = f"{STORE}/bbbb-python3-3.12.8-env"
GLIBC = f"{STORE}/cccc-glibc-2.40/lib"
LOADER = f"{GLIBC}/ld-linux-x86-64.so.2"
ROOT = "/home/user/app"
VENV = f"{ROOT}/.venv"
SITE = "lib/python3.12/site-packages"


def python(path: str, prefix: str = CLEAN, version: str = "3.12.8", **further: Any) -> Interpreter:
    """Give what a Python of the store says, at a path."""
    minor = ".".join(version.split(".")[:2])
    values: dict[str, Any] = {
        "executable": path,
        "prefix": prefix,
        "base_prefix": prefix,
        "base_executable": f"{prefix}/bin/python{minor}",
        "plain_prefix": prefix,
        "version": version,
        "soabi": f"cpython-{minor.replace('.', '')}-x86_64-linux-gnu",
        "managed": f"{prefix}/lib/python{minor}/EXTERNALLY-MANAGED",
        "loader": LOADER,
    }
    return Interpreter(path, **{**values, **further})


def entry(folder: str, *names: str, resolved: str = "") -> SearchEntry:
    """Give a folder of PATH with programs."""
    return SearchEntry(folder, resolved or folder, {name: f"{folder}/{name}" for name in names})


def legacy_env(**further: Any) -> Interpreter:
    """Give what a `withPackages` Python of the older kind says."""
    values = {"base_prefix": CLEAN, "plain_prefix": CLEAN, **further}
    return python(f"{ENV}/bin/python3", ENV, distributions=NUMPY, **values)


NUMPY = (Distribution("numpy", "1.26.4"),)

VENV_PYTHON = python(
    f"{VENV}/bin/python",
    VENV,
    base_prefix=CLEAN,
    pyvenv=True,
    sys_path=(f"{VENV}/{SITE}", f"{ENV}/{SITE}"),
)


def healthy() -> Snapshot:
    """Give a shell of nixpy on NixOS, with numpy from an env that is linked into the venv."""
    return Snapshot(
        gathered=tuple(Part),
        machine=Machine(nixos=True),
        environment=Environment(
            {
                "IN_NIX_SHELL": "impure",
                "LANG": "en_US.UTF-8",
                "UV_PYTHON": "3.12",
                "UV_PYTHON_DOWNLOADS": "never",
                "UV_PYTHON_SEARCH_PATH": f"{CLEAN}/bin",
                "VIRTUAL_ENV": VENV,
            },
            {
                VENV: PathFacts(VENV, venv=True, projects=True),
                f"{CLEAN}/bin": PathFacts(f"{CLEAN}/bin", writable=False),
            },
        ),
        search=(
            SearchEntry(f"{VENV}/bin", f"{VENV}/bin", {"python3": f"{CLEAN}/bin/python3.12"}),
            entry(f"{CLEAN}/bin", "python3", "python3.12"),
            entry(f"{STORE}/dddd-uv-0.13/bin", "uv", "uvx"),
            entry(f"{ENV}/bin", "python3", "python3.12"),
        ),
        interpreters=(
            VENV_PYTHON,
            replace(VENV_PYTHON, path=f"{VENV}/bin/python3"),
            python(f"{CLEAN}/bin/python3"),
            legacy_env(),
        ),
        venv=Venv(
            path=VENV,
            kind="folder",
            resolved=VENV,
            config={"home": f"{CLEAN}/bin", "version": "3.12.8"},
            python=f"{VENV}/bin/python",
            python_exists=True,
            links=(f"{CLEAN}/bin/python3.12",),
            loader=LOADER,
            site_packages=f"{VENV}/{SITE}",
            distributions=(
                Distribution("numpy", "1.26.4", "nixpy"),
                Distribution("requests", "2.32.3", "uv"),
            ),
            nixpy=True,
        ),
        project=ProjectFacts(
            root=ROOT,
            files=("pyproject.toml", "uv.lock"),
            installers=("uv",),
            wanted=("numpy", "requests"),
            choices=Choices(packages=("numpy",), systems=("x86_64-linux", "aarch64-darwin")),
        ),
        flake=Flake(
            folder=ROOT,
            exists=True,
            generated=True,
            nixpkgs="github:NixOS/nixpkgs/nixos-25.11",
            systems=("x86_64-linux", "aarch64-darwin"),
            dev_shell=True,
            direnv=True,
        ),
        git=Git(root=ROOT),
        nix=Nix("/run/current-system/sw/bin/nix", "2.31.2", ("flakes", "nix-command")),
    )


def changed(part: str, snapshot: Snapshot | None = None, **values: Any) -> Snapshot:
    """Give a snapshot, by default the healthy one, with other values in a part."""
    snapshot = snapshot or healthy()
    return replace(snapshot, **{part: replace(getattr(snapshot, part), **values)})


def with_variables(snapshot: Snapshot | None = None, **variables: str | PathFacts) -> Snapshot:
    """Give a snapshot with further variables.

    A value that is a path's facts stands for that path: its resolved form, unless `NAME_text`
    gives another one. An empty value removes the variable.
    """
    snapshot = snapshot or healthy()
    values, paths = dict(snapshot.environment.variables), dict(snapshot.environment.paths)
    for name, value in variables.items():
        if isinstance(value, PathFacts):
            values[name] = value.resolved
            paths[value.resolved] = value
        else:
            values[name] = value
    kept = {name: value for name, value in values.items() if value}
    return replace(snapshot, environment=Environment(kept, paths))


def with_elf(*files: Elf, snapshot: Snapshot | None = None, **values: Any) -> Snapshot:
    """Give a snapshot whose venv holds ELF files, for a Python whose glibc is the store's."""
    libraries = ("libc.so.6", "libm.so.6", "libpthread.so.0")
    values = {"folders": {GLIBC: libraries}, "files": files, **values}
    return changed("elf", snapshot, **values)


def found(snapshot: Snapshot, *only: str) -> list[str]:
    """Give the ids of what the checks find."""
    return [one.id for one in findings(snapshot, select(only))]


def text(snapshot: Snapshot, identifier: str) -> str:
    """Give what is said of the one finding of an id: seen, why and fix."""
    said = findings(snapshot, select([identifier]))
    assert len(said) == 1, said
    return f"{said[0].severity.value}: {said[0].seen} | {said[0].why} | {said[0].fix}"
