"""One row for each distribution that the project or nixpy.yaml names, or its lock holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from packaging.utils import canonicalize_name

from nixpy.config.model import Config
from nixpy.distributions.case import Case
from nixpy.distributions.graph import ROOTS, Graph, counts, make_graph
from nixpy.distributions.model import Provider, Row, Scene
from nixpy.distributions.remarks import remarks
from nixpy.knowledge.names import Absent, Known, Unknown, lookup, pypi_name
from nixpy.knowledge.pythons import branch_of
from nixpy.metadata.model import Kind, Locked, Wanted
from nixpy.metadata.notation.markers import Markers
from nixpy.nixpkgs.versions import Listed
from nixpy.plan.packages import bare_attribute

_BY_SOURCE = {
    "registry": Provider.PYPI,
    "git": Provider.GIT,
    "url": Provider.URL,
    "path": Provider.PROJECT,
}


@dataclass(frozen=True, slots=True)
class Table:
    """All rows, sorted by name.

    ``graph`` says why each is there. ``limits`` are the requirements and constraints that count
    here, by the name that they limit.
    """

    rows: tuple[Row, ...]
    graph: Graph
    limits: Mapping[str, Sequence[Wanted]]

    def row(self, name: str) -> Row | None:
        """Give the row of a name in any spelling."""
        name = canonicalize_name(name)
        return next((one for one in self.rows if one.name == name), None)


def make_table(scene: Scene) -> Table:
    """Work out the rows."""
    project = scene.project
    markers = Markers(scene.environment)
    graph = make_graph(project, markers)
    wanted: dict[str, list[Wanted]] = {}
    limits: dict[str, list[Wanted]] = {}
    roots: dict[str, None] = {}
    locks = {one.origin.file for one in project.locked}
    for one in project.wanted:
        here = one.kind is not Kind.BUILD and counts(one, markers)
        if one.kind in ROOTS:
            wanted.setdefault(one.name, []).append(one)
            roots |= {one.name: None} if here else {}
        # The pins of a compiled requirements.txt are a lock, not what the project asks for.
        if here and one.origin.file not in locks:
            limits.setdefault(one.name, []).append(one)
    needed = graph.reached(roots)
    anywhere = graph.reached(wanted, everywhere=True)
    listed = {one.name: one for one in listed_packages(scene.config, {*wanted, *graph.entries})}
    parents = graph.parents()
    branch = branch_of(scene.config.nixpkgs)
    rows = []
    for name in sorted({*wanted, *graph.entries, *listed, *scene.nix.versions}):
        item = listed.get(name)
        nearest = needed.get(name) or anywhere.get(name)
        via = [nearest] if nearest else []
        via += [parent for parent in parents.get(name, ()) if parent not in via]
        known = item.known if item else lookup(name)
        row = Row(
            name,
            wanted=tuple(wanted.get(name, ())),
            via=tuple(via),
            locked=_counting(graph.entries.get(name, ()), markers),
            listed=str(item.item.origin) if item else None,
        )
        row = _provided(row, scene, known)
        case = Case(
            scene,
            branch,
            row,
            known,
            tuple(limits.get(name, ())),
            # Where nothing is known of who requires it, as in a Pipfile.lock, it is needed.
            elsewhere=name in anywhere and name not in needed,
        )
        rows.append(replace(row, remarks=remarks(case)))
    return Table(tuple(rows), graph, limits)


def listed_packages(config: Config, used: Iterable[str] = ()) -> list[Listed]:
    """Give what nixpy.yaml lists under ``packages:``, by the names that distributions have.

    ``used`` are the normalised names of the project's distributions: where nixpkgs' name for one
    differs from PyPI's, the one that the project uses is taken.
    """
    used = frozenset(used)
    found = []
    for item in config.packages:
        text = bare_attribute(item.text)
        known = lookup(text)
        names: list[str] = [canonicalize_name(text)]
        if isinstance(known, Known):
            pypi = pypi_name(known.attribute)
            # `packages: [django_5]` is the distribution django.
            names = [*names, pypi] if pypi and names[0] in used else [pypi or names[0], names[0]]
        name = next((one for one in names if one in used), names[0])
        found.append(Listed(item, name, known))
    return found


def _counting(entries: tuple[Locked, ...], markers: Markers) -> tuple[Locked, ...]:
    """Give the entries that count here; all of them where none does."""
    return tuple(one for one in entries if markers.any(one.markers)) or entries


def _provided(row: Row, scene: Scene, known: Known | Absent | Unknown) -> Row:
    """Say who provides it, and in which version."""
    versions: Mapping[str, str] = scene.nix.versions
    if row.name in versions or (row.listed and not isinstance(known, Absent)):
        return replace(row, provider=Provider.NIX, version=versions.get(row.name))
    provider = Provider.NOBODY
    if row.locked:
        provider = _BY_SOURCE[row.locked[0].source]
    elif row.wanted:
        provider = _of_source(next((one.source for one in row.wanted if one.source), None))
    return replace(row, provider=provider, version=scene.installed.get(row.name))


def _of_source(source: str | None) -> Provider:
    if source is None:
        return Provider.PYPI
    if source.startswith(("git+", "hg+", "svn+", "bzr+")):
        return Provider.GIT
    return Provider.URL if "://" in source else Provider.PROJECT
