"""How long entering a shell takes, and what the venv costs; with the real Nix and the stand-in.

python -m benchmarks.shell
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from pathlib import Path

from benchmarks.timing import HEAD, compare, row
from tests.support.nixpkgs import KINDS, preferred_python, stand_in
from tests.support.project import Project, user_environment

EXAMPLE = Path(__file__).resolve().parent.parent / "examples" / "prices"

# Ten distributions of the stand-in that are built from source in the repository.
TEN = (
    "coloredlogs",
    "cowsay",
    "crc32c",
    "file-magic",
    "humanfriendly",
    "paste",
    "pastedeploy",
    "pymupdf-fonts",
    "pytest-randomly",
    "sphinxcontrib-jsmath",
)


def main() -> None:
    """Print the table's rows for both kinds of environment."""
    print(HEAD)
    for kind in KINDS:
        with tempfile.TemporaryDirectory() as folder:
            _measure(kind, Path(folder))


def _measure(kind: str, folder: Path) -> None:
    home = folder / "home"
    home.mkdir()
    root = folder / "prices"
    shutil.copytree(EXAMPLE, root)
    project = Project(root, stand_in(folder, kind).ref, user_environment(home))
    project.git()
    names = [word for name in TEN for word in ("-p", f"python3Packages.{name}")]
    project.nixpy("init", "--python", preferred_python(), *names)
    project.enter("true")
    variables = project.development_environment()
    hook = variables["shellHook"]
    clean = variables["UV_PYTHON_SEARCH_PATH"] + "/python"

    _entering(kind, project, hook)
    _first_entry(kind, project, hook, clean)
    found = compare(
        [str(project.venv / "bin" / "python"), "-c", "pass"], [clean, "-c", "pass"], runs=60
    )
    print(row(f"start of the linked venv's python / clean python ({kind})", found, 1.25))


def _entering(kind: str, project: Project, hook: str) -> None:
    """Compare `nix develop` with and without the hook, and count what the hook starts."""
    bare = project.root.parent / "bare"
    shutil.copytree(project.root, bare, symlinks=True, ignore=shutil.ignore_patterns(".venv"))
    flake = bare / "flake.nix"
    flake.write_text(re.sub(r"shellHook = ''.*?^ *'';", 'shellHook = "";', flake.read_text(),
                            flags=re.DOTALL | re.MULTILINE))  # fmt: skip
    command = ["nix", "develop", *project.flake_options()]
    found = compare(
        [*command, str(project.root), "-c", "true"],
        [*command, str(bare), "-c", "true"],
        runs=15,
        environment=dict(project.environment),
        cwd=str(project.root),
    )
    print(row(f"`nix develop -c true`, nothing changed / without the hook ({kind})", found, 1.1))
    trace = project.root.parent / "trace"
    project.run(
        ["strace", "-f", "-qq", "-e", "trace=execve", "-o", str(trace)]
        + ["bash", "--norc", "-c", hook]
    )
    started = trace.read_text().count("execve(") - 1
    print(f"| programs that the hook starts when nothing changed ({kind}) | {started} | | 0 | |")


def _first_entry(kind: str, project: Project, hook: str, clean: str) -> None:
    other = project.root.parent / "plain"

    def fresh() -> None:
        shutil.rmtree(project.venv, ignore_errors=True)
        shutil.rmtree(other, ignore_errors=True)

    found = compare(
        ["bash", "--norc", "-c", hook],
        [clean, "-m", "venv", "--without-pip", str(other)],
        runs=15,
        environment={**project.environment, "NIXPY_ROOT": str(project.root)},
        cwd=str(project.root),
        before=fresh,
    )
    print(row(f"first entry with ten packages / `python -m venv --without-pip` ({kind})", found, 3))
    project.run(["bash", "--norc", "-c", hook])
    linked = list(project.venv.glob("lib/python*/site-packages/*.dist-info"))
    if len(linked) < len(TEN):
        sys.exit(f"only {len(linked)} packages were linked")


if __name__ == "__main__":
    main()
