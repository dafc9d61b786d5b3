"""Builds a Python environment: what nixpkgs' buildEnv and its Python wrapper do together.

Reads from the environment: `out`, `paths` (store paths, the interpreter first), `kind` (`legacy`,
`argv0` or `resolve`), `interpreter`, `executable`, `sitePackages`, `ignoreCollisions`,
`permitUserSite` and `wrapperModule`, the folder that holds wrapper.py.
"""

import filecmp
import os
import sys
from pathlib import Path

sys.path.insert(0, os.environ["wrapperModule"])

import wrapper

OUT = Path(os.environ["out"])
PATHS = [Path(path) for path in os.environ["paths"].split()]
EXECUTABLE = os.environ["executable"]

# What nixpkgs' buildEnv leaves out at the top of a package.
NOT_LINKED = {"nix-support", "propagated-build-inputs", "log"}


def merge(sources, target, top):
    """Fills a folder with links: a folder that one source alone has is linked as a whole.

    sources: folders, the first wins where collisions are ignored.
    target: the folder to fill; it exists.
    top: whether these are the packages themselves.
    """
    entries = {}
    for source in sources:
        for entry in sorted(source.iterdir()):
            if not (top and entry.name in NOT_LINKED):
                entries.setdefault(entry.name, []).append(entry)
    for name, found in entries.items():
        place = target / name
        if len(found) > 1 and all(entry.is_dir() for entry in found):
            place.mkdir()
            merge(found, place, top=False)
            continue
        for other in found[1:]:
            collide(found[0], other)
        place.symlink_to(found[0])


def collide(first, second):
    """Ends the build over two files of one name, unless they are equal or that is allowed."""
    if not first.is_dir() and not second.is_dir() and filecmp.cmp(first, second, shallow=False):
        return
    message = f"collision between `{second}' and `{first}'"
    if os.environ.get("ignoreCollisions"):
        print(f"warning: {message}", file=sys.stderr)
        return
    sys.exit(f"error: {message}")


def wrap_programs():
    """Replaces the links in bin by wrappers, which say where this environment is.

    In the newer kinds the interpreter itself is told by its name alone, and so is `python3`, a link
    to it. `python` links to `python3`, which nixpkgs does not take for the interpreter: it stays a
    program of the environment like any other.
    """
    by_name = {"argv0": wrapper.INHERITED, "resolve": wrapper.RESOLVED}.get(os.environ["kind"])
    user_site = {} if os.environ.get("permitUserSite") else {"PYTHONNOUSERSITE": "true"}
    told = {
        "NIX_PYTHONPREFIX": str(OUT),
        "NIX_PYTHONEXECUTABLE": f"{OUT}/bin/{EXECUTABLE}",
        "NIX_PYTHONPATH": f"{OUT}/{os.environ['sitePackages']}",
        **user_site,
    }
    binaries = OUT / "bin"
    if binaries.is_symlink():
        binaries.unlink()
        binaries.mkdir()
    for package in PATHS:
        for program in sorted(package.glob("bin/[!.]*")):
            if not (program.is_file() and os.access(program, os.X_OK)):
                continue
            target = binaries / program.name
            target.unlink(missing_ok=True)
            if by_name and program.name == EXECUTABLE:
                wrapper.write(
                    target, os.environ["interpreter"], set_variables=user_site, argv0=by_name
                )
            elif by_name and program.is_symlink() and os.readlink(program) == EXECUTABLE:
                target.symlink_to(EXECUTABLE)
            else:
                wrapper.write(target, program, set_variables=told)


OUT.mkdir()
merge([path for path in PATHS if path.is_dir()], OUT, top=True)
wrap_programs()
