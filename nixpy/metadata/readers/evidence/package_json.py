"""package.json at the root, .nvmrc: JavaScript is built along with the project."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from nixpy.metadata.model import Evidence, Topic
from nixpy.syntax.origin import Origin

_ENGINE = re.compile(r"""[\"']node[\"']\s*:\s*[\"']([^\"'\n]*)""")
_MAJOR = re.compile(r"(?<![\d.])\d+")
# Those that upstream still mends and nixpkgs has beside its default, which is newer than all that a
# lower bound asks for.
_KEPT = ("22", "24")


def read(text: str, path: str) -> Iterator[Evidence]:
    """Yield nodejs, of the major that ``engines`` or .nvmrc asks for, where nixpkgs has it."""
    if posixpath.basename(path) == "package.json":
        match = _ENGINE.search(text)
        asked = match[1] if match else ""
        line = text.count("\n", 0, match.start()) + 1 if match else None
    else:
        asked, line = text.strip().removeprefix("v"), 1
    at_least = ">" in asked and "<" not in asked
    majors = () if at_least else _MAJOR.findall(asked)
    major = next((one for one in reversed(_KEPT) if one in majors), None)
    name = f"nodejs_{major}" if major else "nodejs"
    yield Evidence(Topic.PROGRAM, name, Origin(path, None, line))
