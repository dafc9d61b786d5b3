"""Nix expressions for what a plan wants from nixpkgs."""

from __future__ import annotations

from nixpy.plan.model import Attribute
from nixpy.syntax.nix import (
    comment,
    path,
)


def select(base: str, attribute: Attribute) -> str:
    """Give the expression for the first alternative that exists."""
    found = " or ".join(path(base, one) for one in attribute.alternatives)
    return f"({found})" if len(attribute.alternatives) > 1 else found


def with_comment(expression: str, because: str) -> str:
    """Put the reason behind an element of a list."""
    return f"{expression} # {comment(because)}" if because else expression
