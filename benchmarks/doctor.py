"""How long `nixpy doctor` takes on a large venv, beside `ldd` on each of its ELF files.

    python benchmarks/doctor.py [--files N] [--runs N] [--check]

Makes a venv of 1 GB in a temporary folder: a thousand extension modules, twelve of them compiled
here with different needs and the others copies, each padded to a megabyte, among ten thousand
Python files. The whole command is timed, in a fresh interpreter; `ldd` runs on each file, as a
script would. They take turns. What is read is what the kernel counts for the reading of ELF files
(rchar of /proc/self/io). ``--check`` makes the exit status 1 if a limit is missed.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SECONDS = 3.0
MEGABYTES = 10.0
RATIO = 10.0

_KINDS = 12
_PADDED = 1_050_000
_SCRIPTS = 10_000

_READ = """
import sys
from nixpy.doctor.gather import binaries, machine, venv
from pathlib import Path

def count():
    return int(open("/proc/self/io").readline().split()[1])

computer = machine.machine({})
looked = venv.look(Path(sys.argv[1]), computer, {})
binaries.look(looked, lambda: None, computer)  # what is imported is read now
before = count()
found = binaries.look(looked, lambda: None, computer)
print(count() - before, len(found.files))
"""


def main() -> int:
    """Make the venv, measure, print; give the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        files = make_venv(root / ".venv", options.files)
        size = sum(file.stat().st_size for file in files)
        doctor, ldd = [], []
        for _ in range(options.runs):
            doctor.append(timed([sys.executable, "-I", "-m", "nixpy", "doctor"], root))
            ldd.append(sum(timed(["ldd", str(file)], root) for file in files))
        command = [sys.executable, "-c", _READ, str(root / ".venv")]
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    read, number = map(int, said.split())
    took, ratio = statistics.median(doctor), statistics.median(ldd) / statistics.median(doctor)
    print(f"venv          {number} ELF files, {size / 1e9:.2f} GB, {_SCRIPTS} other files")
    print(f"nixpy doctor  {took:.2f} s, of at most {SECONDS:g}")
    print(f"read          {read / 1e6:.1f} MB, of at most {MEGABYTES:g}")
    print(f"ldd on each   {statistics.median(ldd):.1f} s: {ratio:.0f} times, at least {RATIO:g}")
    missed = took > SECONDS or read / 1e6 > MEGABYTES or ratio < RATIO
    return 1 if options.check and missed else 0


def timed(command: list[str], folder: Path) -> float:
    """Run a command, whatever its exit status; give the seconds that it took."""
    start = time.perf_counter()
    subprocess.run(command, capture_output=True, check=False, cwd=folder)
    return time.perf_counter() - start


def make_venv(venv: Path, number: int) -> list[Path]:
    """Make a venv with so many extension modules; give their paths."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(venv)], check=True)
    site_packages = next(venv.glob("lib/python3.*/site-packages"))
    kinds = [compile_kind(venv.parent, kind) for kind in range(_KINDS)]
    files = []
    for n in range(number):
        package = site_packages / f"package_{n // 10:03}"
        package.mkdir(exist_ok=True)
        file = package / f"_module_{n}.abi3.so"
        shutil.copy(kinds[n % _KINDS], file)
        os.truncate(file, _PADDED)  # debug information and code, as far as anybody reads
        files.append(file)
    for n in range(_SCRIPTS):
        folder = site_packages / f"pure_{n // 200:03}"
        folder.mkdir(exist_ok=True)
        (folder / f"module_{n}.py").write_text("VALUE = 1\n")
    return files


def compile_kind(folder: Path, kind: int) -> Path:
    """Compile a shared library that needs some of the usual libraries and many symbols of them."""
    source, target = folder / f"kind_{kind}.c", folder / f"kind_{kind}.so"
    functions = "".join(
        f"double exported_{kind}_{n}(double x) {{ return sin(x) + exp(x) + {n}; }}\n"
        for n in range(200 * (kind + 1))
    )
    source.write_text(f"#include <math.h>\n{functions}")
    needs = ["-lm", "-lpthread", "-ldl", "-l:libstdc++.so.6", "-l:libgcc_s.so.1"][: kind % 5 + 1]
    command = ["gcc", "-shared", "-fPIC", "-Wl,--no-as-needed", str(source), "-o", str(target)]
    rpath = "-Wl,-rpath,$ORIGIN/../bundled.libs"
    subprocess.run([*command, *needs, rpath], check=True)
    return target


if __name__ == "__main__":
    sys.exit(main())
