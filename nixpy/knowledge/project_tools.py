"""Which programs of nixpkgs a project's builds, services, hooks and version managers take."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from packaging.utils import canonicalize_name

from nixpy.knowledge.table import table
from nixpy.knowledge.top_level import known_attribute

# What stands before the path of an image: registry.example.org:5000/
_REGISTRY = re.compile(r"^[^/]+[.:][^/]*/")
_OWNER_AND_NAME = re.compile(r"([\w.-]+/[\w.-]+?)(?:\.git)?/*$")

_GTK = ("at-spi2-core", "gdk-pixbuf", "harfbuzz", "pango")
# What the typelibs of a library ask for (`<include>` in its .gir file), beside glib's.
_TYPELIBS_BELOW = {
    "gst_all_1.gst-plugins-base": ("gst_all_1.gstreamer",),
    "gtk3": _GTK,
    "gtk4": (*_GTK, "graphene"),
    "gtksourceview4": ("gtk3", *_GTK),
    "gtksourceview5": ("gtk4", *_GTK, "graphene"),
    "libadwaita": ("gtk4", *_GTK, "graphene"),
    "pango": ("harfbuzz",),
    "webkitgtk_4_1": ("gtk3", *_GTK, "libsoup_3"),
    "webkitgtk_6_0": ("gtk4", *_GTK, "graphene", "libsoup_3"),
}


@dataclass(frozen=True, slots=True)
class Hooks:
    """What a repository of pre-commit hooks takes.

    ``language`` is pre-commit's, ``tools`` are the top-level attributes with which it fetches no
    compiler or interpreter that is built for a generic Linux.
    """

    language: str
    tools: tuple[str, ...]


def build_programs(requirements: Iterable[str]) -> tuple[str, ...]:
    """Return the programs that building with some requirements runs, sorted.

    ``requirements`` are names of distributions in ``[build-system] requires``, in any spelling. A
    compiler for C and C++ is in every shell, so it is not among them.
    """
    rows = table("build_requirements.yaml")
    found = (rows.get(canonicalize_name(name)) or () for name in requirements)
    return tuple(sorted({program for programs in found for program in programs}))


def build_library(name: str) -> str | None:
    """Return the attribute of a library that meson or CMake asks for, or None if none is known."""
    found: str | None = table("build_libraries.yaml").get(name.lower())
    return found


def service_clients(image: str) -> tuple[str, ...]:
    """Return the attributes with the client of a service, by its image as Docker writes it.

    ``docker.io/library/postgres:16-alpine`` gives ``("postgresql",)``; an image that no table knows
    gives none.
    """
    rows = table("services.yaml")
    name = _REGISTRY.sub("", image.lower()).partition("@")[0].partition(":")[0]
    return tuple(rows.get(name) or rows.get(name.rpartition("/")[2]) or ())


def hooks_of_language(language: str) -> Hooks:
    """Return what hooks of one of pre-commit's languages take; nothing where it fetches nothing."""
    return Hooks(language, tuple(table("hook_languages.yaml").get(language) or ()))


def hooks_of_repository(url: str) -> Hooks | None:
    """Return what a repository of hooks takes, by its URL, or None where no table knows it."""
    match = _OWNER_AND_NAME.search(url.lower())
    language = table("hook_repositories.yaml").get(match[1]) if match else None
    return hooks_of_language(language) if language else None


def managed_tool(name: str) -> tuple[str, ...]:
    """Return the attributes of a tool of mise or asdf, or none where nixpkgs has none.

    mise's backends may stand before it (``pipx:ruff``, ``npm:prettier``, ``ubi:owner/name``).
    """
    bare = name.lower().partition("[")[0].rpartition(":")[2].rpartition("/")[2]
    row = table("version_managers.yaml").get(bare)
    if row:
        return tuple(row)
    return (bare,) if known_attribute(bare) else ()


def typelib(namespace: str, version: str | None = None) -> str | None:
    """Return the attribute with the typelib of a namespace, as ``gi.require_version`` names it.

    Without a version the newest that the table has is taken. Returns None where no table knows it.
    """
    rows = table("typelibs.yaml")
    if version is not None:
        found: str | None = rows.get(f"{namespace}-{version}")
        return found
    versions = [key for key in rows if key.rpartition("-")[0] == namespace]
    return rows.get(max(versions, key=_version)) if versions else None


def typelib_closure(attribute: str | None) -> tuple[str, ...]:
    """Return an attribute with those whose typelibs its own ask for; nothing for None."""
    if attribute is None:
        return ()
    return (attribute, *_TYPELIBS_BELOW.get(attribute, ()), "glib", "gobject-introspection")


def _version(key: str) -> tuple[int, ...]:
    return tuple(int(part) for part in key.rpartition("-")[2].split("."))
