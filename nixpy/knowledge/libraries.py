"""Which native libraries and programs a Python distribution takes from nixpkgs."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from packaging.utils import canonicalize_name

from nixpy.knowledge.table import table

# Nearly every wheel with an extension in C++ may load these from the system (PEP 600), so each
# shell has them: libstdc++, libgcc_s and libgomp; libz.
DEFAULTS = ("stdenv.cc.cc.lib", "zlib")

# What in `Needs.build` is a program of the build machine, and no library with headers.
TOOLS = frozenset(
    {
        "autoconf",
        "automake",
        "cargo",
        "cmake",
        "gfortran",
        "go",
        "libpq.pg_config",
        "libtool",
        "meson",
        "ninja",
        "pkg-config",
        "rustc",
        "swig",
        "wayland-scanner",
        "which",
        "zig",
    }
)

# Top-level attributes, and sets of them, with a licence that nixpkgs calls unfree.
_UNFREE = frozenset({"cudaPackages", "mkl", "oracle-instantclient", "unrar"})

# Attributes that are packages of their own, although another's fallback on older branches.
_OWN = frozenset({"mesa", "postgresql"})

_SYSTEMS = 4

_NUMBER = re.compile(r"(.+\.so)\.[\d.]+")


@dataclass(frozen=True, slots=True)
class Needs:
    """What one distribution takes from nixpkgs on Linux, as top-level attribute paths, sorted.

    ``runtime`` are libraries that it loads, without :data:`DEFAULTS`; ``programs`` those that it
    runs; ``build`` what building its sdist takes beside a C compiler, :data:`TOOLS` and libraries.
    ``unfree`` are libraries that it loads as well where the user allows them. ``packages`` are
    Python packages that only nixpkgs has (``tkinter``). ``unless`` names distributions that bring
    what ``runtime`` names. ``by_name`` tells that it asks ``ctypes.util.find_library``, ``sdist``
    that PyPI has no Linux wheel of it. ``note`` is for the user; with ``advice`` it is for everyone
    who has the distribution, else for who asks.
    """

    runtime: tuple[str, ...] = ()
    build: tuple[str, ...] = ()
    programs: tuple[str, ...] = ()
    unfree: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    by_name: bool = False
    sdist: bool = False
    note: str | None = None
    advice: bool = False


def needs(name: str) -> Needs | None:
    """Give what the distribution of a PyPI name takes, or None if nothing is known of it."""
    rows = table("libraries.yaml")
    row: dict[str, Any] | None = rows.get(canonicalize_name(name))
    if row is None:
        return None
    row = {**rows.get(row["as"]), **row} if "as" in row else row
    lists = ("runtime", "build", "programs", "unfree", "packages", "unless")
    return Needs(
        **{key: tuple(row.get(key, ())) for key in lists},
        by_name=row.get("by_name", False),
        sdist=row.get("sdist", False),
        note=row.get("note"),
        advice=row.get("advice", False),
    )


def brought_by_extra(name: str, extra: str) -> tuple[str, ...]:
    """Return the compiled distributions that an extra of a distribution brings, sorted.

    ``psycopg[c]`` brings psycopg-c, which is built: without a lock, only the extra tells.
    """
    row: dict[str, list[str]] = table("extras.yaml").get(canonicalize_name(name)) or {}
    return tuple(sorted(row.get(canonicalize_name(extra), ())))


def alternatives(attribute: str) -> tuple[str, ...]:
    """Give the paths under which nixpkgs' branches have a library: the first that exists is it.

    ``libx11`` and ``xorg.libX11`` both give ``("libx11", "xorg.libX11")``: the newest name comes
    first, since newer branches turn the old ones into errors.
    """
    names = table("library_names.yaml")
    newer = _renamed().get(attribute, attribute)
    return (newer, *(names.get(newer) or ()))


def everywhere(attribute: str) -> bool:
    """Whether nixpkgs has a program on every system that it supports, and refuses it on none."""
    from nixpy.knowledge.top_level import known_attribute

    known = known_attribute(attribute)
    return known is not None and len(known.systems) == _SYSTEMS and not known.refused


def soname_provider(soname: str) -> str | None:
    """Give the top-level attribute whose library has a soname, or None if no table says."""
    sonames = table("sonames.yaml")
    found: str | None = sonames.get(soname)
    if found is None and (match := _NUMBER.fullmatch(soname)):
        found = sonames.get(match[1])
    return found


def unfree(attribute: str) -> bool:
    """Whether nixpkgs refuses a top-level attribute unless unfree packages are allowed."""
    return attribute == "linuxPackages.nvidia_x11" or attribute.partition(".")[0] in _UNFREE


def accepts(attribute: str) -> str:
    """Give the key of nixpy.yaml that accepts an unfree library or program.

    CUDA's libraries are of no use without the driver's, so their key brings both.
    """
    return "cuda" if attribute.startswith("cudaPackages.") else "allow_unfree"


@cache
def _renamed() -> dict[str, str]:
    names = table("library_names.yaml")
    return {old: newer for newer in names for old in names.get(newer) if old not in _OWN}
