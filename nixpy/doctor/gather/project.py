"""Looks at the project's files: metadata, nixpy.yaml, editors' settings, imports of tkinter."""

from __future__ import annotations

import ast
import json
import os
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from nixpy.doctor.gather.settings import settings
from nixpy.doctor.snapshot import Choices, EditorSetting, LockedWheels, Pin, ProjectFacts
from nixpy.errors import NixpyError, NixpyErrors
from nixpy.knowledge.libraries import needs
from nixpy.metadata.model import Kind, Project, merge
from nixpy.plan.installer import choose_installer
from nixpy.plan.model import Part
from nixpy.system.files import DiskTree
from nixpy.system.reading import read_head, read_head_text
from nixpy.workspace.locate import Place, find
from nixpy.workspace.workspace import Workspace

_EDITOR_KEYS = ("python.defaultInterpreterPath", "python.pythonPath", "python.interpreterPath")
# A comment or a trailing comma of JSON as VS Code has it; strings are skipped over.
_JSON_EXTRAS = re.compile(
    r'("(?:\\.|[^"\\])*"?)|//[^\n]*|/\*.*?(?:\*/|\Z)|,(?=\s*[}\]])', re.DOTALL
)

# Enough for any project; a folder of data sets does not hold us up.
_MOST_SECONDS = 1.0
_MOST_BYTES = 400_000
# The latter are read by people, or run by hand: the project works without what they import.
_SKIPPED = frozenset(
    [
        "node_modules",
        "build",
        "dist",
        "site-packages",
        "__pycache__",
        "venv",
        "env",
        "doc",
        "docs",
        "example",
        "examples",
        "sample",
        "samples",
        "demo",
        "demos",
        "benchmarks",
    ]
)


@dataclass(frozen=True, slots=True)
class Opened:
    """A project that nixpy renders the shell of; ``workspace`` is None if it cannot be read."""

    place: Place
    workspace: Workspace | None

    @property
    def part(self) -> Part | None:
        """The project itself, in a monorepo one of several."""
        parts = self.workspace.parts if self.workspace else ()
        return next((one for one in parts if one.name == self.place.project), None)

    @property
    def choices(self) -> Choices:
        """What nixpy.yaml says, with the installer that nixpy takes."""
        config = self.part.config if self.part else self.place.config
        taken = choose_installer(self.part.project if self.part else merge(()), config)
        return Choices(
            python=config.python.text if config.python else None,
            installer=taken.installer.value,
            venv=config.venv,
            packages=tuple(one.text for one in config.packages),
            libraries=tuple(one.text for one in config.libraries),
            tools=tuple(one.text for one in config.tools),
            systems=config.systems,
            nixpkgs=config.nixpkgs,
            allow_unfree=config.allow_unfree,
            library_path=config.library_path,
            provider=config.provider,
            shell=config.shell,
        )


def open_project(root: Path, errors: list[str]) -> Opened | None:
    """Open a project of nixpy; None if it is none. What is wrong with it is told in ``errors``."""
    try:
        place = find(root)
    except NixpyError as error:
        errors += _said(error) if error.file or isinstance(error, NixpyErrors) else []
        return None
    if not place.root.joinpath(place.folder).samefile(root):
        return None  # a nixpy.yaml further up, of another project
    try:
        return Opened(place, place.open())
    except NixpyError as error:
        errors += _said(error)
        return Opened(place, None)


def _said(error: NixpyError) -> list[str]:
    return [str(one) for one in error.errors]


def look(
    root: Path,
    opened: Opened | None,
    errors: list[str],
    venv: Path,
    variables: Mapping[str, str] | None = None,
) -> ProjectFacts:
    """Read the project's metadata and what else checks ask of its files."""
    part = opened.part if opened else None
    project = part.project if part else read_metadata(root, errors)
    chosen = opened.choices if opened else None
    home = os.path.expanduser("~")  # noqa: PTH111 - also without a home
    settings_found = settings(root, venv, variables or {}, home, errors)
    signs = (chosen.installer,) if chosen and chosen.installer else _installers(project)
    return ProjectFacts(
        root=str(root),
        files=project.files,
        installers=signs,
        wanted=tuple(dict.fromkeys(one.name for one in project.wanted)),
        pins=tuple(Pin(one.text, one.version, str(one.origin)) for one in project.pins),
        locked=tuple(_locked(project)),
        imports=dict(_tkinter(root, venv)),
        editors=tuple(_editors(root)),
        choices=chosen,
        requires=tuple(Pin(one.text, None, str(one.origin)) for one in project.ranges),
        settings=settings_found,
        unreadable=tuple(dict.fromkeys(errors)),
    )


def read_metadata(root: Path, errors: list[str]) -> Project:
    """Read the project's files; what is wrong with them is told in ``errors``."""
    from nixpy.metadata.read import read_project

    try:
        return read_project(DiskTree(root))
    except NixpyError as error:
        errors += _said(error)
    return merge(())


def _installers(project: Project) -> tuple[str, ...]:
    signs = sorted(project.signs, key=lambda one: one.strength.value)
    named = [one.installer.value for one in signs]
    if any("requirements" in file for file in project.files):
        named.append("pip")
    return tuple(dict.fromkeys(named))


def _locked(project: Project) -> Iterator[LockedWheels]:
    """Give what may have to be built and takes libraries for it."""
    for one in project.locked:
        row = needs(one.name)
        known = one.wheels or one.sdist
        if row and row.build and one.source == "registry" and (known or row.sdist):
            yield LockedWheels(one.name, one.version, one.wheels, one.sdist or row.sdist)
    if not project.locked:
        for wanted in project.wanted:
            row = needs(wanted.name)
            if row and row.build and row.sdist and wanted.kind is Kind.RUN:
                yield LockedWheels(wanted.name, None, (), sdist=True)


def _tkinter(root: Path, venv: Path) -> Iterator[tuple[str, str]]:
    """Find the first file that cannot be imported without tkinter."""
    until = time.monotonic() + _MOST_SECONDS
    for folder, folders, files in os.walk(root):
        if time.monotonic() > until:
            return
        folders[:] = sorted(
            one
            for one in folders
            if one not in _SKIPPED and not one.startswith(".") and Path(folder, one) != venv
        )
        for name in sorted(files):
            if not name.endswith(".py"):
                continue
            line = _imports_tkinter(Path(folder, name))
            if line:
                yield "tkinter", f"{Path(folder, name).relative_to(root)}:{line}"
                return


def _imports_tkinter(path: Path) -> int | None:
    try:
        if path.stat().st_size > _MOST_BYTES:
            return None
        source = read_head(path, _MOST_BYTES)
        if b"tkinter" not in source and b"turtle" not in source:
            return None
        module = ast.parse(source)
    except (OSError, SyntaxError, ValueError, RecursionError):
        return None
    # Only at the top level: what stands in `try:` or in a function can be done without.
    for statement in module.body:
        if isinstance(statement, ast.Import):
            names = [one.name for one in statement.names]
        elif isinstance(statement, ast.ImportFrom) and not statement.level:
            names = [statement.module or ""]
        else:
            continue
        if any(name.split(".")[0] in {"tkinter", "turtle"} for name in names):
            return statement.lineno
    return None


_STORE_PATH = re.compile(r"/nix/store/[0-9a-z]{32}-[^\s\"'<>:,;]+")


def _collected(root: Path) -> Iterator[EditorSetting]:
    """Find store paths that are gone in the files of PyCharm, pyright and VS Code's debugger."""
    files = [root / name for name in ("pyrightconfig.json", ".vscode/launch.json")]
    files += sorted([*root.glob(".idea/*.xml"), *root.glob(".idea/*.iml")])[:50]
    for file in files:
        try:
            text = read_head_text(file, _MOST_BYTES)
        except OSError:
            continue
        for path in dict.fromkeys(_STORE_PATH.findall(text)):
            if not os.path.exists(path):  # noqa: PTH110 - raises nothing
                yield EditorSetting(str(file.relative_to(root)), path, path, exists=False)
                break


def _editors(root: Path) -> Iterator[EditorSetting]:
    yield from _collected(root)
    file = root / ".vscode/settings.json"
    try:
        settings = json.loads(
            _JSON_EXTRAS.sub(lambda found: found[1] or "", read_head_text(file, _MOST_BYTES))
        )
    except (OSError, ValueError, RecursionError):
        return
    if not isinstance(settings, Mapping):
        return
    for key in _EDITOR_KEYS:
        value = settings.get(key)
        if not isinstance(value, str) or "/" not in value:
            continue
        text = value.replace("${workspaceFolder}", str(root)).replace("${userHome}", "~")
        path = Path(root, os.path.expanduser(text))  # noqa: PTH111 - also without a home
        if "${" not in text:
            yield EditorSetting(".vscode/settings.json", value, str(path), path.exists())
