"""What a first nixpy.yaml takes over from devbox.json and from conda's environment.yml. Pure."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass

from nixpy.choose import choose_installer
from nixpy.config import Config, check_attribute
from nixpy.knowledge.libraries import DEFAULTS, alternatives
from nixpy.knowledge.names import Known, lookup
from nixpy.knowledge.table import table
from nixpy.project import Facts, Installer, Kind, Project

_DEVBOX = "devbox.json"
_CONDA = ("environment.yml", "environment.yaml")
SOURCES = (_DEVBOX, *_CONDA)
_BY_PIP = "dependencies.pip"
_PACKAGE_SET = re.compile(r"python3\d*Packages\.(.+)")
_OUTPUT = re.compile(r"(.+)\.(?:lib|dev|out)")
# Where one of these is there as well, the installer gets the Python packages from it.
_PROJECT = ("pyproject.toml", "setup.py", "setup.cfg", "Pipfile", "requirements.txt")


@dataclass(frozen=True, slots=True)
class Takeover:
    """Entries for nixpy.yaml by its keys, and what is said of where they come from."""

    packages: tuple[str, ...] = ()
    libraries: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def take_over(project: Project) -> Takeover:
    """Find what other tools' files list for the shell, beside their Python, which readers pin."""
    packages: list[str] = []
    libraries: list[str] = []
    tools: list[str] = []
    notes: list[str] = []
    for facts in project.facts:
        before = len(packages) + len(libraries) + len(tools)
        left: list[str] = []
        if facts.file == _DEVBOX:
            _devbox(facts, packages, libraries, tools, left)
        elif facts.file in _CONDA:
            _conda(facts, project, packages, tools, left)
        else:
            continue
        count = len(packages) + len(libraries) + len(tools) - before
        if count:
            notes.append(f"{count} entries of {facts.file} were taken over into nixpy.yaml")
        by_pip = _pip(facts, project) if facts.file in _CONDA else None
        if by_pip:
            notes.append(by_pip)
        if left:
            shown = ", ".join(f"`{name}`" for name in left)
            notes.append(f"{facts.file} lists {shown} too, which nixpy.yaml does not")
    own = choose_installer(project, Config()).installer.value
    tools = [name for name in tools if name != own]
    return Takeover(*(tuple(dict.fromkeys(one)) for one in (packages, libraries, tools, notes)))


def _devbox(
    facts: Facts,
    packages: list[str],
    libraries: list[str],
    tools: list[str],
    left: list[str],
) -> None:
    """Sort attributes of nixpkgs: Python packages, libraries and programs."""
    for name in facts.packages:
        of_python = _PACKAGE_SET.fullmatch(name)
        output = _OUTPUT.fullmatch(name)
        if check_attribute(name):
            left.append(name)
        elif of_python:
            bare = of_python.group(1)
            packages.append(bare if isinstance(lookup(bare), Known) else name)
        elif name in DEFAULTS:
            continue
        elif output or name in _libraries():
            libraries.append(output.group(1) if output else name)
        else:
            tools.append(name)


def _conda(
    facts: Facts, project: Project, packages: list[str], tools: list[str], left: list[str]
) -> None:
    """Take Python packages that nixpkgs has, where no installer's file lists them, and programs."""
    rows = table("conda.yaml")
    for name in facts.packages:
        attribute = rows.get(name)
        if attribute:
            tools.append(attribute)
        else:
            left.append(name)
    if any(one.file in _PROJECT for one in project.facts):
        return
    for wanted in facts.wanted:
        if wanted.kind is not Kind.RUN or wanted.origin.key == _BY_PIP or wanted.source:
            continue
        if isinstance(lookup(wanted.name), Known):
            packages.append(wanted.name)
        else:
            left.append(wanted.name)


def _pip(facts: Facts, project: Project) -> str | None:
    """Say how to install what conda's file leaves to pip."""
    wanted = [one.text for one in facts.wanted if one.origin.key == _BY_PIP]
    if not wanted or any(one.file in _PROJECT for one in project.facts):
        return None
    installer = choose_installer(project, Config()).installer
    command = "pip install" if installer is Installer.PIP else "uv pip install"
    return f"in the shell, `{command} {' '.join(map(shlex.quote, wanted))}` installs the pip part"


def _libraries() -> frozenset[str]:
    sonames = table("sonames.yaml")
    return frozenset(name for row in sonames for name in alternatives(sonames.get(row)))
