"""Edits of nixpy.yaml: what the user wrote stays as it was."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from nixpy.config.edit import add_items, remove_items, set_value
from nixpy.config.parse import parse
from nixpy.errors import NixpyError


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "packages: [numpy]\n"),
        ("# a comment\n", "# a comment\npackages: [numpy]\n"),
        ("---\n", "---\npackages: [numpy]\n"),
        ("venv: v\n...\n", "packages: [numpy]\n\nvenv: v\n...\n"),
        ("python: '3.12'\n...\n", "python: '3.12'\npackages: [numpy]\n...\n"),
        ("packages:\n", "packages: [numpy]\n"),
        ("packages:  # from Nix\n", "packages: [numpy]  # from Nix\n"),
        ("packages: ~\n", "packages: [numpy]\n"),
        ("packages: []\n", "packages: [numpy]\n"),
        ("packages: [ ]\n", "packages: [numpy]\n"),
        ("packages: [ # none\n  ]\n", "packages: [ # none\nnumpy]\n"),
        ("packages: [pandas]\n", "packages: [pandas, numpy]\n"),
        ("packages: [pandas,]\n", "packages: [pandas, numpy,]\n"),
        ("packages: ['pandas']\n", "packages: ['pandas', 'numpy']\n"),
        ("packages:\n- pandas\n", "packages:\n- pandas\n- numpy\n"),
        ("packages:\n  - pandas", "packages:\n  - pandas\n  - numpy"),
        (
            "packages:\n  - pandas  # tables\n  # the end\n\ntools: []\n",
            "packages:\n  - pandas  # tables\n  - numpy\n  # the end\n\ntools: []\n",
        ),
        (
            "packages: [\n  pandas,  # tables\n]\n",
            "packages: [\n  pandas,  # tables\n  numpy,\n]\n",
        ),
        (
            "packages: [\n  pandas  # tables, and more\n]\n",
            "packages: [\n  pandas,  # tables, and more\n  numpy\n]\n",
        ),
        (
            "packages: [scipy,\n           pandas]\n",
            "packages: [scipy,\n           pandas, numpy]\n",
        ),
        ("packages:\r\n  - pandas\r\n", "packages:\r\n  - pandas\r\n  - numpy\r\n"),
        ("# größer 🐍\npackages: [pandas] # 🐍\n", "# größer 🐍\npackages: [pandas, numpy] # 🐍\n"),
        ("\ufeffpackages: [pandas]\n", "\ufeffpackages: [pandas, numpy]\n"),
        ("{python: '3.12'}\n", "{python: '3.12', packages: [numpy]}\n"),
        ("  packages:\n    - pandas\n", "  packages:\n    - pandas\n    - numpy\n"),
        ("packages: [NumPy]\n", "packages: [NumPy]\n"),
    ],
)
def test_add_keeps_style(before: str, after: str) -> None:
    """An added name is written the way the list is, and every other byte stays."""
    assert add_items(before, "packages", ["numpy"]) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("packages: [numpy]\n", "packages: []\n"),
        ("packages: [numpy, pandas]\n", "packages: [pandas]\n"),
        ("packages: [pandas, numpy]\n", "packages: [pandas]\n"),
        ("packages: [pandas, numpy,]\n", "packages: [pandas,]\n"),
        ("packages: [pandas, NumPy , scipy]\n", "packages: [pandas, scipy]\n"),
        ("packages:\n  - numpy\n  - pandas\n", "packages:\n  - pandas\n"),
        (
            "packages: # from Nix\n  # arrays\n  - numpy  # yes\n  # the end\ntools: []\n",
            "packages: [] # from Nix\n  # arrays\n  # the end\ntools: []\n",
        ),
        (
            "packages: [\n  numpy,  # arrays\n  # tables\n  pandas,\n]\n",
            "packages: [\n  # tables\n  pandas,\n]\n",
        ),
        (
            "packages: [\n  pandas,\n  # arrays, too\n  numpy\n]\n",
            "packages: [\n  pandas\n  # arrays, too\n]\n",
        ),
        ("packages:\r\n  - numpy\r\n  - scipy\r\n", "packages:\r\n  - scipy\r\n"),
        ("packages:\n  - 'numpy'", "packages: []\n"),
    ],
)
def test_remove_keeps_rest(before: str, after: str) -> None:
    """A removed name goes with its own comment, and all other lines stay."""
    assert remove_items(before, "packages", ["numpy"]) == after


@pytest.mark.parametrize(
    ("before", "value", "after"),
    [
        ("python: '3.12'  # why\n", "3.13", "python: '3.13'  # why\n"),
        ("python: 3.12\n", "3.13", 'python: "3.13"\n'),
        ("python:\n", "3.13", 'python: "3.13"\n'),
        ("packages: []\n", "3.13", 'python: "3.13"\n\npackages: []\n'),
        (
            "# top\n\n# list\npackages: []\n",
            "3.13",
            '# top\n\npython: "3.13"\n\n# list\npackages: []\n',
        ),
    ],
)
def test_set_value(before: str, value: str, after: str) -> None:
    """A single value is replaced where it stands, or put where the documentation has its key."""
    assert set_value(before, "python", value) == after


@pytest.mark.parametrize(
    "text",
    [
        "packages: &p [pandas]\ntools: *p\n",
        "tools: &p [pandas]\npackages: *p\n",
        "tools: [&x pandas]\npackages: [*x]\n",
        "packages: !!seq [pandas]\n",
        "packages: pandas\n",
        "packages: {a: b}\n",
    ],
)
def test_refuses_what_an_edit_could_break(text: str) -> None:
    """A list with anchors, aliases or tags, or what is no list, is left for the user to edit."""
    with pytest.raises(NixpyError) as caught:
        add_items(text, "packages", ["numpy"])
    assert caught.value.line
    assert caught.value.hint == "edit `packages` by hand"


def test_remove_names_what_is_not_listed() -> None:
    """Removing what is not listed is an error that names it."""
    with pytest.raises(NixpyError, match="`numpy` is not listed"):
        remove_items("packages: [pandas]\n", "packages", ["numpy"])


NAMES = st.from_regex(r"[a-z][a-z0-9]{0,6}(-[a-z0-9]{1,3})?", fullmatch=True).filter(
    lambda name: name not in {"y", "n", "yes", "no", "on", "off", "true", "false", "null"}
)
KEYS = st.sampled_from(["packages", "libraries", "tools"])
COMMENTS = st.sampled_from(["", "  # why", " # a, [b] - c: ü🐍"])


@st.composite
def lists(draw: st.DrawFn, key: str) -> tuple[str, list[str]]:
    """Draw a list of nixpy.yaml in one of the styles that people write."""
    names = draw(st.lists(NAMES, max_size=4, unique=True))
    quote = draw(st.sampled_from(["", "'", '"']))
    items = [f"{quote}{name}{quote}" for name in names]
    note = draw(COMMENTS)
    style = draw(st.sampled_from(["flow", "block", "lines", "wrapped"]))
    if not names:
        value = draw(st.sampled_from(["", " []", " [ ]", " ~", " [\n  # none\n  ]"]))
        return f"{key}:{value}{note}\n", []
    if style == "block":
        pad = draw(st.sampled_from(["", "  ", "    "]))
        lines = [
            f"{pad}-{draw(st.sampled_from([' ', '   ']))}{one}{draw(COMMENTS)}" for one in items
        ]
        above = draw(st.sampled_from(["", f"{pad}# above\n"]))
        between = draw(st.sampled_from(["\n", f"\n{pad}# between\n", "\n\n"]))
        return f"{key}:{note}\n{above}{between.join(lines)}\n", names
    if style == "flow":
        space = draw(st.sampled_from(["", " "]))
        comma = draw(st.sampled_from(["", ",", " ,"]))
        joined = draw(st.sampled_from([", ", ",", " , "])).join(items)
        return f"{key}: [{space}{joined}{comma}{space}]{note}\n", names
    if style == "wrapped":
        return f"{key}: [{(chr(10) + '  ').join(one + ',' for one in items)} ]{note}\n", names
    lines = [f"  {one},{draw(COMMENTS)}" for one in items[:-1]]
    lines.append(f"  {items[-1]}{draw(st.sampled_from(['', ',']))}{draw(COMMENTS)}")
    return f"{key}: [{note}\n" + "\n".join(lines) + "\n]\n", names


@st.composite
def documents(draw: st.DrawFn) -> tuple[str, dict[str, list[str]]]:
    """Draw a nixpy.yaml with three lists in any order among comments and other keys."""
    keys = draw(st.permutations(["packages", "libraries", "tools"]))
    drawn = {key: draw(lists(key)) for key in keys}
    parts = [drawn[key][0] for key in keys]
    parts.insert(draw(st.integers(0, 3)), 'python: "3.12"  # pinned\n')
    parts.insert(draw(st.integers(0, 4)), "env: {A: b}\nshell_hook: |\n  echo # no comment\n")
    gap = draw(st.sampled_from(["", "\n", "\n# what follows\n"]))
    text = draw(st.sampled_from(["", "---\n", "# größer 🐍\n"])) + gap.join(parts)
    if draw(st.booleans()):
        text = text.replace("\n", "\r\n")
    elif draw(st.booleans()):
        text = text.removesuffix("\n")
    return text, {key: drawn[key][1] for key in keys}


def comments(text: str) -> list[str]:
    """Give the comments of a text in their order."""
    return [line[line.index("#") :].strip() for line in text.splitlines() if "#" in line]


@settings(max_examples=100, deadline=None)
@given(
    documents(), st.sampled_from(["packages", "libraries", "tools"]), st.lists(NAMES, max_size=3)
)
def test_adding_changes_one_list(
    document: tuple[str, dict[str, list[str]]], key: str, names: list[str]
) -> None:
    """Whatever the style, adding appends to one list, and keeps all other values and comments."""
    text, have = document
    after = add_items(text, key, names)
    new = [name for name in dict.fromkeys(names) if name not in have[key]]
    expected = {**yaml.safe_load(text), key: [*have[key], *new] or yaml.safe_load(text)[key]}
    assert yaml.safe_load(after) == expected
    assert comments(after) == comments(text)
    assert after.count("\r") == (after.count("\n") if "\r" in text else 0)
    parse(after)


@settings(max_examples=100, deadline=None)
@given(documents(), st.data())
def test_removing_changes_one_list(
    document: tuple[str, dict[str, list[str]]], data: st.DataObject
) -> None:
    """Whatever the style, removing takes names out of one list, and keeps all other lines."""
    text, have = document
    key = data.draw(KEYS)
    if not have[key]:
        return
    gone = data.draw(st.lists(st.sampled_from(have[key]), unique=True, min_size=1))
    after = remove_items(text, key, gone)
    left = [name for name in have[key] if name not in gone]
    assert (yaml.safe_load(after)[key] or []) == left
    assert {**yaml.safe_load(after), key: 0} == {**yaml.safe_load(text), key: 0}
    own = [one for one in comments(text) if one not in {"# why", "# a, [b] - c: ü🐍"}]
    assert [one for one in comments(after) if one in own] == own
    parse(after)


@settings(max_examples=60, deadline=None)
@given(documents(), NAMES)
def test_removing_what_was_added_brings_back_the_meaning(
    document: tuple[str, dict[str, list[str]]], name: str
) -> None:
    """What `add` put in, `remove` takes out again."""
    text, have = document
    if name in have["tools"]:
        return
    again = remove_items(add_items(text, "tools", [name]), "tools", [name])
    assert {**yaml.safe_load(again), "tools": 0} == {**yaml.safe_load(text), "tools": 0}
    assert (yaml.safe_load(again)["tools"] or []) == have["tools"]
    assert comments(again) == comments(text)
