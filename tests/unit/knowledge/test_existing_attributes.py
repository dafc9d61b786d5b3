"""Every attribute that a table names is one that nixpkgs has."""

import pytest

from nixpy.knowledge.elsewhere import Package, conda_package, system_package
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


def _named() -> dict[str, list[str]]:
    """Give every top-level attribute of every table, with the rows that name it."""
    found: dict[str, list[str]] = {}
    lists = ("runtime", "build", "programs", "unfree")
    for name in table("libraries.yaml"):
        row = table("libraries.yaml").get(name)
        for attribute in (one for key in lists for one in row.get(key, ())):
            found.setdefault(attribute, []).append(f"libraries.yaml: {name}")
    for file, find in (("conda.yaml", conda_package), ("system_packages.yaml", system_package)):
        for name in table(file):
            package = find(name) or Package()
            for attribute in (*package.tools, *package.libraries):
                found.setdefault(attribute, []).append(f"{file}: {name}")
    for file in ("commands.yaml", "sonames.yaml"):
        for name in table(file):
            found.setdefault(table(file).get(name), []).append(f"{file}: {name}")
    for file, key in (("absent.yaml", "program"), ("programs.yaml", "attribute")):
        for name in table(file):
            if attribute := table(file).get(name).get(key):
                found.setdefault(attribute, []).append(f"{file}: {name}")
    for name in table("library_names.yaml"):
        found.setdefault(name, []).append("library_names.yaml")
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
