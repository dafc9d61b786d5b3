"""How long `nixpy explain` takes on a uv.lock of 2,000 packages, beside the TOML parser alone.

    python benchmarks/explain.py [--packages N] [--runs N] [--check]

Makes a project in a temporary folder. The lock has the shape of real ones (262 packages that uv
locked for sixteen well-known requirements: 83 % with one wheel, the others with some fifty; 3.5 kB
and 2.4 dependencies a package, one dependency in twelve with a marker). Each figure is the best of
some runs of a fresh interpreter; of the parser's, what starting Python takes is not counted.
``--check`` makes the exit status 1 if a limit is missed: 1.5 s, and three times the parser.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SECONDS = 1.5
RATIO = 3.0

INDEX = "https://index.example/simple"
FILES = "https://files.index.example/packages"
PYTHONS = ("cp310-cp310", "cp311-cp311", "cp312-cp312", "cp313-cp313", "cp314-cp314")
PLATFORMS = (
    "macosx_10_13_x86_64",
    "macosx_11_0_arm64",
    "manylinux_2_26_aarch64.manylinux_2_28_aarch64",
    "manylinux_2_26_x86_64.manylinux_2_28_x86_64",
    "manylinux_2_31_riscv64.manylinux_2_39_riscv64",
    "musllinux_1_2_aarch64",
    "musllinux_1_2_x86_64",
    "win32",
    "win_amd64",
    "win_arm64",
)
MARKERS = (
    "sys_platform == 'win32'",
    "python_full_version < '3.13'",
    "platform_machine == 'x86_64' and sys_platform == 'linux'",
    "python_full_version >= '3.14' and sys_platform != 'emscripten'",
)
# Names that the tables know; the others are made up.
KNOWN = (
    "cffi",
    "cryptography",
    "django",
    "lxml",
    "matplotlib",
    "numpy",
    "opencv-python",
    "pandas",
    "pillow",
    "psycopg2",
    "pyyaml",
    "requests",
    "ruff",
    "scipy",
    "torch",
)

PARSE = """
import sys, time
try:
    import tomllib
except ImportError:
    import tomli as tomllib
text = open(sys.argv[1], encoding="utf-8").read()
start = time.perf_counter()
tomllib.loads(text)
print(time.perf_counter() - start)
"""


def main() -> int:
    """Make the project, measure, print; give the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--packages", type=int, default=2000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        make_project(root, options.packages)
        size = (root / "uv.lock").stat().st_size
        # Taken in turns, so that both see the same machine.
        explain, parse = [], []
        for _ in range(options.runs):
            parse.append(parsing(root / "uv.lock"))
            explain.append(explaining(root))
    total, alone = min(explain), min(parse)
    print(f"lock           {options.packages} packages, {size / 1e6:.1f} MB")
    print(f"TOML parser    {alone:.2f} s")
    print(f"nixpy explain  {total:.2f} s, of at most {SECONDS}")
    print(f"ratio          {total / alone:.2f}, of at most {RATIO:g}")
    missed = total > SECONDS or total / alone > RATIO
    return 1 if options.check and missed else 0


def parsing(lock: Path) -> float:
    """Time the parser alone, in seconds, in an interpreter of its own."""
    done = subprocess.run(
        [sys.executable, "-c", PARSE, str(lock)], check=True, capture_output=True, text=True
    )
    return float(done.stdout)


def explaining(root: Path) -> float:
    """Time the whole command, in seconds."""
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "nixpy", "explain", "--directory", str(root)],
        check=True,
        stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    return time.perf_counter() - start


def make_project(root: Path, packages: int) -> None:
    """Write pyproject.toml, nixpy.yaml and a uv.lock of so many packages."""
    names = [KNOWN[i // 100] if i % 100 == 7 and i // 100 < len(KNOWN) else f"dist-{i:04}"
             for i in range(packages)]  # fmt: skip
    direct = names[:40]
    wanted = "".join(f'    "{name}>=1",\n' for name in direct)
    (root / "pyproject.toml").write_text(
        '[project]\nname = "bench"\nversion = "0.1"\nrequires-python = ">=3.12"\n'
        f"dependencies = [\n{wanted}]\n"
    )
    (root / "nixpy.yaml").write_text("packages: [numpy, pandas]\n")
    head = 'version = 1\nrevision = 5\nrequires-python = ">=3.12"\n'
    own = (
        '\n[[package]]\nname = "bench"\nversion = "0.1"\nsource = { virtual = "." }\n'
        "dependencies = [\n" + "".join(f'    {{ name = "{name}" }},\n' for name in direct) + "]\n"
    )
    entries = [entry(names, number) for number in range(packages)]
    (root / "uv.lock").write_text(head + own + "".join(entries))


def entry(names: list[str], number: int) -> str:
    """Give one package of the lock, as uv writes it."""
    name, version = names[number], f"1.{number % 30}.{number % 7}"
    dependencies = "".join(
        f'    {{ name = "{other}"{marker(number + offset)} }},\n'
        for offset, other in enumerate(dependencies_of(names, number))
    )
    stem = f"{name.replace('-', '_')}-{version}"
    tags = ["py3-none-any"]
    if number % 6 == 1:
        tags = [f"{python}-{platform}" for python in PYTHONS for platform in PLATFORMS]
    wheels = "".join(f"    {file(f'{stem}-{tag}.whl')},\n" for tag in tags)
    return (
        f'\n[[package]]\nname = "{name}"\nversion = "{version}"\n'
        f'source = {{ registry = "{INDEX}" }}\n'
        + (f"dependencies = [\n{dependencies}]\n" if dependencies else "")
        + f"sdist = {file(f'{stem}.tar.gz')}\nwheels = [\n{wheels}]\n"
    )


def dependencies_of(names: list[str], number: int) -> list[str]:
    """Let each package need later ones, the first forty enough to reach all the others."""
    near = [number * 2 + 40, number * 2 + 41, number + 97 + number % 50]
    return [names[other] for other in near[: 2 + number % 2] if other < len(names)]


def marker(number: int) -> str:
    """Give one dependency in twelve a marker."""
    return f', marker = "{MARKERS[number // 12 % len(MARKERS)]}"' if number % 12 == 5 else ""


def file(name: str) -> str:
    """Give the table of one file, with hashes of its name in place of its content's."""
    digest = hashlib.sha256(name.encode()).hexdigest()
    url = f"{FILES}/{digest[:2]}/{digest[2:4]}/{digest[4:]}/{name}"
    return (
        f'{{ url = "{url}", hash = "sha256:{digest}", size = {int(digest[:5], 16)}, '
        'upload-time = "2026-03-01T12:00:00Z" }'
    )


if __name__ == "__main__":
    sys.exit(main())
