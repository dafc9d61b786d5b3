"""What packages of conda and of Linux distributions are in nixpkgs and on PyPI."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from packaging.utils import canonicalize_name

from nixpy.knowledge.names import Unknown, lookup
from nixpy.knowledge.table import table
from nixpy.knowledge.top_level import known_attribute

# conda's packages of other languages, which nixpkgs has in sets of their own.
_OTHER_LANGUAGE = re.compile(r"(?:r|perl|bioconductor|rb|lua)-.+")
# What conda-forge builds and splits its own packages with.
_MACHINERY = re.compile(
    r"_.*|.*_(?:linux|osx|win)-(?:64|32|aarch64|arm64|ppc64le)|.*-devel(?:-.*)?"
)
_LIBRARY = re.compile(r"(?:lib|cuda-|xorg-|xcb-|aws-c-|font-|fonts-|magma|gcc_|gxx_).*")


# What follows a name in a command: `=1.2*`, `@16`, `:amd64`, `/stable`.
_PINNED = re.compile(r"(?:t64)?[=@:/<>~].*|t64$|\.(?:i686|x86_64|aarch64)$")
_HEADERS = re.compile(r"-(?:dev|devel|dbg|static|libs|doc)$")
# libhdf5-103, postgresql-client-15, g++-12, libicu72, libasound2t64, llvm-14
_NUMBERS = re.compile(r"-?\d[\d.]*(?:t64)?$")
_PYTHON = re.compile(
    r"(?:python|py)\d*(?:[.-]?\d+)*(?:-(?:dev|devel|venv|pip|distutils|minimal|full))*"
)
# NVIDIA's own packages: wheels bring them, and the driver is the machine's.
_CUDA = re.compile(r"(?:cuda-|nvidia-|tensorrt|lib(?:cu(?!rl|ps|nit)|nv|npp|nccl)).*")
_OF_PYTHON = re.compile(r"(?:python3?|py3)-(.+)")


@dataclass(frozen=True, slots=True)
class Package:
    """What a package of another distributor stands for.

    ``tools`` and ``libraries`` are top-level attributes of nixpkgs, ``pypi`` the name of its
    distribution. ``noise`` tells that nothing is to be taken: wheels and Nix's packages bring it,
    or it serves the distributor alone. With none of them, nixpkgs has not the program.
    """

    tools: tuple[str, ...] = ()
    libraries: tuple[str, ...] = ()
    pypi: str | None = None
    noise: bool = False


def conda_package(name: str) -> Package:
    """Return what a package of conda is, by its name in any case.

    A name without a row is PyPI's where nixpkgs' Python package set knows it, else a program where
    nixpkgs' top level has it, else PyPI's.
    """
    name = name.lower()
    rows = table("conda.yaml")
    if name in rows:
        return _package(rows.get(name))
    if _MACHINERY.fullmatch(name):
        return Package(noise=True)
    if _OTHER_LANGUAGE.fullmatch(name):
        return Package()
    distribution = canonicalize_name(name)
    if not isinstance(lookup(distribution), Unknown):
        return Package(pypi=distribution)
    if _LIBRARY.fullmatch(name):
        return Package(noise=True)
    if known_attribute(name):
        return Package(tools=(name,))
    return Package(pypi=distribution)


def system_package(name: str) -> Package | None:
    """Return what a package of apt, apk, dnf or Homebrew is, or None where no table knows it.

    ``name`` is what stands in a command: with or without a version (``redis=6.*``,
    ``postgresql@16``, ``libhdf5-103``), an architecture (``:amd64``) or ``-dev``.
    """
    plain = _PINNED.sub("", name.lower())
    rows = table("system_packages.yaml")
    for spelling in _spellings(plain):
        if spelling in rows:
            package = _package(rows.get(spelling))
            if spelling != plain and package.tools and _HEADERS.search(plain):
                return Package(libraries=package.tools)  # the headers of a program are a library's
            return package
    if _PYTHON.fullmatch(plain) or _CUDA.fullmatch(plain):
        return Package(noise=True)
    if match := _OF_PYTHON.fullmatch(plain):
        known = not isinstance(lookup(match[1]), Unknown)
        return Package(pypi=canonicalize_name(match[1])) if known else None
    return None


def _spellings(name: str) -> Iterator[str]:
    """Yield a name, then without its suffix and without numbers, as rows may have it."""
    bare = _HEADERS.sub("", name)
    yield name
    for stem in (bare, _NUMBERS.sub("", bare)):
        yield stem
        yield f"{stem}-dev"


def _package(row: str | dict[str, Any]) -> Package:
    if isinstance(row, str):
        return Package(noise=row == "noise")
    return Package(
        tools=tuple(row.get("tools", ())),
        libraries=tuple(row.get("libraries", ())),
        pypi=row.get("pypi"),
    )
