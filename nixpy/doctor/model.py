"""What a check is, and what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum

from nixpy.doctor.snapshot import Part, Snapshot


class Severity(Enum):
    """How much a finding matters, the worst first."""

    ERROR = "error"  # something does not work
    WARNING = "warning"  # something will not work, or does another thing than meant
    NOTE = "note"  # works, but is worth knowing

    @property
    def rank(self) -> int:
        """Its place in the order, 0 for the worst."""
        return list(Severity).index(self)


class Step(Enum):
    """A kind of mend that ``--fix`` can do by itself."""

    REMAKE_VENV = "remake the venv"
    ADD_TO_GIT = "add to git"
    REMOVE_LINE = "remove a line"
    ADD_LINE = "add a line"
    EDIT_CONFIG = "edit nixpy.yaml"
    SYNC = "sync"


@dataclass(frozen=True, slots=True)
class Mend:
    """What ``--fix`` would do. What ``values`` are depends on the step.

    ADD_TO_GIT: paths. REMOVE_LINE: ``FILE:LINE``, the file relative to the checkout's root, and the
    line's text. ADD_LINE: the same, and the line that is to stand below it. EDIT_CONFIG: names to
    add to the list ``key``, or the value to set it to.
    """

    step: Step
    values: tuple[str, ...] = ()
    key: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a check saw: with the very path or value, why it is wrong, and what mends it.

    ``severity`` is set where it differs from the rule's.
    """

    seen: str
    why: str
    fix: str
    mend: Mend | None = None
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong."""

    id: str
    severity: Severity
    title: str
    seen: str
    why: str
    fix: str
    mend: Mend | None = None


Check = Callable[[Snapshot], Iterable[Seen]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A check under its id, and the parts of the snapshot that it looks at."""

    id: str
    severity: Severity
    reads: frozenset[Part]
    check: Check


def rule(identifier: str, severity: Severity, *reads: Part) -> Callable[[Check], Rule]:
    """Make a function the check of an id; ``reads`` are the parts that it looks at."""

    def declare(check: Check) -> Rule:
        return Rule(identifier, severity, frozenset(reads), check)

    return declare
