"""Which programs and libraries nixpkgs has, as far as a table can say."""

import pytest

from nixpy.knowledge.table import table, text
from nixpy.knowledge.top_level import known_attribute, nearest_attribute


@pytest.mark.parametrize(
    "name",
    [
        "git",
        "libGL",
        "nodejs",  # nixpkgs defines it by another name
        "openssl.dev",
        "xorg.libX11",
        "cudaPackages.cudnn",
        "postgresql_19",  # newer than the table
        "python39",  # gone since
        "poppler_utils",  # what older branches call it
        "black",  # a program of the Python package set
    ],
)
def test_names_that_some_branch_has_are_known(name: str) -> None:
    """A name that is right on a branch that people use is never called a mistake."""
    assert known_attribute(name) is not None


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("gitt", "git"),
        ("libGl", "libGL"),
        ("pkg_config", "pkg-config"),
        ("postgress", "postgresql"),
        ("nodjs", "nodejs"),
        ("terrafrom", "terraform"),
        ("ffmpg", "ffmpeg"),
        ("psql", "postgresql"),
        ("node", "nodejs"),
        ("chromium-browser", "chromium"),
    ],
)
def test_a_mistake_leads_to_what_is_meant(name: str, meant: str) -> None:
    """Slips of the finger, other spellings and names of commands lead to the package."""
    assert known_attribute(name) is None
    assert nearest_attribute(name)[0] == meant


def test_a_word_like_no_other_has_no_neighbour() -> None:
    """Nothing is suggested where nothing is alike."""
    assert known_attribute("xyzzyplugh") is None
    assert nearest_attribute("xyzzyplugh") == ()


def test_what_nixpkgs_refuses_is_marked() -> None:
    """Unfree programs, broken ones and those of some systems only are told from the others."""
    git, unrar, broken = (known_attribute(name) for name in ("git", "unrar", "gitfs"))
    assert git is not None
    assert (git.refused, git.broken, len(git.systems)) == (False, False, 4)
    assert unrar is not None
    assert (unrar.refused, unrar.broken) == (True, False)
    assert broken is not None
    assert (broken.refused, broken.broken) == (True, True)
    linux = known_attribute("strace")
    assert linux is not None
    assert linux.systems == ("x86_64-linux", "aarch64-linux")


def test_the_list_is_sorted_and_small() -> None:
    """The list is in ASCII order, names each once, and weighs little in the wheel."""
    whole = text("top_level.txt")
    names = [line.split(" ")[0] for line in whole.splitlines() if not line.startswith("#")]
    assert names == sorted(set(names))
    assert len(whole) < 400_000


def test_commands_lead_to_packages() -> None:
    """Each command is one that the top level has not, or has as something else."""
    rows = table("commands.yaml")
    for command in rows:
        assert rows.get(command) != command
        assert known_attribute(rows.get(command)) is not None
