"""Programs of real wheels on what looks like NixOS: the usual loader missing, or a stub."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.lacking import lacking
from tests.support.nixpkgs import StandIn, attribute, preferred_python

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(shutil.which("cc") is None, reason="no C compiler"),
]

PROGRAM = Path(__file__).parents[2] / "templates/venv.py"
LOADER = {"x86_64": "/lib64/ld-linux-x86-64.so.2", "aarch64": "/lib/ld-linux-aarch64.so.1"}
NAMES = ("ninja", "ruff", "uv")
# What the host has no more, once the rest runs: the loader, and libraries that programs expect.
NAMESPACE = """
loader=$1 stub=$2
shift 2
mount -t tmpfs none /mnt
mkdir /mnt/upper /mnt/work
mount -t overlay none -o lowerdir=/usr,upperdir=/mnt/upper,workdir=/mnt/work /usr
rm -f /usr/lib/*-linux-gnu/libstdc++.so.6* /usr/lib/*-linux-gnu/libgcc_s.so.1 \
  /usr/lib64/libstdc++.so.6* /usr/lib64/libgcc_s*.so.1
if [ "$stub" ]; then ln -sf "$stub" "$loader"; else rm "$loader"; fi
PATH=$INNER_PATH
exec "$@"
"""


@dataclass(frozen=True, slots=True)
class Nixos:
    """A machine of which only what stands in its store starts."""

    root: Path
    uv: Path
    stub: str

    @property
    def venv(self) -> Path:
        """The project's venv."""
        return self.root / "app/.venv"

    @property
    def python(self) -> str:
        """The Python of the shell."""
        return str(self.root / f"store/python/bin/python{preferred_python()}")

    def inside(self, *command: str | Path) -> subprocess.CompletedProcess[str]:
        """Run a command there, in the project's shell."""
        store = self.root / "store"
        loader = LOADER[os.uname().machine]
        variables = {
            "HOME": str(self.root),
            "NIX_LD": str(store / "lib" / Path(loader).name),
            "NIX_LD_LIBRARY_PATH": str(store / "lib"),
        }
        words = ["unshare", "--mount", "--map-root-user", "sh", "-c", NAMESPACE, "sh", loader]
        return subprocess.run(
            [*words, self.stub, *map(str, command)],
            capture_output=True,
            check=False,
            env={**os.environ, "INNER_PATH": str(store / "bin"), **variables},
            text=True,
        )

    def enter(self, *options: str) -> str:
        """Enter the shell, as its hook does, and give what it says."""
        fixed = [self.python, "-IS", PROGRAM, self.venv]
        done = self.inside(*fixed, *(options or ("--stamp", "1")))
        assert done.returncode == 0, done.stderr
        return done.stderr

    def outside(self, *words: str | Path) -> str:
        """Run uv where it starts, with a cache of its own, and give what it says."""
        variables = {
            **{name: value for name, value in os.environ.items() if not name.startswith("UV_")},
            "UV_CACHE_DIR": str(self.root / "cache"),
            "UV_LINK_MODE": "hardlink",
            "UV_OFFLINE": "1",
            "UV_TOOL_BIN_DIR": str(self.root / "tool-bin"),
            "UV_TOOL_DIR": str(self.root / "tools"),
            "VIRTUAL_ENV": str(self.venv),
        }
        done = subprocess.run(
            [self.uv, *words], capture_output=True, check=False, env=variables, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stderr

    def cached(self) -> dict[str, str]:
        """Hash the programs in uv's cache."""
        found = [path for path in (self.root / "cache").rglob("*") if path.name in NAMES]
        return {
            str(path): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(found)
            if path.is_file()
        }


def patched(source: Path, target: Path, library: Path) -> None:
    """Copy a program so that it starts by the store's loader."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if source != target:
        shutil.copy(source, target)
    target.chmod(0o755)
    loader = library / Path(LOADER[os.uname().machine]).name
    command = ["patchelf", "--set-interpreter", loader, "--add-rpath", library, target]
    subprocess.run([*map(str, command)], check=True)


@pytest.fixture(scope="session")
def wheels(any_standin: StandIn) -> list[Path]:
    """The wheels of ninja, ruff and uv, as PyPI has them."""
    found = []
    for name in NAMES:
        newest = f'pkgs.lib.last (pkgs.lib.attrValues (pkgs.wheels.program "{name}"))'
        found.append(any_standin.build(f"({newest}).src"))
    return found


@pytest.fixture(params=["missing", "stub"])
def nixos(
    request: pytest.FixtureRequest, any_standin: StandIn, tmp_path: Path, wheels: list[Path]
) -> Nixos:
    """A machine without the usual loader, and one where NixOS' stub lies in its place."""
    if shutil.which("patchelf") is None or shutil.which("unshare") is None:
        lacking("no patchelf, or no unshare")
    store, loader = tmp_path / "store", Path(LOADER[os.uname().machine])
    (store / "lib").mkdir(parents=True)
    shutil.copy(loader, store / "lib" / loader.name)
    for name in ("libstdc++.so.6", "libgcc_s.so.1"):
        command = ["cc", f"-print-file-name={name}"]
        told = subprocess.run(command, capture_output=True, check=True, text=True).stdout.strip()
        shutil.copy(told, store / "lib" / name)
    minor = preferred_python()
    python = any_standin.build(f"pkgs.{attribute(minor)}")
    shutil.copytree(python, store / "python", symlinks=True)
    for path in [store / "python", *(store / "python").rglob("*")]:
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | 0o200)
    own = store / f"python/bin/python{minor}"
    patched(own.resolve(), own, store / "lib")
    patched(Path(shutil.which("patchelf") or ""), store / "bin/patchelf", store / "lib")
    stub = ""
    if request.param == "stub":
        source, place = tmp_path / "stub.c", tmp_path / "h-stub-ld-x86_64/bin/stub-ld"
        place.parent.mkdir(parents=True)
        source.write_text("int main(void) { return 127; }\n")
        subprocess.run(["cc", "-static-pie", "-o", place, source], check=True)
        stub = str(place)
    (tmp_path / "app").mkdir()
    (tmp_path / "wheels").mkdir()
    for wheel in wheels:
        shutil.copy(wheel, tmp_path / "wheels" / wheel.name.partition("-")[2])
    found = Nixos(tmp_path, any_standin.build("pkgs.uv") / "bin/uv", stub)
    started = found.inside(found.python, "-c", "print(1)")
    if started.returncode:
        lacking(f"this machine allows no mount namespace: {started.stderr}")
    return found


def versions(nixos: Nixos, names: Sequence[str] = NAMES) -> list[int]:
    """Start programs of the venv there, and give their exit codes."""
    return [nixos.inside(nixos.venv / "bin" / name, "--version").returncode for name in names]


def test_locked_programs_start_without_nix_ld(nixos: Nixos) -> None:
    """Installed, mended at the next entry, installed again, uninstalled by uv and by pip."""
    wheels = sorted((nixos.root / "wheels").iterdir())
    nixos.enter()
    nixos.outside("pip", "install", "--no-deps", *wheels)
    before = nixos.cached()
    assert before
    assert (nixos.venv / "bin/ruff").stat().st_nlink > 1
    assert 0 not in versions(nixos)
    assert "made ninja, ruff, uv, uvx of" in nixos.enter()
    assert versions(nixos) == [0, 0, 0]
    assert nixos.cached() == before
    assert nixos.enter() == ""

    nixos.outside("pip", "install", "--no-deps", "--reinstall", *wheels)
    assert 0 not in versions(nixos)
    assert "made ninja, ruff, uv, uvx of" in nixos.enter()
    assert versions(nixos) == [0, 0, 0]
    assert nixos.cached() == before

    nixos.outside("pip", "uninstall", "ruff", "ninja")
    done = nixos.inside(nixos.venv / "bin/python", "-m", "pip", "uninstall", "-y", "uv")
    assert done.returncode == 0, done.stderr
    assert not [name for name in NAMES if (nixos.venv / "bin" / name).exists()]
    assert nixos.enter() == ""


def test_tools_and_caches_are_mended_by_command(nixos: Nixos) -> None:
    """What `uv tool install` made, which no entry sees."""
    (ruff,) = (nixos.root / "wheels").glob("ruff-*")
    nixos.outside("tool", "install", "--python", nixos.python, ruff)
    tool = nixos.root / "tools/ruff"
    assert nixos.inside(tool / "bin/ruff", "--version").returncode != 0
    fixed = [nixos.python, "-IS", PROGRAM, nixos.root / "tools", "--mend"]
    assert "made ruff start here" in nixos.inside(*fixed).stderr
    assert nixos.inside(tool / "bin/ruff", "--version").returncode == 0
    assert "nothing to mend" in nixos.inside(*fixed).stderr
    assert not (nixos.root / "tools/.nixpy-unfinished").exists()
