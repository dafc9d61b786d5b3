"""Which versions a nixpkgs has of what stands at its top level: Python, programs, libraries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from nixpy.nixpkgs.lock import Source
from nixpy.syntax import nix as nixtext

_PROGRAMS = Path(__file__).with_name("programs.nix")

# What is asked for: names for people, each with the attributes of which the first is taken.
Programs = Mapping[str, Sequence[str]]


def expression(source: Source, system: str, programs: Programs) -> str:
    """Give the Nix expression whose value :func:`versions_of` takes."""
    paths = [[one.split(".") for one in alternatives] for alternatives in programs.values()]
    values = {"system": system, "paths": paths}
    return nixtext.call(_PROGRAMS.read_text(), values, {"nixpkgs": source.path})


def versions_of(value: Any, programs: Programs) -> dict[str, str]:
    """Give the versions by name; what this nixpkgs has not is left out."""
    return {name: one for name, one in zip(programs, value, strict=True) if one}
