"""Sources that load libraries by GObject introspection."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nixpy.metadata.model import Evidence, Topic
from nixpy.syntax.lines import line_numbers
from nixpy.syntax.origin import Origin

# Of one namespace, or of several as `{"Gtk": "4.0", "Adw": "1"}`.
_REQUIRE = re.compile(r"\brequire_version\(\s*[\"'](\w+)[\"']\s*,\s*(?:[\"']([\d.]+)[\"'])?")
_REQUIRE_ALL = re.compile(r"\brequire_versions\(\s*\{([^{}]*)\}")
_PAIR = re.compile(r"[\"'](\w+)[\"']\s*:\s*[\"']([\d.]+)[\"']")


def read(text: str, path: str) -> Iterator[Evidence]:
    """Yield each namespace, with its version where that is written out."""
    if "require_version" not in text:
        return
    found = [(one.start(), one[1], one[2]) for one in _REQUIRE.finditer(text)]
    for several in _REQUIRE_ALL.finditer(text):
        found += [(several.start(), one[1], one[2]) for one in _PAIR.finditer(several[1])]
    line_of = line_numbers(text)
    for at, namespace, version in found:
        origin = Origin(path, None, line_of(at))
        yield Evidence(Topic.TYPELIB, f"{namespace}-{version}" if version else namespace, origin)
