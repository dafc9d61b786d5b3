"""Check every shell text of the project: its scripts, and the hooks of the generated flakes.

Run as ``python -m tools.lint_shell``; ``make lint`` does. A hook is checked as bash gets it: taken
from a rendered snapshot, with what Nix would fill in replaced by a path of the store.
"""

import re
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

from nixpy.flake.render import ENTER, enter_program
from nixpy.system import process

_SNAPSHOTS = Path("tests/unit/flake/snapshots")
# What it holds of bash is a user's, made to be as ugly as a user's can be.
_NOT_OURS = "hostile.nix"
_SCRIPTS = (Path(".ci/run"), Path("tests/setup.sh"))
_STYLE = ("-i", "2", "-ci")
_HOOK = re.compile(r"^ *shellHook = ''\n(.*?)^ *'';\n", re.DOTALL | re.MULTILINE)
# A name of no package: shellcheck must not know whether the word has spaces.
_FILLED_IN = "/nix/store/filled-in"


def bash_of(nix: str) -> list[str]:
    r"""Give the texts that bash gets as the hooks of a rendered file.

    ``nix`` is a rendered file. Follows the Nix manual, "String literal": ``''$`` is ``$``, ``'''``
    is ``''``, a character after ``''\\`` is itself, and what all lines begin with is taken away.
    """
    return [textwrap.dedent("".join(_pieces(hook))) for hook in _HOOK.findall(nix)]


def _pieces(text: str) -> Iterator[str]:
    position = 0
    while position < len(text):
        if text.startswith("''$", position):
            yield "$"
            position += 3
        elif text.startswith("''\\", position):
            yield text[position + 3]
            position += 4
        elif text.startswith("'''", position):
            yield "''"
            position += 3
        elif text.startswith("${", position):
            yield _FILLED_IN
            position = _end_of_antiquotation(text, position + 2)
        else:
            yield text[position]
            position += 1


def _end_of_antiquotation(text: str, position: int) -> int:
    depth = 1
    while depth:
        depth += {"{": 1, "}": -1}.get(text[position], 0)
        position += 1
    return position


def main() -> int:
    """Print what shellcheck and shfmt say of each text; exit 1 when they say anything."""
    scripts = [(str(path), path.read_text()) for path in _SCRIPTS]
    scripts.append((ENTER, f"#!/usr/bin/env bash\n{enter_program()}"))
    hooks = [
        (str(path), f"#!/usr/bin/env bash\n{hook}")
        for path in sorted(_SNAPSHOTS.glob("*.nix"))
        if path.name != _NOT_OURS
        for hook in bash_of(path.read_text())
    ]
    if not hooks:
        print(f"{_SNAPSHOTS}: no snapshot has a hook", file=sys.stderr)
        return 1
    failed = False
    folder = Path(sys.executable).parent
    for name, text in [*scripts, *hooks]:
        # SC1091: what a hook sources is in the store; it is among these texts itself.
        for command in (["shellcheck", "-e", "SC1091", "-"], ["shfmt", "-d", *_STYLE]):
            done = process.run([str(folder / command[0]), *command[1:]], given=text)
            if done.status:
                failed = True
                print(f"{name}: {command[0]}\n{done.out}{done.err}", file=sys.stderr)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
