"""What a first nixpy.yaml takes over from devbox.json and from conda's environment.yml. Pure."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from functools import cache

from nixpy.config.model import Config
from nixpy.config.parse import check_attribute
from nixpy.installers.registry import spec
from nixpy.knowledge.elsewhere import Package, conda_package
from nixpy.knowledge.libraries import DEFAULTS, alternatives
from nixpy.knowledge.names import Known, lookup
from nixpy.knowledge.table import table
from nixpy.metadata.model import Facts, Installer, Kind, Project
from nixpy.plan.installer import choose_installer
from nixpy.plan.own import own_names

_DEVBOX = "devbox.json"
_CONDA = ("environment.yml", "environment.yaml")
SOURCES = (_DEVBOX, *_CONDA)
_BY_PIP = "dependencies.pip"
_PACKAGE_SET = re.compile(r"python3\d*Packages\.(.+)")
_OUTPUT = re.compile(r"(.+)\.(?:lib|dev|out)")
# What conda adds to every environment on Linux, and nobody lists by hand.
_EXPORTED = frozenset({"_libgcc_mutex", "_openmp_mutex", "ld_impl_linux-64", "libgcc", "libgcc-ng"})


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
            _conda(facts, project, packages, libraries, tools, left)
        else:
            continue
        count = len(packages) + len(libraries) + len(tools) - before
        if count:
            said = "1 entry" if count == 1 else f"{count} entries"
            verb = "was" if count == 1 else "were"
            notes.append(f"{said} of {facts.file} {verb} taken over into nixpy.yaml")
        versioned = [f"`{name}`" for name in facts.packages if "@" in name]
        if versioned:
            shown = ", ".join(versioned)
            notes.append(f"{facts.file} asks for {shown}: nixpkgs has one version of each package")
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
    for name in (one.partition("@")[0] for one in facts.packages):
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
    facts: Facts,
    project: Project,
    packages: list[str],
    libraries: list[str],
    tools: list[str],
    left: list[str],
) -> None:
    """Take programs and libraries, and Python packages that the installer does not get.

    What `conda env export` lists of libraries came along with the packages that somebody chose.
    """
    exported = not _EXPORTED.isdisjoint(facts.packages)
    for name in facts.packages:
        package = conda_package(name)
        tools += package.tools if not (exported and package.libraries) else ()
        libraries += package.libraries if not exported else ()
        if package == Package():
            left.append(name)
    # An environment for work on the project may list the project itself.
    installed = _installed(project) | own_names(project)
    for wanted in facts.wanted:
        if wanted.kind is not Kind.RUN or wanted.origin.key == _BY_PIP or wanted.source:
            continue
        if wanted.name in installed:
            continue
        if isinstance(lookup(wanted.name), Known):
            packages.append(wanted.name)
        else:
            left.append(wanted.name)


def _installed(project: Project) -> frozenset[str]:
    """Give the distributions that the installer gets from files of its own."""
    own = [one for one in project.facts if one.file not in SOURCES]
    unwanted = (Kind.BUILD, Kind.CONSTRAINT)
    wanted = (one.name for facts in own for one in facts.wanted if one.kind not in unwanted)
    return frozenset((*wanted, *(one.name for one in project.locked)))


def _pip(facts: Facts, project: Project) -> str | None:
    """Say how to install what conda's file leaves to pip, and the installer does not get."""
    installed = _installed(project)
    wanted = [
        one.text for one in facts.wanted if one.origin.key == _BY_PIP and one.name not in installed
    ]
    if not wanted:
        return None
    installer = choose_installer(project, Config()).installer
    managed = any(one.file == "pyproject.toml" for one in project.facts)
    command = spec(installer).add if managed or installer is Installer.PIPENV else None
    command = command or ("pip install" if installer is Installer.PIP else "uv pip install")
    return f"in the shell, `{command} {' '.join(map(shlex.quote, wanted))}` installs the pip part"


@cache
def _libraries() -> frozenset[str]:
    sonames = table("sonames.yaml")
    return frozenset(name for row in sonames for name in alternatives(sonames.get(row)))
