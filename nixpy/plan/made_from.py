"""What the files say that a shell follows from, told in the shell when they say something else."""

from __future__ import annotations

import posixpath

from nixpy.config.model import FILE
from nixpy.plan.model import Part

_PIN = ".python-version"
_PROJECT = "pyproject.toml"


def made_from(part: Part) -> tuple[tuple[str, str], ...]:
    """Give files, relative to the project's folder, and what they say.

    Of nixpy.yaml that is a digest. Where a file says what was only noted, it is passed over: the
    program of the shell would take it for a change.
    """
    project, config = part.project, part.config
    found = []
    if config.digest and posixpath.basename(config.file) == FILE:
        found.append((posixpath.relpath(config.file, part.folder), config.digest))
    if not any(note.origin.file == _PIN for note in project.notes):
        pins = [pin.text for pin in project.pins if pin.origin.file == _PIN]
        pins += [one.text for one in project.ranges if one.origin.file == _PIN]
        found.append((_PIN, " ".join(pins)))
    key = "project.requires-python"
    if _PROJECT in project.files and not any(note.origin.key == key for note in project.notes):
        asked = [one.text for one in project.ranges if one.origin.key == key]
        found.append((_PROJECT, asked[0] if asked else ""))
    return tuple(found)
