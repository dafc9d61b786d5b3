"""A file's text: UTF-8 with or without a byte-order mark, line ends made plain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nixpy.errors import NixpyError

if TYPE_CHECKING:
    from nixpy.syntax.tree import Tree


def read_text(tree: Tree, path: str) -> str:
    """Give the text of a file that has to be UTF-8.

    Raises NixpyError where there is no such file, and, with line and column, where it is not UTF-8.
    """
    return decode(read_bytes(tree, path), path)


def read_bytes(tree: Tree, path: str) -> bytes:
    """Give the bytes of a file that has to be there; raises NixpyError if it is not."""
    data = tree.read(path)
    if data is None:
        raise NixpyError("there is no such file", file=path)
    return data


def decode(data: bytes, file: str, encoding: str = "utf-8-sig") -> str:
    """Decode a file's bytes, and make line ends plain newlines.

    Raises NixpyError with the 1-based line and column of the first byte that does not fit.
    """
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        start = data.rfind(b"\n", 0, error.start) + 1
        before = data[start : error.start].decode(encoding, errors="replace")
        raise NixpyError(
            f"byte 0x{data[error.start]:02x} is not UTF-8",
            file=file,
            line=data.count(b"\n", 0, error.start) + 1,
            column=len(before) + 1,
            hint=f"save `{file}` as UTF-8: `iconv -f latin1 -t utf-8 {file}` if it is Latin-1",
        ) from None
    text = text.replace("\r\n", "\n")
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise NixpyError(
            "holds a NUL byte, so it is not UTF-8 text",
            file=file,
            line=line,
            hint=f"save `{file}` as UTF-8: `iconv -f utf-16 -t utf-8 {file}` if it is UTF-16",
        )
    return text
