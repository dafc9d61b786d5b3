"""The lines of `.git/info/exclude` by which private mode hides what nixpy writes."""

import pytest

from nixpy.workspace.hidden import hides, pattern, patterns, with_lines, without_lines

LINES = patterns(".", ["nixpy.yaml", ".nixpy/flake.nix", ".nixpy/venv.py", ".venv/"])


def test_a_folder_stands_for_what_lies_in_it():
    """All of `.nixpy` is one line, and each line counts from the checkout's root."""
    assert LINES == ["/nixpy.yaml", "/.nixpy/", "/.venv/"]
    assert patterns("apps/web", ["nixpy.yaml"]) == ["/apps/web/nixpy.yaml"]


def test_names_are_no_patterns():
    """What gitignore(5) reads as a pattern is escaped."""
    assert pattern("a [b]*?", "nixpy.yaml") == "/a\\ \\[b]\\*\\?/nixpy.yaml"


@pytest.mark.parametrize("before", ["", "# git's own\n*.log", "*.log\n/mine\n"])
def test_what_was_there_stays(before):
    """Lines are added once, and taken away without a trace."""
    after = with_lines(before, LINES)
    assert with_lines(after, LINES) == after
    assert hides(after, "/nixpy.yaml")
    assert not hides(before, "/nixpy.yaml")
    assert without_lines(after, LINES).rstrip("\n") == before.rstrip("\n")


def test_two_projects_of_a_checkout():
    """Each project takes its own lines away, and the other's stay."""
    other = patterns("web", ["nixpy.yaml"])
    both = with_lines(with_lines("", LINES) + "/own\n", other)
    left = without_lines(both, LINES)
    assert hides(left, "/web/nixpy.yaml")
    assert not hides(left, "/nixpy.yaml")
    assert "/own\n" in without_lines(left, other)
