"""What loading libstdc++ and zlib costs each start of the venv's Python, in milliseconds.

python -m benchmarks.preload
"""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from benchmarks.timing import compare
from tests.support.nixpkgs import attribute, nix_environment, preferred_python, stand_in

PROGRAM = Path(__file__).resolve().parent.parent / "templates" / "venv.py"
LIBRARIES = ("pkgs.lib.getLib pkgs.stdenv.cc.cc", "pkgs.lib.getLib pkgs.zlib")
TARGET = 6.0


def main() -> None:
    """Compare a venv with the libraries of every shell to one without any; print a table's row."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        standin = stand_in(folder)
        python = standin.build(f"pkgs.{attribute(preferred_python())}") / "bin/python"
        libraries = [f"--library={standin.build(one)}" for one in LIBRARIES]
        bare, loading = (folder / one / ".venv" for one in ("bare", "loading"))
        for venv, options in (bare, []), (loading, libraries):
            venv.parent.mkdir()
            making = [python, "-IS", PROGRAM, venv, "--stamp", "1", *options]
            subprocess.run(
                [*map(str, making)], check=True, capture_output=True, env=nix_environment()
            )
        command = [str(loading / "bin/python"), "-c", "pass"]
        found = compare(command, [str(bare / "bin/python"), "-c", "pass"], runs=150)
    cost = (found.seconds - found.base) * 1000
    print("| what | cost | target | medians |\n|---|---|---|---|")
    print(
        f"| libstdc++ and zlib at start-up | {cost:.1f} ms | ≤ {TARGET:g} ms "
        f"| {found.seconds * 1000:.1f} ms / {found.base * 1000:.1f} ms |"
    )


if __name__ == "__main__":
    main()
