"""What the user sees of findings: grouped, the worst first, readable without colour."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Sequence

from nixpy.doctor.model import Finding, Severity
from nixpy.doctor.texts import Text
from nixpy.syntax import shown
from nixpy.system.console import paint, printable, say

_WIDTH = 80
_LABELS = ("seen", "why", "fix")


def show(found: Sequence[Finding], checks: int, *, whole: bool = True) -> None:
    """Print the findings on stdout; paths are never broken, so such lines may be longer.

    ``whole`` tells that all could be examined.
    """
    for severity in Severity:
        for one in found:
            if one.severity is severity:
                _show(one)
    if not found:
        say(f"nothing found{'' if whole else ' in what could be examined'} ({checks} checks)")
        return
    counts = [(sum(one.severity is severity for one in found), severity) for severity in Severity]
    said = ", ".join(
        f"{count} {severity.value}{'s' if count > 1 else ''}" for count, severity in counts if count
    )
    say(f"{said}; `nixpy doctor --explain {found[0].id}` tells more of the first")


def _show(one: Finding) -> None:
    style = one.severity.value
    say(f"{paint(f'{style}:', style, sys.stdout)} {paint(one.id, 'bold', sys.stdout)} {one.title}")
    for label, text in zip(_LABELS, (one.seen, one.why, one.fix), strict=True):
        say(
            textwrap.fill(
                printable(text).replace("\n", " "),
                width=_WIDTH,
                initial_indent=f"  {label:<5}",
                subsequent_indent=" " * 7,
                break_long_words=False,
                break_on_hyphens=False,
            )
        )
    say()


def as_json(
    found: Sequence[Finding], unreadable: Sequence[str], unexamined: Sequence[str] = ()
) -> str:
    """Give the findings, the worst first, and what could not be read or examined, as JSON."""
    rows = [
        {
            "id": one.id,
            "severity": one.severity.value,
            "title": one.title,
            "seen": one.seen,
            "why": one.why,
            "fix": one.fix,
        }
        for one in found
    ]
    said = {"findings": rows, "unreadable": [*unreadable], "unexamined": [*unexamined]}
    return shown.as_json(said)


def show_text(text: Text) -> None:
    """Print the long text of an id."""
    say(f"{paint(text.id, 'bold', sys.stdout)} {text.title}")
    say()
    say(text.body)
