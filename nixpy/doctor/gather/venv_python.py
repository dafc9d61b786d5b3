"""What the Python of a venv would say, from its files and the Python that it rests on.

It is not run: its start-up files are code of whoever made the venv.
"""

from __future__ import annotations

import ast
import os
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from nixpy.doctor.gather import elf
from nixpy.doctor.loader.search import expand
from nixpy.doctor.snapshot import Interpreter
from nixpy.system.reading import read_head_text
from nixpy.venv.installed import site_packages

# The line of `_nixpy.pth` that loads native libraries.
_LOAD = re.compile(r"^import _nixpy; _nixpy\.load(\(.*\))$", re.MULTILINE)
_SYSTEM_SITE = re.compile(
    r"^\s*include-system-site-packages\s*=\s*true\s*$", re.IGNORECASE | re.MULTILINE
)
# More than any start-up file has: the file of a stranger must not keep us.
_MOST_BYTES = 1_000_000


def seen_from(venv: Path, path: str, base: Interpreter) -> Interpreter:
    """Return what the Python at a path in a venv would say, of which ``base`` is the real one."""
    if not base.works or base.prefix != base.base_prefix or not _keeps_its_name(base):
        # A wrapper that starts another file, such as an older env's: that one sees no pyvenv.cfg.
        return replace(base, path=path)
    site = site_packages(venv, base.minor)
    added = [str(site), *_path_lines(site)]
    if _SYSTEM_SITE.search(_text(venv / "pyvenv.cfg")):
        added += [one for one in base.sys_path if one not in base.plain_path]
    folders = [Path(one) for one in added]
    manylinux = next((one for one in _files(folders, "_manylinux.py") if _forbids(one)), None)
    return replace(
        base,
        path=path,
        executable=path,
        prefix=str(venv),
        plain_prefix=base.plain_prefix,
        sys_path=(*base.plain_path, *added),
        pip=any(_matches(folders, "pip")),
        tkinter=base.tkinter or any(_matches(folders, "_tkinter")),
        manylinux=str(manylinux) if manylinux else None,
        loaded=tuple(dict.fromkeys([*base.loaded, *_closure(_preloaded(site))])),
        pyvenv=True,
        distributions=(),
    )


def _keeps_its_name(base: Interpreter) -> bool:
    """Whether the file that was run is the Python itself, or tells it to go by the file's name."""
    if sys.platform == "darwin":  # a framework's Python calls itself by another file
        return True
    return os.path.realpath(base.executable) == os.path.realpath(base.path)


def _text(file: Path) -> str:
    try:
        return read_head_text(file, _MOST_BYTES)
    except OSError:
        return ""


def _path_lines(site: Path) -> Iterator[str]:
    """Give the folders that .pth files add to ``sys.path``; their lines of code are passed over."""
    try:
        names = sorted(os.listdir(site))  # noqa: PTH208 - only the names, of large folders
    except OSError:
        return
    for name in names:
        if not name.endswith(".pth") or name.startswith("."):
            continue
        for line in _text(site / name).splitlines():
            text = line.rstrip()
            if text and not text.startswith(("#", "import ", "import\t")):
                folder = os.path.normpath(site / text)
                if os.path.exists(folder):  # noqa: PTH110 - does not raise for odd names
                    yield folder


def _files(folders: Iterable[Path], name: str) -> Iterator[Path]:
    for folder in folders:
        if os.path.isfile(folder / name):  # noqa: PTH113 - does not raise where it may not look
            yield folder / name


def _matches(folders: Iterable[Path], begin: str) -> Iterator[str]:
    for folder in folders:
        try:
            names = os.listdir(folder)  # noqa: PTH208 - only the names, of large folders
        except OSError:
            continue
        yield from (one for one in names if one.partition(".")[0] == begin)


def _forbids(file: Path) -> bool:
    return "False" in _text(file)


def _preloaded(site: Path) -> list[str]:
    """Give the libraries that a venv of nixpy's loads when its Python starts."""
    found = _LOAD.search(_text(site / "_nixpy.pth"))
    try:
        value = ast.literal_eval(f"[{found[1][1:-1]}]") if found else []
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return []
    return [one for one in value if isinstance(one, str)]


def _closure(libraries: Iterable[str]) -> Iterator[str]:
    """Give libraries that are there, with those that the loader takes along for them."""
    todo, seen, counter = list(libraries), set[str](), elf.Counter()
    while todo:
        path = os.path.normpath(todo.pop())
        found = None if path in seen else elf.read(path, path, counter)
        seen.add(path)
        if found is None:
            continue
        yield path
        origin = os.path.dirname(os.path.realpath(path))  # noqa: PTH120
        folders = [expand(one, origin) for one in (found.elf.runpath or found.elf.rpath)]
        todo += [
            candidate
            for needed in found.elf.needed
            if (candidate := next(
                (one for folder in folders if os.path.exists(one := f"{folder}/{needed}")), ""  # noqa: PTH110
            ))
        ]  # fmt: skip
