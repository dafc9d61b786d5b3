"""Which versions Nix has of what it provides: from the linked environment, or by evaluating."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from nixpy import nixtext
from nixpy.explain.rows import Listed
from nixpy.knowledge.names import Known, pypi_name
from nixpy.knowledge.pythons import attribute_of
from nixpy.naming import normalise
from nixpy.provide import bare_attribute
from nixpy.tree import Tree

_INFO = re.compile(r"^(?:.*/)?([^/]+)-([^/-]+)\.(?:dist-info|egg-info)/[^/]+$")
_ENV = re.compile(r" --env (/\S+)")

# Listed packages that evaluate, and all that they propagate. A package that another Python has not,
# or that is broken, throws: it then has no version. Licences are not looked at by the way.
_EXPRESSION = """\
let
  inherit (builtins) filter genericClosure head isAttrs parseDrvName tail tryEval;
  pkgs = import @nixpkgs@ {
    system = @system@;
    config = { allowUnfree = true; };
  };
  find = set: path:
    if path == [ ] then set
    else if isAttrs set && set ? ${head path} then find set.${head path} (tail path)
    else null;
  first = paths:
    let
      found = filter (drv: drv != null) (map (find pkgs.@python@.pkgs) paths);
    in
    if found == [ ] then null else head found;
  versioned = drv:
    let
      parsed = parseDrvName (drv.name or "");
    in
    {
      name = drv.pname or parsed.name;
      version = drv.version or parsed.version;
    };
  try = drv:
    let
      result = tryEval (if isAttrs drv then builtins.deepSeq (versioned drv) drv else null);
    in
    if result.success then result.value else null;
  isModule = drv: isAttrs (drv.pythonModule or null) && !(drv ? withPackages);
  keyed = drv: {
    key = drv.name or "";
    inherit drv;
  };
  listed = map (paths: try (first paths)) (builtins.fromJSON @paths@);
  all = genericClosure {
    startSet = map keyed (filter isAttrs listed);
    operator = one: map keyed (filter isModule (one.drv.propagatedBuildInputs or [ ]));
  };
in
{
  listed = map (drv: if drv == null then null else versioned drv) listed;
  all = map (one: versioned one.drv) all;
}
"""


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
    except (ValueError, KeyError, TypeError, IndexError, AttributeError):
        return None
    return None


def expression(source: Source, system: str, python: str, listed: Iterable[Listed]) -> str:
    """Give the Nix expression for the versions of listed packages and of all that they bring.

    ``system`` is ``x86_64-linux`` and the like, ``python`` a minor version. Its value is what
    :func:`versions_of` takes.
    """
    paths = [[path.split(".") for path in _alternatives(one)] for one in listed]
    values = {
        "nixpkgs": source.path,
        "system": nixtext.string(system),
        "paths": nixtext.string(json.dumps(paths)),
        "python": attribute_of(python),
    }
    return re.sub(r"@(\w+)@", lambda found: values[found[1]], _EXPRESSION)


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
            name = pypi_name(answer["name"]) or normalise(answer["name"])
            found.setdefault(name, answer["version"])
    return found


def linked_environment(stamp: str) -> str | None:
    """Give the store path of the environment that a venv's stamp says is linked into it."""
    found = _ENV.search(stamp)
    return found[1] if found else None


def environment_versions(tree: Tree, python: str) -> dict[str, str]:
    """Give the versions of the distributions in a Nix environment, by normalised name."""
    return {name: version for name, (version, _) in installed(tree, python).items()}


def installed(tree: Tree, python: str) -> dict[str, tuple[str, str]]:
    """Give the distributions in an environment: ``{name: (version, installer)}``.

    The metadata folders' names say all but the installer (recording installed projects; eggs').
    """
    found: dict[str, tuple[str, str]] = {}
    for kind, file in (("egg-info", "PKG-INFO"), ("dist-info", "METADATA")):
        site = f"lib/python{python}/site-packages"
        for path in tree.glob(f"{site}/*.{kind}/{file}"):
            match = _INFO.match(path.replace(f"-py{python}.", "."))
            if match:
                folder = path.rpartition("/")[0]
                installer = (tree.read(f"{folder}/INSTALLER") or b"").decode(errors="replace")
                found[normalise(match[1])] = (match[2], installer.strip())
    return found
