"""What packages of conda and of Linux distributions are in nixpkgs and on PyPI."""

import re
from dataclasses import dataclass
from typing import Any

from nixpy.knowledge.names import Unknown, lookup
from nixpy.knowledge.table import table
from nixpy.knowledge.top_level import known_attribute
from nixpy.naming import normalise

# conda's packages of other languages, which nixpkgs has in sets of their own.
_OTHER_LANGUAGE = re.compile(r"(?:r|perl|bioconductor|rb|lua)-.+")
# What conda-forge builds and splits its own packages with.
_MACHINERY = re.compile(
    r"_.*|.*_(?:linux|osx|win)-(?:64|32|aarch64|arm64|ppc64le)|.*-devel(?:-.*)?"
)
_LIBRARY = re.compile(r"(?:lib|cuda-|xorg-|xcb-|aws-c-|font-|fonts-|magma|gcc_|gxx_).*")


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
    distribution = normalise(name)
    if not isinstance(lookup(distribution), Unknown):
        return Package(pypi=distribution)
    if _LIBRARY.fullmatch(name):
        return Package(noise=True)
    if known_attribute(name):
        return Package(tools=(name,))
    return Package(pypi=distribution)


def _package(row: str | dict[str, Any]) -> Package:
    if isinstance(row, str):
        return Package(noise=row == "noise")
    return Package(
        tools=tuple(row.get("tools", ())),
        libraries=tuple(row.get("libraries", ())),
        pypi=row.get("pypi"),
    )
