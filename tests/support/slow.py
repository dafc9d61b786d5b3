"""Reads files made to be slow, each in a process of its own: ``python -m tests.support.slow``.

Prints those that took too long or too much memory, or ended in anything but the project's own
error; of the shapes that repeat a text only each N-th, with ``--every N``.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
from collections.abc import Iterator
from itertools import chain, islice

from nixpy.config import edit
from nixpy.config.model import Config
from nixpy.config.parse import parse
from nixpy.errors import NixpyError
from nixpy.metadata.read import read_project
from nixpy.plan.make import make_plan
from nixpy.plan.model import Part
from nixpy.plan.takeover import take_over
from nixpy.syntax.tree import MemoryTree
from nixpy.workspace.other_shells import remarks
from tests.support.slow_inputs import Files, filled, special

_SECONDS = 2.0
_MEMORY = 1 << 30
_SIZE = 60_000


def read(files: Files) -> None:
    """Do with a project's files what `nixpy init` and `nixpy add` do before they ask Nix."""
    config = Config()
    if "nixpy.yaml" in files:
        config = parse(files["nixpy.yaml"])
        edit.add_items(files["nixpy.yaml"], "packages", ["pandas"])
    tree = MemoryTree(files)
    project = read_project(tree)
    remarks(tree)
    take_over(project)
    make_plan([Part("a", ".", project, config)])


def outcome(files: Files) -> str | None:
    """Read in a child process; say what was wrong, None if nothing was."""
    sys.stdout.flush()
    child = os.fork()
    if not child:
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (int(_SECONDS) + 1, int(_SECONDS) + 1))
        code = 0
        try:
            read(files)
        except NixpyError as error:
            code = 0 if all(str(one) for one in error.errors) else 1
        except BaseException as error:  # noqa: BLE001 - told below
            sys.stdout.write(f"{type(error).__name__}: {str(error)[:100]}\n")
            sys.stdout.flush()
            code = 1
        os._exit(code)
    _, status, used = os.wait4(child, 0)
    seconds = used.ru_utime + used.ru_stime
    if status or seconds > _SECONDS:
        return f"{seconds:.1f} s, {used.ru_maxrss >> 10} MiB, status {status}"
    return None


def main() -> int:
    """Read the shapes; returns how many were bad, as far as an exit code can say it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--every", type=int, default=1)
    every: int = parser.parse_args().every
    shapes: Iterator[tuple[str, Files]] = chain(
        special(), islice(filled(_SIZE), every // 2, None, every)
    )
    read({"pyproject.toml": "[project]\nname = 'a'\n", "environment.yml": "dependencies: [a]"})
    count = bad = 0
    for name, files in shapes:
        count += 1
        wrong = outcome(files)
        if wrong:
            bad += 1
            sys.stdout.write(f"{name}: {wrong}\n")
    sys.stdout.write(f"{count} shapes, {bad} bad\n")
    return min(bad, 1)


if __name__ == "__main__":
    sys.exit(main())
