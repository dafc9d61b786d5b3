"""Refreshing the list of attributes from a nixpkgs."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

import nixpy
from nixpy.knowledge.names import attributes
from tests.support.nixpkgs import StandIn
from tools.refresh_tables import main, outdated, packages, render, top_level

TABLES = Path(nixpy.__file__).parent / "knowledge"


def test_machinery_is_left_out() -> None:
    """Functions and hooks of the package set are no packages, unless the list has them already."""
    names = ["callPackage", "zlib-ng", "buildPythonPackage", "numpy", "fooHook", "overrides", "_x"]
    assert packages(names, ["overrides"]) == ["numpy", "overrides", "zlib-ng"]


def test_the_list_as_it_is_stays() -> None:
    """Refreshing from the same names changes nothing."""
    assert packages(attributes(), attributes()) == sorted(attributes())
    assert outdated(attributes()) == []


def test_rows_that_no_longer_hold_are_reported() -> None:
    """A target that vanished, and a package that came back, are named with their file."""
    names = (attributes() - {"pygobject3", "boost"}) | {"nose", "bs4"}
    assert outdated(names) == [
        "names.yaml: bs4: nixpkgs has an attribute of this name now",
        "names.yaml: pygobject: nixpkgs no longer has `pygobject3`",
        "attributes.yaml: boost: nixpkgs no longer has it",
        "attributes.yaml: pygobject3: nixpkgs no longer has it",
        "absent.yaml: nose: nixpkgs has it now",
    ]


def test_the_header_names_the_source() -> None:
    """The file says from which nixpkgs it was written, and keeps the rest of its header."""
    before = "# Names.\n# Source: an older one\nold\n"
    assert render(["a", "b"], before, "github:NixOS/nixpkgs/abc") == (
        "# Names.\n# Source: python3Packages of github:NixOS/nixpkgs/abc\na\nb\n"
    )


def test_libraries_are_asked_for_by_all_their_names() -> None:
    """A library that was renamed is only missing where nixpkgs has it under no name."""
    assert ("libx11", "xorg.libX11") in top_level()
    assert ("libGL",) in top_level()


@pytest.mark.e2e
def test_a_nixpkgs_is_evaluated(any_standin: StandIn, tmp_path: Path) -> None:
    """The command rewrites the list, sorted, and warns of each row that no longer holds."""
    shutil.copy(TABLES / "attributes.txt", tmp_path)
    arguments = ["--nixpkgs", any_standin.ref, "--tables", str(tmp_path)]
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 0, done.output
    lines = (tmp_path / "attributes.txt").read_text(encoding="utf-8").splitlines()
    names = [line for line in lines if not line.startswith("#")]
    assert names == sorted(names)
    assert {"cowsay", "numpy"} <= set(names)
    assert "callPackage" not in names
    assert "names.yaml: pygobject: nixpkgs no longer has `pygobject3`" in done.output
    assert "nixpkgs has `libdmtx` under no name that the tables know" in done.output
    assert "`stdenv.cc.cc.lib`" not in done.output


@pytest.mark.e2e
def test_a_reference_that_leads_nowhere_is_one_error(nix_config: str, tmp_path: Path) -> None:
    """A wrong flake reference is told in one line, and the list stays."""
    shutil.copy(TABLES / "attributes.txt", tmp_path)
    before = (tmp_path / "attributes.txt").read_bytes()
    arguments = ["--nixpkgs", f"path:{tmp_path}/none", "--tables", str(tmp_path)]
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 1
    assert done.output.startswith("error: ")
    assert (tmp_path / "attributes.txt").read_bytes() == before


def test_without_nix_the_error_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where Nix is missing, the command says what to do."""
    shutil.copy(TABLES / "attributes.txt", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    done = CliRunner().invoke(main, ["--nixpkgs", "nixpkgs", "--tables", str(tmp_path)])
    assert done.exit_code == 1
    assert "error: Nix is not installed" in done.output
