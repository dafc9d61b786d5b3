"""What nixpkgs says of names that it has no more; the names are made up, the sentences are not."""

import pytest

from nixpy.nixpkgs.aliases import explain, refusal
from nixpy.nixpkgs.messages import explain_refusal
from nixpy.nixpkgs.names import Context
from nixpy.plan.model import Attribute, Reason
from nixpy.syntax.origin import Origin

CONTEXT = Context(listed=(Attribute(("spam",), "spam", Reason((Origin("nixpy.yaml", line=4),))),))
LISTED = "`spam`, which nixpy.yaml:4 lists,"
LEAVE = "leave it out or to the installer, or set `nixpkgs:` to a branch that has it"

RENAMED = [
    "'spam' has been renamed to/replaced by 'eggs'",
    "'spam' has been renamed to by 'eggs'",
    "spam was renamed to eggs, use eggs instead",
    "spam has been renamed eggs.",
    "'spam' has been renamed to 'eggs'",
    "'spam' has been replaced by 'eggs'",
    "spam has been replaced by eggs, which is not API compatible.",
    "'spam' has been superseded by eggs",
    "'spam' has been superseded by 'eggs' on august 2026",
    "'spam' has been integrated into 'eggs'; use 'eggs' instead",
    "spam was aliased to eggs, since upstream releases are frequent nowadays",
    "spam has been merged into eggs",
]

TOP_LEVEL = [
    "spam has been promoted to a top-level attribute name: `pkgs.spam`",
    "spam was promoted to a top-level attribute",
    "spam has been moved out of pythonPackages and is available as a standalone package",
    "spam has moved to pkgs.spam",
    "spam has been renamed to pkgs.spam",
    "'spam' has been renamed to/replaced by 'super.pkgs.spam'",
    "'spam' has been renamed to/replaced by 'spam'",
    "spam was removed in favor of the top-level spam",
]

REPLACED = [
    "'spam' has been removed, migrate to either 'eggs' or 'parse-eggs'",
    "spam has been removed since it is unmaintained upstream, consider eggs instead",
    "'spam' has been removed as it is unmaintained upstream. Consider using 'eggs' instead.",
    "spam has been removed due to lack of upstream maintenance. Use `eggs` instead.",
    "spam has been deprecated, use eggs instead.",
    "spam has been deprecated by upstream. Use instead 'eggs' or 'ty'",
    "spam is no longer maintained, use eggs instead",
    "'spam' has been removed because it was deprecated in favor of 'eggs'",
    "spam as been removed in favor of eggs",
    "spam is unmaintained upstream and was removed from nixpkgs. Please use eggs instead",
    "'spam' is deprecated in favor of using the beam sets. Use 'eggs' instead.",
    "'spam' is EOL and has been removed, use 'eggs' or a maintained version",
    "spam has been discontinued. The author recommends switching to eggs",
]

GONE = [
    "'spam' was removed due to lack of maintenance",
    "spam was removed because Home Assistant switched to eggs",
    "'spam' was removed because 'eggs' now provides eggctl",
    "spam has been removed: abandoned upstream",
    "'spam' has beem removed, as it was not longed maintained upstream since 2020",
    "'spam' has been removed as it was incorporated into upstream and renamed 'eggs'",
    "spam was renamed to cov-spam and subsequently removed, since it is unmaintained",
    "spam is archived and no longer works with setuptools v68",
    "spam has been removed in favor of newer versions",
    "spam has been removed. Consider using a more recent version of spam4",
    "spam has been removed; use overridePythonAttrs if you need a specific version",
    "spam is now part of the eggs package and has therefore been removed. See https://example.org",
    "spam is no longer maintained, use the eggs-server community fork instead.",
]

REFUSED = [
    "You meant Spam, with a capital S",
    "inactive since 2014",
    "spam dependency eggs-cython does not build",
    "'spam' only direct user switched to a fork, hence the package has been let go.",
    "The Spam 128 series has reached its last day.",
]


@pytest.mark.parametrize("text", RENAMED)
def test_a_new_name(text):
    """A package that has another name now: the sentence and the hint say it."""
    found = explain(text, CONTEXT)
    assert found is not None
    assert found.message == f"{LISTED} has another name in nixpkgs: `eggs`"
    assert found.hint == "list `eggs` in place of `spam` in nixpy.yaml"


@pytest.mark.parametrize("text", TOP_LEVEL)
def test_a_program_that_is_no_python_package_any_more(text):
    """What moved out of the Python packages is listed under `tools:`."""
    found = explain(text, CONTEXT)
    assert found is not None
    assert found.message == f"{LISTED} is a program of its own in nixpkgs, and no Python package"
    assert found.hint == "list `spam` under `tools:` in nixpy.yaml"


@pytest.mark.parametrize("text", REPLACED)
def test_what_takes_its_place(text):
    """Where nixpkgs names what to take instead, the hint does too."""
    found = explain(text, CONTEXT)
    assert found is not None
    assert found.message == f"{LISTED} is not in nixpkgs any more: {text}"
    assert found.hint == f"`eggs` takes its place, says nixpkgs; or {LEAVE}"


@pytest.mark.parametrize("text", GONE)
def test_what_is_gone(text):
    """Where nothing takes its place, no name is made up from the rest of the sentence."""
    found = explain(text, CONTEXT)
    assert found is not None
    assert found.message == f"{LISTED} is not in nixpkgs any more: {text}"
    assert found.hint in {LEAVE, f"`cov-spam` takes its place, says nixpkgs; or {LEAVE}"}


@pytest.mark.parametrize("text", REFUSED)
def test_any_other_text_is_told_with_the_name(text):
    """What nixpkgs throws for an attribute that was asked for is told of that attribute."""
    found = explain_refusal(f"error: {text}\n", CONTEXT, "spam")
    assert found is not None
    assert found.message == f"nixpkgs refuses `spam`, which nixpy.yaml:4 lists: {text}"


def test_a_python_that_is_gone():
    """A removed Python is a matter of `python:`, not of the installer."""
    found = explain("python39 has been removed because it reached end of life", CONTEXT)
    assert found is not None
    assert found.hint == "choose another `python:`, or set `nixpkgs:` to a branch that has it"


def test_a_sentence_without_the_name():
    """A text that names no attribute is told as it is."""
    text = "Spam 4 has reached it's EOL in 2026-04 and has therefore been removed."
    found = explain(text, CONTEXT)
    assert found is not None
    assert found.message == f"nixpkgs has a package no more: {text}"
    assert explain("the sun has set", CONTEXT) is None
    assert refusal(text, CONTEXT, "spam").message.startswith("nixpkgs refuses `spam`, which")


def test_newer_nix_says_which_alias_it_is():
    """The trace of an alias names the attribute, where the text does not."""
    stderr = (
        "error:\n       … while evaluating the attribute 'spam'\n"
        "         at /nix/store/pcns6a244cjkiywzn9pdn4gm1sg2fcny-source/pkgs/top-level/"
        'python-aliases.nix:7:3:\n            7|   spam = throw "use pkgs.spam instead";\n'
        "             |   ^\n\n       … while calling the 'throw' builtin\n\n"
        "       error: inactive since 2014\n"
    )
    found = explain_refusal(stderr, CONTEXT, "spam")
    assert found is not None
    assert found.message == "nixpkgs refuses `spam`, which nixpy.yaml:4 lists: inactive since 2014"
