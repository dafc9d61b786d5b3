#!/usr/bin/env python3
"""Makes a copy of this flake with other options: another kind of env, another uv or python3.

Usage: variant.py DEST [--kind legacy|argv0|resolve] [--python3 python312] [--uv 0.9.30]
           [--python PATH]...

Then use it as any flake: `nix develop --override-input nixpkgs path:DEST`. DEST is replaced.
Derivations that an option does not touch are the same in every copy: nothing is built twice.
"""

import argparse
import json
import re
import shutil
from pathlib import Path

HERE = Path(__file__).resolve().parent


def write_variant(dest: Path, options: "dict[str, str | list[str]]") -> None:
    """Copies the flake to a folder.

    dest: the folder, replaced where it exists.
    options: names of options.nix with their new values.
    """
    if dest.exists():
        shutil.rmtree(dest)
    shutil.copytree(HERE, dest, ignore=shutil.ignore_patterns("__pycache__", "*.md", "*.lock"))
    file = dest / "options.nix"
    text = file.read_text(encoding="utf-8")
    for name, value in options.items():
        words = json.dumps(value) if isinstance(value, str) else " ".join(map(json.dumps, value))
        line = f"  {name} = {words if isinstance(value, str) else f'[ {words} ]'};"
        text, count = re.subn(rf"(?m)^  {name} = .*;$", line.replace("\\", r"\\"), text)
        if count != 1:
            raise SystemExit(f"error: options.nix has no `{name}`")
    file.write_text(text, encoding="utf-8")


def main() -> None:
    """Reads the command line and writes the copy."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("dest", type=Path)
    parser.add_argument("--kind", choices=["argv0", "legacy", "resolve"])
    parser.add_argument("--python3", metavar="ATTR", help="what `python3` stands for: python312")
    parser.add_argument("--uv", metavar="VERSION", help="the release of uv: 0.9.30")
    parser.add_argument("--python", metavar="PATH", action="append", help="an interpreter to copy")
    arguments = parser.parse_args()
    options = {
        "kind": arguments.kind,
        "python3": arguments.python3,
        "uv": arguments.uv,
        "pythons": arguments.python,
    }
    write_variant(arguments.dest, {name: value for name, value in options.items() if value})


if __name__ == "__main__":
    main()
