"""What a project's nixpy.yaml says, and what it will say once it is edited."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from enum import Enum

from nixpy.config.model import FILE, Item
from nixpy.config.parse import parse
from nixpy.errors import NixpyError
from nixpy.flake import render
from nixpy.plan.model import Plan
from nixpy.syntax.origin import Origin
from nixpy.system.files import read_text
from nixpy.workspace.locate import Place
from nixpy.workspace.workspace import Workspace, open_workspace

# By key of nixpy.yaml and name.
Origins = Mapping[tuple[str, str], Origin]


class Kind(Enum):
    """What a name that is added or removed stands for."""

    PACKAGE = "packages"
    LIBRARY = "libraries"
    TOOL = "tools"

    @property
    def option(self) -> str:
        """The option of `nixpy add` for it, with a space behind it."""
        return {"packages": "", "libraries": "--library ", "tools": "--tool "}[self.value]

    def origins(self, names: Iterable[str]) -> Origins:
        """Return where names are said, as arguments of a command with this option."""
        option = self.option.strip()
        return {(self.value, name): Origin(option, value=name) for name in names}


def choices_text(place: Place) -> str:
    """Give the text of a project's nixpy.yaml, or a first one where it has none yet."""
    text = read_text(place.root, place.choices)
    if text is None:
        return render.nixpy_yaml()
    parse(text, place.choices)
    return text


def listed_items(text: str, kind: Kind) -> tuple[Item, ...]:
    """Give what the text of a nixpy.yaml lists."""
    config = parse(text)
    return {
        Kind.PACKAGE: config.packages,
        Kind.LIBRARY: config.libraries,
        Kind.TOOL: config.tools,
    }[kind]


def edited(place: Place, text: str) -> Workspace:
    """Open a project as it will be once its nixpy.yaml has another text."""
    config = parse(text) if place.choices == FILE else place.config
    return open_workspace(place.root, config, {place.choices: text}, place.outputs)


def plan_of(workspace: Workspace, file: str, origins: Origins) -> Plan:
    """Return the plan of an edited project.

    Raises NixpyError where a choice cannot be met; it names the option of the command that makes
    the choice, not the line of nixpy.yaml that was not written yet.
    """
    try:
        return workspace.plan()
    except NixpyError:
        said_by(workspace, file, origins).plan()
        raise


def said_by(workspace: Workspace, file: str, origins: Origins) -> Workspace:
    """Return a project in which options of a command, not lines of a nixpy.yaml, say something."""
    parts = tuple(
        replace(part, config=part.config.said_by(origins)) if part.config.file == file else part
        for part in workspace.parts
    )
    return replace(workspace, parts=parts)
