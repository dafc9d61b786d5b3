"""Where things stand in a TOML file, and what is said of broken ones."""

import pytest

from nixpy.errors import NixpyError
from nixpy.syntax.toml import parse_toml

TEXT = """\
# a comment with [brackets] and "quotes
title = "x"  # [not.a.table]
text = '''
[not.a.header]
key = 1
'''
more = \"\"\"
a \\" b \"\"\"\"
[tool."quoted.key".'single']
inline = { a = 1, b = ["x", "y"] }
list = [
  # ] not the end
  "one", "two",

  { nested = [1, 2] },
  [
    "deep",
  ],
  "last"
]
dotted . key = 1

[[many]]
name = "first"
[many.sub]
x = 1

[[many]]
name = "second"
[[many.inner]]
y = 1
[[many.inner]]
y = 2
[ spaced . header ]
z = 1
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("title",), 2),
        (("text",), 3),
        (("more",), 7),
        (("tool", "quoted.key", "single"), 9),
        (("tool", "quoted.key", "single", "inline"), 10),
        (("tool", "quoted.key", "single", "inline", "b", 1), 10),
        (("tool", "quoted.key", "single", "list", 0), 13),
        (("tool", "quoted.key", "single", "list", 1), 13),
        (("tool", "quoted.key", "single", "list", 2), 15),
        (("tool", "quoted.key", "single", "list", 3), 16),
        (("tool", "quoted.key", "single", "list", 4), 19),
        (("tool", "quoted.key", "single", "dotted", "key"), 21),
        (("many", 0), 23),
        (("many", 0, "name"), 24),
        (("many", 0, "sub", "x"), 26),
        (("many", 1, "name"), 29),
        (("many", 1, "inner", 0, "y"), 31),
        (("many", 1, "inner", 1, "y"), 33),
        (("spaced", "header", "z"), 35),
    ],
)
def test_every_key_and_element_knows_its_line(path: tuple[str | int, ...], line: int) -> None:
    """Errors point at the line of a key, whichever of TOML's ways it is written in."""
    assert parse_toml(TEXT, "x.toml", []).lines(path) == line


def test_keys_that_are_not_there_have_no_line() -> None:
    """What a file does not have is not said to stand anywhere in it."""
    assert parse_toml(TEXT, "x.toml", []).lines(("absent",)) is None


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("a = 1\nb = \n", 2, 5),
        ('a = "x\n', 1, 7),
        ("[a]\nx = 1\n[a]\n", 3, 3),
        ("a = [1,\n", 2, 1),
    ],
)
def test_broken_toml_is_told_with_line_and_column(text: str, line: int, column: int) -> None:
    """A mistake in TOML's syntax is told with its place."""
    with pytest.raises(NixpyError, match="is not valid TOML") as raised:
        parse_toml(text, "x.toml", [])
    assert (raised.value.file, raised.value.line, raised.value.column) == ("x.toml", line, column)


def test_an_unfinished_merge_is_called_so() -> None:
    """Conflict markers of git get a hint that says what they are."""
    with pytest.raises(NixpyError) as raised:
        parse_toml("a = 1\n<<<<<<< HEAD\nb = 2\n", "x.toml", [])
    assert raised.value.line == 2
    assert "merge is unfinished" in str(raised.value.hint)


@pytest.mark.parametrize("text", ["a = " + "[" * 100_000, "a = " + "9" * 5_000])
def test_absurd_values_are_errors(text: str) -> None:
    """Depth and size beyond reason end in an error, not in a traceback."""
    with pytest.raises(NixpyError):
        parse_toml(text, "x.toml", [])


LOCK = """\
version = 1
requires-python = ">=3.10"

[[package]]
name = "a"
wheels = [
    { url = "https://index.example/a-1-py3-none-any.whl", hash = "sha256:00", size = 3 },
]

[[package]]
name = "it's"
marker = "x == 'a, hash = 1' and y"

[metadata]
python = "3"
"""


def test_a_lock_knows_the_lines_of_its_entries() -> None:
    """In a lock file an entry's line is that of its header."""
    lines = parse_toml(LOCK, "x.lock", [], lock="package").lines
    assert [lines(("package", 0)), lines(("package", 1, "name"))] == [4, 10]
    assert lines(("requires-python",)) == 2
    assert lines(("metadata", "python")) == 15


def test_what_is_left_out_of_a_lock_changes_nothing_else() -> None:
    """Reading a lock without its hashes gives the very values that the whole file has."""
    light = parse_toml(LOCK, "x.lock", [], lock="package").data
    whole = parse_toml(LOCK, "x.lock", []).data
    for wheel in whole["package"][0]["wheels"]:
        del wheel["hash"], wheel["size"]
    assert light == whole


def test_a_broken_lock_is_told_with_the_place_in_the_real_file() -> None:
    """What is left out for speed does not move the place that an error names."""
    text = LOCK.replace("size = 3 }", "size = 3 } }")
    with pytest.raises(NixpyError) as raised:
        parse_toml(text, "x.lock", [], lock="package")
    assert (raised.value.line, raised.value.column) == (7, 90)
