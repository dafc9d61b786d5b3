"""For which Pythons a pinned or bounded distribution has a wheel."""

import pytest
from packaging.utils import canonicalize_name
from packaging.version import Version

from nixpy.knowledge.table import table
from nixpy.knowledge.wheels import MINORS, minors_for, newest_python, wheels_for


@pytest.mark.parametrize(
    ("name", "version", "minors"),
    [
        ("numpy", "1.21.6", {"3.8", "3.9", "3.10"}),
        ("numpy", "1.26.4", {"3.9", "3.10", "3.11", "3.12"}),
        ("NumPy", "2.2.6", {"3.10", "3.11", "3.12", "3.13"}),
        ("pandas", "2.0.3", {"3.8", "3.9", "3.10", "3.11"}),
        ("psycopg2_binary", "2.9.9", {"3.8", "3.9", "3.10", "3.11", "3.12"}),
        ("tensorflow", "2.20.0", {"3.9", "3.10", "3.11", "3.12", "3.13"}),
        ("torch", "2.1.0+cu118", {"3.8", "3.9", "3.10", "3.11"}),
        ("cchardet", "2.1.7", {"3.8", "3.9"}),
        ("opencv-python", "4.10.0.84", set(MINORS)),
        ("numpy", "1.11.0", set()),
    ],
)
def test_a_pin_has_wheels_for_some_pythons(name: str, version: str, minors: set[str]) -> None:
    """A pinned release installs without a compiler on the Pythons of its time, and on no others."""
    assert wheels_for(name, version) == minors


def test_nothing_is_said_of_what_the_table_lacks() -> None:
    """A distribution without a row, and a version that is none, are not judged."""
    assert wheels_for("requests", "2.32.0") is None
    assert wheels_for("numpy", "latest") is None
    assert minors_for("requests", "<3") is None
    assert minors_for("numpy", "about 1") is None
    assert newest_python("requests", "<3") is None


@pytest.mark.parametrize(
    ("name", "specifier", "newest"),
    [
        ("numpy", "<2", "3.12"),
        ("numpy", "<2,>=1.22", "3.12"),
        ("numpy", "~=1.24.0", "3.11"),
        ("numpy", "==1.25.*", "3.11"),
        ("numpy", ">1.26.4,<2.1", "3.12"),
        ("numpy", "<1.10", None),
        ("pandas", "==1.5.3", "3.11"),
        ("scipy", "<1.11", "3.11"),
        ("tensorflow", "<2.16", "3.11"),
        ("pyyaml", "<6", "3.9"),
    ],
)
def test_a_bound_names_the_newest_python(name: str, specifier: str, newest: str | None) -> None:
    """An upper bound is met by some release with a wheel up to a certain Python."""
    assert newest_python(name, specifier) == newest


def test_a_lower_bound_rules_out_old_pythons() -> None:
    """The newest releases have no wheels for Pythons that they no longer support."""
    found = minors_for("numpy", ">=2.3")
    assert found is not None
    assert "3.10" not in found
    assert {"3.11", "3.12", "3.13", "3.14"} <= found


def test_a_first_release_that_is_not_known_rules_nothing_out() -> None:
    """Where no older release was seen, an older pin is not said to lack a wheel."""
    assert table("wheels.yaml").get("jiter")["cp311"] == ".."
    assert "3.11" in (wheels_for("jiter", "0.1.0") or ())


def test_rows_are_spans_of_versions() -> None:
    """Every row tells of known tags, each by a span that does not end before it begins."""
    rows = table("wheels.yaml")
    tags = {"abi3", *("cp" + minor.replace(".", "") for minor in MINORS)}
    assert len(rows) >= 150
    for name in rows:
        assert name == canonicalize_name(name)
        row = rows.get(name)
        assert set(row) <= tags, name
        for span in row.values():
            first, dots, last = span.partition("..")
            assert dots, (name, span)
            assert not (first and last) or Version(first) <= Version(last), (name, span)


def test_newer_pythons_come_later() -> None:
    """No wheel for a Python is older than the first one for the Python before it."""
    rows = table("wheels.yaml")
    for name in rows:
        row = rows.get(name)
        firsts = [
            Version(first)
            for minor in MINORS
            if (first := row.get("cp" + minor.replace(".", ""), "").partition("..")[0])
        ]
        assert firsts == sorted(firsts), name
