"""The names that version managers give to Python versions."""

from __future__ import annotations

import re

from nixpy.metadata.model import PythonPin
from nixpy.syntax.origin import Origin

_CPYTHON = re.compile(
    r"""^(?:(?:cpython|python|cp)[-@]?)?
    (?P<version>3(?:\.\d+){0,2})
    (?P<pre>(?:\.0)?(?:a|b|rc|-dev|-rc|-alpha|-beta)\.?\d*)?
    (?P<variant>t|\+freethreaded|\+freethreaded\+debug|\+debug|d)?
    (?:-(?:linux|macos|darwin|windows|any)[\w-]*)?
    (?:/envs/.*)?$""",
    re.VERBOSE,
)
# mise's `prefix:3.12`, asdf's `latest:3.12`, and a `v` as in a tag.
_BEFORE = re.compile(r"^(?:(?:prefix|latest):)?v?(?=\d)")
_SHORT = re.compile(r"^(?:cp|py)?3(\d{1,2})(t?)$")
_PYTHON_2 = re.compile(r"(?:(?:cpython|python)[-@]?)?(2(?:\.\d+){0,2})")
_OTHER = re.compile(
    r"^(pypy|pp|graalpy|graalpython|gp|jython|ironpython|micropython|stackless|cinder|pyston|nogil|"
    r"activepython|anaconda|miniconda|miniforge|mambaforge|micromamba|system)(?=[-@\d.]|$)"
)
_LONG = {"pp": "pypy", "gp": "graalpy", "graalpython": "graalpy"}


def parse_pin(text: str, origin: Origin) -> PythonPin | None:
    """Read one version as uv, pyenv, asdf, mise and devbox name them; None for any other name."""
    text = text.strip()
    name = _BEFORE.sub("", text.lower())
    match = _CPYTHON.match(name)
    if match:
        version = match["version"]
        if match["pre"]:  # nixpkgs has a minor's pre-release under the minor's name
            version = ".".join(version.split(".")[:2])
        free = (match["variant"] or "").startswith(("t", "+free"))
        return PythonPin(text, version, origin, "freethreaded" if free else "cpython")
    match = _SHORT.match(name)
    if match:
        return PythonPin(text, f"3.{match[1]}", origin, "freethreaded" if match[2] else "cpython")
    match = _OTHER.match(name)
    if match:
        return PythonPin(text, None, origin, _LONG.get(match[1], match[1]))
    match = _PYTHON_2.fullmatch(name)
    return PythonPin(text, match[1], origin) if match else None
