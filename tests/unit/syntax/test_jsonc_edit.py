"""Edits of an editor's settings: comments and all other bytes stay."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nixpy.errors import NixpyError
from nixpy.syntax.jsonc_edit import load, set_values

FILE = ".vscode/settings.json"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", '{\n  "a": true\n}\n'),
        ("// mine\n", '// mine\n{\n  "a": true\n}\n'),
        ("{}", '{\n  "a": true\n}'),
        ("{\n}\n", '{\n  "a": true\n}\n'),
        ('{"b": 1}', '{"b": 1,\n  "a": true\n}'),
        ('{\n    "b": 1\n}\n', '{\n    "b": 1,\n    "a": true\n}\n'),
        ('{\n\t"b": 1, // one\n}\n', '{\n\t"b": 1, // one\n\t"a": true\n}\n'),
        ('{\n  "b": [1, {"a": 2}] // one\n  // end\n}', None),
        ('{\n  "a": false, // old\n  "b": 1\n}\n', '{\n  "a": true, // old\n  "b": 1\n}\n'),
        ('{"a": {"x": [1, 2]}, "b": 1}', '{"a": true, "b": 1}'),
        ('{\r\n  "b": 1\r\n}\r\n', '{\r\n  "b": 1,\r\n  "a": true\r\n}\r\n'),
        ('\ufeff{"a": 1}', '\ufeff{"a": true}'),
        ('{"a": true}', '{"a": true}'),
        ('{"url": "http://x//y", "b": "/* no */"}', None),
    ],
)
def test_a_key_is_set(before, after):
    """A key is replaced where it stands, or added at the end in the indentation that is there."""
    found = set_values(before, {"a": True}, FILE)
    if after is None:
        assert load(found, FILE) == {**load(before, FILE), "a": True}
        assert found.replace(",", "").startswith(before.replace(",", "")[:10])
    else:
        assert found == after


@pytest.mark.parametrize("text", ["[1]", "{", '{"a" 1}', "{'a': 1}", "nonsense", "[" * 100_000])
def test_what_is_no_object(text):
    """What cannot be read is left alone, with the file named."""
    with pytest.raises(NixpyError) as caught:
        set_values(text, {"a": True}, FILE)
    assert caught.value.file == FILE


def test_keys_inside_of_values_are_not_meant():
    """A key of the same name further down stays."""
    text = '{\n  "[python]": {\n    "a": 1\n  }\n}\n'
    assert load(set_values(text, {"a": 2}, FILE), FILE) == {"[python]": {"a": 1}, "a": 2}


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text('a/*"\\, {}[]:\n#', max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab/*", max_size=3), inner),
    max_leaves=6,
)
COMMENT = st.sampled_from(["", ' // x, {y}: "z', " /* a, } */"])


@st.composite
def objects(draw):
    """Draw an object in the forms that people write, with comments."""
    data = draw(st.dictionaries(st.text("ab.[]", max_size=4), VALUES, max_size=4))
    indent = draw(st.sampled_from([None, 2, 4, "\t"]))
    lines = json.dumps(data, indent=indent).split("\n")
    if len(lines) > 1:
        lines = [line + draw(COMMENT) if not line.endswith('"\\') else line for line in lines]
        if draw(st.booleans()) and data:
            lines.insert(-1, "// the end")
    return "\n".join(lines), data


@settings(max_examples=150, deadline=None)
@given(objects(), st.dictionaries(st.sampled_from(["a", "b", "ab.", "new"]), VALUES, max_size=3))
def test_only_the_wanted_keys_change(drawn, values):
    """Whatever the form, the wanted keys get their values, and all other lines stay."""
    text, data = drawn
    after = set_values(text, values, FILE)
    assert load(after, FILE) == {**data, **values}
    if not data.keys() & values.keys():
        kept = [line.rstrip(",") for line in text.split("\n") if line.strip().startswith("//")]
        assert [line for line in kept if line not in after] == []
