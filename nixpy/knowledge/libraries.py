"""Which native libraries and programs a Python distribution takes from nixpkgs."""

from dataclasses import dataclass
from typing import Any

from nixpy.knowledge.names import normalised
from nixpy.knowledge.table import table

# Nearly every wheel with an extension in C++ may load these from the system (PEP 600), so each
# shell has them: libstdc++, libgcc_s and libgomp; libz.
DEFAULTS = ("stdenv.cc.cc.lib", "zlib")

# Top-level attributes, and sets of them, with a licence that nixpkgs calls unfree.
_UNFREE = frozenset({"cudaPackages", "mkl", "oracle-instantclient", "unrar"})
_UNFREE_PATHS = frozenset({"linuxPackages.nvidia_x11"})


@dataclass(frozen=True, slots=True)
class Needs:
    """What one distribution takes from nixpkgs on Linux, as top-level attribute paths.

    ``runtime`` are libraries that it loads, without :data:`DEFAULTS`; ``programs`` those that it
    runs; ``build`` what building its sdist takes, compiler excepted. ``sdist`` tells that PyPI has
    no Linux wheel of it. ``note`` is for the user.
    """

    runtime: tuple[str, ...] = ()
    build: tuple[str, ...] = ()
    programs: tuple[str, ...] = ()
    note: str | None = None
    sdist: bool = False


def needs(name: str) -> Needs | None:
    """Give what the distribution of a PyPI name takes, or None if nothing is known of it."""
    row: dict[str, Any] | None = table("libraries.yaml").get(normalised(name))
    if row is None:
        return None
    return Needs(
        runtime=tuple(row.get("runtime", ())),
        build=tuple(row.get("build", ())),
        programs=tuple(row.get("programs", ())),
        note=row.get("note"),
        sdist=row.get("sdist", False),
    )


def alternatives(attribute: str) -> tuple[str, ...]:
    """Give the paths under which nixpkgs' branches have a library: the first that exists is it.

    ``libx11`` gives ``("libx11", "xorg.libX11")``; either spelling may be asked for.
    """
    names = table("library_names.yaml")
    older = names.get(attribute)
    if older is None:
        for newer in names:
            if attribute in names.get(newer) and attribute.partition(".")[0] == "xorg":
                return (newer, *names.get(newer))
    return (attribute, *(older or ()))


def soname_provider(soname: str) -> str | None:
    """Give the top-level attribute whose library has a soname, or None if no table says."""
    found: str | None = table("sonames.yaml").get(soname)
    return found


def unfree(attribute: str) -> bool:
    """Whether nixpkgs refuses a top-level attribute unless unfree packages are allowed."""
    return attribute in _UNFREE_PATHS or attribute.partition(".")[0] in _UNFREE
