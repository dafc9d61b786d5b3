"""`nixpy add` and `nixpy remove` as their user sees them."""

import json
import subprocess
import sys

import pytest

from nixpy import __version__
from nixpy.cli import run
from nixpy.config.parse import parse
from tests.support.living import CHOICES, contents


def names(folder, key):
    """Give what nixpy.yaml lists under a key."""
    return [one.text for one in getattr(parse((folder / "nixpy.yaml").read_text()), key)]


def test_added_packages_are_in_choices_and_flake(synced, capsys):
    """A PyPI name and an attribute go into the list as it is written, and the flake has both."""
    assert run(["add", "opencv-python", "plasTeX"]) == 0
    text = (synced / "nixpy.yaml").read_text()
    lines = "  - numpy  # arrays\n  - opencv-python\n  - plasTeX\n  # and soon pandas\n"
    assert text == CHOICES.replace("  - numpy  # arrays\n  # and soon pandas\n", lines)
    flake = (synced / "flake.nix").read_text()
    assert "ps.plasTeX" in flake
    assert "(ps.opencv-python or ps.opencv4)" in flake
    out = capsys.readouterr().out
    assert out.startswith("added      opencv-python, plasTeX\nupdated    nixpy.yaml\n")


def test_several_at_once_lose_no_edit(synced):
    """Each of three that run at the same time adds to what the others have added."""
    added = ["pandas", "scipy", "rich"]
    command = [sys.executable, "-m", "nixpy", "add"]
    running = [subprocess.Popen([*command, name], stdout=subprocess.DEVNULL) for name in added]
    assert [one.wait(timeout=60) for one in running] == [0, 0, 0]
    assert set(added) <= set(names(synced, "packages"))
    flake = (synced / "flake.nix").read_text()
    assert all(f"ps.{name}" in flake for name in added)


@pytest.mark.parametrize(
    ("option", "key", "name"), [("--library", "libraries", "libGL"), ("--tool", "tools", "fd")]
)
def test_libraries_and_tools(synced, option, key, name):
    """With an option the names go into the list of libraries or of tools, and out of it again."""
    before = contents(synced)
    assert run(["add", option, name]) == 0
    assert names(synced, key)[-1] == name
    assert f"pkgs.{name}" in (synced / "flake.nix").read_text()
    assert run(["remove", name, option]) == 0
    assert contents(synced) == before


def test_one_wrong_name_and_nothing_is_written(synced, capsys):
    """All wrong names are told together, without a line that was never written."""
    before = contents(synced)
    assert run(["add", "pandas", "nunpy", "pywin32"]) == 1
    assert contents(synced) == before
    err = capsys.readouterr().err
    assert "error: nixpkgs has no Python package `nunpy`\n" in err
    assert "error: `pywin32`: for Windows only\n" in err


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("pandas>=2", "write `pandas`; `nixpy align`"),
        ("fastapi[all]", "write `fastapi`; `nixpy align`"),
        ("$(id)", "is not a package's name"),
    ],
)
def test_a_requirement_is_no_name(synced, capsys, name, said):
    """A version or extras are refused, with what to write."""
    before = contents(synced)
    assert run(["add", name]) == 1
    assert said in capsys.readouterr().err
    assert contents(synced) == before


def test_what_is_listed_already(synced, capsys):
    """A name that is listed under another spelling is told, and changes nothing."""
    before = contents(synced)
    assert run(["add", "NumPy"]) == 0
    assert "`NumPy` is listed in nixpy.yaml already" in capsys.readouterr().err
    assert contents(synced) == before


def test_options_that_exclude_each_other(synced, capsys):
    """One call adds names of one kind."""
    before = contents(synced)
    assert run(["add", "--library", "--tool", "jq"]) == 2
    assert "exclude each other" in capsys.readouterr().err
    assert contents(synced) == before


def test_dry_run(synced, capsys):
    """`--dry-run` shows the change of nixpy.yaml and of the flake, and makes neither."""
    before = contents(synced)
    assert run(["add", "pandas", "--dry-run"]) == 0
    out = capsys.readouterr().out
    assert "+  - pandas\n" in out
    assert "+              ps.pandas # nixpy.yaml\n" in out
    assert contents(synced) == before


def test_without_nixpy_yaml(synced):
    """Where nixpy.yaml was removed, a first one is written."""
    (synced / "nixpy.yaml").unlink()
    assert run(["add", "pandas"]) == 0
    assert names(synced, "packages") == ["pandas"]


def test_from_a_subfolder(synced, monkeypatch):
    """The project is the nearest one above the current folder."""
    inner = synced / "src" / "app"
    inner.mkdir(parents=True)
    monkeypatch.chdir(inner)
    assert run(["add", "pandas"]) == 0
    assert names(synced, "packages") == ["numpy", "pandas"]
    assert not contents(inner)


def test_where_there_is_no_project(tmp_path, monkeypatch, capsys):
    """Outside of any project it says how to make one."""
    monkeypatch.chdir(tmp_path)
    assert run(["add", "numpy"]) == 1
    assert "hint: `nixpy init`" in capsys.readouterr().err
    assert not contents(tmp_path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("packages: &x [numpy]\ntools: *x\n", "nixpy.yaml:1: `packages`: an anchor, an alias"),
        ("packages:\n\t- numpy\n", "hint: indent with spaces, not tabs"),
        ("tools: []\ntools: [jq]\n", "nixpy.yaml:2:1: `tools`: the key stands twice"),
        ("tols: [jq]\n", "did you mean `tools`?"),
        ("future_key: 1\n", f"hint: nixpy {__version__} knows python, installer, "),
        ("<<<<<<< HEAD\ntools: []\n=======\n>>>>>>> x\n", "an unresolved merge conflict"),
        ("packages: numpy\n", "expected a list"),
    ],
)
def test_a_nixpy_yaml_that_cannot_be_edited(synced, capsys, text, said):
    """What the file holds is told with its line, and no byte is changed."""
    (synced / "nixpy.yaml").write_text(text)
    before = contents(synced)
    assert run(["add", "pandas"]) == 1
    assert said in capsys.readouterr().err
    assert contents(synced) == before


def test_a_nixpy_yaml_of_a_newer_version(synced, capsys):
    """Where the flake tells that a newer nixpy is in use, that is the hint, for values too."""
    flake = synced / "flake.nix"
    flake.write_text(flake.read_text().replace(f"nixpy {__version__}", "nixpy 99.1", 1))
    (synced / "nixpy.yaml").write_text("future_key: 1\nshell: moon\n")
    before = contents(synced)
    for command in (["add", "pandas"], ["init"], ["sync"]):
        assert run(command) == 1
        said = capsys.readouterr().err
        hint = f"hint: nixpy 99.1 wrote the flake, and this is {__version__}: update it\n"
        assert said.count(hint) == 2
        assert "`future_key`: unknown key\n" in said
    assert contents(synced) == before


def test_an_edited_flake_is_kept(synced, capsys):
    """Neither nixpy.yaml nor the flake is written where the flake was edited by hand."""
    flake = synced / "flake.nix"
    flake.write_text(flake.read_text().replace("pkgs.jq # nixpy.yaml", "pkgs.jq\n pkgs.fd"))
    before = contents(synced)
    assert run(["add", "pandas"]) == 1
    assert "hint: `nixpy add --tool fd` does the same" in capsys.readouterr().err
    assert contents(synced) == before
    assert run(["add", "pandas", "--force"]) == 0
    assert "pkgs.fd" not in flake.read_text()


def test_the_lock_wants_another_version(synced, capsys):
    """Where the venv has Nix's numpy linked, a lock with another version is told."""
    (synced / "uv.lock").write_text(
        'version = 1\nrequires-python = ">=3.11"\n\n[[package]]\nname = "app"\nversion = "1"\n'
        'source = { virtual = "." }\n\n[[package]]\nname = "pandas"\nversion = "1.0"\n'
        'source = { registry = "https://index.example/simple" }\n'
    )
    env = synced / "env"
    python = json.loads(_plan(capsys))["shells"]["default"]["python"]
    info = env / "lib" / f"python{python}" / "site-packages" / "pandas-2.5.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Name: pandas\nVersion: 2.5\n")
    (synced / ".venv").mkdir()
    (synced / ".venv" / ".nixpy-stamp").write_text(f"a b --env {env} c")
    assert run(["add", "pandas"]) == 0
    err = capsys.readouterr().err
    assert "warning: `pandas`: locked 1.0, Nix has 2.5" in err
    assert "`nixpy align pandas` brings them together" in err


def _plan(capsys):
    run(["init", "--json", "--dry-run"])
    return capsys.readouterr().out


def test_remove_by_another_name(synced):
    """A package is found by PyPI's name as well as by nixpkgs'."""
    run(["add", "pyyaml"])
    assert run(["remove", "PyYAML", "numpy"]) == 0
    assert names(synced, "packages") == []
    assert "# and soon pandas" in (synced / "nixpy.yaml").read_text()


def test_remove_what_is_not_there(synced, capsys):
    """What is not listed is told, with where it is, and nothing is written."""
    before = contents(synced)
    assert run(["remove", "numpy", "jq", "nunpy"]) == 1
    err = capsys.readouterr().err
    assert "`nixpy remove --tool jq` removes it from `tools:`" in err
    assert "hint: did you mean `numpy`?" in err
    assert contents(synced) == before


def test_removing_a_library_that_a_wheel_needs(synced, capsys):
    """A library that the project needs all the same stays in the shell, and that is told."""
    run(["add", "--library", "zlib"])
    capsys.readouterr()
    assert run(["remove", "--library", "zlib"]) == 0
    assert "the shell still has `zlib`, for wheels" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "option"),
    [("postgresql", "--tool"), ("ffmpeg", "--tool"), ("libGL", "--library"), ("xz", "--library")],
)
def test_a_program_or_a_library_is_no_package(synced, capsys, name, option):
    """The option that it takes is named, and no package that is spelt alike."""
    assert run(["add", name]) == 1
    assert f"`nixpy add {option} {name}`" in capsys.readouterr().err
    assert run(["add", *option.split(), name]) == 0


@pytest.mark.parametrize(
    ("option", "name", "meant"),
    [
        ("--tool", "psql", "postgresql"),
        ("--tool", "ripgerp", "ripgrep"),
        ("--library", "liblzma", "xz"),
    ],
)
def test_a_slip_in_a_programs_or_librarys_name(synced, capsys, option, name, meant):
    """The tables tell where Nix is not asked; newer names are possible, so it is a warning."""
    assert run(["add", option, name]) == 0
    err = capsys.readouterr().err
    assert f"`{name}` (nixpy.yaml:" in err
    assert f"is not known to be in nixpkgs; taken as written\nhint: did you mean `{meant}`" in err
