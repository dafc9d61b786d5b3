"""How long nixpy itself takes, in terms of an empty Python program.

python -m benchmarks.startup
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.timing import HEAD, compare, row

EXAMPLE = Path(__file__).resolve().parent.parent / "examples" / "prices"


def main() -> None:
    """Print a table row for `nixpy --version` and for `nixpy init` on the example."""
    nixpy = str(Path(sys.executable).with_name("nixpy"))
    base = [sys.executable, "-c", "pass"]
    # As installed: pip compiles a wheel's modules, an interpreter told not to write them never.
    environment = {key: text for key, text in os.environ.items() if "DONTWRITE" not in key}
    print(HEAD)
    found = compare([nixpy, "--version"], base, runs=30, environment=environment)
    print(row("`nixpy --version` / `python -c pass`", found, 3))
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / "prices"
        shutil.copytree(EXAMPLE, project)
        subprocess.run(["git", "init", "-q"], cwd=project, check=True)

        def fresh() -> None:
            for name in ("flake.nix", "nixpy.yaml", ".envrc", ".gitignore"):
                (project / name).unlink(missing_ok=True)
            shutil.rmtree(project / ".nixpy", ignore_errors=True)

        found = compare(
            [nixpy, "init", "-p", "numpy"],
            base,
            runs=30,
            environment=environment,
            cwd=str(project),
            before=fresh,
        )
        print(row("`nixpy init` on the example / `python -c pass`", found, 10))


if __name__ == "__main__":
    main()
