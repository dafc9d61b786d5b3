"""Edits of nixpy.yaml: what is added and removed again leaves the very bytes."""

from __future__ import annotations

from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st

from nixpy.config.edit import add_items, remove_items, set_value
from nixpy.config.parse import parse
from nixpy.errors import NixpyError

_NAMES = ("numpy", "pandas", "ruff", "a.b", "2to3", "yes", "jq")
_GAP = st.sampled_from(["", " ", "  # why", " # a, b: [c]", "\t#x"])
_BEFORE = st.sampled_from(["", "# top\n", "---\n", "\n\n", "python: '3.12'\n", "env: {A: b} # c\n"])
_AFTER = st.sampled_from(["", "\n", "# end\n", "tools: []\n", "tools:\n  # none\n", "...\n"])


@st.composite
def _entries(draw: st.DrawFn) -> list[str]:
    quote = draw(st.sampled_from(["", "'", '"']))
    names = draw(st.lists(st.sampled_from(_NAMES), min_size=1, max_size=4, unique=True))
    return [f"{quote}{name}{quote}" for name in names]


@st.composite
def documents(draw: st.DrawFn) -> str:
    """Draw a nixpy.yaml with packages, in one of the ways that people write a list."""
    entries = draw(_entries())
    style = draw(st.sampled_from(["block", "flow", "lines"]))
    if style == "block":
        indent = draw(st.sampled_from(["", "  ", "    "]))
        lines = "".join(f"{indent}- {one}{draw(_GAP)}\n" for one in entries)
        listed = f"packages:{draw(_GAP)}\n{lines}"
    elif style == "flow":
        listed = f"packages: [{draw(st.sampled_from([', ', ',  '])).join(entries)}]{draw(_GAP)}\n"
    else:
        comma = draw(st.sampled_from(["", ","]))
        lines = ",\n".join(f"  {one}" for one in entries) + comma
        listed = f"packages: [{draw(_GAP)}\n{lines}{draw(_GAP)}\n]{draw(_GAP)}\n"
    text = draw(_BEFORE) + listed + draw(_AFTER)
    if draw(st.booleans()):
        text = text.rstrip("\n")
    return text.replace("\n", "\r\n") if draw(st.booleans()) else text


@given(text=documents(), new=st.lists(st.sampled_from(["x", "scipy", "no", "3d"]), unique=True))
def test_adding_and_removing_leaves_the_bytes(text: str, new: list[str]) -> None:
    """Names that were added go again, and nothing else of the file has changed."""
    parse(text)
    assert remove_items(add_items(text, "packages", new), "packages", new) == text


@given(
    text=documents(), junk=st.text(alphabet="[]{}:,-#'\"&*!|> \n\tab", max_size=12), data=st.data()
)
def test_any_file_is_edited_or_refused(text: str, junk: str, data: st.DataObject) -> None:
    """Of a file that was damaged somewhere an edit is right or refused with an error."""
    at = data.draw(st.integers(0, len(text)))
    damaged = text[:at] + junk + text[at:]
    with suppress(NixpyError):
        add_items(damaged, "packages", ["scipy"])
    with suppress(NixpyError):
        remove_items(damaged, "packages", ["numpy"])
    with suppress(NixpyError):
        set_value(damaged, "python", "3.13")
