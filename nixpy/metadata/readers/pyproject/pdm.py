"""``[tool.pdm]`` of a pyproject.toml."""

from __future__ import annotations

from packaging.utils import canonicalize_name

from nixpy.metadata.model import Installer, Kind, Strength
from nixpy.metadata.readers.findings import Findings
from nixpy.metadata.readers.pip.line import want_line
from nixpy.syntax.table import Table

# pdm-backend's own, and what `pdm init` writes: other installers' projects have them, too.
_BACKEND_KEYS = {"build", "distribution", "version"}


def read_tool(pdm: Table, found: Findings) -> None:
    """Take over pdm's development groups; its lines may be editable (``-e file:///…#egg=name``)."""
    if set(pdm.data) - _BACKEND_KEYS:
        found.sign(Installer.PDM, Strength.TABLE, pdm.origin())
    for group, items in pdm.table("dev-dependencies").lists():
        for text, origin in items:
            want_line(text, origin, found, Kind.GROUP, canonicalize_name(group))
