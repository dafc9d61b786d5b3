"""What Nix would build and fetch, read from `nix build --dry-run`. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

_HEADER = re.compile(
    r"(?:this|these \d+) (?:derivation|path)s? will be (built|fetched)"
    r"(?: \(([\d.]+ \w+) download, ([\d.]+ \w+) unpacked\))?:"
)
_PATH = re.compile(r"\s+/\S*/[0-9a-z]{32}-(\S+)")
# The shell's own derivation, which nothing is compiled for.
_SHELL = frozenset({"nix-shell", "nix-shell-env"})


@dataclass(frozen=True, slots=True)
class BuildPlan:
    """The names of what would be built and fetched, and how much is downloaded and unpacked."""

    built: tuple[str, ...] = ()
    fetched: tuple[str, ...] = ()
    download: str = ""
    unpacked: str = ""


def read(text: str) -> BuildPlan:
    """Read what `nix build --dry-run` writes."""
    names: dict[str, list[str]] = {"built": [], "fetched": []}
    sizes = ("", "")
    section: list[str] | None = None
    for line in text.splitlines():
        header = _HEADER.search(line)
        path = _PATH.fullmatch(line)
        if header:
            section = names[header[1]]
            if header[2]:
                sizes = (header[2], header[3])
        elif path and section is not None:
            section.append(path[1].removesuffix(".drv"))
        else:
            section = None
    built = tuple(sorted(name for name in names["built"] if name not in _SHELL))
    return BuildPlan(built, tuple(sorted(names["fetched"])), *sizes)
