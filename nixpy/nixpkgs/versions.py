"""Which versions Nix has of what it provides: from the linked environment, or by evaluating."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name

from nixpy.config.model import Item
from nixpy.knowledge.names import Absent, Known, Unknown, pypi_name
from nixpy.knowledge.pythons import attribute_of
from nixpy.nixpkgs.lock import Source
from nixpy.plan.packages import bare_attribute
from nixpy.syntax import nix as nixtext

_VERSIONS = Path(__file__).with_name("versions.nix")


def expression(source: Source, system: str, python: str, listed: Iterable[Listed]) -> str:
    """Give the Nix expression for the versions of listed packages and of all that they bring.

    ``system`` is ``x86_64-linux`` and the like, ``python`` a minor version. Its value is what
    :func:`versions_of` takes.
    """
    paths = [[path.split(".") for path in _alternatives(one)] for one in listed]
    values = {"system": system, "python": attribute_of(python), "paths": paths}
    return nixtext.call(_VERSIONS.read_text(), values, {"nixpkgs": source.path})


def _alternatives(one: Listed) -> tuple[str, ...]:
    if isinstance(one.known, Known):
        return one.known.alternatives
    return (bare_attribute(one.item.text),)


def versions_of(value: Any, listed: Iterable[Listed]) -> dict[str, str]:
    """Give the versions, by the names that distributions have on PyPI."""
    found: dict[str, str] = {}
    own: set[str] = set()
    for one, answer in zip(listed, value["listed"], strict=True):
        if answer is not None:
            found[one.name] = answer["version"]
            own.add(answer["name"])
    for answer in value["all"]:
        if answer["name"] not in own:
            name = pypi_name(answer["name"]) or canonicalize_name(answer["name"])
            found.setdefault(name, answer["version"])
    return found


@dataclass(frozen=True, slots=True)
class Listed:
    """A package of nixpy.yaml's ``packages:``, and the distribution that it is."""

    item: Item
    name: str
    known: Known | Absent | Unknown
