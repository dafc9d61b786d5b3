"""Every attribute that a table names is one that nixpkgs has."""

from collections.abc import Iterator

import pytest

from nixpy.knowledge.elsewhere import Package, conda_package, system_package
from nixpy.knowledge.libraries import Needs, needs
from nixpy.knowledge.names import attributes
from nixpy.knowledge.table import table, text

# Names that the list of September 2025 has not, and why a table has them.
NEWER = {
    "rumdl": "packaged since",
    "schemathesis": "packaged since",
    "zxing-cpp": "renamed since, from zxing_cpp",
}
# Below these sets only nixpkgs itself can say what there is.
SETS = {
    "cudaPackages",
    "gst_all_1",
    "linuxPackages",
    "llvmPackages",
    "poetryPlugins",
    "qt5",
    "qt6",
    "stdenv",
    "unixodbcDrivers",
    "xorg",
}
# Tables whose rows are lists of attributes.
LISTS = (
    "build_requirements.yaml",
    "hook_languages.yaml",
    "services.yaml",
    "version_managers.yaml",
)


def _pairs() -> Iterator[tuple[str, str]]:
    """Yield every top-level attribute of every table, with the row that names it."""
    for name in table("libraries.yaml"):
        found = needs(name) or Needs()
        for attribute in (*found.runtime, *found.build, *found.programs, *found.unfree):
            yield attribute, f"libraries.yaml: {name}"
    for file, find in (("conda.yaml", conda_package), ("system_packages.yaml", system_package)):
        for name in table(file):
            package = find(name) or Package()
            for attribute in (*package.tools, *package.libraries):
                yield attribute, f"{file}: {name}"
    for file in LISTS:
        for name in table(file):
            for attribute in table(file).get(name):
                yield attribute, f"{file}: {name}"
    for file in ("build_libraries.yaml", "commands.yaml", "sonames.yaml", "typelibs.yaml"):
        yield from ((table(file).get(name), f"{file}: {name}") for name in table(file))
    yield from ((name, "library_names.yaml") for name in table("library_names.yaml"))


def _programs() -> Iterator[tuple[str, str]]:
    for file, key in (("absent.yaml", "program"), ("programs.yaml", "attribute")):
        for name in table(file):
            if attribute := table(file).get(name).get(key):
                yield attribute, f"{file}: {name}"


def _named() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for attribute, row in (*_pairs(), *_programs()):
        found.setdefault(attribute, []).append(row)
    return found


def _listed() -> frozenset[str]:
    return frozenset(line.split(" ")[0] for line in text("top_level.txt").splitlines())


def test_every_attribute_is_in_nixpkgs() -> None:
    """No table leads to a program or a library that no nixpkgs has."""
    listed, renamed = _listed(), table("library_names.yaml")
    unknown = {
        attribute: rows
        for attribute, rows in _named().items()
        if attribute not in NEWER
        and attribute.partition(".")[0] not in listed | SETS
        # What was renamed since is there under a name of its own on older branches.
        and not any(
            old.partition(".")[0] in {*listed, "xorg"} for old in renamed.get(attribute) or ()
        )
    }
    assert unknown == {}


@pytest.mark.parametrize("name", NEWER)
def test_exceptions_are_still_needed(name: str) -> None:
    """An exception goes when the list has the name, or no table names it any more."""
    assert name in _named()
    assert name not in _listed()


def test_python_packages_of_rows_are_in_nixpkgs() -> None:
    """The Python packages that rows of libraries bring are in the Python package set."""
    rows = table("libraries.yaml")
    named = {one for name in rows for one in rows.get(name).get("packages", ())}
    assert named - attributes() == set()
