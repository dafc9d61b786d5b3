"""Reads what a repository says beside its metadata: CI, containers, build files, sources.

A reader is ``read(text, path) -> Iterator[Evidence]``, one format a module of
``metadata.readers.evidence``. Its files are looked up under the names that people give them, never
searched for, so that a large repository takes no longer. A file that is broken, huge or no text is
passed over in silence: nobody wrote it for nixpy.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from itertools import islice
from typing import TYPE_CHECKING

from nixpy.errors import NixpyError
from nixpy.metadata.model import Evidence, Project

if TYPE_CHECKING:
    from nixpy.syntax.tree import Tree

Reader = Callable[[str, str], Iterable[Evidence]]

# Such files are written by hand; more is something else.
_MOST_CHARACTERS = 512 * 1024
_MOST_FILES = 60  # of one pattern

_CI = (
    ".github/workflows/*.yml",
    ".github/workflows/*.yaml",
    ".gitlab-ci.yml",
    ".travis.yml",
    ".circleci/config.yml",
    "azure-pipelines.yml",
)
_TESTS = tuple(
    f".github/workflows/{name}.{suffix}"
    for name in ("*test*", "ci", "ci-*", "main", "python-*", "build")
    for suffix in ("yml", "yaml")
)
_TESTS += (".gitlab-ci.yml", ".travis.yml", ".circleci/config.yml")
_DOCS = (".readthedocs.yml", ".readthedocs.yaml")
_DOCKERFILES = (
    "Dockerfile",
    "Dockerfile.*",
    "Containerfile",
    "docker/Dockerfile*",
    ".devcontainer/Dockerfile",
)
_COMPOSE = (
    "compose.yaml",
    "compose.yml",
    "docker-compose.yml",
    "docker-compose.yaml",
    ".devcontainer/docker-compose.yml",
    ".devcontainer/compose.yaml",
)
_RECIPES = ("Makefile", "justfile", "Justfile", "Taskfile.yml", "tox.ini")
_PROSE = ("CONTRIBUTING.md", "CONTRIBUTING.rst", "README.md", "README.rst")
_MANAGERS = ("mise.toml", ".mise.toml", ".config/mise.toml", ".tool-versions")
_NAME_LISTS = ("Aptfile", "apt.txt", "binder/apt.txt", ".binder/apt.txt", "packages.txt")

READERS: tuple[tuple[str, str], ...] = (
    ("pyproject.toml", "declared"),
    ("setup.cfg", "declared"),
    ("setup.py", "declared"),
    ("tox.ini", "tox"),
    ("noxfile.py", "nox"),
    *((path, "ci") for path in (*_CI, *_DOCS)),
    *((path, "dockerfile") for path in _DOCKERFILES),
    ("setup.py", "old_modules"),
    ("versioneer.py", "old_modules"),
    ("Cargo.lock", "cargo"),
    ("Cargo.toml", "cargo"),
    ("rust/Cargo.toml", "cargo"),
    ("src/rust/Cargo.lock", "cargo"),
    ("src/rust/Cargo.toml", "cargo"),
    ("rust-toolchain", "rust_toolchain"),
    ("rust-toolchain.toml", "rust_toolchain"),
    ("meson.build", "build_files"),
    ("*/meson.build", "build_files"),
    ("CMakeLists.txt", "build_files"),
    ("*/CMakeLists.txt", "build_files"),
    ("setup.py", "build_files"),
    ("hatch_build.py", "build_files"),
    ("package.json", "package_json"),
    (".nvmrc", "package_json"),
    (".node-version", "package_json"),
    *((path, "commands") for path in (*_CI, *_DOCKERFILES, *_RECIPES, *_PROSE)),
    # What stands first is offered first.
    *((path, "services") for path in (*_COMPOSE, *_CI)),
    *((path, "managed") for path in _MANAGERS),
    (".pre-commit-config.yaml", "pre_commit"),
    *((path, "name_lists") for path in _NAME_LISTS),
    *((path, "system_packages") for path in (*_DOCKERFILES, *_TESTS, *_PROSE)),
)


def read_evidence(tree: Tree, project: Project) -> tuple[Evidence, ...]:
    """Read the evidence of a project whose metadata is known; never raises for what a file says."""
    found: list[Evidence] = []
    for pattern, module in (*READERS, *_of_sources(project)):
        for path in _paths(tree, pattern):
            text = _text(tree, path)
            if text is not None:
                read: Reader = import_module(f"nixpy.metadata.readers.evidence.{module}").read
                found += read(text, path)
    return tuple(dict.fromkeys(found))


def _of_sources(project: Project) -> Iterator[tuple[str, str]]:
    """Yield patterns for the modules that a project's name leads to."""
    name = re.sub(r"[^a-z0-9]+", "_", (project.name or "").lower())
    if name.strip("_"):
        for folder in (name, f"src/{name}", f"lib/{name}"):
            yield f"{folder}/*.py", "sources"
            yield f"{folder}/*/__init__.py", "typelibs"


def _paths(tree: Tree, pattern: str) -> Iterable[str]:
    return islice(tree.glob(pattern), _MOST_FILES) if "*" in pattern else [pattern]


def _text(tree: Tree, path: str) -> str | None:
    try:
        data = tree.read(path)
    except NixpyError:
        return None
    if data is None or len(data) > _MOST_CHARACTERS:
        return None
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        return None
