"""Entering a shell after an edit: the flake in the root of a checkout beside the one in `.nixpy`.

python -m benchmarks.entry [FILES…]
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from benchmarks.timing import compare
from tests.support.nixpkgs import preferred_python, stand_in
from tests.support.project import Project, user_environment

FILES = (10, 1_000, 10_000)
SIZE = 20_000
PYPROJECT = '[project]\nname = "app"\nversion = "1"\nrequires-python = ">=3.10"\n'
STORE = Path("/nix/store")


def main() -> None:
    """Print a row for each size of a checkout."""
    print("| files | MB | root / folder | spread | medians | root: MB per edit | folder: bytes |")
    print("|---|---|---|---|---|---|---|")
    for files in [int(text) for text in sys.argv[1:]] or FILES:
        with tempfile.TemporaryDirectory() as folder:
            _measure(files, Path(folder))


def _measure(files: int, folder: Path) -> None:
    home = folder / "home"
    home.mkdir()
    environment = user_environment(home)
    nixpkgs = stand_in(folder, "argv0").ref
    root = _project(folder / "root", nixpkgs, environment, files, "--no-folder")
    inner = _project(folder / "inner", nixpkgs, environment, files, "--folder")
    edits = 0

    def edit() -> None:
        nonlocal edits
        edits += 1
        for project in (root, inner):
            (project.root / "data/0").write_text(f"{edits}\n")

    in_root = ["nix", "develop", str(root.root), "-c", "true"]
    in_folder = ["nix", "develop", f"path:{inner.root}/.nixpy", "-c", "true"]
    found = compare(in_root, in_folder, runs=5, environment=dict(environment), before=edit)
    added = []
    for project, command, flake in ((root, in_root, "."), (inner, in_folder, ".nixpy")):
        edit()
        before = set(os.listdir(STORE))  # noqa: PTH208 - the store is large
        project.run(command)
        text = (project.root / flake / "flake.nix").read_bytes()
        new = [STORE / name for name in set(os.listdir(STORE)) - before]  # noqa: PTH208
        added.append(sum(_size(path) for path in new if _holds(path, text)) / 1_000_000)
    print(
        f"| {files} | {files * SIZE / 1_000_000:g} | {found.median:.1f} "
        f"| {found.smallest:.1f} to {found.largest:.1f} "
        f"| {found.seconds * 1000:.0f} ms / {found.base * 1000:.0f} ms "
        f"| {added[0]:.1f} | {added[1] * 1_000_000:.0f} |"
    )


def _project(
    root: Path, nixpkgs: str, environment: dict[str, str], files: int, where: str
) -> Project:
    (root / "data").mkdir(parents=True)
    for number in range(files):
        (root / "data" / str(number)).write_bytes(os.urandom(SIZE))
    project = Project(root, nixpkgs, environment)
    project.write({"pyproject.toml": PYPROJECT})
    project.git()
    project.nixpy("init", where, "--python", preferred_python(), "--nixpkgs", nixpkgs)
    flake = root if where == "--no-folder" else root / ".nixpy"
    project.run(["nix", "flake", "lock", str(root) if flake == root else f"path:{flake}"])
    if flake == root:
        project.run(["git", "add", "--intent-to-add", "flake.lock"])
    return project


def _holds(path: Path, flake: bytes) -> bool:
    """Whether a path of the store is a copy of what this flake lies in, and nobody else's."""
    file = path / "flake.nix"
    return file.is_file() and file.read_bytes() == flake


def _size(path: Path) -> int:
    return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())


if __name__ == "__main__":
    main()
