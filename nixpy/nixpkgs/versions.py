"""Which versions Nix has of what it provides: from the linked environment, or by evaluating."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from packaging.utils import canonicalize_name

from nixpy.config.model import Item
from nixpy.knowledge.names import Absent, Known, Unknown, pypi_name
from nixpy.knowledge.pythons import attribute_of
from nixpy.nixpkgs.lock import Source
from nixpy.plan.packages import bare_attribute
from nixpy.syntax import nix as nixtext

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
            name = pypi_name(answer["name"]) or canonicalize_name(answer["name"])
            found.setdefault(name, answer["version"])
    return found


@dataclass(frozen=True, slots=True)
class Listed:
    """A package of nixpy.yaml's ``packages:``, and the distribution that it is."""

    item: Item
    name: str
    known: Known | Absent | Unknown
