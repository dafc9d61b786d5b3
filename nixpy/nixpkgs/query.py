"""Which attributes of a plan the user's own nixpkgs has: one question to Nix. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from nixpy.knowledge.pythons import attribute_of
from nixpy.plan.model import Attribute, Plan, Reason
from nixpy.syntax import nix as nixtext

PACKAGES = "pkgs"
Names = Mapping[str, Sequence[str]]

_QUERY = Path(__file__).with_name("query.nix")


class State(Enum):
    """What nixpkgs says of an attribute."""

    GOOD = "good"
    MISSING = "missing"
    OTHER = "other"  # it is no package
    REFUSED = "refused"  # it throws: removed, unfree, broken, not for this Python or system


@dataclass(frozen=True, slots=True)
class Query:
    """An attribute that a shell lists, and the set it is looked up in: `pkgs`, or `python312`."""

    shell: str
    set: str
    attribute: Attribute
    key: str  # of nixpy.yaml


@dataclass(frozen=True, slots=True)
class Answer:
    """What nixpkgs says: the path that was found, its state, and its version if it has one."""

    query: Query
    state: State
    found: str
    version: str


def queries(plan: Plan) -> list[Query]:
    """Give all that a plan takes from nixpkgs, each thing once a shell."""
    found: list[Query] = []
    for shell in plan.shells:
        python = shell.python.attribute
        if not shell.python.exact:
            origin = shell.python.origin
            reason = Reason((origin,)) if origin else Reason(needs=(shell.python.reason,))
            own = Attribute((python,), f"Python {shell.python.minor}", reason)
            found.append(Query(shell.name, PACKAGES, own, "python"))
        for minor in shell.pythons:
            other = Attribute((attribute_of(minor),), f"Python {minor}")
            found.append(Query(shell.name, PACKAGES, other, "pythons"))
        lists = (
            (python, shell.packages, "packages"),
            (PACKAGES, (*shell.libraries, *shell.build_inputs), "libraries"),
            (PACKAGES, (*shell.first_tools, *shell.tools), "tools"),
        )
        for set_, attributes, key in lists:
            seen = dict.fromkeys(one.alternatives for one in attributes)
            for alternatives in seen:
                one = next(one for one in attributes if one.alternatives == alternatives)
                found.append(Query(shell.name, set_, one, key))
    return found


def expression(
    nixpkgs: str, system: str, asked: Sequence[Query], *, allow_unfree: bool = False
) -> str:
    """Give the question to all queries as a Nix expression.

    ``nixpkgs`` is a Nix expression for its path.
    """
    return nixtext.call(
        _QUERY.read_text(),
        {
            "system": system,
            "allowUnfree": allow_unfree,
            "sets": sorted({PACKAGES, *(one.set for one in asked)}),
            "queries": [
                {"set": one.set, "paths": [path.split(".") for path in one.attribute.alternatives]}
                for one in asked
            ],
        },
        {"nixpkgs": nixpkgs},
    )


def single(nixpkgs: str, system: str, answer: Answer, *, allow_unfree: bool = False) -> str:
    """Give an expression that evaluates what was found for one query, for what it throws."""
    base = "pkgs" if answer.query.set == PACKAGES else f"pkgs.{answer.query.set}.pkgs"
    unfree = "true" if allow_unfree else "false"
    return (
        f"let pkgs = import {nixpkgs} {{ system = {nixtext.string(system)}; overlays = [ ]; "
        f"config = {{ allowUnfree = {unfree}; }}; }}; in {nixtext.path(base, answer.found)}.drvPath"
    )


def answers(value: Any, asked: Iterable[Query]) -> tuple[list[Answer], Names]:
    """Read the value of :func:`expression`.

    Gives an answer for each query, and the names in each set where a name is missing.
    """
    found = [
        Answer(query, State(one["state"]), one["found"], one["version"])
        for query, one in zip(asked, value["answers"], strict=True)
    ]
    return found, value["names"]
