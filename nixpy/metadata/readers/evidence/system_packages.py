"""What Dockerfiles, CI files and instructions install by apt, apk, dnf and Homebrew."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nixpy.knowledge.elsewhere import system_package
from nixpy.metadata.model import Evidence, Topic
from nixpy.syntax.lines import line_numbers
from nixpy.syntax.origin import Origin

_INSTALL = re.compile(
    r"\b(?:apt(?:-get)?|dnf|yum|microdnf)\s+(?:-\S+\s+)*install\b|\bapk\s+(?:-\S+\s+)*add\b"
    r"|\bbrew\s+install\b"
)
# The words of a command: it goes on after a backslash, and in a Dockerfile past comment lines.
_REST = re.compile(r"(?:\\[ \t]*\n(?:[ \t]*#[^\n]*\n)*|[^\n;&|`<>#\"'()])*")
_NAME = re.compile(r"[A-Za-z0-9][\w.+:=~*@/-]*")
# What these take as a word of their own, with what follows: `apk add --virtual .build-deps`.
_WITH_VALUE = re.compile(r"\s(?:-t|--virtual|--repository|-X)[ =]\s*\S+")


def read(text: str, path: str) -> Iterator[Evidence]:
    """Yield what nixpkgs has of the packages that commands install.

    Headers are left out: what a project builds is known by its distributions and build files. So
    are libraries beside Dockerfiles: CI files bring them for displays that nobody sees.
    """
    of_image = not path.endswith((".yml", ".yaml", ".md", ".rst"))
    line_of = line_numbers(text)
    end = 0
    for match in _INSTALL.finditer(text):
        if match.start() < end:
            continue  # among the words of the command before
        rest = _REST.match(text, match.end())
        end = rest.end() if rest else match.end()
        words = _WITH_VALUE.sub(" ", rest[0] if rest else "")
        origin = Origin(path, None, line_of(match.start()))
        for word in re.sub(r"\\\s", " ", words).split():
            package = system_package(word) if _NAME.fullmatch(word) else None
            for attribute in package.tools if package else ():
                yield Evidence(Topic.OFFERED_TOOL, attribute, origin)
            taken = of_image and not re.search(r"-dev(?:el)?\b", word)
            for attribute in package.libraries if package and taken else ():
                yield Evidence(Topic.OFFERED_LIBRARY, attribute, origin)
