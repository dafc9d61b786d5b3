"""From a snapshot to findings."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from nixpy.doctor.model import Finding, Rule, Severity
from nixpy.doctor.rules.messages import known_messages
from nixpy.doctor.rules.registry import RULES
from nixpy.doctor.snapshot import Part, Snapshot
from nixpy.doctor.texts import texts
from nixpy.errors import NixpyError

# Each says why the flake does not evaluate, and how that is mended; F11 only that it does not.
_EXPLAIN_EVALUATION = frozenset({"F1", "F4", "F6", "F7", "F8", "F9"})


def select(only: Collection[str] = (), ignore: Collection[str] = ()) -> tuple[Rule, ...]:
    """Give the rules of the ids or families (``L``) in ``only``, or all, without ``ignore``.

    Raises NixpyError for an id or family that there is not.
    """
    every = RULES
    for name in (*only, *ignore):
        if not any(_names(name, one) for one in every):
            known = ", ".join(one.id for one in every)
            raise NixpyError(f"there is no check `{name}`", hint=f"the ids are {known}")
    return tuple(
        one
        for one in every
        if (not only or any(_names(name, one) for name in only))
        and not any(_names(name, one) for name in ignore)
    )


def _names(name: str, one: Rule) -> bool:
    return name.upper() in {one.id, one.id[0]}


def parts(selected: Iterable[Rule]) -> frozenset[Part]:
    """Give the parts of a snapshot that the rules read."""
    return frozenset[Part]().union(*(one.reads for one in selected))


def findings(snapshot: Snapshot, selected: Sequence[Rule]) -> list[Finding]:
    """Run the checks whose parts are there; the worst findings come first.

    What a message in the log or in Nix's own error says is reported where no check saw it; one that
    may have other reasons only as a note, where nothing else was found, and not of a venv that was
    looked at and is in order.
    """
    lines = [*snapshot.evaluation.complaints, *snapshot.log]
    found: list[Finding] = []
    for one in selected:
        title = texts()[one.id].title
        before = len(found)
        if one.reads <= set(snapshot.gathered):
            found += [
                Finding(
                    one.id, seen.severity or one.severity, title, seen.seen, seen.why, seen.fix,
                    seen.mend,
                )
                for seen in one.check(snapshot)
            ]  # fmt: skip
        if len(found) == before:
            found += _from_messages(one, lines)
    if any(one.id in _EXPLAIN_EVALUATION for one in found):
        found = [one for one in found if one.id != "F11"]
    if not found:
        seen_well = {Part.VENV} if snapshot.venv.exists else set()
        unseen = (one for one in selected if not one.reads & seen_well)
        found = [finding for one in unseen for finding in _from_messages(one, lines, sure=False)]
    order = {one.id: number for number, one in enumerate(selected)}
    return sorted(found, key=lambda one: (one.severity.rank, order[one.id]))


def _from_messages(one: Rule, lines: Sequence[str], *, sure: bool = True) -> list[Finding]:
    # The table is read only where there are lines.
    message = known_messages().get(one.id) if lines else None
    if message is None:
        return []
    pattern = message.sure if sure else message.maybe
    line = next((line for line in map(_plain, lines) if pattern.search(line)), None)
    if line is None:
        return []
    text = texts()[one.id]
    severity = one.severity if sure else Severity.NOTE
    cause, mend = text.section("Cause"), text.section("Mend")
    return [Finding(one.id, severity, text.title, line.strip(), cause, mend)]


def _plain(line: str) -> str:
    """Take the colours out of a line."""
    return re.sub(r"\x1b\[[0-9;]*m", "", line)


def messages(text: str) -> tuple[str, ...]:
    """Give the lines of a log that some rule knows; nothing else of it enters a snapshot."""
    known = known_messages().values()
    lines = (line[:400] for line in text.splitlines())
    found = dict.fromkeys(line for line in lines if any(one.knows(_plain(line)) for one in known))
    return tuple(found)[:100]
