"""What nixpkgs calls a package."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from nixpy.knowledge.names import Absent, Known, Unknown, Why, attributes, lookup, pypi_name, unfree


@pytest.mark.parametrize(
    ("written", "attribute"),
    [
        ("numpy", "numpy"),
        ("Django", "django"),
        ("zope.interface", "zope-interface"),
        ("typing_extensions", "typing-extensions"),
        ("discord.py", "discordpy"),
        ("PyGObject", "pygobject3"),
        ("bs4", "beautifulsoup4"),
        ("plasTeX", "plasTeX"),
        ("plastex", "plasTeX"),
        ("django_5", "django_5"),
        ("torchWithCuda", "torchWithCuda"),
        ("spacy-models.en_core_web_sm", "spacy-models.en_core_web_sm"),
        ("de_core_news_md", "spacy-models.de_core_news_md"),
        ("tree-sitter-c", "tree-sitter-grammars.tree-sitter-c"),
        ("tree-sitter-python", "tree-sitter-python"),
    ],
)
def test_a_package_is_found_however_it_is_written(written: str, attribute: str) -> None:
    """PyPI names in any spelling, nixpkgs' own names and paths all lead to the attribute."""
    found = lookup(written)
    assert isinstance(found, Known)
    assert found.attribute == attribute


def test_older_branches_have_other_names() -> None:
    """A renamed package is also found where nixpkgs has it under its old name."""
    found = lookup("duckduckgo_search")
    assert isinstance(found, Known)
    assert found.alternatives == ("ddgs", "duckduckgo-search")
    opencv = lookup("opencv-python")
    assert isinstance(opencv, Known)
    assert opencv.alternatives == ("opencv-python", "opencv4")


def test_some_packages_are_only_for_some_pythons() -> None:
    """A backport tells for which Pythons nixpkgs has it."""
    found = lookup("audioop-lts")
    assert isinstance(found, Known)
    assert found.python == ">=3.13"


def test_a_name_that_means_something_else_is_marked() -> None:
    """Where PyPI's package of that name is another project, the answer says so."""
    found = lookup("catalyst")
    assert isinstance(found, Known)
    assert found.conflict
    assert "ParaView" in (found.note or "")
    assert not getattr(lookup("whisper"), "conflict", True)


@pytest.mark.parametrize(
    ("written", "why", "reason"),
    [
        (
            "pre_commit",
            Why.PROGRAM,
            "nixpkgs has pre-commit as a program only: `tools: [pre-commit]`",
        ),
        ("albumentations", Why.REMOVED, "removed from nixpkgs on 2026-07-18"),
        ("python-mbedtls", Why.REMOVED, "removed from nixpkgs"),
        ("dataclasses", Why.STDLIB, "part of the standard library"),
        ("pywin32", Why.WINDOWS, "for Windows only"),
        ("apache-superset", Why.NEVER, "not in nixpkgs"),
    ],
)
def test_an_absent_package_says_why(written: str, why: Why, reason: str) -> None:
    """A package that nixpkgs is known not to have is answered with the reason."""
    found = lookup(written)
    assert isinstance(found, Absent)
    assert (found.why, found.reason) == (why, reason)


def test_what_to_take_instead() -> None:
    """A program names its attribute, an abandoned package its successor."""
    assert getattr(lookup("ripgrep"), "program", None) == "ripgrep"
    assert getattr(lookup("nose"), "instead", None) == "pytest"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("nunpy", "numpy"),
        ("nupmy", "numpy"),
        ("pandsa", "pandas"),
        ("reqeusts", "requests"),
        ("scikitlearn", "scikit-learn"),
        ("scikit_lern", "scikit-learn"),
        ("beautifulsoup", "beautifulsoup4"),
        ("tensorfow", "tensorflow"),
        ("opencv", "opencv-python"),
        ("cv2", "opencv-python"),
        ("pytorch", "torch"),
        ("PIL", "pillow"),
        ("yaml", "pyyaml"),
        ("skimage", "scikit-image"),
        ("Crypto", "pycryptodome"),
        ("OpenSSL", "pyopenssl"),
        ("dateutil", "python-dateutil"),
        ("serial", "pyserial"),
        ("usb", "pyusb"),
    ],
)
def test_an_unknown_name_suggests_what_was_meant(written: str, meant: str) -> None:
    """Typing errors and names of modules lead to the package, first of at most three."""
    found = lookup(written)
    assert isinstance(found, Unknown)
    assert found.nearest[0] == meant
    assert len(found.nearest) <= 3


def test_whatever_is_suggested_is_known() -> None:
    """Following a suggestion never ends in a second error."""
    for written in ("opencv", "yaml", "flaks", "django-rest", "qt", "postgres"):
        found = lookup(written)
        assert isinstance(found, Unknown)
        assert all(isinstance(lookup(name), Known) for name in found.nearest)


@pytest.mark.parametrize("written", ["", "-", "q" * 300, "zzqqxxwwvv", "日本語"])
def test_nonsense_has_no_suggestion(written: str) -> None:
    """A name that is like no other gets none, and no error."""
    assert lookup(written) == Unknown(written)
    assert getattr(lookup(written), "nearest", None) == ()


def test_suggestions_come_quickly() -> None:
    """Finding the nearest of ten thousand names takes no time that a user would notice."""
    found = lookup("requets")
    assert isinstance(found, Unknown)
    assert found.nearest
    started = time.process_time()
    assert found.nearest
    assert time.process_time() - started < 0.2


@pytest.mark.parametrize(
    ("attribute", "name"),
    [
        ("numpy", "numpy"),
        ("pygobject3", "pygobject"),
        ("discordpy", "discord-py"),
        ("plasTeX", "plastex"),
        ("django_5", "django"),
        ("torch-bin", "torch"),
        ("torchWithCuda", "torch"),
        ("psycopg2-binary", "psycopg2-binary"),
        ("opencv4", None),
        ("tkinter", None),
        ("catalyst", None),
        ("no-such-attribute", None),
    ],
)
def test_the_name_that_installers_see(attribute: str, name: str | None) -> None:
    """An attribute leads back to its name on PyPI where it has one."""
    assert pypi_name(attribute) == name


def test_names_come_back() -> None:
    """All but further versions and builds are found again by the PyPI name that they lead to."""
    named = {attribute: name for attribute in attributes() if (name := pypi_name(attribute))}
    again = [a for a, name in named.items() if getattr(lookup(name), "attribute", None) == a]
    assert len(again) / len(named) > 0.99


def test_unfree_packages_are_known() -> None:
    """What nixpkgs refuses without allowUnfree is marked."""
    assert unfree("torch-bin")
    assert not unfree("torch")
    assert getattr(lookup("cupy-cuda12x"), "unfree", False)


def test_popular_packages_are_known() -> None:
    """Of the 500 most downloaded distributions, 97 % lead to an attribute or are known absent."""
    root = Path(__file__).parents[3]
    arguments = [sys.executable, "benchmarks/names_top500.py", "--check"]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    done = subprocess.run(arguments, capture_output=True, text=True, cwd=root, env=environment)
    assert done.returncode == 0, done.stdout + done.stderr
