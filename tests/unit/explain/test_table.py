"""The table: readable at 80 columns and without colour, whatever the names are."""

from nixpy.explain.table import conflict_lines, summary, table_lines
from tests.support.explaining import entry, pyproject, scene, table, uv_lock

LONG = "apache-airflow-providers-common-compat"
FILES = {
    "pyproject.toml": pyproject("numpy", LONG, more='[dependency-groups]\ndev = ["numpy"]\n'),
    "uv.lock": uv_lock(entry("numpy", "2.5.1"), entry(LONG, "1.0", "six"), entry("six", "1.17")),
}
NIX = {"numpy": "1.26.4"}
LISTED = "packages: [numpy]\n"


def test_the_table_as_the_user_sees_it():
    """Columns are aligned again behind a long name; conflicts stand below their row."""
    assert (
        "\n".join(table_lines(table(FILES, NIX, LISTED).rows, 80))
        == f"""\
distribution          wanted by               locked  from  version  note
{LONG}  pyproject.toml:6  1.0  PyPI  -
    not in nixpkgs
numpy                 pyproject.toml:5 +1     2.5.1   Nix   1.26.4
    ! locked 2.5.1, Nix has 1.26.4
six                   via {LONG}  1.17  PyPI  -"""
    )


def test_a_wide_terminal_takes_the_note_into_the_row():
    """One note stands in its row where there is room."""
    lines = list(table_lines(table(FILES, NIX, LISTED).rows, 120))
    assert lines[2].endswith("1.26.4   ! locked 2.5.1, Nix has 1.26.4")


def test_no_line_is_wider_than_the_terminal_but_for_names():
    """Notes are wrapped between words."""
    files = {"pyproject.toml": pyproject("opencv-python")}
    assert all(len(line) <= 80 for line in table_lines(table(files).rows, 80))


def test_conflicts_are_told_once_for_all_that_have_them():
    """Several with the same trouble share one line and its hint."""
    yaml = "nixpkgs: nixos-unstable\npackages: [numpy, six]\n"
    files = {"pyproject.toml": pyproject("numpy", "six")}
    rows = table(files, None, yaml, python="3.12").rows
    assert list(conflict_lines(rows, 80)) == [
        "numpy, six: would be compiled",
        "  hint: nixos-unstable has no packages built for Python 3.12; nixos-25.11 has:",
        "    set `nixpkgs: github:NixOS/nixpkgs/nixos-25.11` in nixpy.yaml",
    ]


def test_the_summary_counts():
    """It counts who provides how many, and the conflicts."""
    rows, known = table(FILES, NIX, LISTED).rows, scene(FILES, NIX, LISTED).nix
    assert summary(rows, known) == (
        "3 distributions: 1 from Nix, 2 from PyPI; 1 with a conflict; "
        "Nix's versions are from the nixpkgs of flake.lock"
    )


def test_control_characters_do_not_reach_the_terminal():
    """What a lock says is shown, not obeyed."""
    files = {
        "pyproject.toml": pyproject("six"),
        "uv.lock": uv_lock(entry("six", "1\\u001b[31m")),
    }
    assert any("1\\x1b[31m" in line for line in table_lines(table(files).rows, 80))
