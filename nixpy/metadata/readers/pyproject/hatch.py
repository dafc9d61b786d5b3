"""``[tool.hatch]`` of a pyproject.toml, or the same in a hatch.toml."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from packaging.utils import canonicalize_name

from nixpy.metadata.model import Installer, Kind, Strength
from nixpy.metadata.readers.findings import Findings
from nixpy.metadata.readers.pins.version import parse_pin
from nixpy.metadata.readers.pip.requirements import gather_file
from nixpy.syntax.table import Table

if TYPE_CHECKING:
    from nixpy.syntax.tree import Tree


def read_tool(hatch: Table, folder: str, tree: Tree, found: Findings) -> None:
    """Take over hatch's environments, and the files its requirements-txt hook reads."""
    envs = hatch.table("envs")
    if envs:
        found.sign(Installer.HATCH, Strength.TABLE, envs.origin())
    for name, env in envs.subtables():
        group = canonicalize_name(name)
        found.want_all(env.strings("dependencies"), Kind.GROUP, group)
        found.want_all(env.strings("extra-dependencies"), Kind.GROUP, group)
        python = env.string("python") if name == "default" else None
        pin = parse_pin(python, env.origin("python")) if python else None
        if pin:
            found.pins.append(pin)
    hook = hatch.table("metadata").table("hooks").table("requirements_txt")
    single = hook.string("filename")
    files = [(single, hook.origin("filename"))] if single else []
    for file, origin in [*files, *hook.strings("files")]:
        gather_file(tree, posixpath.normpath(posixpath.join(folder, file)), found, origin, Kind.RUN)
    for extra, files in hook.table("optional-dependencies").lists():
        for file, origin in files:
            path = posixpath.normpath(posixpath.join(folder, file))
            gather_file(tree, path, found, origin, Kind.EXTRA, canonicalize_name(extra))
