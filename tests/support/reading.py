"""Short forms for tests of readers: give files, get what they say in one line each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pytest

from nixpy.errors import NixpyError, NixpyErrors
from nixpy.metadata.model import Facts, Locked, Project, Wanted
from nixpy.metadata.read import read_project
from nixpy.syntax.tree import MemoryTree


def project(files: Mapping[str, str | bytes]) -> Project:
    """Read a project of the given files."""
    return read_project(MemoryTree(files))


def mistakes(files: Mapping[str, str | bytes]) -> list[NixpyError]:
    """Read a project that has mistakes; give them."""
    with pytest.raises(NixpyError) as raised:
        project(files)
    error = raised.value
    return list(error.errors) if isinstance(error, NixpyErrors) else [error]


def told(files: Mapping[str, str | bytes]) -> list[str]:
    """Read a project that has mistakes; give them as they are shown."""
    return [str(error) for error in mistakes(files)]


def wanted(found: Project | Facts) -> list[str]:
    """Write requirements as ``kind[group] requirement``, the source after an arrow."""
    return [_wanted(one) for one in found.wanted]


def _wanted(one: Wanted) -> str:
    group = f"[{one.group}]" if one.group else ""
    requirement = one.requirement
    text = requirement.name + (
        f"[{','.join(sorted(requirement.extras))}]" if requirement.extras else ""
    )
    text += ",".join(sorted(str(spec) for spec in requirement.specifier))
    text += f" ; {requirement.marker}" if requirement.marker else ""
    return f"{one.kind.value}{group} {text}" + (f" -> {one.source}" if one.source else "")


def locked(found: Iterable[Locked]) -> list[str]:
    """Write locked distributions as ``name==version source requires``."""
    return [
        " ".join([f"{one.name}=={one.version}", one.source, *one.requires]).strip() for one in found
    ]


def lines(found: Project | Facts) -> list[str]:
    """Write where requirements stand."""
    return [str(one.origin) for one in found.wanted]


def ranges(found: Project | Facts) -> list[str]:
    """Write the ranges of Python, as texts."""
    return [one.text for one in found.ranges]


def pins(found: Project | Facts) -> list[str | None]:
    """Give the versions of the pins."""
    return [one.version for one in found.pins]


def signs(found: Project | Facts) -> list[str]:
    """Write the signs of installers as ``installer strength``."""
    return [f"{one.installer.value} {one.strength.name}" for one in found.signs]


def notes(found: Project | Facts) -> list[str]:
    """Write the notes with their places."""
    return [f"{one.origin}: {one.text}" for one in found.notes]
