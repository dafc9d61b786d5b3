"""What a project's nixpy.yaml says, and what it will say once it is edited."""

from __future__ import annotations

from enum import Enum

from nixpy.config.model import FILE, Item
from nixpy.config.parse import parse
from nixpy.flake import render
from nixpy.system.files import read_text
from nixpy.workspace.locate import Place
from nixpy.workspace.workspace import Workspace, open_workspace


class Kind(Enum):
    """What a name that is added or removed stands for."""

    PACKAGE = "packages"
    LIBRARY = "libraries"
    TOOL = "tools"

    @property
    def option(self) -> str:
        """The option of `nixpy add` for it, with a space behind it."""
        return {"packages": "", "libraries": "--library ", "tools": "--tool "}[self.value]


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
