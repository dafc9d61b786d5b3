"""L, first half: the libraries that wheels load, and what is loaded in their place."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator

from nixpy.doctor.loader.extensions import Loading, Missing, TooOld
from nixpy.doctor.model import Mend, Seen, Severity, Step, rule
from nixpy.doctor.rules import asks
from nixpy.doctor.snapshot import Part, Snapshot
from nixpy.knowledge.find_library import SEARCHING
from nixpy.knowledge.libraries import DEFAULTS, soname_provider

_ELF = (Part.ENVIRONMENT, Part.SEARCH, Part.INTERPRETERS, Part.VENV, Part.ELF, Part.PROJECT,
        Part.FLAKE)  # fmt: skip


def _basic(soname: str) -> bool:
    return soname_provider(soname) in DEFAULTS


@rule("L1", Severity.ERROR, *_ELF)
def basic_library_missing(snapshot: Snapshot) -> Iterator[Seen]:
    """Tell if a wheel needs libstdc++, libgcc_s or zlib, and its Python does not find them."""
    lost = [one for one in Loading(snapshot).missing() if _basic(one.soname)]
    if not lost:
        return
    sonames = list(dict.fromkeys(one.soname for one in lost))
    files = list(dict.fromkeys(one.file for one in lost))
    attributes = _attributes(sonames)
    yield Seen(
        f"`{_venv(snapshot)}/{files[0]}`{_need(len(files))} {', '.join(sonames)}",
        _why(snapshot),
        _fix(snapshot, attributes),
        _mend(snapshot, attributes),
    )


@rule("L2", Severity.ERROR, *_ELF)
def further_library_missing(snapshot: Snapshot) -> Iterator[Seen]:
    """Tell if a wheel needs a library such as libGL or glib, and its Python does not find it."""
    packages: dict[str, list[Missing]] = {}
    for one in Loading(snapshot).missing():
        if not _basic(one.soname):
            packages.setdefault(one.package, []).append(one)
    for name, lost in packages.items():
        sonames = list(dict.fromkeys(one.soname for one in lost))
        files = list(dict.fromkeys(one.file for one in lost))
        attributes = _attributes(sonames)
        yield Seen(
            f"{name}: `{_venv(snapshot)}/{files[0]}`{_need(len(files))} {asks.some(sonames, 6)}",
            _why(snapshot),
            _fix(snapshot, attributes, [one for one in sonames if not soname_provider(one)]),
            _mend(snapshot, attributes),
        )


def _venv(snapshot: Snapshot) -> str:
    return asks.relative(snapshot, snapshot.venv.path)


def _need(files: int) -> str:
    return f" and {files - 1} more need" if files > 1 else " needs"


def _attributes(sonames: Iterable[str]) -> list[str]:
    """Give the nixpkgs attributes of sonames; those without a known one are left out."""
    return sorted({found for one in sonames if (found := soname_provider(one))})


def _why(snapshot: Snapshot) -> str:
    if asks.runs_on_nix(snapshot):
        return "Nix's Python looks for libraries in the store only, and no path leads to this one"
    return "no folder that the dynamic loader searches has it"


def _fix(snapshot: Snapshot, attributes: list[str], unknown: Iterable[str] = ()) -> str:
    if not asks.runs_on_nix(snapshot):
        return "install it with your distribution (`apt-file search` or `dnf provides` names it)"
    # Each of nixpy's shells has the defaults: where they are missing, the venv is of an older one.
    with_nixpy = asks.with_nixpy(snapshot)
    further = [one for one in attributes if one not in DEFAULTS]
    steps = []
    if asks.listed(snapshot, "libraries", further):
        steps.append(f"nixpy.yaml lists {asks.some(further)}: {asks.AGAIN}")
    elif with_nixpy and further:
        steps.append(f"`nixpy add --library {' '.join(further)}`")
    elif with_nixpy and attributes:
        steps.append("enter the shell again, which loads it when Python starts")
    elif attributes:
        named = "".join(f" --library {one}" for one in further)
        steps.append(f"`nixpy init{named}`: its shell loads it, without LD_LIBRARY_PATH")
    odd = list(unknown)
    if odd:
        others = f" (as for {asks.some(odd[1:])})" if odd[1:] else ""
        steps.append(f"`nix-locate --whole-name lib/{odd[0]}` names the package{others}")
    return "; ".join(steps)


def _mend(snapshot: Snapshot, attributes: list[str]) -> Mend | None:
    choices = snapshot.project.choices
    if choices is None or not attributes or not asks.runs_on_nix(snapshot):
        return None
    new = tuple(one for one in attributes if one not in (*choices.libraries, *DEFAULTS))
    return Mend(Step.EDIT_CONFIG, new, "libraries") if new else None


@rule("L3", Severity.WARNING, *_ELF)
def not_found_by_name(snapshot: Snapshot) -> Iterator[Seen]:
    """Tell if a package looks a library up by name, and `ctypes.util.find_library` gives None."""
    python = asks.venv_python(snapshot)
    if python is None:
        return
    installed = {one.name for one in snapshot.venv.distributions}
    for name, row in SEARCHING.items():
        lost = [one for one in row.names if one in python.unfound]
        by_soname = any(soname in snapshot.elf.loaded for soname in row.sonames)
        if name not in installed or len(lost) < len(row.names) or by_soname:
            continue
        nix = asks.runs_on_nix(snapshot)
        yield Seen(
            f"{name} asks for `{row.names[0]}`; `ctypes.util.find_library` gives None",
            "nixpkgs has no cache of libraries to look names up in" if nix
            else "the library is not installed",
            f"`libraries: [{row.attribute}]` and `library_path: true` in nixpy.yaml" if nix
            else "install the library with your distribution",
        )  # fmt: skip


_CUDA = re.compile(
    r"nvidia-(?:cuda-runtime|cublas|cudnn)(?:-cu\d+)?|cupy-cuda\d+x?|jax-cuda\d+-plugin"
)


@rule("L4", Severity.WARNING, *_ELF)
def no_driver(snapshot: Snapshot) -> Iterator[Seen]:
    """Tell if there is a GPU and a CUDA build, and the driver's libcuda is not found."""
    machine = snapshot.machine
    if not machine.gpu or not asks.runs_on_nix(snapshot):
        return
    named = next(
        (one.name for one in snapshot.venv.distributions if _CUDA.fullmatch(one.name)), None
    )
    if named is None or "libcuda.so.1" in snapshot.elf.loaded:
        return
    python = asks.venv_python(snapshot)
    folders = python.library_path if python else ()
    if any("libcuda.so.1" in snapshot.elf.folders.get(one, ()) for one in folders):
        return
    with_nixpy = asks.with_nixpy(snapshot)
    if machine.drivers:
        there = f"`{machine.drivers[0]}` has it, which Nix's Python does not search"
        fix = (
            "`cuda: true` in nixpy.yaml, then `nixpy sync`"
            if with_nixpy
            else f"preload `{machine.drivers[0]}/libcuda.so.1` (nixpy does so with `cuda: true`)"
        )
    else:
        there = "neither `/run/opengl-driver/lib` nor a folder of the host has it"
        fix = (
            "`hardware.graphics.enable = true` and the nvidia driver in NixOS' configuration"
            if machine.nixos
            else "install the NVIDIA driver on the host"
        )
    yield Seen(f"`{machine.gpu}` and {named} are there, libcuda.so.1 is not loaded", there, fix)


@rule("L5", Severity.WARNING, Part.ENVIRONMENT, Part.VENV)
def triton_without_ldconfig(snapshot: Snapshot) -> Iterator[Seen]:
    """Tell if triton asks ldconfig for libcuda, and there is none."""
    machine = snapshot.machine
    triton = any(one.name == "triton" for one in snapshot.venv.distributions)
    told = snapshot.environment.get("TRITON_LIBCUDA_PATH")
    if triton and machine.gpu and not machine.ldconfig and not told:
        folder = machine.drivers[0] if machine.drivers else "/run/opengl-driver/lib"
        yield Seen(
            "triton is in the venv, TRITON_LIBCUDA_PATH is not set",
            "triton asks `/sbin/ldconfig` where libcuda is, and there is no such program",
            f"set TRITON_LIBCUDA_PATH={folder} (nixpy does so with `cuda: true`)",
        )


@rule(
    "L8",
    Severity.WARNING,
    Part.ENVIRONMENT,
    Part.SEARCH,
    Part.INTERPRETERS,
    Part.VENV,
    Part.PROJECT,
)
def store_in_library_path(snapshot: Snapshot) -> Iterator[Seen]:
    """Tell if LD_LIBRARY_PATH leads into the store, for every program started from here."""
    environment, choices = snapshot.environment, snapshot.project.choices
    folders = [
        one for one in environment.folders("LD_LIBRARY_PATH") if snapshot.machine.in_store(one)
    ]
    glibc = [one for one in folders if "libc.so.6" in environment.paths[one].holds]
    if glibc:
        yield Seen(
            f"LD_LIBRARY_PATH names `{glibc[0]}`, which holds glibc",
            "every program of the host loads this glibc with its own loader, and crashes",
            "take the glibc folder out of LD_LIBRARY_PATH",
            severity=Severity.ERROR,
        )
    elif _host_glibc(snapshot):
        yield Seen(
            f"LD_LIBRARY_PATH names `{_host_glibc(snapshot)}`, which holds the host's glibc",
            "every program of the store loads it with its own loader, and crashes",
            "take the folder out of LD_LIBRARY_PATH",
            severity=Severity.ERROR,
        )
    elif folders and not (choices and choices.library_path):
        more = f" and {len(folders) - 1} more of the store" if len(folders) > 1 else ""
        yield Seen(
            f"LD_LIBRARY_PATH names `{folders[0]}`{more}",
            "programs of the host load these too, and they may want a newer glibc than the host's",
            "`unset LD_LIBRARY_PATH`; nixpy's shells load libraries into Python alone",
        )


def _host_glibc(snapshot: Snapshot) -> str | None:
    """Give a folder of LD_LIBRARY_PATH with the host's glibc, where Pythons are of the store."""
    environment, in_store = snapshot.environment, snapshot.machine.in_store
    loaders = [snapshot.venv.loader, *(one.loader for one in snapshot.interpreters)]
    if not any(in_store(loader) for loader in loaders):
        return None
    return next(
        (
            one
            for one in environment.folders("LD_LIBRARY_PATH")
            if not in_store(environment.paths[one].resolved)
            and "libc.so.6" in environment.paths[one].holds
        ),
        None,
    )


@rule("L9", Severity.ERROR, *_ELF)
def library_too_old(snapshot: Snapshot) -> Iterator[Seen]:
    """Tell if an extension needs newer symbols than the library that Python loads has."""
    found: dict[str, list[TooOld]] = {}
    for one in Loading(snapshot).too_old():
        found.setdefault(one.library, []).append(one)
    for library, old in found.items():
        worst = max(old, key=lambda one: one.order)
        files = len({one.file for one in old})
        glibc = worst.version.startswith("GLIBC_")
        yield Seen(
            f"`{_venv(snapshot)}/{worst.file}`{_need(files)} {worst.version};"
            f" `{library}` has up to {worst.highest}",
            f"{posixpath.basename(library)} is of an older nixpkgs than the one that built this"
            if snapshot.machine.in_store(library)
            else "the wheel was built for a newer system",
            "take Python and libraries from one, newer nixpkgs (`nix flake update nixpkgs`), or"
            " install an older version of the package"
            if glibc or asks.runs_on_nix(snapshot)
            else "install an older version of the package, or a newer libstdc++",
        )


RULES = (
    basic_library_missing,
    further_library_missing,
    not_found_by_name,
    no_driver,
    triton_without_ldconfig,
    store_in_library_path,
    library_too_old,
)
