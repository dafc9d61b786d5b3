"""What mending ruff, uv and ninja costs the entry, once and then, in milliseconds.

python -m benchmarks.mend
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from typing import Any

from tests.support.nixpkgs import StandIn, stand_in

PROGRAM = Path(__file__).resolve().parent.parent / "templates" / "venv.py"
NAMES = ("ninja", "ruff", "uv")
RUNS, TARGET = 9, 300


def program() -> Any:
    """Import the program that the entry runs."""
    spec = importlib.util.spec_from_file_location("venv_program", PROGRAM)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def unpack(standin: StandIn, folder: Path) -> None:
    """Put the programs of the real wheels into a folder."""
    for name in NAMES:
        newest = f'pkgs.lib.last (pkgs.lib.attrValues (pkgs.wheels.program "{name}"))'
        with zipfile.ZipFile(standin.build(f"({newest}).src")) as wheel:
            for member in wheel.namelist():
                if f".data/scripts/{name}" in member or member.endswith(f"/bin/{name}"):
                    target = folder / Path(member).name
                    target.write_bytes(wheel.read(member))
                    target.chmod(0o755)


def main() -> None:
    """Mend copies of the programs as on a machine without their loader; print a table's rows."""
    module = program()
    once: list[float] = []
    again: list[float] = []
    with tempfile.TemporaryDirectory() as name:
        fresh, venv = Path(name, "fresh"), Path(name, "venv")
        fresh.mkdir()
        unpack(stand_in(Path(name)), fresh)
        (some, *_) = (path for path in fresh.iterdir() if module.loader_of(path))
        command = ["patchelf", "--print-interpreter", str(some)]
        usual = subprocess.run(command, capture_output=True, check=True, text=True).stdout.strip()
        os.environ |= {"NIX_LD": os.path.realpath(usual), "NIX_LD_LIBRARY_PATH": name}
        module.LOADERS = {Path(os.environ["NIX_LD"]).name: usual}
        module.is_lacking = lambda loader: loader == usual
        for _ in range(RUNS):
            shutil.rmtree(venv, ignore_errors=True)
            shutil.copytree(fresh, venv / "bin")
            for taken in once, again:
                start = time.perf_counter()
                module.mend(venv, [])
                taken.append((time.perf_counter() - start) * 1000)
    print("| what | cost | target |\n|---|---|---|")
    print(f"| {', '.join(NAMES)}, new | {statistics.median(once):.0f} ms | ≤ {TARGET} ms |")
    print(f"| the same, seen again | {statistics.median(again):.1f} ms | no process |")


if __name__ == "__main__":
    main()
