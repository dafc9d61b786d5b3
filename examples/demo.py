"""`make demo`: what a user does, from `nixpy init` to a running program, on an example project.

Nix's packages come from the stand-in for nixpkgs in `tests/nixpkgs`, the others from the index
that pip uses. Prints each command, what it shows, and in the end where each package came from.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPOSITORY))

from tests.support.nixpkgs import nix_environment, stand_in  # noqa: E402
from tests.support.store import closure, snapshot  # noqa: E402

PROJECT = REPOSITORY / "build" / "demo" / "prices"
STORE_PATH = re.compile(r"/nix/store/[^/\s]+")

WHERE = """
from importlib.metadata import distribution
from importlib import import_module
for name in ("numpy", "humanize", "rich"):
    print(f"{name:9} {distribution(name).version:9} {import_module(name).__file__}")
"""


def main() -> int:
    """Run the demo; gives the exit code of the first command that fails."""
    shutil.rmtree(PROJECT.parent, ignore_errors=True)
    shutil.copytree(PROJECT.parents[2] / "examples" / "prices", PROJECT)
    environment = nix_environment()
    environment["NIX_CONFIG"] += "warn-dirty = false\n"
    os.environ["NIX_CONFIG"] = environment["NIX_CONFIG"]
    nixpkgs = stand_in(PROJECT.parent).ref
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    nixpy = str(Path(sys.executable).with_name("nixpy"))

    def run(shown: str, *command: str) -> None:
        print(f"\n$ {shown}", flush=True)
        done = subprocess.run(command, cwd=PROJECT, env=environment, check=False)
        if done.returncode:
            raise SystemExit(done.returncode)

    def develop(command: str, shown: str = "") -> None:
        run(
            f"nix develop -c {shown or command}",
            *("nix", "develop", "-c", *shlex.split(command)),
        )

    subprocess.run(["git", "init", "--quiet"], cwd=PROJECT, check=True)
    subprocess.run(["git", "add", "--all"], cwd=PROJECT, check=True)
    # A machine may have one Python alone, and the stand-in is built from the machine's.
    options = ["-p", "numpy", "--python", python, "--nixpkgs", nixpkgs]
    run("nixpy init -p numpy", nixpy, "init", *options)
    develop("true")
    # All that the shell is made of: what the venv's stamp names, with all that that refers to.
    stamp = (PROJECT / ".venv" / ".nixpy-stamp").read_text(encoding="utf-8")
    paths = closure(*sorted(set(STORE_PATH.findall(stamp))))
    before = snapshot(paths)
    # The index may have a newer numpy than the stand-in, as PyPI mostly has than nixpkgs.
    develop("uv lock --quiet")
    develop(f"{shlex.quote(nixpy)} align", "nixpy align")
    develop("uv sync")
    develop("uv run python prices.py")
    develop(f"python -c {shlex.quote(WHERE)}", "python where.py")
    changes = before.changes(snapshot(paths))
    if changes:
        print("\nstore changed:", *changes, sep="\n", file=sys.stderr)
        return 1
    print("\nstore unchanged")
    return 0


if __name__ == "__main__":
    os.chdir(REPOSITORY)
    sys.exit(main())
