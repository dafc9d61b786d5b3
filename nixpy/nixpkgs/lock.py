"""The nixpkgs that a flake.lock records (Nix manual, "Lock files")."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from nixpy.syntax import nix as nixtext

_SHA256 = re.compile(r"sha256-([A-Za-z0-9+/]{43}=)")
# Nix's own digits, in which e, o, t and u are left out.
_BASE32 = "0123456789abcdfghijklmnpqrsvwxyz"


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

    def store_name(self, store: str = "/nix/store") -> str | None:
        """Return the name that its content has in a store (Nix manual, "Store Path Specification").

        None where the lock has no hash of it.
        """
        found = _SHA256.fullmatch(str(self.locked.get("narHash")))
        if found is None:
            return None
        text = f"source:sha256:{b64decode(found[1]).hex()}:{store}:source"
        digest = sha256(text.encode()).digest()
        folded = bytes(a ^ b for a, b in zip(digest[:20], digest[20:] + bytes(8), strict=True))
        number = int.from_bytes(folded, "little")
        digits = (_BASE32[number >> 5 * place & 31] for place in reversed(range(32)))
        return f"{''.join(digits)}-source"

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


def needed(text: str) -> list[Source]:
    """Return what a store must have before a flake with this flake.lock is only looked at.

    It is nixpkgs, which every shell takes, and each folder of this machine: Nix would copy those
    into its store, for every user to read, before it compares their hash.
    """
    nixpkgs = locked_nixpkgs(text)
    try:
        found = [one.get("locked") for one in json.loads(text)["nodes"].values()]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        found = []
    local = [Source(one) for one in found if isinstance(one, dict) and _is_local(one)]
    return [*([nixpkgs] if nixpkgs else []), *local]


def _is_local(locked: Mapping[str, Any]) -> bool:
    place = str(locked.get("path") if locked.get("type") == "path" else locked.get("url"))
    return place.startswith(("/", "..", "file:", "~"))
