"""The rows as data, for ``--json``: the same keys for every row."""

from __future__ import annotations

from typing import Any

from nixpy.distributions.graph import Chain
from nixpy.distributions.model import Remark, Row, Scene
from nixpy.distributions.rows import Table
from nixpy.explain.story import Story
from nixpy.knowledge.libraries import Needs, needs
from nixpy.knowledge.names import Absent, Known
from nixpy.metadata.model import Locked, Wanted
from nixpy.syntax.origin import Origin


def table_data(table: Table, scene: Scene) -> dict[str, Any]:
    """Give a project's rows with what they follow from."""
    return _scene(scene) | {"distributions": [_row(row) for row in table.rows]}


def story_data(one: Story, scene: Scene) -> dict[str, Any]:
    """Give one distribution with the chains that lead to it."""
    needed = needs(one.row.name) or Needs()
    more: dict[str, Any] = {
        "chains": [_chain(chain) for chain in one.chains],
        "named_in": list(one.limits),
        "nixpkgs": one.known.attribute if isinstance(one.known, Known) else None,
        "absent": one.known.reason if isinstance(one.known, Absent) else None,
        "loads": list(needed.runtime),
        "build": list(needed.build),
        "programs": list(needed.programs),
    }
    return _scene(scene) | {"distributions": [_row(one.row) | more]}


def _scene(scene: Scene) -> dict[str, Any]:
    return {
        "python": scene.python,
        "installer": scene.installer.value,
        "nix": {"versions_from": scene.nix.source, "unknown_because": scene.nix.why},
        "notes": [{"text": one.text, **_origin(one.origin)} for one in scene.project.notes],
    }


def _row(row: Row) -> dict[str, Any]:
    return {
        "name": row.name,
        "wanted_by": [_wanted(one) for one in row.wanted],
        "via": list(row.via),
        "locked": [_locked(one) for one in row.locked],
        "provided_by": row.provider.value,
        "version": row.version,
        "listed": row.listed,
        "remarks": [_remark(one) for one in row.remarks],
    }


def _origin(origin: Origin) -> dict[str, Any]:
    return {"file": origin.file, "line": origin.line, "key": origin.key}


def _wanted(one: Wanted) -> dict[str, Any]:
    return {
        "text": one.text,
        "kind": one.kind.value,
        "group": one.group,
        "source": one.source,
        **_origin(one.origin),
    }


def _locked(one: Locked) -> dict[str, Any]:
    return {
        "version": one.version,
        "source": one.source,
        "wheels": len(one.wheels),
        "sdist": one.sdist,
        "markers": list(one.markers),
        **_origin(one.origin),
    }


def _remark(one: Remark) -> dict[str, Any]:
    return {
        "code": one.code.value,
        "conflict": one.conflict,
        "text": one.text,
        "hint": one.hint,
    }


def _chain(chain: Chain) -> dict[str, Any]:
    return {"requirement": _wanted(chain.root), "names": list(chain.names)}
