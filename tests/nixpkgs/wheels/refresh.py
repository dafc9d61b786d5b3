#!/usr/bin/env python3
"""Writes the locks in this folder anew: which wheels the stand-in's packages are made of.

Usage: refresh.py, where `uv`, `pip` (23 or later) and `packaging` are installed and PyPI can be
reached. Only maintainers need it: what it writes is committed.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

HERE = Path(__file__).resolve().parent
PYTHONS = ["3.10", "3.11", "3.12", "3.13", "3.14"]
ARCHITECTURES = ["x86_64", "aarch64"]
MANYLINUX = ["2_28", "2_27", "2_26", "2_24", "2_17", "2_12", "2_5", "2014", "2010", "1"]

# What tests ask for; everything that these need comes along.
LIBRARIES = [
    "attrs", "click", "flask", "ipykernel", "jinja2", "markupsafe", "msgpack", "numpy", "packaging",
    "pandas", "pip", "pytest", "pytest-cov", "pytest-mock", "pytest-xdist", "pyyaml", "requests",
    "rich", "setuptools", "six", "wheel",
]  # fmt: skip
PROGRAMS = [
    "hatch", "nox", "pdm", "pipenv", "pipx", "poetry", "pre-commit", "tox", "virtualenv",
]  # fmt: skip
# pdm 2.29 allows newer releases of these, and works with those that its extra `locked` names.
PINNED = ["hishel==1.2.1", "unearth==0.18.2"]
# The newest release of each minor of uv, and the newest release of the others.
UV_MINORS = range(4, 14)


def environment() -> dict[str, str]:
    """Returns the environment for pip: no index and no folder but PyPI's."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PIP_FIND")}
    return {**kept, "PIP_CONFIG_FILE": os.devnull, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


def resolve(python: str, architecture: str) -> list[str]:
    """Returns the pinned requirements that uv finds for one Python and architecture."""
    result = subprocess.run(
        ["uv", "pip", "compile", "-", "--quiet", "--no-config", "--no-header", "--no-annotate",
         "--only-binary", ":all:", "--python-version", python,
         "--python-platform", f"{architecture}-manylinux_2_28"],
        input="\n".join(LIBRARIES + PROGRAMS + PINNED), capture_output=True, text=True, check=False,
    )  # fmt: skip
    if result.returncode:
        sys.exit(f"uv, for Python {python}: {result.stderr}")
    return result.stdout.split()


def report(requirements: list[str], python: str, architecture: str) -> list[dict[str, Any]]:
    """Returns pip's installation report on pinned requirements."""
    platforms = [f"manylinux_{tag}_{architecture}" for tag in MANYLINUX if "_" in tag]
    platforms += [f"manylinux{tag}_{architecture}" for tag in MANYLINUX if "_" not in tag]
    with tempfile.NamedTemporaryFile("w+", suffix=".json") as out:
        subprocess.run(
            [sys.executable, "-m", "pip", "install", "--quiet", "--dry-run", "--ignore-installed",
             "--no-deps", "--ignore-requires-python", "--only-binary", ":all:",
             "--python-version", python, "--target", "none",
             *[word for platform in platforms for word in ("--platform", platform)],
             "--report", out.name, *requirements],
            check=True, env=environment(),
        )  # fmt: skip
        found: list[dict[str, Any]] = json.load(out)["install"]
        return found


def pin(entry: dict[str, Any]) -> dict[str, str]:
    """Returns what a lock says of one file."""
    return {
        "version": entry["metadata"]["version"],
        "file": entry["download_info"]["url"].rpartition("/")[2],
        "sha256": entry["download_info"]["archive_info"]["hashes"]["sha256"],
    }


def requires(
    name: str, extras: set[str], metadata: dict[str, Any], marker_environment: dict[str, str]
) -> set[str]:
    """Returns the names that a distribution requires, its extras' requirements included."""
    found: set[str] = set()
    for line in metadata[name].get("requires_dist", []):
        requirement = Requirement(line)
        wanted = requirement.marker is None or any(
            requirement.marker.evaluate({**marker_environment, "extra": extra})
            for extra in extras | {""}
        )
        other = canonicalize_name(requirement.name)
        if not wanted or other not in metadata:
            continue
        if other != name:
            found.add(other)
        if requirement.extras:
            found |= requires(other, set(requirement.extras), metadata, marker_environment) - {name}
    return found


def lock(python: str, architecture: str) -> None:
    """Writes the lock of one Python and architecture."""
    entries = report(resolve(python, architecture), python, architecture)
    metadata = {
        canonicalize_name(entry["metadata"]["name"]): entry["metadata"] for entry in entries
    }
    marker_environment = {
        **default_environment(),
        "python_version": python,
        "python_full_version": f"{python}.0",
        "platform_machine": architecture,
        "sys_platform": "linux",
        "platform_system": "Linux",
        "os_name": "posix",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
    }
    pins = {
        canonicalize_name(entry["metadata"]["name"]): {
            **pin(entry),
            "requires": sorted(
                requires(
                    canonicalize_name(entry["metadata"]["name"]),
                    set(),
                    metadata,
                    marker_environment,
                )
            ),
        }
        for entry in entries
    }
    write(f"cp{python.replace('.', '')}-{architecture}.json", pins)
    print(f"{python} on {architecture}: {len(pins)} distributions", flush=True)


def write(name: str, value: dict[str, Any]) -> None:
    """Writes a lock with one line an entry, so that a change of it can be read."""
    lines = [f"  {json.dumps(key)}: {json.dumps(entry)}" for key, entry in sorted(value.items())]
    (HERE / name).write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def programs() -> None:
    """Writes the locks of uv, ruff and ninja, which are programs without Python."""
    listed = subprocess.run(
        [sys.executable, "-m", "pip", "index", "versions", "uv"],
        capture_output=True, text=True, check=True, env=environment(),
    ).stdout  # fmt: skip
    releases = re.search(r"Available versions: (.*)", listed)[1].split(", ")  # type: ignore[index]
    newest = {
        minor: next(release for release in releases if release.startswith(f"0.{minor}."))
        for minor in UV_MINORS
    }
    for name, versions in (("uv", list(newest.values())), ("ruff", [None]), ("ninja", [None])):
        found: dict[str, dict[str, dict[str, str]]] = {}
        for version in versions:
            requirement = f"{name}=={version}" if version else name
            pins = {arch: pin(report([requirement], "3.12", arch)[0]) for arch in ARCHITECTURES}
            release = pins["x86_64"]["version"]
            found[release] = pins
        write(f"{name}.json", found)


def main() -> None:
    """Writes all locks."""
    programs()
    with ThreadPoolExecutor(2) as pool:
        for _ in pool.map(
            lambda pair: lock(*pair), [(p, a) for p in PYTHONS for a in ARCHITECTURES]
        ):
            pass


if __name__ == "__main__":
    main()
