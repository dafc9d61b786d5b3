"""What Nix wrote when it failed, taken apart. Pure.

Newer releases of Nix print the lines around each place that they name. Those lines are the user's,
or nixpkgs', and hold names and messages of neighbours: nothing may be read from them but the line
that is meant.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# `5|  text` and `|  ^`: a source with the numbers of its lines.
_SOURCE_LINE = re.compile(r"^\s*(?:(\d+)\|(.*)|\|\s*\^.*|\|)$")
_PLACE = re.compile(r"(?:^|\s)at (\S+?):(\d+)(?::(\d+))?(?=[:,\s]|$)")
_STORED = re.compile(r"^/nix/store/[0-9a-z]{32}-[^/]+/|^«[^»]*»/?")
_FRAME = re.compile(
    r"^\s*(?:\u2026|at \S+:\d+|\(stack trace truncated|\(use '--show-trace'|whose name)"
)
_NOISE = re.compile(r"^\s*(?:evaluation )?(?:warning|trace):")
_LOG = re.compile(r"^\s*> ?(.*)$")
# Newer Nix leaves the line of `error:` empty, and says the error last.
_WAY_FIRST = re.compile(r"^error:\s*$", re.MULTILINE)
# An attribute of a set of packages, which is where nixpkgs refuses one by a text of its own.
_ATTRIBUTE = (
    r"\u2026 while evaluating the attribute '([^'\n]+)'\s+at (\S*(?:aliases|packages)\.nix):\d+:\d+"
)
_INNERMOST = (
    re.compile(_ATTRIBUTE + r":?\s+\u2026 while calling the 'throw' builtin\s+at \S+\s+error: "),
    re.compile(r"^error: .*\s+" + _ATTRIBUTE, re.MULTILINE),
)
# What nixpkgs and Nix itself have, and a project has not.
_FOREIGN = re.compile(
    r"^(?:pkgs|lib|nixos|maintainers)/|derivation(?:-internal)?\.nix$|call-flake\.nix$"
)


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file: its path as Nix names it, without the store's part of it."""

    file: str
    line: int
    expression: str = ""
    fetched: bool = False

    @property
    def is_users(self) -> bool:
        """Whether the file is of the project, not of an input or of Nix itself."""
        if self.fetched and self.file != "flake.nix":
            return False
        return self.file.endswith(".nix") and not _FOREIGN.search(self.file)


@dataclass(frozen=True, slots=True)
class Complaint:
    """The parts of Nix's output.

    ``text`` are its errors, without sources, traces, warnings and logs; ``log`` the end of the log
    of a build that failed; ``everything`` all but sources and warnings. ``places`` are those that
    it names, the one of the error itself last.
    """

    text: str
    log: tuple[str, ...]
    everything: str
    places: tuple[Place, ...]

    @property
    def place(self) -> Place | None:
        """The last place in the project's own files."""
        return next((one for one in reversed(self.places) if one.is_users), None)

    @property
    def refused(self) -> str | None:
        """The package of nixpkgs that the error comes from, where the trace goes so far."""
        found = next(
            (one for one in (rule.search(self.everything) for rule in _INNERMOST) if one), None
        )
        if not found or Place(_STORED.sub("", found[2]), 0, "", found[2].startswith("«")).is_users:
            return None
        return found[1].rpartition(".")[2]


def read(stderr: str) -> Complaint:
    """Take apart what Nix wrote, which is without colours."""
    text: list[str] = []
    log: list[str] = []
    everything: list[str] = []
    places: list[Place] = []
    lines = stderr.splitlines()
    for number, line in enumerate(lines):
        if _SOURCE_LINE.match(line):
            continue
        places += (_place(found, lines[number + 1 :]) for found in _PLACE.finditer(line))
        logged = _LOG.match(line)
        if logged:
            log.append(logged[1].rstrip())
        everything.append(line)
        # Warnings may say the same of what was tried again with success.
        if not logged and not _FRAME.match(line) and not _NOISE.match(line):
            text.append(line)
    whole = "\n".join(everything)
    # Older Nix says the error first, and then the way to it from within.
    if not _WAY_FIRST.search(whole) and "\u2026" in whole:
        places.reverse()
    return Complaint("\n".join(text).strip(), tuple(log), whole, tuple(places))


def _place(found: re.Match[str], following: list[str]) -> Place:
    """Return the place that a line names, with what stands there if the source follows."""
    path, line, column = found[1], int(found[2]), int(found[3] or 0)
    expression = ""
    for source in following[:6]:
        numbered = _SOURCE_LINE.match(source)
        if numbered and numbered[1] == found[2]:
            # Nix writes a blank before the source.
            expression = numbered[2][column:].strip()
            break
    return Place(_STORED.sub("", path), line, expression, path.startswith("«"))
