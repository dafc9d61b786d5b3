"""Draw docs/first-run.svg: the README's first example as a terminal showed it.

Run as ``python examples/picture.py`` after ``make demo`` has set up Nix. Nix's numpy comes from the
stand-in in ``tests/nixpkgs``, the newest from the index that uv uses.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path
from xml.sax.saxutils import escape

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPOSITORY))

from tests.support.nixpkgs import available_pythons, nix_environment, prefetch, stand_in  # noqa: E402

PICTURE = REPOSITORY / "docs/first-run.svg"
_COLUMNS, _LINE, _CHARACTER = 104, 19, 8  # characters, pixels, pixels
_BOLD = ' font-weight="bold" fill="#fff"'
_HASH = re.compile(r"/nix/store/[0-9a-z]{32}-")
_OF_NIX = re.compile(r"warning: (Git|not writing)|building |•|    '|copying |these ")
_LOCK = re.compile(r"`(uv lock -P [^`]+)`")


def main() -> None:
    """Run the commands in a new project and draw what they print."""
    python = available_pythons()[-1]
    prefetch("numpy", python=python)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder, "my-project")
        root.mkdir()
        (root / "pyproject.toml").write_text(
            f'[project]\nname = "my-project"\nversion = "1"\nrequires-python = "=={python}.*"\n'
            'dependencies = ["numpy"]\n'
        )
        environment = nix_environment()
        environment["NIX_CONFIG"] += "warn-dirty = false\n"
        nixpkgs = stand_in(Path(folder)).ref
        enter = ["nix", "develop", "--no-write-lock-file", "--override-input", "nixpkgs", nixpkgs]

        def run(*command: str) -> list[str]:
            done = subprocess.run(
                command, cwd=root, env=environment, check=True, text=True,
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            )  # fmt: skip
            shown = done.stdout.replace(f"{root}/", "").splitlines()
            # What Nix says of the stand-in is not what a user sees of nixpkgs.
            return [line for line in shown if not _OF_NIX.match(line)]

        run("git", "init", "--quiet")
        nixpy = [sys.executable, "-I", "-m", "nixpy"]
        lines = ["$ nixpy init -p numpy", *run(*nixpy, "init", "-p", "numpy")]
        entered = run(*enter, "-c", "true")
        lines += ["", "$ nix develop", *entered]
        locks = _LOCK.search("\n".join(entered))
        assert locks, entered
        show = "python -c 'import numpy; print(numpy.__file__)'"
        for command in (locks[1], "uv sync", show):
            lines += [f"$ {command}", *run(*enter, "-c", "bash", "-c", command)]
    PICTURE.write_text(drawn([_HASH.sub("/nix/store/…-", line) for line in lines]), "utf-8")


def drawn(lines: list[str]) -> str:
    """Give a picture of lines of a terminal: commands bold, long lines broken."""
    rows: list[tuple[str, bool]] = []
    for line in lines:
        pieces = [line[at : at + _COLUMNS] for at in range(0, len(line), _COLUMNS)] or [""]
        rows += [(piece, line.startswith("$ ")) for piece in pieces]
    width, height = round(_COLUMNS * _CHARACTER + 32), len(rows) * _LINE + 36
    texts = "\n".join(
        f'<text x="16" y="{24 + number * _LINE}" xml:space="preserve"'
        f"{_BOLD if command else ''}>{escape(row)}</text>"
        for number, (row, command) in enumerate(rows, 1)
        if row
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" role="img"'
        f' viewBox="0 0 {width} {height}" font-family="monospace" font-size="13" fill="#c9d1d9">\n'
        f"<title>nixpy init, nix develop, uv sync: numpy comes from the Nix store</title>\n"
        f'<rect width="{width}" height="{height}" rx="8" fill="#0d1117"/>\n'
        '<g fill="#30363d"><circle cx="20" cy="16" r="5"/><circle cx="38" cy="16" r="5"/>'
        f'<circle cx="56" cy="16" r="5"/></g>\n{texts}\n</svg>\n'
    )


if __name__ == "__main__":
    main()
