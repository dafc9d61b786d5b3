"""Everything about one distribution: why it is there, what the lock has, what nixpkgs calls it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from packaging.utils import canonicalize_name

from nixpy.distributions.graph import ROOTS, Chain
from nixpy.distributions.model import Code, Provider, Row, Scene, place
from nixpy.distributions.platform import fitting
from nixpy.distributions.rows import Table
from nixpy.explain.table import wanted_by
from nixpy.knowledge.libraries import Needs, needs
from nixpy.knowledge.names import Absent, Known, Unknown, lookup
from nixpy.knowledge.nearest import nearest
from nixpy.metadata.model import Kind, Locked


@dataclass(frozen=True, slots=True)
class Story:
    """One distribution with the chains that lead to it.

    ``limits`` say where constraints and build requirements name it. ``row`` of a distribution that
    the project does not use has neither wanted nor locked.
    """

    row: Row
    chains: tuple[Chain, ...]
    known: Known | Absent | Unknown
    limits: tuple[str, ...] = ()


def story(table: Table, scene: Scene, name: str) -> Story | None:
    """Tell of a distribution, by its name in any spelling, or by nixpkgs' name for it.

    None if neither the project nor any table of nixpy knows it.
    """
    known = lookup(name)
    row = table.row(name)
    if row is None and isinstance(known, Known):
        row = table.row(known.attribute)
    if row is None:
        if isinstance(known, Unknown) and needs(name) is None and not any(_limited(scene, name)):
            return None
        row = Row(canonicalize_name(name), provider=Provider.NOBODY)
    return Story(
        row,
        tuple(table.graph.chains(row.name, (w for w in scene.project.wanted if w.kind in ROOTS))),
        lookup(row.name) if row.listed is None else known,
        tuple(_limited(scene, row.name)),
    )


def nearest_names(table: Table, name: str) -> tuple[str, ...]:
    """Give the names nearest to one that nobody knows: the project's own, then nixpkgs'."""
    ours = nearest(canonicalize_name(name), [row.name for row in table.rows])
    unknown = lookup(name)
    others = unknown.nearest if isinstance(unknown, Unknown) else ()
    return tuple(dict.fromkeys((*ours, *others)))[:3]


def _limited(scene: Scene, name: str) -> Iterator[str]:
    for one in scene.project.wanted:
        if one.name == canonicalize_name(name) and one.kind in (Kind.CONSTRAINT, Kind.BUILD):
            yield f"{one.text} ({wanted_by(one)})"


def lines(one: Story, scene: Scene) -> Iterator[str]:
    """Give the story as lines, each fact behind its label, which is said once."""
    yield one.row.name
    last = ""
    for label, text in _facts(one, scene):
        yield f"  {'' if label == last else label:<11} {text}"
        last = label


def _facts(one: Story, scene: Scene) -> Iterator[tuple[str, str]]:
    row = one.row
    for entry in row.locked:
        yield "locked", _locked(entry, len(row.locked) > 1)
        yield from (("locked", text) for text in _files(entry, scene))
    if not row.locked and row.provider is not Provider.NOBODY:
        yield "locked", "no lock has it"
    yield "from", _from(row, scene)
    if row.listed:
        yield "nixpy.yaml", f"`packages:` lists it ({row.listed})"
    yield "nixpkgs", _nixpkgs(one.known)
    needed = needs(row.name) or Needs()
    for label, names in (
        ("loads", needed.runtime),
        ("to build it", needed.build),
        ("runs", needed.programs),
    ):
        if names:
            yield label, ", ".join(names)
    yield from (("wanted by", chain_text(chain)) for chain in one.chains)
    if not one.chains:
        parents = f"{', '.join(row.via)}, which " if row.via else ""
        yield "wanted by", f"{parents}nothing of the project leads to{'' if row.via else ' it'}"
    yield from (("named in", text) for text in one.limits)
    for remark in row.remarks:
        if remark.code is Code.NOT_IN_NIXPKGS and not remark.conflict:
            continue  # said above
        label = "conflict" if remark.conflict else "note"
        yield label, remark.text
        if remark.hint:
            yield label, f"hint: {remark.hint}"


def chain_text(chain: Chain) -> str:
    """Write a chain: ``pandas>=2 (pyproject.toml:8) → numpy``."""
    first = f"{chain.root.text} ({wanted_by(chain.root)})"
    return " → ".join((first, *chain.names[1:]))


def _locked(entry: Locked, several: bool) -> str:
    text = f"{entry.version or 'no version'} ({place(entry.origin)})"
    if entry.source != "registry":
        text += f", from {'a path' if entry.source == 'path' else entry.source}"
    if several and entry.markers:
        text += f", where {' or '.join(entry.markers)}"
    return text


def _files(entry: Locked, scene: Scene) -> Iterator[str]:
    if entry.source != "registry" or not (entry.wheels or entry.sdist):
        return
    fits = fitting(entry.wheels, scene.tags)
    if fits:
        yield f"{fits} fits Python {scene.python}"
    count = len(entry.wheels)
    wheels = f"{count} wheel{'' if count == 1 else 's'}" if count else "no wheels"
    sdist = "an sdist" if entry.sdist else "no sdist"
    yield f"{wheels}{'' if fits or not count else ', of which none fits'}, {sdist}"


def _from(row: Row, scene: Scene) -> str:
    if row.provider is Provider.NOBODY:
        return "nobody: the project does not use it"
    if row.provider is not Provider.NIX:
        installed = f"; {row.version} is in {scene.config.venv}" if row.version else ""
        return f"{row.provider.value}{installed}"
    if row.version:
        return f"Nix, which has {row.version} ({scene.nix.source})"
    return f"Nix; its version is not known: {scene.nix.why}" if scene.nix.why else "Nix"


def _nixpkgs(known: Known | Absent | Unknown) -> str:
    if isinstance(known, Absent):
        return known.reason
    if isinstance(known, Unknown):
        return "not in nixpkgs"
    text = f"python3Packages.{known.attribute}"
    if known.older:
        text += f" (earlier {', '.join(known.older)})"
    return f"{text}, which is another project" if known.conflict else text
