"""requirements.txt as a program wrote it: a lock file in pip's notation."""

from __future__ import annotations

import re

from packaging.utils import canonicalize_name

from nixpy.metadata.model import Installer, Locked
from nixpy.syntax.origin import Origin

_HEADER = re.compile(
    r"^#.*generated (?:by|via|using|with) (uv|pip-compile|pip-tools|rye|poetry|pdm)\b",
    re.IGNORECASE,
)
_PIN = re.compile(
    r"^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?\s*==\s*([^\s;\\#*,]+)\s*"
    r"(?:;([^\\#]*))?(?:\\|#|--|$)"
)
_VIA = re.compile(r"^\s*#\s+via\b\s*(.*)$")
_NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]*$")


def compiled_by(text: str) -> Installer | None:
    """Tell by its header which program wrote a requirements file; None: a person, or unknown."""
    for line in text.split("\n", 8)[:8]:
        match = _HEADER.match(line)
        if match:
            tools = {"uv": Installer.UV, "poetry": Installer.POETRY, "pdm": Installer.PDM}
            return tools.get(match[1].lower(), Installer.PIP)
    return None


def pinned(text: str, file: str) -> list[Locked]:
    """Give the pinned distributions, with the dependencies that ``# via`` comments tell."""
    found: list[tuple[str, str, str | None, int]] = []
    requires: dict[str, list[str]] = {}
    current: str | None = None
    in_via = False
    for number, line in enumerate(text.split("\n"), 1):
        match = _PIN.match(line)
        if match:
            current = canonicalize_name(match[1])
            marker = (match[3] or "").partition("--")[0].strip() or None
            found.append((current, match[2], marker, number))
        via = _VIA.match(line) if not match else re.search(r"#\s+via\s+(.*)$", line)
        if via:
            in_via = True
        elif in_via and line.lstrip().startswith("#"):
            via = re.match(r"^\s*#\s*(.*)$", line)
        else:
            in_via = False
        if via and current:
            for parent in via[1].split(","):
                if _NAME.match(parent.strip()):
                    requires.setdefault(canonicalize_name(parent.strip()), []).append(current)
    return [
        Locked(
            name,
            version,
            Origin(file, None, line),
            requires=tuple(requires.get(name, ())),
            markers=(marker,) if marker else (),
        )
        for name, version, marker, line in found
    ]
