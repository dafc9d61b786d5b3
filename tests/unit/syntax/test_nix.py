"""Escaping: what metadata says stays data in Nix and in the shell."""

import json
import os
import shutil
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nixpy.syntax import nix as nixtext
from tests.support.lacking import lacking

NASTY = [
    "plain",
    "",
    '"; builtins.exec "x',
    "${evil}",
    "$${x}",
    "\\${x}",
    "''${x}",
    "'''${x}",
    "''''${x}",
    "'",
    "''",
    "'''",
    "a'$b'${c}'",
    "ends with '",
    "''\\n",
    "'\\n",
    "$",
    "$'x'",
    "line\nline\r\n\ttab",
    "`id` $(id) \\ \" ' !",
    "naïve 🐍 \u202e",
]

TEXTS = st.text(alphabet=st.sampled_from("'$\\{}\"\n\t ax`;#@é"), max_size=20)


def evaluated(expressions: list[str]) -> list[str]:
    """Let Nix evaluate expressions to strings, all in one run."""
    if not shutil.which("nix-instantiate"):
        lacking("nix-instantiate is missing")
    done = subprocess.run(
        ["nix-instantiate", "--eval", "--strict", "--json", "-"],
        input="[" + "\n".join(f"({one})" for one in expressions) + "]",
        capture_output=True,
        check=True,
        env={**os.environ, "NIX_REMOTE": "dummy://"},
        text=True,
    )
    return json.loads(done.stdout)


def test_strings_come_back_from_nix_as_they_were():
    """A quoted string evaluates to the very text, whatever it holds."""
    assert evaluated([nixtext.string(text) for text in NASTY]) == NASTY


def test_indented_strings_come_back_from_nix_as_they_were():
    """An escaped text inside an indented string evaluates to itself."""
    framed = [f"''<{nixtext.indented(text)}>''" for text in NASTY if "\n" not in text]
    assert evaluated(framed) == [f"<{text}>" for text in NASTY if "\n" not in text]


@settings(max_examples=15, deadline=None)
@given(st.lists(TEXTS, min_size=30, max_size=30))
def test_random_texts_come_back_from_nix(texts):
    """No mixture of quotes, dollars and backslashes gets out of a string."""
    assert evaluated([nixtext.string(text) for text in texts]) == texts
    single = [text.replace("\n", "") for text in texts]
    assert evaluated([f"''{nixtext.indented('<' + t + '>')}''" for t in single]) == [
        f"<{text}>" for text in single
    ]


def test_shell_words_come_back_from_bash():
    """A quoted word is one argument with the very text, on one line."""
    words = [nixtext.shell_word(text) for text in NASTY]
    assert not any("\n" in word for word in words)
    script = "printf '%s\\0' " + " ".join(words)
    done = subprocess.run(["bash", "-c", script], capture_output=True, check=True)
    assert done.stdout.decode().split("\0")[:-1] == NASTY


@pytest.mark.parametrize(
    ("attribute", "expected"),
    [
        ("numpy", "ps.numpy"),
        ("stdenv.cc.cc.lib", "ps.stdenv.cc.cc.lib"),
        ("2to3", 'ps."2to3"'),
        ("or", 'ps."or"'),
        ("with", 'ps."with"'),
        ("tree-sitter", "ps.tree-sitter"),
        ("c++", 'ps."c++"'),
        ('x"; evil', 'ps."x\\"; evil"'),
    ],
)
def test_names_that_are_no_identifiers_are_quoted(attribute, expected):
    """An attribute path is plain where Nix allows, quoted where not."""
    assert nixtext.path("ps", attribute) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\nb", "a b"),
        ("a\r}; evil", "a }; evil"),
        ("nixpy.yaml:12", "nixpy.yaml"),
        (".python-version:1 names 3.12", ".python-version names 3.12"),
        ("\x1b[31mred\u202e", "[31mred"),
    ],
)
def test_comments_stay_on_their_line(text, expected):
    """What stands behind # is one printable line, without line numbers."""
    assert nixtext.comment(text) == expected


def test_a_long_comment_is_cut():
    """A comment has a moderate length."""
    assert len(nixtext.comment("x" * 500)) < 80
    cut = nixtext.comment("wheels of it " * 20)
    assert len(cut) < 80
    assert cut.removesuffix(" …").split()[-1] in {"wheels", "of", "it"}
