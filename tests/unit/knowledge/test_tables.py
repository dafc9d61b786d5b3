"""The tables themselves: what every row must hold to."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.utils import canonicalize_name

from nixpy.knowledge import table as module
from nixpy.knowledge.libraries import DEFAULTS
from nixpy.knowledge.names import Absent, Known, attributes, lookup, pypi_name
from nixpy.knowledge.programs import program, programs
from nixpy.knowledge.table import Table, table, text

FOLDER = Path(module.__file__).parent
TABLES = sorted(path.name for path in FOLDER.glob("*.yaml"))
BY_NAME = ["absent.yaml", "aliases.yaml", "libraries.yaml", "names.yaml", "programs.yaml"]
# Tables whose order means something.
ORDERED = {"nix_messages.yaml", "pythons.yaml"}
# Names with a dot between parts, each a plain Nix identifier.
ATTRIBUTE = re.compile(r"[a-zA-Z_][\w-]*(?:\.[a-zA-Z_][\w-]*)*")


def whole(name: str) -> dict[str, Any]:
    """Give a table as YAML reads the whole file."""
    return yaml.load(text(name), yaml.SafeLoader)


def library_attributes() -> set[str]:
    """Give every top-level attribute that the tables of libraries name."""
    found: set[str] = set(whole("sonames.yaml").values()) | set(whole("library_names.yaml"))
    for row in whole("libraries.yaml").values():
        for key in ("runtime", "build", "programs", "unfree"):
            found.update(row.get(key, ()))
    return found


@pytest.mark.parametrize("name", TABLES)
def test_rows_read_alone_are_those_of_the_whole_file(name: str) -> None:
    """Reading a table row by row gives what YAML gives for the file."""
    rows = table(name)
    assert {key: rows.get(key) for key in rows} == whole(name)


@pytest.mark.parametrize("name", [name for name in TABLES if name not in ORDERED])
def test_tables_are_sorted_and_without_doubles(name: str) -> None:
    """Every table is in ASCII order, and names each key once."""
    keys = re.findall(r"^([^\s#:][^:\n]*):(?=\s)", text(name), re.MULTILINE)
    assert keys == sorted(set(keys))


@pytest.mark.parametrize("name", BY_NAME)
def test_keys_are_normalised_names(name: str) -> None:
    """Tables that are asked by PyPI name spell it as PEP 503 does."""
    assert [key for key in table(name) if key != canonicalize_name(key)] == []


def test_attributes_are_sorted_and_without_doubles() -> None:
    """The list of attributes is in ASCII order, and names each once."""
    lines = [line for line in text("attributes.txt").splitlines() if not line.startswith("#")]
    assert lines == sorted(set(lines))
    assert len(lines) > 11_000
    assert [line for line in lines if not ATTRIBUTE.fullmatch(line)] == []


def test_names_lead_to_attributes_that_exist() -> None:
    """Every target of a PyPI name is in the list of attributes, and differs from the name."""
    for key in table("names.yaml"):
        found = lookup(key)
        assert isinstance(found, Known), key
        assert found.attribute.partition(".")[0] in attributes(), key
        assert found.attribute != key


def test_facts_are_told_of_attributes_that_exist() -> None:
    """Facts are told only of attributes in the list, and older names are not in it twice."""
    for key, row in whole("attributes.yaml").items():
        assert key in attributes(), key
        assert key not in row.get("older", ()), key


def test_names_have_one_answer() -> None:
    """No name is both in nixpkgs and absent from it, backports of the standard library aside."""
    absent = {key for key, row in whole("absent.yaml").items() if row.get("kind") != "stdlib"}
    assert sorted(absent & (set(table("names.yaml")) | attributes())) == []


def test_what_is_taken_instead_is_there() -> None:
    """The name to take for an absent one is one that nixpkgs has."""
    for key, row in whole("absent.yaml").items():
        if "instead" in row:
            assert isinstance(lookup(row["instead"]), Known), key


def test_aliases_lead_to_known_names() -> None:
    """Whatever an alias suggests, `lookup` finds; and no alias hides a name that is known."""
    for key, targets in whole("aliases.yaml").items():
        assert not isinstance(lookup(key), Known), key
        for target in targets:
            assert isinstance(lookup(target), Known | Absent), (key, target)
            assert isinstance(lookup(target), Known) or target == "apache-airflow"


def test_programs_are_found_by_lookup() -> None:
    """Who asks for a program as a Python package learns where nixpkgs has it."""
    for one in programs():
        found = lookup(one.distribution)
        if one.attribute and isinstance(found, Absent):
            assert found.program == one.attribute, one.distribution


def test_library_rows_are_whole() -> None:
    """Rows of libraries have sorted lists without the defaults, and tell their source."""
    columns = {"as", "runtime", "programs", "build", "unfree", "packages", "by_name", "unless"}
    rows = whole("libraries.yaml")
    for key, row in rows.items():
        assert set(row) <= columns | {"sdist", "note", "advice", "source"}, key
        assert "source" in row or "as" in row, key
        assert "as" not in rows.get(row.get("as"), {"as": None} if "as" in row else {}), key
        for column in ("runtime", "programs", "build", "unfree", "packages"):
            listed = row.get(column, [])
            assert listed == sorted(set(listed), key=str.lower), (key, column)
            assert column == "build" or not set(listed) & set(DEFAULTS), key
        assert not row.get("by_name") or row.get("runtime"), key


def test_library_attributes_are_paths() -> None:
    """Every library is named by an attribute path that needs no quotes in Nix."""
    assert [name for name in library_attributes() if not ATTRIBUTE.fullmatch(name)] == []


def test_renamed_libraries_are_named_as_new_branches_do() -> None:
    """No table names a library as only older branches do."""
    older = {old for names in whole("library_names.yaml").values() for old in names}
    assert library_attributes() & older <= {"mesa", "postgresql"}
    assert not [name for name in library_attributes() if name.startswith("xorg.")]


def test_notes_are_one_sentence_without_a_full_stop() -> None:
    """Notes can be put into a message: no full stop, no capital unless it is a name."""
    for name in ("attributes.yaml", "libraries.yaml", "names.yaml", "programs.yaml"):
        for key, row in whole(name).items():
            if isinstance(row, dict) and row.get("note"):
                assert not row["note"].endswith("."), (name, key)


def test_pypi_names_are_normalised() -> None:
    """The PyPI name of every attribute is in the form that lock files use."""
    for attribute in attributes():
        name = pypi_name(attribute)
        assert name is None or name == canonicalize_name(name), attribute


def test_a_table_without_libyaml_reads_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """PyYAML without its C parser reads the same rows."""
    monkeypatch.setattr(module, "_LOADER", yaml.SafeLoader)
    one = Table('# comment\na: {b: ["1"]}  # why\nc.d+:\n  e: f\n')
    assert (list(one), one.get("a"), one.get("c.d+"), one.get("x")) == (
        ["a", "c.d+"],
        {"b": ["1"]},
        {"e": "f"},
        None,
    )
    assert "a" in one
    assert len(one) == 2


def test_program_rows_name_programs() -> None:
    """Each distribution with programs names at least one, and says whether it fetches them."""
    for one in programs():
        assert one.programs, one.distribution
        assert one == program(one.distribution.upper())
