"""The stand-in for nixpkgs: which flake to use, which Pythons it can build, how Nix is set up."""

from __future__ import annotations

import functools
import hashlib
import importlib.util
import json
import os
import platform
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

FOLDER = Path(__file__).resolve().parents[1] / "nixpkgs"
KINDS = ("legacy", "argv0", "resolve")

# For a machine without a Nix daemon or a nixbld group, and without any network for Nix.
NIX_CONFIG = """\
experimental-features = nix-command flakes
sandbox = false
build-users-group =
substituters =
flake-registry =
"""


def system() -> str:
    """Returns this machine's Nix system, such as `x86_64-linux`."""
    machine = {"arm64": "aarch64"}.get(platform.machine(), platform.machine())
    return f"{machine}-{platform.system().lower()}"


def nix_environment(base: dict[str, str] | None = None) -> dict[str, str]:
    """Returns an environment for Nix's commands: `base` (default the process's) with NIX_CONFIG.

    The stand-in downloads by the pip of these tests: Debian's Python, for one, has none.
    """
    environment = dict(os.environ if base is None else base)
    return {**environment, "NIX_CONFIG": NIX_CONFIG, "STANDIN_PYTHON": sys.executable}


@functools.cache
def available_pythons() -> tuple[str, ...]:
    """Returns the versions that the stand-in can build here, oldest first: `("3.11", "3.12")`.

    Asks the same shell function that the builders use.
    """
    script = """
        source "$1"
        for minor in 3.10 3.11 3.12 3.13 3.14 3.15; do
          find_python "$minor" >/dev/null 2>&1 && echo "$minor"
        done
        true
    """
    command = ["/bin/bash", "-c", script, "bash", str(FOLDER / "host" / "find.sh")]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    return tuple(listed)


def preferred_python() -> str:
    """Returns the version that tests take when any will do: `3.12`, else the newest before 3.15."""
    found = available_pythons()
    if not found:
        raise RuntimeError("this machine has no CPython from 3.10 on")
    settled = [version for version in found if version != "3.15"] or list(found)
    return "3.12" if "3.12" in found else settled[-1]


def attribute(version: str) -> str:
    """Returns the attribute of a Python version: `python312` for `3.12`."""
    return "python" + version.replace(".", "")


@dataclass(frozen=True, slots=True)
class StandIn:
    """One flavour of the stand-in, as a flake.

    kind: of the Python environments, one of `KINDS`.
    folder: where its flake.nix is.
    """

    kind: str
    folder: Path

    @property
    def ref(self) -> str:
        """The flake reference, for `--override-input nixpkgs REF`."""
        return f"path:{quote(str(self.folder))}"

    def build(self, expression: str) -> Path:
        """Builds a Nix expression over `pkgs` and returns its store path.

        expression: such as `pkgs.python312.withPackages (ps: [ ps.cowsay ])`.
        """
        text = (
            f"let pkgs = (builtins.getFlake {json.dumps(self.ref)}).legacyPackages.{system()}; "
            f"in {expression}"
        )
        self._nix("build", "--no-link", "--expr", text)
        # Which of a derivation's outputs `nix build` tells of hangs on Nix's release.
        return Path(self._nix("eval", "--raw", "--expr", f"toString ({text})"))

    def _nix(self, verb: str, *arguments: str) -> str:
        command = ["nix", verb, "--impure", *arguments]
        result = subprocess.run(
            command, capture_output=True, text=True, check=False, env=nix_environment()
        )
        if result.returncode:
            raise RuntimeError(f"cannot {verb} {arguments[-1]}: {result.stderr}")
        return result.stdout


def stand_in(
    parent: Path,
    kind: str = "argv0",
    *,
    python3: str | None = None,
    uv: str | None = None,
    pythons: Sequence[str] = (),
) -> StandIn:
    """Makes a flavour of the stand-in.

    parent: a folder for it; the flavour with all options as they are needs none.
    kind: of the Python environments, one of `KINDS`.
    python3: the version that `python3` stands for, such as `3.12`; by default 3.13 where the
        machine has it, else the one that tests prefer.
    uv: the release of uv, one of tests/nixpkgs/wheels/uv.json.
    pythons: paths of interpreters to take before those found.
    """
    if python3 is None and "3.13" not in available_pythons():
        python3 = preferred_python()
    options: dict[str, str | list[str]] = {}
    if kind != "argv0":
        options["kind"] = kind
    if python3 not in (None, "3.13"):
        options["python3"] = attribute(str(python3))
    if uv is not None:
        options["uv"] = uv
    if pythons:
        options["pythons"] = list(pythons)
    if not options:
        return StandIn(kind, FOLDER)
    digest = hashlib.sha256(json.dumps(options, sort_keys=True).encode()).hexdigest()
    folder = parent / f"{kind}-{digest[:12]}"
    _write_variant(folder, options)
    return StandIn(kind, folder)


def prefetch(*names: str, python: str, uv: Sequence[str] = ()) -> None:
    """Brings wheels into the store in one go, faster than each by its own derivation.

    names: distributions of tests/nixpkgs/wheels, such as `numpy`; what they require comes along.
    python: the version they are for, such as `3.12`.
    uv: releases of uv, beside the newest.

    Raises RuntimeError where that is not possible, for instance without a network.
    """
    command = [sys.executable, str(FOLDER / "prefetch.py"), "--python", python, *names]
    command += [word for release in uv for word in ("--uv", release)]
    result = subprocess.run(
        command, capture_output=True, text=True, check=False, env=nix_environment()
    )
    if result.returncode:
        raise RuntimeError(result.stderr)


def _write_variant(folder: Path, options: dict[str, str | list[str]]) -> None:
    spec = importlib.util.spec_from_file_location("variant", FOLDER / "variant.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.write_variant(folder, options)
