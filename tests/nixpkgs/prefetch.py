#!/usr/bin/env python3
"""Downloads wheels into the Nix store, all in one go, so that later builds need no network.

Usage: prefetch.py [--python 3.12]... [--uv VERSION]... [NAME]...

NAME is a distribution of the locks in wheels/ (numpy, poetry, …); what it requires comes along.
Without names, only the programs `uv` and `ruff` are fetched. Uses the pip of the Python that runs
this. Without it nothing breaks: each wheel is then fetched by its own derivation, more slowly.
"""

import argparse
import json
import platform
import re
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent


def read(name: str) -> "dict[str, dict]":
    """Returns one lock."""
    return json.loads((HERE / "wheels" / name).read_text(encoding="utf-8"))


def closure(lock: "dict[str, dict]", names: "list[str]") -> "dict[str, dict]":
    """Returns the entries of a lock that names stand for, with all that they require."""
    found: dict[str, dict] = {}
    todo = list(names)
    while todo:
        name = todo.pop()
        if name not in found:
            if name not in lock:
                raise SystemExit(f"error: the locks have no `{name}`")
            found[name] = lock[name]
            todo += lock[name]["requires"]
    return found


def in_store(pin: dict) -> bool:
    """Tells whether the store has a file already."""
    path = subprocess.run(
        ["nix-store", "--print-fixed-path", "sha256", pin["sha256"], pin["file"]],
        stdout=subprocess.PIPE, text=True, check=True,
    ).stdout.strip()  # fmt: skip
    check = ["nix-store", "--check-validity", path]
    return subprocess.run(check, stderr=subprocess.DEVNULL, check=False).returncode == 0


def fetch(pins: "dict[str, dict]", python: str) -> None:
    """Downloads wheels for one Python and adds them to the store."""
    wanted = {name: pin for name, pin in pins.items() if not in_store(pin)}
    if not wanted:
        return
    tags = {
        tag for pin in wanted.values() for tag in pin["file"][:-4].rpartition("-")[2].split(".")
    }
    with tempfile.TemporaryDirectory() as folder:
        requirements = Path(folder, "requirements.txt")
        requirements.write_text(
            "".join(
                f"{name}=={pin['version']} --hash=sha256:{pin['sha256']}\n"
                for name, pin in sorted(wanted.items())
            )
        )
        command = [
            sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check",
            "--no-deps", "--ignore-requires-python", "--only-binary", ":all:",
            "--python-version", python, "--require-hashes", "--requirement", str(requirements),
            "--dest", folder,
        ]  # fmt: skip
        for tag in sorted(tags - {"any"}):
            command += ["--platform", tag]
        if subprocess.run(command, check=False).returncode:
            raise SystemExit(
                "error: cannot download the wheels of tests/nixpkgs\n"
                "hint: this needs pip and a network, once; after that both are not needed"
            )
        files = [str(Path(folder, pin["file"])) for pin in wanted.values()]
        subprocess.run(
            ["nix-store", "--add-fixed", "sha256", *files], stdout=subprocess.DEVNULL, check=True
        )
    print(f"fetched {len(wanted)} wheels for Python {python}", flush=True)


def main() -> None:
    """Reads the command line and fetches."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", metavar="NAME", nargs="*")
    parser.add_argument("--python", action="append", help="3.12; may be given more than once")
    parser.add_argument("--uv", action="append", help="a release of uv beside the newest")
    arguments = parser.parse_args()
    architecture = platform.machine()
    if architecture == "arm64":
        architecture = "aarch64"

    programs = {}
    releases = read("uv.json")
    newest = max(releases, key=lambda release: [int(part) for part in re.findall(r"\d+", release)])
    for release in {newest, *(arguments.uv or [])}:
        if release not in releases:
            raise SystemExit(f"error: the locks have no uv {release}, only {', '.join(releases)}")
        fetch({"uv": releases[release][architecture]}, "3.12")
    programs["ruff"] = next(iter(read("ruff.json").values()))[architecture]
    fetch(programs, "3.12")
    for python in arguments.python or ["3.13"]:
        lock = read(f"cp{python.replace('.', '')}-{architecture}.json")
        fetch(closure(lock, arguments.names), python)


if __name__ == "__main__":
    main()
