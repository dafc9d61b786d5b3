"""What Nix calls a package, in the words of who asked for it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from nixpy.errors import NixpyError
from nixpy.knowledge.nearest import nearest
from nixpy.plan.model import Attribute, Reason
from nixpy.plan.packages import bare_attribute

_VERSIONED = re.compile(r"^(?:python3\.\d+-)?(.+?)(?:-\d[^-]*)?(?:-\w+)?$")
_SEARCH = "https://search.nixos.org/packages shows what there is"


@dataclass(frozen=True, slots=True)
class Context:
    """What is known of the flake whose evaluation failed.

    ``listed`` is what nixpy.yaml or the project asks for, ``names`` what nixpkgs has, as far as it
    was asked; ``root`` is the project's folder, which newer Nix puts before the paths of its files.
    """

    listed: tuple[Attribute, ...] = ()
    names: tuple[str, ...] = ()
    root: str = ""

    def asked(self, name: str) -> Attribute | None:
        """Give what was asked for by an attribute, or as a package with its version.

        A package is `python3.12-torch-2.1`; an attribute may be the last part of a path.
        """
        found = _VERSIONED.match(name)
        alike = {_plain(name), _plain(found.group(1)) if found else ""}
        for one in self.listed:
            own = {_plain(path.rpartition(".")[2]) for path in one.alternatives}
            if alike & {*own, _plain(one.name), *map(_plain, one.alternatives)}:
                return one
        return None

    def spoken(self, name: str) -> str:
        """Give a package as the user knows it, with where it is asked for."""
        one = self.asked(name)
        clause = one.reason.clause if one else ""
        spoken = f"`{one.name if one else name}`"
        return f"{spoken}, which {clause}," if clause else spoken


def missing_name(attribute: str, context: Context) -> NixpyError:
    """Say that nixpkgs has not an attribute, by the name that the user wrote, with the nearest."""
    one = context.asked(attribute)
    near = nearest(attribute, context.names)
    name = one.name if one else attribute
    # What stands for a PyPI name may be spelt quite otherwise: `file-magic` is `magic`.
    also = "" if _plain(bare_attribute(name)) == _plain(attribute) else f" (`{attribute}`)"
    clause = (one.reason if one else Reason()).clause
    where = f", which {clause}" if clause else ""
    return NixpyError(
        f"nixpkgs has no `{name}`{also}{where}",
        hint=f"did you mean {_either(near)}?" if near else _SEARCH,
    )


def _plain(name: str) -> str:
    return name.lower().replace("_", "-")


def _either(names: Iterable[str]) -> str:
    return " or ".join(f"`{name}`" for name in names)
