"""Classifiers, and the settings of black, ruff and mypy, in pyproject.toml, setup.cfg, setup.py."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nixpy.metadata.model import Evidence, Topic
from nixpy.syntax.origin import Origin

_CLASSIFIER = re.compile(r"Programming Language :: Python :: 3\.(\d{1,2})\b")
_TARGET = re.compile(r"^\s*(?:target-version|python[-_]version)\s*=\s*(.*)$")
_VERSION = re.compile(r"\bpy3(\d{1,2})\b|[\"' ]3\.(\d{1,2})\b|^3\.(\d{1,2})\b")


def read(text: str, path: str) -> Iterator[Evidence]:
    """Yield the versions that the project declares, and those that its tools aim at."""
    if "3" not in text:
        return
    for number, line in enumerate(text.split("\n"), 1):
        if line.lstrip().startswith("#"):
            continue
        origin = Origin(path, None, number)
        for match in _CLASSIFIER.finditer(line):
            yield Evidence(Topic.PYTHON, f"3.{match[1]}", origin, "a classifier")
        if target := _TARGET.match(line):
            for match in _VERSION.finditer(target[1]):
                minor = next(filter(None, match.groups()))
                yield Evidence(Topic.TARGET, f"3.{minor}", origin, "a tool's target")
