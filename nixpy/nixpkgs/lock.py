"""The nixpkgs that a flake.lock records (Nix manual, "Lock files")."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from nixpy.syntax import nix as nixtext


@dataclass(frozen=True, slots=True)
class Source:
    """The nixpkgs of a flake.lock: what ``builtins.fetchTree`` takes, and a folder in it.

    ``original`` are the attributes of the reference that was locked.
    """

    locked: Mapping[str, Any]
    folder: str = ""
    original: Mapping[str, Any] = field(default_factory=dict)

    @property
    def path(self) -> str:
        """A Nix expression for its path."""
        locked = nixtext.string(json.dumps(self.locked))
        tree = f"builtins.fetchTree (builtins.fromJSON {locked})"
        return f"({tree} + {nixtext.string(self.folder)})"

    def locks(self, reference: str) -> bool:
        """Tell whether this is what was locked for a flake reference, as far as is understood."""
        one = self.original
        version = "".join(f"/{one[key]}" for key in ("ref", "rev") if key in one)
        known = {
            "github": f"github:{one.get('owner')}/{one.get('repo')}{version}",
            "gitlab": f"gitlab:{one.get('owner')}/{one.get('repo')}{version}",
            "indirect": f"{one.get('id')}{version}",
            "path": f"path:{one.get('path')}",
            "tarball": str(one.get("url")),
        }
        return known.get(one.get("type", "")) == reference.removeprefix("flake:")


def locked_nixpkgs(text: str) -> Source | None:
    """Find the nixpkgs of a flake.lock; None where there is none, or it is not understood.

    An input that follows another one is a path of names from the root (Nix manual, "Lock files").
    """
    try:
        data = json.loads(text)
        nodes = data["nodes"]
        node = nodes[data["root"]]
        target: Any = node["inputs"]["nixpkgs"]
        for _ in range(8):
            if isinstance(target, str):
                locked = dict(nodes[target]["locked"])
                folder = locked.pop("dir", "")
                original = nodes[target].get("original") or {}
                return Source(locked, f"/{folder}" if folder else "", original)
            path, node = target, nodes[data["root"]]
            for name in path[:-1]:
                node = nodes[node["inputs"][name]]
            target = node["inputs"][path[-1]]
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError):
        return None
    return None
