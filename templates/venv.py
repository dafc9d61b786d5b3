"""Make a project's virtual environment and link into it the packages that Nix provides.

The shell of a flake that nixpy made runs this program when what the venv is made from has changed:

    python -IS venv.py VENV --stamp TEXT [--env PATH] [--library PATH]... [--driver FOLDER]
                       [--reinstall COMMAND]

It needs nothing but the standard library, and never writes to the Nix store. A package is linked
as an editable install is: its metadata lies in the venv's site-packages, its programs in `bin`,
and a `.pth` file adds the folder that holds it to `sys.path`. So every installer counts it as
installed. What an installer has put into the venv is never touched and comes first on `sys.path`.
The venv has a pip of its own, always: without one `pip` would be a pip of another Python.

Where a machine has no loader for programs that wheels bring (NixOS), it gives them the one that
NIX_LD names. `python -IS venv.py PATH --mend` does that alone.

It can be killed at any time. Whatever is written comes into its place by a rename, and the stamp
comes last; the next run finishes what is missing and sweeps what was left.

Exit status: 0 when the venv is as asked for. Otherwise one line on stderr says why not, and it is
3 when the venv that is there can be used as it is, 1 when there is none to use.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import importlib.util
import itertools
import os
import re
import shlex
import shutil
import stat
import struct
import subprocess
import sys
import sysconfig
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

STAMP, MANIFEST, GC_ROOT = ".nixpy-stamp", ".nixpy-data", ".nixpy-gcroot"
# What was told already, lest each entry tells it again.
TOLD = ".nixpy-told"
# What is unfinished lies in this folder, which every run empties first.
UNFINISHED = ".nixpy-unfinished"
SERIAL = itertools.count()
# uv holds this file while it installs into a venv: whoever holds it may change the venv.
LOCK = ".lock"
# Where a file system has no locks, the venv is held by a file of this name and the holder's.
HOLDER, HEARTBEAT, PATIENCE = ".nixpy-holder-", 5.0, 30.0
KEPT = {LOCK, ".gitignore", "CACHEDIR.TAG"}
SITE = Path(sysconfig.get_path("purelib", "posix_prefix", {"base": ""}).lstrip("/"))
STORE_PATH = re.compile(r".*?/[0-9a-df-np-sv-z]{32}-[\w+.?=-]+")
VERSION = "{}.{}.{}".format(*sys.version_info)

# A link holds no code, whatever the package holds. uv calls one without this file broken.
GENERATOR = b"Generator: nixpy\n"
WHEEL = b"""\
Wheel-Version: 1.0
Generator: nixpy
Root-Is-Purelib: true
Tag: py3-none-any
"""
MARK = b"# Linked by nixpy: Nix provides the package\n"
SCRIPT = """\
import sys
from {module} import {head}

if __name__ == "__main__":
    sys.argv[0] = sys.argv[0].removesuffix(".exe")
    sys.exit({call}())
"""
# For a path that a #! line cannot hold: sh starts the python beside the script, and to Python
# these lines are a string.
LONG_SHEBANG = b"""\
#!/bin/sh
'''exec' "$(dirname -- "$(realpath -- "$0")")"/'python' "$0" "$@"
' '''
"""
SHEBANG_LIMIT = 127 - len("#!")
# Of a distribution's metadata (PEP 566), and what may stand in the name of its folder.
HEADER = re.compile(rb"^(Name|Version):[ \t]*(\S[^\r\n]*?)[ \t]*\r?$", re.MULTILINE)
FOLDER = re.compile(r"[^\s/,\"\\]+")
ENTRY = re.compile(r"([^=/]*[^=/\s])\s*=\s*([\w.]+)\s*:\s*(\w+)([\w.]*)\s*(?:\[.*\])?")

# Libraries are loaded first, before another .pth file imports what needs them. Folders are added
# last, so that what .pth files of editable installs name precedes Nix's packages.
MODULE, LIBRARIES_PTH, FOLDERS_PTH = "_nixpy.py", "_nixpy.pth", "zz_nixpy.pth"
MODULE_TEXT = '''\
"""Written by nixpy; `_nixpy.pth` and `zz_nixpy.pth` call it when this venv's Python starts."""


def load(*libraries):
    """Load native libraries by path: glibc then finds them for wheels that need them by name.

    They are loaded with RTLD_LOCAL, so no symbol of theirs takes another's place.
    """
    try:
        from _ctypes import dlopen
    except ImportError:
        return
    for library in libraries:
        try:
            dlopen(library, 0)
        except Exception:
            pass


RAN = set()


def run(sitedir, place, line):
    """Run a line of a .pth file that lies in `sitedir`; some look that name up in this frame.

    Once: Python reads the .pth files of a venv twice.
    """
    if (sitedir, place) in RAN:
        return
    RAN.add((sitedir, place))
    try:
        exec(line, {})
    except Exception as error:
        import sys

        print(f"{sitedir}/{place}: {error!r}", file=sys.stderr)
'''

# Programs of an env that the venv gets no copy of. nixpkgs wraps every program of an env so that it
# takes the env for a venv: these would install into the store, or be another Python. Those that are
# entry points of a package are run by the venv's Python, and so install into the venv.
NOT_PASSED_ON = re.compile(
    r"(?:python|pypy|pip|pydoc|idle|2to3)[\d.]*(?:-config)?|easy_install.*|pip-sync|uvx?|pipx|pipenv"
    r"|poetry|pdm|hatch|flit|rye|pixi|virtualenv.*|conda|mamba|micromamba"
)
STARTER = """\
#!/bin/sh
{mark}exec {program} "$@"
"""

# Links to the libraries of the graphics card's driver, below the venv.
DRIVER = "lib/nixpy-driver"
# What Python packages, and these libraries themselves, load by name of NVIDIA's driver: the way to
# it on WSL, CUDA, its compilers, the card's state, video, ray tracing.
DRIVER_LIBRARIES = (
    "libdxcore.so",
    "libcuda.so.1",
    "libnvidia-nvvm.so.4",
    "libnvidia-ptxjitcompiler.so.1",
    "libnvidia-ml.so.1",
    "libnvcuvid.so.1",
    "libnvidia-encode.so.1",
    "libnvidia-opticalflow.so.1",
    "libnvoptix.so.1",
)

# Copied from the env, since programs look for them below sys.prefix.
DATA = ("etc/jupyter", "share/jupyter", "share/man")

PT_LOAD, PT_DYNAMIC, PT_INTERP, DT_STRTAB, DT_SONAME = 1, 2, 3, 5, 14
UNSAFE = re.compile(r"lib(a|hwa|l|t|ub)san\.|libgomp-plugin|libpython|ld-|libc\.")

# Where programs that were built for Linux at large look for their loader, by its name in nixpkgs.
LOADERS = {
    "ld-linux-x86-64.so.2": "/lib64/ld-linux-x86-64.so.2",
    "ld-linux-aarch64.so.1": "/lib/ld-linux-aarch64.so.1",
}
SHARED = re.compile(r"\.so(\.|$)")
LARGEST_PROGRAM = 1 << 30  # bytes

# Of a compiler's libraries, those that wheels ask the system for; the others only cost start-up.
COMPILER = ("libstdc++.so.6", "libgcc_s.so.1", "libgomp.so.1")


MOST_PINS = 8  # in a command that is told
# Of a lock: uv's format, what a package's table says, and one that is not from an index
FORMAT = re.compile(r"^version = (\d+)", re.MULTILINE)
FIELD = re.compile(r"""^(name|version) = ["']([^"'\n]+)["']""", re.MULTILINE)
ELSEWHERE = re.compile(
    r'^(source = \{ (?!registry)|type = "(git|url|directory|file)"|(git|path|vcs|directory) = )',
    re.MULTILINE,
)


class Refusal(Exception):
    """The venv cannot be made without losing what is not nixpy's to lose."""


class Distribution(NamedTuple):
    """What a link repeats of an installed distribution: its .dist-info's name and content."""

    folder: str
    metadata: bytes
    entry_points: bytes


def say(message: str) -> None:
    """Tell the user something in one line on stderr."""
    with contextlib.suppress(OSError):  # nobody may be listening any more
        print(f"nixpy: {one_line(message)}", file=sys.stderr, flush=True)


def one_line(message: str) -> str:
    """Return a message in one line, whatever the names in it are made of."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in message)


def tell(venv: Path, remarks: list[str]) -> None:
    """Say what lasts, each remark once: not again until it was left out of a run in between."""
    lines = [*map(one_line, remarks)]
    told = (read(venv / TOLD) or b"").decode(errors="replace").splitlines()
    for line in lines:
        if line not in told:
            say(line)
    if lines:
        write(venv, venv / TOLD, "".join(f"{line}\n" for line in lines).encode(errors="replace"))
    else:
        remove(venv, venv / TOLD)


def read(path: Path) -> bytes | None:
    """Return the content of a file; None where there is none."""
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None


@contextlib.contextmanager
def naming(path: Path) -> Iterator[None]:
    """Let errors name the file that was meant, not the temporary one that becomes it."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error


def unfinished(venv: Path) -> Path:
    """Return a free path in the venv, for what is not finished or not wanted any more."""
    folder = venv / UNFINISHED
    folder.mkdir(exist_ok=True)
    return folder / str(next(SERIAL))


def write(venv: Path, path: Path, content: bytes, mode: int = 0o644) -> bool:
    """Put a file of the venv in place at once; False when it is there already."""
    if not path.is_symlink() and read(path) == content:
        return False
    with naming(path):
        new = unfinished(venv)
        new.write_bytes(content)
        new.chmod(mode)
        path.parent.mkdir(parents=True, exist_ok=True)
        new.replace(path)
    return True


def write_folder(venv: Path, path: Path, files: dict[str, bytes]) -> bool:
    """Put a folder with these files in place at once; False when it is there already."""
    if all(read(path / name) == content for name, content in files.items()):
        return False
    with naming(path):
        new = unfinished(venv)
        new.mkdir()
        for name, content in files.items():
            (new / name).write_bytes(content)
        remove(venv, path)
        new.rename(path)
    return True


def remove(venv: Path, path: Path) -> None:
    """Take a file, a link (never what it points to) or a folder out of the venv at once."""
    with naming(path):
        if path.is_symlink() or not path.is_dir():
            path.unlink(missing_ok=True)
            return
        path.chmod(0o700)  # or it could not be moved
        gone = unfinished(venv)
        path.rename(gone)
        delete(gone)


def delete(folder: Path) -> None:
    """Delete a folder with all that is in it, read-only folders too."""
    for inner, _, _ in os.walk(folder):
        Path(inner).chmod(0o700)
    shutil.rmtree(folder)


def sweep(venv: Path) -> None:
    """Delete what a run that was interrupted has left."""
    if (venv / UNFINISHED).is_dir():
        with naming(venv / UNFINISHED):
            delete(venv / UNFINISHED)


# --- The venv itself


def refuse_unsafe(venv: Path) -> None:
    """Raise Refusal where the venv's path is taken by what is not ours to change."""
    if not venv.parent.is_dir():
        raise Refusal(f"`{venv.parent}` is not a folder, so no venv can be made in it")
    if os.pathsep in str(venv):
        raise Refusal(f"`{venv}` has a `{os.pathsep}` in it, which PATH cannot hold")
    try:
        os.fsencode(venv).decode()
    except UnicodeDecodeError:
        raise Refusal(f"`{venv}` is not UTF-8, and Python makes no venv in such a folder") from None
    if STORE_PATH.match(os.path.realpath(venv)):
        raise Refusal(f"`{venv}` lies in the Nix store; remove it or enter a writable checkout")
    if venv.is_symlink() and not venv.exists():
        raise Refusal(f"`{venv}` is a link to `{venv.readlink()}`, which is gone; remove the link")
    if not venv.exists():
        return
    if not venv.is_dir():
        raise Refusal(f"`{venv}` is a file, not a venv; move it away")
    owner = venv.stat().st_uid
    if owner != os.geteuid() and (os.geteuid() == 0 or not os.access(venv, os.W_OK)):
        raise Refusal(f"`{venv}` belongs to user {owner}, not to you; `chown` or remove it")
    if not os.access(venv, os.W_OK | os.X_OK):
        venv.chmod(0o755)
    # What another shell has begun to write there is ours.
    foreign = {path.name for path in venv.glob("*") if not path.name.startswith(".nixpy-")}
    if foreign - KEPT and not (venv / "pyvenv.cfg").exists():
        raise Refusal(f"`{venv}` is neither a venv nor empty; move it away")


def defect(venv: Path) -> str | None:
    """Say why a venv has to be made again; None: it is sound, empty: there is none yet."""
    config: dict[str, str] = {}
    for line in (read(venv / "pyvenv.cfg") or b"").decode(errors="replace").splitlines():
        key, _, value = line.partition("=")
        config.setdefault(key.strip().lower(), value.strip())
    home, python, ours = config.get("home", ""), venv / "bin/python", Path(sys.executable)
    if not home:
        return ""
    if not Path(home).exists():
        return f"its Python in `{home}` is gone"
    if python.is_symlink() and not python.exists():
        return "its `bin/python` leads nowhere"
    version = config.get("version", config.get("version_info", VERSION))
    if version.split(".")[:2] != VERSION.split(".")[:2]:
        return f"it is of Python {version}, and the shell's is {VERSION}"
    other = python.is_symlink() and python.resolve() != ours.resolve()
    if other or not ours.parent.samefile(home):
        return f"it rests on `{home}`, and the shell's Python is `{ours}`"
    origin = former_place(venv)
    return f"it was moved or copied from `{origin}`" if origin else None


def former_place(venv: Path) -> str | None:
    """Find the other venv that the programs in `bin` were written for, if none is for this."""
    first_lines = re.compile(rb"#!(?:/bin/sh\n'''exec' ['\"]?)?(/.+?)/bin/python[\d.]*['\"]?\s")
    others = []
    for program in sorted((venv / "bin").glob("*")):
        if program.is_symlink() or not program.is_file():
            continue
        with program.open("rb") as file:
            found = first_lines.match(file.read(512))
        place = Path(os.fsdecode(found[1])) if found else None
        if place and place.exists() and place.samefile(venv):
            return None
        if place and (not place.exists() or (place / "pyvenv.cfg").exists()):
            others.append(str(place))
    return others[0] if others else None


def make(venv: Path, reason: str, reinstall: str) -> None:
    """Make the venv from this interpreter; `reason` is what was wrong with one that is there."""
    if reason:
        infos = venv.glob("lib/python*/site-packages/*.dist-info")
        lost = any(name_of(info) != "pip" and not is_linked(info) for info in infos)
        again = f"; run `{reinstall}` to install your packages again" if lost and reinstall else ""
        say(f"making `{venv}` again: {reason}{again}")
    # By this the next shell knows a venv that is half removed or half made, and starts over.
    write(venv, venv / "pyvenv.cfg", b"home =\n")
    for path in venv.iterdir():
        kept = path.name in KEPT | {"pyvenv.cfg", UNFINISHED}
        if not kept and not path.name.startswith(HOLDER):
            remove(venv, path)
    complete(venv)
    home = Path(sys.executable).parent
    config = f"home = {home}\ninclude-system-site-packages = false\nversion = {VERSION}\n"
    config += f"executable = {os.path.realpath(sys.executable)}\n"
    write(venv, venv / "pyvenv.cfg", os.fsencode(config))


def missing(venv: Path) -> str:
    """Name what the venv lacks, without which it is not all there; empty where it lacks nothing."""
    parts = ("bin/activate", "bin/python", "bin/python3")
    return next((part for part in parts if not (venv / part).exists()), "")


def complete(venv: Path) -> None:
    """Put into the venv what Python's own module of that name would, where it is missing."""
    # By name, since to a type checker this file is itself the module of that name.
    builder = importlib.import_module("venv").EnvBuilder(prompt=venv.name)
    try:
        # It takes no link for the venv, which may be one to another disk.
        context = builder.ensure_directories(os.path.realpath(venv))
    except ValueError as error:
        raise Refusal(f"cannot make the venv: {error}") from None
    python = Path(sys.executable)
    names = dict.fromkeys(
        [python.name, "python", "python3", "python{}.{}".format(*sys.version_info)]
    )
    for name in names:
        path = venv / "bin" / name
        if not path.exists():
            with naming(path):
                new = unfinished(venv)
                new.symlink_to(python if name == python.name else python.name)
                new.replace(path)
    context.env_dir, context.env_exe = str(venv), str(venv / "bin" / python.name)
    scripts = unfinished(venv)
    context.bin_path = str(scripts)
    with naming(venv / "bin"):
        builder.setup_scripts(context)
    for script in sorted(scripts.iterdir()):
        if not (venv / "bin" / script.name).exists():
            # as a copy of a file in the store it is read-only
            write(venv, venv / "bin" / script.name, script.read_bytes())
    if not (venv / ".gitignore").exists():
        write(venv, venv / ".gitignore", b"*\n")


@contextlib.contextmanager
def held(venv: Path) -> Iterator[None]:
    """Hold a venv, making its folder first; what holds it already is waited for."""
    me = venv / f"{HOLDER}{here()}-{os.getpid()}"
    known: dict[str, tuple[float, float]] = {}
    waiting: float | None = time.monotonic() + 1
    while True:
        venv.mkdir(exist_ok=True)
        lock = os.open(venv / LOCK, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            if take(venv, lock, me, known):
                yield
                return
        finally:
            me.unlink(missing_ok=True)
            os.close(lock)
        if waiting and time.monotonic() > waiting:
            say(f"waiting for another shell or an installer to finish with `{venv}`")
            waiting = None
        time.sleep(0.02 + os.urandom(1)[0] / 5000)


def take(venv: Path, lock: int, me: Path, known: dict[str, tuple[float, float]]) -> bool:
    """Take the venv's lock; where the file system has none, hold the venv by the file `me`.

    Each puts its file there and then looks for those of others, so that of two which do so at once
    at least one sees the other.
    """
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        if is_held(venv, me, known):
            return False
        me.touch()
        if is_held(venv, me, known):
            return False
        threading.Thread(target=keep_fresh, args=[me], daemon=True).start()
        return True
    with contextlib.suppress(FileNotFoundError):
        # It may have been removed, and made again by another, while this one waited.
        return os.path.samestat(os.fstat(lock), (venv / LOCK).stat())
    return False


def here() -> str:
    """Name what process numbers belong to: this machine, and the namespace on it."""
    namespace = "/proc/self/ns/pid"
    number = os.stat(namespace).st_ino if os.path.exists(namespace) else 0  # noqa: PTH110, PTH116
    return f"{os.uname().nodename}-{number}"


def keep_fresh(holder: Path) -> None:
    """Let those on other machines see that the holder lives."""
    with contextlib.suppress(OSError):
        while True:
            os.utime(holder)
            time.sleep(HEARTBEAT)


def is_held(venv: Path, me: Path, known: dict[str, tuple[float, float]]) -> bool:
    """Tell whether another holds the venv; `known` is what was seen of others, and since when.

    One on this machine is dead if its process is gone, one elsewhere if its file was not touched
    for a while: by our own clock, since theirs may be another.
    """
    for path in sorted(venv.glob(f"{HOLDER}*")):
        place, _, process = path.name.removeprefix(HOLDER).rpartition("-")
        try:
            touched = path.stat().st_mtime
        except FileNotFoundError:
            continue
        before, since = known.setdefault(path.name, (touched, time.monotonic()))
        if before != touched:
            known[path.name] = (touched, time.monotonic())
        dead = time.monotonic() - since > PATIENCE and before == touched
        if place == here() and process.isdigit():
            try:
                os.kill(int(process), 0)
            except ProcessLookupError:
                dead = True
            except PermissionError:
                pass
        if dead:
            path.unlink(missing_ok=True)
        elif path != me:
            return True
    return False


# --- Packages


def name_of(info: Path) -> str:
    """Return the normalised name (PEP 503) of what a .dist-info or .egg-info describes."""
    return re.sub(r"[-_.]+", "-", info.stem.split("-")[0]).lower()


def is_linked(info: Path) -> bool:
    """Tell whether this is a link that nixpy made, and not what an installer installed."""
    installer = read(info / "INSTALLER")
    if installer is None:  # of a link that is half removed
        return GENERATOR in (read(info / "WHEEL") or b"")
    return installer.strip() == b"nixpy"


def is_broken(info: Path) -> bool:
    """Tell whether a .dist-info is what an interrupted run left; uv stops at one without METADATA.

    An installer at work may have made it just now, so one with other files has to be older.
    """
    if info.is_symlink() or not info.is_dir():
        return False
    names = {path.name for path in info.iterdir()}
    if any(name.startswith(".nixpy-") for name in names):
        return True
    if names & {"METADATA", "RECORD"}:
        return False
    return names <= {"INSTALLER", "WHEEL"} or time.time() - info.stat().st_mtime > PATIENCE


def provided(site: Path, remarks: list[str]) -> dict[str, Distribution]:
    """Return the distributions in a site-packages folder by their normalised names."""
    found: dict[str, Distribution] = {}
    for form in ("*.dist-info", "*.egg-info"):
        for info in sorted(site.glob(form)):
            try:
                distribution = distribution_of(info)
            except (ArithmeticError, AttributeError, LookupError, OSError, TypeError, ValueError):
                remarks.append(f"left out `{info}`: its metadata is not to be understood")
                continue
            if distribution:
                found.setdefault(name_of(info), distribution)
    return found


def distribution_of(info: Path) -> Distribution | None:
    """Return what a link repeats of a .dist-info or .egg-info; None where it has no metadata.

    Raises ValueError, or what Python's own module raises, where its metadata makes no sense.
    """
    egg = info.suffix == ".egg-info"
    metadata = (read(info / "PKG-INFO") or read(info)) if egg else read(info / "METADATA")
    if metadata is None:
        return None
    metadata = metadata.decode(errors="replace").encode()  # uv reads nothing else
    fields = dict(reversed(HEADER.findall(re.split(rb"\r?\n\r?\n", metadata, maxsplit=1)[0])))
    name, version = fields[b"Name"].decode(), fields[b"Version"].decode()
    folder = info.name
    if egg:
        folder = f"{re.sub(r'[-_.]+', '_', name).lower()}-{version}.dist-info"
        metadata = with_requirements(info, metadata)
    if not FOLDER.fullmatch(folder):
        raise ValueError(folder)
    return Distribution(folder, metadata, read(info / "entry_points.txt") or b"")


def with_requirements(info: Path, metadata: bytes) -> bytes:
    """Return METADATA for the older form (a file or a folder), which has them in another file."""
    if b"\nRequires-Dist:" in metadata:
        return metadata
    from importlib.metadata import PathDistribution

    lines = (f"Requires-Dist: {one}\n" for one in PathDistribution(info).requires or ())
    return metadata.replace(b"\n", b"\n" + "".join(lines).encode(), 1)


def programs(entry_points: bytes) -> dict[str, bytes]:
    """Return what an entry_points.txt puts into `bin`: names, and sources without a #! line."""
    found, section = {}, ""
    for line in map(str.strip, entry_points.decode(errors="replace").splitlines()):
        if line.startswith("["):
            section = line
        elif section in {"[console_scripts]", "[gui_scripts]"} and (m := ENTRY.fullmatch(line)):
            found[m[1]] = SCRIPT.format(module=m[2], head=m[3], call=m[3] + m[4]).encode()
    return found


def shebang(python: Path) -> bytes:
    """Return the lines by which a script starts with this python, however odd its path is."""
    path = os.fsencode(python)
    text = path.decode(errors="surrogateescape")  # the script is UTF-8, whatever the locale is
    if text.isprintable() and " " not in text and len(path) < SHEBANG_LIMIT:
        return b"#!" + path + b"\n"
    return LONG_SHEBANG


def is_linked_program(path: Path) -> bool:
    """Tell whether nixpy wrote this program."""
    if path.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as file:
        return MARK in file.read(512)


def link(venv: Path, env: Path | None, remarks: list[str]) -> tuple[int, bool]:
    """Link the distributions of `env` and no others: their number, and whether any changed."""
    site, start, written = venv / SITE, shebang(venv / "bin/python"), set()
    for info in site.glob("*.dist-info"):
        if is_broken(info):
            remove(venv, info)
    forms = ("*.dist-info", "*.egg-info", "*.egg-link")
    infos = {info: is_linked(info) for form in forms for info in site.glob(form)}
    theirs = {name_of(info) for info, linked in infos.items() if not linked}
    links = provided(env / SITE, remarks) if env else {}
    links = {name: links[name] for name in sorted(links.keys() - theirs)}
    changed = False
    for folder, metadata, entry_points in links.values():
        record = []
        for program, source in programs(entry_points).items():
            path = venv / "bin" / program
            if is_linked_program(path) or not os.path.lexists(path):
                write(venv, path, start + MARK + source, 0o755)
                written.add(path)
                record.append(os.path.relpath(path, site))
        files = {"INSTALLER": b"nixpy\n", "WHEEL": WHEEL, "METADATA": metadata}
        files["entry_points.txt"] = entry_points
        record += [f"{folder}/{name}" for name in [*files, "RECORD"]]
        files["RECORD"] = "".join(f"{path},,\n" for path in record).encode()
        changed |= write_folder(venv, site / folder, files)
    stale = {info for info, linked in infos.items() if linked}
    stale -= {site / folder for folder, _, _ in links.values()}
    for info in stale:
        remove(venv, info)
    written |= pass_on(venv, env, written)
    for path in (venv / "bin").iterdir():
        if path not in written and is_linked_program(path):
            path.unlink()
    return len(links), changed or bool(stale)


def pass_on(venv: Path, env: Path | None, entries: set[Path]) -> set[Path]:
    """Write programs that start those of `env` which are no entry point of a package.

    They are no links: an installer that writes a program of that name would write into the store.
    """
    written = set()
    for program in sorted(env.glob("bin/[!.]*")) if env else ():
        path = venv / "bin" / program.name
        if path in entries or NOT_PASSED_ON.fullmatch(program.name):
            continue
        if os.access(program, os.X_OK) and (is_linked_program(path) or not os.path.lexists(path)):
            source = STARTER.format(mark=MARK.decode(), program=shlex.quote(str(program)))
            write(venv, path, source.encode(), 0o755)
            written.add(path)
    return written


def path_lines(site: Path) -> list[str]:
    """Return the .pth lines that add a site-packages folder as `site.addsitedir` would."""
    lines = [str(site)]
    for pth in sorted(site.glob("[!.]*.pth")):
        text = (read(pth) or b"").decode(errors="replace")
        for number, line in enumerate(text.splitlines(), start=1):
            if line.startswith(("import ", "import\t")):
                call = (str(site), f"{pth.name}:{number}", line)
                lines.append(f"import _nixpy; _nixpy.run{call!a}")
            elif line.strip() and not line.startswith("#"):
                lines.append(str(site / line.rstrip()))
    return lines


def write_start_up(venv: Path, env: Path | None, libraries: list[str]) -> None:
    """Write what the venv's Python does when it starts: load libraries, add folders."""
    arguments = ", ".join(map(ascii, libraries))
    load = [f"import _nixpy; _nixpy.load({arguments})"] if libraries else []
    module = venv / SITE / MODULE
    compiled = Path(importlib.util.cache_from_source(str(module)))
    if read(module) != MODULE_TEXT.encode():
        remove(venv, compiled)
    write(venv, module, MODULE_TEXT.encode())
    if not compiled.exists():
        compile_module(venv, module, compiled)
    for name, lines in (LIBRARIES_PTH, load), (FOLDERS_PTH, path_lines(env / SITE) if env else []):
        if lines:
            write(venv, venv / SITE / name, "".join(f"{line}\n" for line in lines).encode())
        else:
            remove(venv, venv / SITE / name)


def compile_module(venv: Path, module: Path, compiled: Path) -> None:
    """Compile a module, lest every start does it where PYTHONDONTWRITEBYTECODE is set."""
    import py_compile

    with naming(compiled):
        new, mode = unfinished(venv), py_compile.PycInvalidationMode.UNCHECKED_HASH
        py_compile.compile(str(module), cfile=str(new), doraise=True, invalidation_mode=mode)
        compiled.parent.mkdir(exist_ok=True)
        new.replace(compiled)


# --- Data below sys.prefix


def signature(path: Path) -> str:
    """Return what tells whether a file is as nixpy left it; empty where there is no file."""
    try:
        status = path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return ""
    return f"{status.st_size}-{status.st_mtime_ns}" if stat.S_ISREG(status.st_mode) else ""


def copy_data(venv: Path, env: Path | None) -> None:
    """Copy the env's DATA, and take away what nixpy copied before and is there no more.

    Copies, since what a program writes through a link would land in the store. A file that an
    installer or the user put there, or has changed, is left as it is.
    """
    lines = (read(venv / MANIFEST) or b"").decode(errors="surrogateescape").splitlines()
    before = {name: known for known, _, name in (line.partition(" ") for line in lines)}
    after = {}
    for name, source in data_files(env) if env else ():
        target, content = venv / name, source.read_bytes()
        if source.name == "kernel.json":
            content = own_kernel(content, venv)
        ours = not os.path.lexists(target) or signature(target) == before.get(name)
        if (ours or read(target) == content) and venv.resolve() in target.resolve().parents:
            write(venv, target, content)
            after[name] = signature(target)
    for name in before.keys() - after.keys():
        if signature(venv / name) == before[name]:
            (venv / name).unlink()
            with contextlib.suppress(OSError):
                os.removedirs((venv / name).parent)
    if before or after:
        manifest = "".join(f"{known} {name}\n" for name, known in sorted(after.items()))
        write(venv, venv / MANIFEST, manifest.encode(errors="surrogateescape"))


def data_files(env: Path) -> Iterator[tuple[str, Path]]:
    """Yield the files below DATA, each with its path relative to the env."""
    for top in DATA:
        for folder, _, names in os.walk(env / top, followlinks=True):
            for path in (Path(folder, name) for name in names):
                if path.is_file() and "\n" not in str(path):
                    yield str(path.relative_to(env)), path


def own_kernel(content: bytes, venv: Path) -> bytes:
    """Let a Jupyter kernel that names a python of Nix, which lacks the venv, start the venv's."""
    import json

    try:
        kernel = json.loads(content)
        program = Path(kernel["argv"][0])
    except (ValueError, LookupError, TypeError):
        return content
    if not STORE_PATH.match(str(program)) or not program.name.startswith("python"):
        return content
    kernel["argv"][0] = str(venv / "bin/python")
    return json.dumps(kernel, indent=1).encode()


# --- Native libraries


def library_files(library: str) -> list[str]:
    """Return the files to load for a --library: a file as it is, a package's by their sonames.

    Left out: what is no library for this machine, what no program asks for by name (plugins),
    what must not be loaded late or twice (glibc, sanitizers, libpython), and what of a compiler's
    libraries hardly a wheel asks for.
    """
    place, _, names = library.partition(":")
    if not Path(place).is_dir():
        return [place]
    folder = Path(place, "lib") if Path(place, "lib").is_dir() else Path(place)
    if (folder / "libc.so.6").exists():
        return []
    found = {}
    for path in sorted(folder.glob("*.so*")):
        name = soname(path) if path.is_file() else None
        if name and (folder / name).exists() and not UNSAFE.match(name):
            found[name] = str((folder / name).resolve())
    wanted = COMPILER if COMPILER[0] in found else found
    return [found[name] for name in (names.split(",") if names else wanted) if name in found]


def segments(file: BinaryIO) -> list[tuple[int, ...]]:
    """Return the program headers of a 64-bit ELF file for this machine (System V ABI), or none."""
    with Path(sys.executable).open("rb") as python:
        own = python.read(20)
    head = file.read(64)
    if head[:6] != b"\x7fELF\x02\x01" or head[18:20] != own[18:20]:
        return []
    (table,) = struct.unpack_from("<Q", head, 32)
    size, count = struct.unpack_from("<HH", head, 54)
    file.seek(table)
    headers = file.read(size * count)
    return [struct.unpack_from("<IIQQQQ", headers, size * at) for at in range(count)]


def soname(path: Path) -> str | None:
    """Return the DT_SONAME of an ELF library, or None."""
    errors = (struct.error, KeyError, OverflowError)
    with path.open("rb") as file, contextlib.suppress(*errors):
        tags: dict[int, int] = {}
        found = segments(file)
        for kind, _, offset, _, _, length in found:
            if kind == PT_DYNAMIC:
                file.seek(offset)
                tags = dict(struct.iter_unpack("<qQ", file.read(length)))
        address = tags[DT_STRTAB] + tags[DT_SONAME]
        for kind, _, offset, start, _, length in found:
            if kind == PT_LOAD and start <= address < start + length:
                file.seek(offset + address - start)
                return os.fsdecode(file.read(256).partition(b"\0")[0])
    return None


def loader_of(path: Path) -> str | None:
    """Return the loader that an ELF program names (PT_INTERP), or None."""
    errors = (struct.error, OverflowError, OSError)
    with contextlib.suppress(*errors), path.open("rb") as file:
        for kind, _, offset, _, _, length in segments(file):
            if kind == PT_INTERP:
                file.seek(offset)
                return os.fsdecode(file.read(min(length, 4096)).partition(b"\0")[0])
    return None


def is_lacking(loader: str) -> bool:
    """Tell whether there is no such loader, or NixOS' stub, which only prints a message."""
    return not Path(loader).exists() or "-stub-ld" in os.path.realpath(loader)


def missing_loader() -> str | None:
    """Return the shell's loader where the one that other systems have is missing, else None."""
    loader = os.environ.get("NIX_LD", "")
    usual = LOADERS.get(Path(loader).name)
    return loader if usual and is_lacking(usual) else None


def mend(place: Path, remarks: list[str]) -> list[str]:
    """Let programs below a folder, or one, start where their loader is not there: their names.

    The loader and libraries are those that the shell names for nix-ld.

    A program is changed on a copy that takes its place: other links to the file, such as that of
    uv's cache, stay as they are. Scripts, libraries, static programs and those of another machine
    are left, and so is everything where programs of Linux at large can start.
    """
    loader, libraries = missing_loader(), os.environ.get("NIX_LD_LIBRARY_PATH", "")
    if loader is None:
        return []
    root = place if place.is_dir() else place.parent
    mended = []
    for path in broken_programs(place, loader, remarks):
        if not (patchelf := shutil.which("patchelf")):
            remarks.append(f"`{path}` cannot start here: its loader is missing, and so is patchelf")
            break
        try:
            error = set_loader(root, path, [patchelf, "--set-interpreter", loader], libraries)
        except OSError as problem:
            error = problem.strerror or str(problem)
        if error:
            remarks.append(f"`{path}` cannot start here, and was not mended: {error}")
        else:
            mended.append(path.name)
    return mended


def broken_programs(place: Path, loader: str, remarks: list[str]) -> Iterator[Path]:
    """Yield the programs below a folder whose loader, of the name of `loader`, is not there."""
    below = (Path(folder, name) for folder, _, names in os.walk(place) for name in sorted(names))
    for path in below if place.is_dir() else [place]:
        with contextlib.suppress(OSError):
            about = path.lstat()
            runs = stat.S_ISREG(about.st_mode) and about.st_mode & 0o111
            if not runs or SHARED.search(path.name):
                continue
            theirs = loader_of(path)
            if theirs in {None, loader} or Path(theirs).name != Path(loader).name:
                continue
            if not is_lacking(theirs):
                continue
            if about.st_mode & (stat.S_ISUID | stat.S_ISGID):
                remarks.append(f"`{path}` cannot start here, and is set-uid, so it is left")
            elif about.st_size > LARGEST_PROGRAM:
                remarks.append(f"`{path}` cannot start here, and is too large to be mended")
            else:
                yield path


def set_loader(root: Path, path: Path, command: list[str], libraries: str) -> str:
    """Put a copy with another loader and further folders of libraries in place; or say why not."""
    mode = stat.S_IMODE(path.stat().st_mode)
    new = unfinished(root)
    # As DT_RPATH, which holds for what the program's own libraries need as well
    add = ["--force-rpath", "--add-rpath", libraries] if libraries else []
    command = [*command, *add, "--output", str(new), str(path)]
    done = subprocess.run(command, capture_output=True, check=False, text=True)
    if done.returncode:
        return (done.stderr.strip().splitlines() or ["patchelf failed"])[-1]
    new.chmod(mode)
    new.replace(path)
    return ""


def driver_files(driver: Path | None, remarks: list[str]) -> list[str]:
    """Return the driver's libraries in a folder of the host's, in the order to load them."""
    if driver is None:
        return []
    found = [str(path) for name in DRIVER_LIBRARIES if (path := driver / name).is_file()]
    if not found:
        remarks.append(f"`{driver}` holds no library of NVIDIA's driver any more")
    return found


def link_driver(venv: Path, files: list[str]) -> None:
    """Link the driver's libraries into a folder of their own, which a linker can be told to search.

    The folder that they lie in holds the host's glibc as well, which Nix's programs must not meet.
    """
    folder = venv / DRIVER
    wanted = {Path(file).name.partition(".so")[0] + ".so": file for file in files}
    wanted |= {Path(file).name: file for file in files}
    linked = {path.name: str(path.readlink()) for path in folder.glob("*") if path.is_symlink()}
    if linked == wanted:
        return
    remove(venv, folder)
    if wanted:
        with naming(folder):
            new = unfinished(venv)
            new.mkdir()
            for name, file in wanted.items():
                (new / name).symlink_to(file)
            new.rename(folder)


# --- pip, the garbage collector, and the whole


def seed_pip(venv: Path, remarks: list[str]) -> None:
    """Install the pip that Python carries for ensurepip, unless there is one; needs no network."""
    site = venv / SITE
    if any(name_of(info) == "pip" for info in site.glob("*.dist-info")):
        return
    carried = Path(sysconfig.get_path("stdlib"), "ensurepip/_bundled")
    folders = [carried, Path(sysconfig.get_config_var("WHEEL_PKG_DIR") or carried)]
    wheel = next((path for folder in folders for path in folder.glob("pip-*.whl")), None)
    if wheel is None:
        remarks.append("this Python carries no pip, so the venv has none; add `pip` to `packages`")
        return
    import zipfile

    new = unfinished(venv)
    with naming(site / "pip"), zipfile.ZipFile(wheel) as archive:
        archive.extractall(new)
    info = next(new.glob("*.dist-info"))
    found = programs((info / "entry_points.txt").read_bytes())
    found["pip{}.{}".format(*sys.version_info)] = found["pip"]
    for program, source in found.items():
        write(venv, venv / "bin" / program, shebang(venv / "bin/python") + source, 0o755)
    with naming(site / info.name):
        (info / "INSTALLER").write_text("pip\n")
        with (info / "RECORD").open("a") as record:
            record.write(f"{info.name}/INSTALLER,,\n")
            paths = (os.path.relpath(venv / "bin" / name, site) for name in found)
            record.writelines(f"{path},,\n" for path in paths)
        remove(venv, site / "pip")
        (new / "pip").rename(site / "pip")
        info.rename(site / info.name)


@contextlib.contextmanager
def kept_alive(venv: Path, paths: list[str]) -> Iterator[None]:
    """Make the store paths that the venv points to roots of Nix's garbage collector.

    Nix does so while the rest goes on. Without Nix at hand, or where it refuses, there are none:
    once the paths have been collected, the next shell makes the venv again.
    """
    nix_store = shutil.which("nix-store")
    wanted = list(dict.fromkeys(m[0] for path in paths if (m := STORE_PATH.match(path))))
    roots = {root: str(root.readlink()) for root in venv.glob(f"{GC_ROOT}*")}
    nix = None
    if nix_store and sorted(roots.values()) != sorted(wanted):
        for root in roots:
            root.unlink()
        command = [nix_store, "--realise", *wanted, "--add-root", str(venv / GC_ROOT), "--indirect"]
        null = subprocess.DEVNULL
        with contextlib.suppress(OSError):
            nix = subprocess.Popen(command, stdin=null, stdout=null, stderr=null)
    yield
    if nix:
        with contextlib.suppress(subprocess.TimeoutExpired):
            nix.wait(timeout=10)


def enter(options: argparse.Namespace) -> None:
    """Bring a venv to what the options ask for."""
    venv = options.venv.absolute()
    refuse_unsafe(venv)
    with held(venv):
        # It may be that another shell did it while this one waited.
        if not is_current(venv, options):
            update(venv, options)


def is_current(venv: Path, options: argparse.Namespace) -> bool:
    """Tell whether nothing has changed since the stamp was written."""
    if read(venv / STAMP) != os.fsencode(options.stamp) or missing(venv):
        return False
    stamped = (venv / STAMP).stat().st_mtime_ns
    files = [Path(file) for file, _ in (*options.made_from, *options.lock)]
    watched = [path for path in (venv / SITE, venv / "bin", *files) if path.exists()]
    return all(path.stat().st_mtime_ns <= stamped for path in watched)


def update(venv: Path, options: argparse.Namespace) -> None:
    """Make and link a venv that is held; its stamp is written when all is done."""
    env, stamp = options.env, os.fsencode(options.stamp)
    remarks: list[str] = []
    reason, lacking = defect(venv), missing(venv)
    if reason and venv.is_symlink():
        raise Refusal(f"`{venv}` is a link to a venv that does not fit: {reason}; remove the link")
    news = read(venv / STAMP) != stamp
    remove(venv, venv / STAMP)
    sweep(venv)
    if reason is not None:
        make(venv, reason, options.reinstall)
    elif lacking:
        complete(venv)
        say(f"mended `{venv}`: it had no `{lacking}`")
    loader = missing_loader() or ""
    with kept_alive(venv, [sys.executable, str(env or ""), loader, *options.library]):
        libraries = [*map(library_files, options.library)] if sys.platform == "linux" else []
        loaded = [file for files in libraries for file in files]
        driver = driver_files(options.driver, remarks)
        write_start_up(venv, env, loaded + driver)
        link_driver(venv, driver)
        count, changed = link(venv, env, remarks)
        copy_data(venv, env)
        seed_pip(venv, remarks)
        mended = mend(venv, remarks)
    for lock, keep in options.lock:
        compare(venv, Path(lock), keep, env, remarks)
    packages = f"{count} package{'' if count == 1 else 's'} from Nix"
    if reason is not None:
        say(f"made `{venv}` (Python {VERSION}){f' with {packages}' if count else ''}")
    elif changed and news:
        say(f"linked {packages} into `{venv}`")
    if mended:
        say(f"made {', '.join(mended)} of `{venv}` start here, where their loader is missing")
    tell(venv, remarks)
    newer = [Path(file) for file, said in options.made_from if is_changed(Path(file), said)]
    for file in newer:
        say(f"`{file.name}` has changed since this shell of Python {VERSION}: run `nixpy sync`")
    sweep(venv)
    with naming(venv / STAMP):
        new = venv / f"{STAMP}.new"
        new.write_bytes(stamp)
        if newer:
            # Older than any file, so that the next entry says it again.
            os.utime(new, (0, 0))
        new.replace(venv / STAMP)


def mend_alone(place: Path) -> None:
    """Mend the programs in any place, which need be no venv; say what was done."""
    remarks: list[str] = []
    if not place.exists():
        raise Refusal(f"`{place}` does not exist")
    if missing_loader() is None:
        say("programs that were built for other Linux systems start here; nothing was touched")
        return
    mended = mend(place, remarks)
    sweep(place if place.is_dir() else place.parent)
    for line in remarks:
        say(line)
    say(f"made {', '.join(mended)} start here" if mended else f"nothing to mend in `{place}`")


def is_changed(file: Path, said: str) -> bool:
    """Tell whether a file that the shell follows from says something else than it did.

    A file that cannot be read, and a nixpy.yaml that is gone, tell nothing.
    """
    try:
        text = (read(file) or b"").decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return False
    if file.name == "pyproject.toml":
        match = re.search(r"""^requires-python *= *(["'])(.*?)\1""", text, re.MULTILINE)
        text = match[2] if match else ""
    else:
        lines = [re.sub(r"(^|\s)#.*", "", line).rstrip() for line in text.splitlines()]
        text = "\n".join(filter(None, lines))
        if file.suffix == ".yaml":
            from hashlib import sha256

            return bool(text) and sha256(text.encode()).hexdigest()[:8] != said
    return "".join(text.split()) != "".join(said.split())


def compare(venv: Path, lock: Path, keep: str, env: Path | None, remarks: list[str]) -> None:
    """Tell which versions of a lock, or the newest where there is none, are not those of Nix.

    ``keep`` is what makes the installer take Nix's: a command, or the file to write them into.
    """
    ours = {name: version_of(one) for name, one in provided(env / SITE, []).items()} if env else {}
    try:
        text = (read(lock) or b"").decode()
        theirs = versions_in(lock.name, text)
    except (AttributeError, OSError, TypeError, ValueError) as error:
        said = "has marks of a merge" if isinstance(error, Merge) else "is not to be understood"
        remarks.append(f"`{lock.name}` {said}: its versions were not compared with Nix's")
        return
    if text:
        differ = {name for name, have in theirs.items() if name in ours and ours[name] not in have}
    else:
        differ = {*ours} if " " in keep else set()
    if not differ:
        return
    pins = [f"{name}=={ours[name]}" for name in sorted(differ)]
    how = command(keep, pins)
    if not text:
        have = listed([f"{name} {ours[name]}" for name in sorted(differ)])
        remarks.append(
            f"no `{lock.name}` yet: `{how}` keeps Nix's {have}, and without it the newest is taken"
            if " -" in keep
            else f"no `{lock.name}` yet: once it is there, `{how}` takes Nix's {have} into it"
        )
        return
    infos = (venv / SITE).glob("*.dist-info")
    copies = sorted(differ & {name_of(info) for info in infos if not is_linked(info)})
    if keep.endswith(" -P"):
        raised = [
            name
            for name, floor in floors(text).items()
            if name in differ and numbers(floor) > numbers(ours[name])
        ]
        how = "".join(f"uv add --frozen '{name}>={ours[name]}' && " for name in raised) + how
    if copies and " -" in keep:
        how = f"`uv pip uninstall {' '.join(copies)} && {how}` and entering again bring Nix's back"
    else:
        how = f"`{how}` keeps Nix's" if " " in keep else f"`{how}` decides: write Nix's"
    have = listed([f"{name} {min(theirs[name])} (Nix: {ours[name]})" for name in sorted(differ)])
    remarks.append(f"`{lock.name}` has other versions than Nix: {have}; {how}")


class Merge(ValueError):
    """A file has lines of both sides of a merge."""


def versions_in(name: str, text: str) -> dict[str, set[str]]:
    """Return the versions that a lock takes from an index, by normalised name.

    Raises ValueError, or what Python's own module raises, where it is no whole lock.
    """
    if re.search(r"^(<{7}|>{7})( |$)", text, re.MULTILINE):
        raise Merge
    found: dict[str, set[str]] = {}
    pairs: list[tuple[str, str]] = []
    if name.endswith(".txt"):
        pairs = re.findall(r"^([\w.-]+)(?:\[[^\]\n]*\])? *===? *([\w.!+]+)", text, re.MULTILINE)
    elif name == "Pipfile.lock":
        import json

        sections = json.loads(text) if text else {}
        tables = [sections.get(one, {}) for one in ("default", "develop")]
        pairs = [
            (name, one["version"].lstrip("="))
            for table in tables
            for name, one in table.items()
            if "version" in one
        ]
    elif text:
        head, *blocks = re.split(r"^\[\[packages?\]\]\r?\n", text, flags=re.MULTILINE)
        if not text.endswith("\n") or ((m := FORMAT.search(head)) and int(m[1]) > 1):
            raise ValueError(name)
        for block in blocks:
            values = dict(reversed(FIELD.findall(block)))
            if "version" in values and not ELSEWHERE.search(block):
                pairs.append((values["name"], values["version"]))
    for package, version in pairs:
        found.setdefault(re.sub(r"[-_.]+", "-", package).lower(), set()).add(version)
    return found


def floors(text: str) -> dict[str, str]:
    """Return the lower bounds that a project asks for by its uv.lock, by name."""
    asked = "".join(re.findall(r"^requires-dist = \[(.*?)\]$", text, re.MULTILINE | re.DOTALL))
    return dict(re.findall(r'\{ name = "([^"]+)", (?:[^}]*, )?specifier = ">=([\d.]+)', asked))


def numbers(version: str) -> list[int]:
    """Return the numbers that a version starts with, which tell the older one of two."""
    return [int(one) for one in re.findall(r"\d+", re.split(r"[^\d.]", version, maxsplit=1)[0])]


def version_of(distribution: Distribution) -> str:
    """Return the version in a distribution's metadata."""
    fields: dict[bytes, bytes] = dict(reversed(HEADER.findall(distribution.metadata)))
    return fields[b"Version"].decode()


def command(keep: str, pins: list[str]) -> str:
    """Return the command that keeps Nix's versions: that of nixpy where a line would not do."""
    head, _, option = keep.rpartition(" ")
    if not option.startswith("-"):
        return keep
    if option == "-P" and len(pins) > MOST_PINS:
        return "nixpy align"
    # -P takes a pin, the option of others the name alone
    words = [one if option == "-P" else one.partition("==")[0] for one in pins]
    return " ".join([head, *(f"{option} {one}" for one in words)])


def listed(items: list[str]) -> str:
    """Return the first of several items, and how many more there are."""
    more = len(items) - 3
    return ", ".join(items[:3]) + (f" and {more} more" if more > 0 else "")


def is_usable(venv: Path) -> bool:
    """Tell whether a venv can be used though it is not as asked for."""
    with contextlib.suppress(OSError):
        return defect(venv) is None and not missing(venv)
    return False


def main() -> int:
    """Run the program and return its exit status."""
    parser = argparse.ArgumentParser(description="make a venv and link what Nix provides")
    parser.add_argument("venv", type=Path, help="the folder of the venv")
    parser.add_argument("--mend", action="store_true", help="mend programs in VENV, no more")
    parser.add_argument("--stamp", default="", help="what the venv is made from, in one text")
    parser.add_argument("--env", type=Path, help="the withPackages env to link")
    parser.add_argument("--library", action="append", default=[], metavar="PATH[:SONAME,...]")
    parser.add_argument("--driver", type=Path, metavar="FOLDER", help="of the host's driver")
    parser.add_argument("--reinstall", default="", help="the command that installs packages again")
    parser.add_argument(
        "--made-from",
        nargs=2,
        action="append",
        default=[],
        metavar=("FILE", "TEXT"),
        help="a file that the shell follows from, and what of it",
    )
    parser.add_argument(
        "--lock",
        nargs=2,
        action="append",
        default=[],
        metavar=("FILE", "COMMAND"),
        help="versions of the installer, and the command that locks Nix's instead",
    )
    options = parser.parse_args()
    if not sys.flags.isolated:
        parser.error("run it with `python -I`, or it imports itself in place of Python's venv")
    try:
        mend_alone(options.venv.absolute()) if options.mend else enter(options)
    except Refusal as refusal:
        say(f"error: {refusal}")
    except OSError as error:
        place = f": `{error.filename}`" if error.filename else ""
        usable = is_usable(options.venv)
        what = "bring the venv up to date" if usable else "make the venv"
        say(f"error: cannot {what}: {error.strerror or error}{place}")
        return 3 if usable else 1
    except KeyboardInterrupt:
        return 130
    else:
        return 0
    return 1


if __name__ == "__main__":
    sys.exit(main())
