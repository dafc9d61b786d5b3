"""Files of CI services, of which only lines are read: GitHub, GitLab, Travis, CircleCI, Azure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nixpy.metadata.model import Evidence, Topic
from nixpy.metadata.readers.evidence.versions import minors
from nixpy.syntax.origin import Origin

# python-version: [...], python: "3.12", PYTHON_VERSION: ..., image: python:3.12, py: ...
_KEY = re.compile(r"python|(?:^|[\s{,-])(?:py|versionSpec|py[-_]version)\s*:", re.IGNORECASE)
_ITEM = re.compile(r"\s*(?:-|\]|[\"']?\d)")


def read(text: str, path: str) -> Iterator[Evidence]:
    """Yield the versions of Python on which a project is tested.

    They stand on a line that speaks of Python, or in the list that follows such a line.
    """
    inside = False
    for number, line in enumerate(text.split("\n"), 1):
        code = line.partition(" #")[0].rstrip()
        if not code or code.lstrip().startswith("#"):
            continue
        key = _KEY.search(code)
        inside = bool(key) or (inside and _ITEM.match(code) is not None)
        if inside:
            said = code[key.start() :] if key else code
            for minor in dict.fromkeys(
                minors(said.replace(":3.", " 3.").replace("python3.", " 3."))
            ):
                yield Evidence(Topic.PYTHON, minor, Origin(path, None, number), "CI")
        if key and not code.endswith((":", "[", "|", "{")):
            inside = False
