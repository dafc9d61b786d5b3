"""Which distributions a lock has in another version than Nix, and whether they may move."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from packaging.utils import canonicalize_name

from nixpy.distributions.case import differs, parsed
from nixpy.distributions.model import Provider, Row
from nixpy.distributions.remarks import asks, forbidding
from nixpy.distributions.rows import Table
from nixpy.errors import NixpyError, all_of
from nixpy.knowledge.nearest import nearest
from nixpy.metadata.model import Locked


@dataclass(frozen=True, slots=True)
class Target:
    """A distribution that the lock shall have in Nix's version.

    ``entries`` are those of the lock that count for this Python and platform.
    """

    name: str
    version: str
    entries: tuple[Locked, ...] = ()

    @property
    def pin(self) -> str:
        """The requirement for just this version."""
        return f"{self.name}=={self.version}"

    @property
    def changes(self) -> dict[tuple[str, str], str]:
        """What changes in the lock: the new version, by name and each version that it has."""
        return {(self.name, one.version): self.version for one in self.entries if one.version}


def find_targets(table: Table, names: Iterable[str]) -> list[Target]:
    """Give what is to move: of some names, or of all that Nix provides, those that differ.

    Raises NixpyErrors where Nix has a name not, or not in a version that an installer knows, where
    the lock takes it from somewhere else than an index, and for each requirement that forbids Nix's
    version.
    """
    rows = _rows(table, names)
    found = [
        Target(row.name, row.version, row.locked)
        for row in rows
        if row.version and differs(row.locked_versions, row.version)
    ]
    errors = [error for one in found for error in _obstacles(one, table)]
    if errors:
        raise all_of(errors)
    return found


def pinned(table: Table, names: Iterable[str]) -> list[Target]:
    """Give what an installer without a lock shall hold fast: some names, or all that Nix provides.

    What the project's dependencies require is not known without a lock, and holding what nobody
    asks for does no harm. Raises NixpyErrors as :func:`find_targets`.
    """
    rows = _rows(table, names)
    found = [Target(row.name, row.version) for row in rows if row.version and parsed(row.version)]
    errors = [error for one in found for error in _forbidden(one, table)]
    if errors:
        raise all_of(errors)
    return found


def _rows(table: Table, names: Iterable[str]) -> list[Row]:
    """Give the rows of what Nix provides; raises NixpyErrors for names that are none of it."""
    provided = [row for row in table.rows if row.provider is Provider.NIX]
    wanted = list(dict.fromkeys(map(canonicalize_name, names)))
    if not wanted:
        return provided
    rows = {row.name: row for row in provided}
    errors = [_not_provided(name, table, rows) for name in wanted if name not in rows]
    errors += [
        _no_version(rows[name])
        for name in wanted
        if name in rows and not parsed(rows[name].version or "")
    ]
    if errors:
        raise all_of(errors)
    return [rows[name] for name in wanted]


def _not_provided(name: str, table: Table, provided: Iterable[str]) -> NixpyError:
    if table.row(name):
        hint = f"`packages: [{name}]` in nixpy.yaml, or `nixpy add {name}`, lets Nix provide it"
    else:
        near = " or ".join(f"`{one}`" for one in nearest(name, provided))
        hint = f"did you mean {near}?" if near else ""
    return NixpyError(f"Nix does not provide `{name}`", hint=hint or None)


def _no_version(row: Row) -> NixpyError:
    if row.version is None:
        return NixpyError(f"Nix's version of `{row.name}` is not known")
    return NixpyError(f"Nix has {row.version} of `{row.name}`, which is no version on PyPI")


def _obstacles(target: Target, table: Table) -> list[NixpyError]:
    elsewhere = [entry for entry in target.entries if entry.source != "registry"]
    if elsewhere:
        origin = elsewhere[0].origin
        message = f"`{target.name}` is from {elsewhere[0].source}, so its version cannot be chosen"
        return [NixpyError(message, file=origin.file, line=origin.line)]
    return _forbidden(target, table)


def _forbidden(target: Target, table: Table) -> list[NixpyError]:
    return [
        NixpyError(
            f"asks for {asks(one)}, which forbids Nix's {target.version}",
            file=one.origin.file,
            line=one.origin.line,
            key=one.origin.key,
            hint=f"let it allow {target.version}; nothing was changed",
        )
        for one in forbidding(table.limits.get(target.name, ()), target.version)
    ]


@dataclass(frozen=True, slots=True)
class Move:
    """What happened to a distribution in the lock; no versions: it was not, or is not there."""

    name: str
    before: tuple[str, ...]
    after: tuple[str, ...]


def moves(before: Iterable[Locked], after: Iterable[Locked]) -> list[Move]:
    """Compare two states of a lock; give what differs, sorted by name."""
    old, new = _versions(before), _versions(after)
    return [
        Move(name, tuple(old.get(name, ())), tuple(new.get(name, ())))
        for name in sorted({*old, *new})
        if set(old.get(name, ())) != set(new.get(name, ()))
    ]


def _versions(locked: Iterable[Locked]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in locked:
        versions = found.setdefault(one.name, [])
        if one.version and one.version not in versions:
            versions.append(one.version)
    return found


def missed(targets: Iterable[Target], rows: Sequence[Row]) -> list[Target]:
    """Give the targets that the lock has in another version still, or without any file.

    pdm keeps a version that the index has not: its entry then has no files to install.
    """
    entries = {row.name: row.locked for row in rows}
    return [one for one in targets if not _reached(one, entries.get(one.name, ()))]


def _reached(target: Target, entries: Sequence[Locked]) -> bool:
    if differs([one.version for one in entries if one.version], target.version):
        return False
    return not _have_files(target.entries) or _have_files(entries)


def _have_files(entries: Sequence[Locked]) -> bool:
    return any(one.wheels or one.sdist for one in entries)
