"""Sources that import what newer Pythons have no more."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nixpy.metadata.model import Evidence, Topic
from nixpy.syntax.lines import line_numbers
from nixpy.syntax.origin import Origin

# What is gone -> the last minor that has it (https://docs.python.org/3/whatsnew: "Removed").
_REMOVED = {
    "imp": "3.11",
    "asynchat": "3.11",
    "asyncore": "3.11",
    "smtpd": "3.11",
    "numpy.distutils": "3.11",
    "aifc": "3.12",
    "audioop": "3.12",
    "cgi": "3.12",
    "cgitb": "3.12",
    "crypt": "3.12",
    "imghdr": "3.12",
    "nntplib": "3.12",
    "pipes": "3.12",
    "sndhdr": "3.12",
    "spwd": "3.12",
    "sunau": "3.12",
    "telnetlib": "3.12",
    "uu": "3.12",
    "xdrlib": "3.12",
}
# At the start of a line only: what is indented is mostly a fallback in `try` or `if`.
_IMPORT = re.compile(r"^(?:import|from) ([\w.]+)((?:, ?\w+)*)", re.MULTILINE)
_CALL = re.compile(r"\bconfigparser\.SafeConfigParser\(")


def read(text: str, path: str) -> Iterator[Evidence]:
    """Yield the newest Python that has each module that is gone from later ones."""
    line_of = line_numbers(text)
    for match in _IMPORT.finditer(text):
        for name in (match[1], *match[2].replace(",", " ").split()):
            known = next(
                (old for old in _REMOVED if name == old or name.startswith(f"{old}.")), None
            )
            if known:
                origin = Origin(path, None, line_of(match.start()))
                yield Evidence(Topic.LIMIT, _REMOVED[known], origin, f"imports `{known}`")
    if call := _CALL.search(text):
        origin = Origin(path, None, line_of(call.start()))
        yield Evidence(Topic.LIMIT, "3.11", origin, "calls `SafeConfigParser`")
