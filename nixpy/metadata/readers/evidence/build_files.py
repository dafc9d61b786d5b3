"""What builds the project's own code: meson.build, CMakeLists.txt, setup.py, hatch_build.py."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nixpy.knowledge.project_tools import build_library
from nixpy.metadata.model import Evidence, Topic
from nixpy.syntax.lines import line_numbers
from nixpy.syntax.origin import Origin

_FORTRAN = re.compile(
    r"""add_languages\([^)]{0,999}["']fortran["']|^project\([^)]{0,999}["']fortran["']"""
    r"""|enable_language\s*\([^)]{0,999}\bFortran\b|\bproject\s*\([^)]{0,999}\bFortran\b""",
    re.MULTILINE,
)
_MESON = re.compile(r"""\bdependency\(\s*["']([\w.+-]+)["']([^)]*)""")
_OPTIONAL = re.compile(r"required\s*:\s*(?:false|get_option)")
_CMAKE = re.compile(r"\bfind_package\s*\(\s*(\w+)([^)]*)", re.IGNORECASE)
_NEEDED = frozenset({"blas", "lapack"})  # mostly asked for without REQUIRED, and needed
_NPM = re.compile(r"""["'](?:npm|yarn|pnpm|jlpm)(?:\.cmd)?["' ]""")


def read(text: str, path: str) -> Iterator[Evidence]:
    """Yield compilers and libraries that the build cannot do without, and nodejs for npm."""
    if path.endswith(".py"):
        if match := _NPM.search(text):
            line = text.count("\n", 0, match.start()) + 1
            yield Evidence(Topic.PROGRAM, "nodejs", Origin(path, None, line))
        return
    line_of = line_numbers(text)
    if match := _FORTRAN.search(text):
        yield Evidence(Topic.BUILD, "gfortran", Origin(path, None, line_of(match.start())))
    if path.endswith("meson.build"):
        asked = [one for one in _MESON.finditer(text) if not _OPTIONAL.search(one[2])]
    else:
        asked = [
            one
            for one in _CMAKE.finditer(text)
            if one[1].lower() in _NEEDED or "REQUIRED" in one[2]
        ]
    for one in asked:
        attribute = build_library(one[1])
        if attribute:
            yield Evidence(Topic.BUILD, attribute, Origin(path, None, line_of(one.start())))
