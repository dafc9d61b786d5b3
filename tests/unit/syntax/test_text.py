"""How files are decoded."""

import pytest

from nixpy.errors import NixpyError
from nixpy.syntax.text import decode, read_text
from nixpy.syntax.tree import MemoryTree


def test_byte_order_mark_and_crlf_do_not_matter() -> None:
    """Files from Windows editors read like any other."""
    assert decode(b"\xef\xbb\xbfa = 1\r\nb = 2\r\n", "x") == "a = 1\nb = 2\n"


def test_latin_1_is_told_with_line_and_column() -> None:
    """A byte that is not UTF-8 is named with its place, counted in characters."""
    with pytest.raises(NixpyError, match="0xe9 is not UTF-8") as raised:
        decode("name = 1\nß".encode() + b"\xe9", "x.toml")
    assert (raised.value.line, raised.value.column) == (2, 2)
    assert "iconv" in str(raised.value.hint)


def test_utf_16_without_a_mark_is_told() -> None:
    """NUL bytes betray UTF-16, and the hint says so."""
    with pytest.raises(NixpyError, match="NUL byte") as raised:
        decode("numpy\n".encode("utf-16-le"), "x")
    assert "utf-16" in str(raised.value.hint)


def test_a_missing_file_is_an_error() -> None:
    """A reader asked for what is not there says so."""
    with pytest.raises(NixpyError, match="no such file"):
        read_text(MemoryTree(), "x")
