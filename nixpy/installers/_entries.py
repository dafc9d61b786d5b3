"""Entries of poetry.lock and pdm.lock, which are TOML tables that each installer writes alike.

Both installers keep a version that their lock has already, as long as it is allowed, and get its
files anew: so another version is written into the lock, and the installer locks again.
"""

from __future__ import annotations

import re

from packaging.utils import canonicalize_name

from nixpy.installers.spec import Changes

_BLOCK = re.compile(r"^(?=\[\[package\]\]|\[metadata[\].]|\[extras\])", re.MULTILINE)
_NAME = re.compile(r'^name = "([^"\n]+)"$', re.MULTILINE)
_VERSION = re.compile(r'^(version = )"([^"\n]+)"$', re.MULTILINE)
_FILES = re.compile(r"^files = \[(?:\]\n|\n(?:[ \t].*\n)*\]\n)", re.MULTILINE)


def with_versions(text: str, changes: Changes) -> str:
    """Give a lock's text with other versions of some entries."""
    return "".join(_changed(block, changes) for block in _BLOCK.split(text))


def with_versions_alone(text: str, changes: Changes) -> str:
    """Give a lock's text with other versions of some entries, and no files in those.

    They are of the old version, and pdm would keep them.
    """
    blocks = []
    for block in _BLOCK.split(text):
        changed = _changed(block, changes)
        blocks.append(changed if changed == block else _FILES.sub("", changed, count=1))
    return "".join(blocks)


def _changed(block: str, changes: Changes) -> str:
    name, version = _NAME.search(block), _VERSION.search(block)
    new = changes.get((canonicalize_name(name[1]), version[2])) if name and version else None
    if not (name and version and new):
        return block
    block = _VERSION.sub(rf'\g<1>"{new}"', block, count=1)
    # pdm has an entry for a distribution with extras, which requires that without.
    return block.replace(f'"{name[1]}=={version[2]}"', f'"{name[1]}=={new}"')
