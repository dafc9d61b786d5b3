"""L, second half: programs in wheels, browsers, and what keeps wheels from being used or built."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from nixpy.doctor.loader.extensions import top_level
from nixpy.doctor.model import Mend, Seen, Severity, Step, rule
from nixpy.doctor.rules import asks
from nixpy.doctor.snapshot import Elf, LockedWheels, Part, Snapshot
from nixpy.knowledge.libraries import alternatives, needs
from nixpy.knowledge.programs import programs


@rule(
    "L6",
    Severity.ERROR,
    Part.ENVIRONMENT,
    Part.SEARCH,
    Part.VENV,
    Part.ELF,
    Part.PROJECT,
    Part.FLAKE,
)
def program_without_loader(snapshot: Snapshot) -> Iterator[Seen]:
    """Tell if a program in the venv names a dynamic loader that this machine has not."""
    venv = asks.relative(snapshot, snapshot.venv.path)
    attributes = {name: one.attribute for one in programs() for name in one.programs}
    broken: dict[tuple[str, str], list[Elf]] = {}
    for one in snapshot.elf.files:
        # Some libraries can be started, too, and then say which version they are.
        if one.interpreter is None or one.soname or not one.native or _is_python(one.path):
            continue
        state = snapshot.elf.loaders.get(one.interpreter)
        if state is None or asks.starts(snapshot, state):
            continue
        name, in_bin = posixpath.basename(one.path), one.path.startswith("bin/")
        if in_bin and not _of_venv(snapshot, name):
            continue  # another program of that name comes first on PATH
        if in_bin or "/ld-musl" not in one.interpreter:
            broken.setdefault(
                (name if in_bin else top_level(one.path), one.interpreter), []
            ).append(one)
    for (name, interpreter), files in broken.items():
        in_bin = files[0].path.startswith("bin/")
        file = posixpath.basename(files[0].path)
        tool = attributes.get(file)
        more = f" and {len(files) - 1} more" if len(files) > 1 else ""
        yield Seen(
            f"`{venv}/{files[0].path}`{more} wants the loader `{interpreter}`",
            f"{_state(snapshot, interpreter)}; the program was built for other Linux systems",
            _fix(snapshot, tool, name),
            Mend(Step.EDIT_CONFIG, (tool,), "tools")
            if tool
            and in_bin
            and snapshot.project.choices is not None
            and not asks.listed(snapshot, "tools", [tool])
            else None,
            severity=None if in_bin else Severity.WARNING,
        )


def _is_python(path: str) -> bool:
    # Python 3.14 calls itself by the letter pi, too.
    name = r"(?:python|pypy|\N{MATHEMATICAL ITALIC SMALL PI}thon)[\d.]*t?"
    return re.fullmatch(f"bin/{name}", path) is not None


def _of_venv(snapshot: Snapshot, name: str) -> bool:
    found = asks.on_path(snapshot, name)
    return found is None or posixpath.dirname(found) in {
        posixpath.join(snapshot.venv.path, "bin"),
        posixpath.join(snapshot.venv.resolved, "bin"),
    }


def _state(snapshot: Snapshot, interpreter: str) -> str:
    return {
        "absent": "there is no such file",
        "stub": "there is NixOS' stub-ld, which only prints a message",
        "nix-ld": "there is nix-ld, and NIX_LD is not set",
    }[snapshot.elf.loaders[interpreter].value]


def _fix(snapshot: Snapshot, tool: str | None, name: str) -> str:
    other = "`programs.nix-ld.enable = true` in NixOS' configuration"
    if tool is None:
        mended = f"{asks.AGAIN}, which mends it; or " if asks.with_nixpy(snapshot) else ""
        return f"{mended}{other}, or {name} from nixpkgs"
    if asks.listed(snapshot, "tools", [tool]):
        return f"nixpy.yaml lists `{tool}`: {asks.AGAIN}"
    if asks.with_nixpy(snapshot):
        return f"{asks.AGAIN}, which mends it; or `nixpy add --tool {tool}` for nixpkgs' version"
    return f"take `{tool}` from nixpkgs, before the venv on PATH; or {other}"


@rule("L7", Severity.ERROR, Part.ENVIRONMENT, Part.VENV)
def other_browsers(snapshot: Snapshot) -> Iterator[Seen]:
    """Tell if PLAYWRIGHT_BROWSERS_PATH has browsers of another Playwright than the venv's."""
    environment, wanted = snapshot.environment, snapshot.venv.browsers
    folder = environment.get("PLAYWRIGHT_BROWSERS_PATH")
    version = next(
        (one.version for one in snapshot.venv.distributions if one.name == "playwright"), None
    )
    if version is None or not wanted:
        return
    facts = environment.paths.get(folder)
    if folder in {"", "0"} or facts is None:
        if snapshot.machine.nixos and not environment.get("NIX_LD"):
            yield Seen(
                f"playwright {version} is in the venv, PLAYWRIGHT_BROWSERS_PATH is not set",
                "the browsers that it downloads are built for other Linux systems",
                "set PLAYWRIGHT_BROWSERS_PATH to `${pkgs.playwright-driver.browsers}`",
                severity=Severity.WARNING,
            )
        return
    lacking = [one for one in wanted.values() if one not in facts.holds]
    other = [
        have
        for browser, one in wanted.items()
        for have in facts.holds
        if have != one and re.fullmatch(re.escape(browser) + r"-\d+", have)
    ]
    if lacking and (other or len(lacking) == len(wanted)):
        have = f"has {asks.some(other)}" if other else "has no such browser"
        yield Seen(
            f"playwright {version} wants {lacking[0]}; `{folder}` {have}",
            "Playwright starts only the very build that its version was made with",
            "bring playwright to the version of nixpkgs' `playwright-driver`, or take a nixpkgs"
            f" that has {version}",
        )


@rule("L10", Severity.WARNING, Part.INTERPRETERS, Part.VENV)
def wheels_forbidden(snapshot: Snapshot) -> Iterator[Seen]:
    """Tell if a module `_manylinux` says that this Python takes no wheels."""
    python = asks.venv_python(snapshot)
    if python and python.manylinux:
        yield Seen(
            f"`{python.path}` imports `{python.manylinux}`, which forbids manylinux wheels",
            "older nixpkgs put it there; installers then build everything from source",
            "take Python from a newer nixpkgs, or remove the file if it lies in the venv",
        )


@rule(
    "L11",
    Severity.WARNING,
    Part.ENVIRONMENT,
    Part.SEARCH,
    Part.INTERPRETERS,
    Part.VENV,
    Part.PROJECT,
    Part.FLAKE,
)
def headers_missing(snapshot: Snapshot) -> Iterator[Seen]:
    """Tell if an sdist has to be built, and the shell has not the libraries for it."""
    python = asks.venv_python(snapshot)
    if not asks.in_nix_shell(snapshot) or python is None:
        return
    have = {one.name for one in snapshot.venv.distributions}
    for one in snapshot.project.locked:
        row = needs(one.name)
        if row is None or not row.build or one.name in have:
            continue
        if any(fits(wheel, python.minor, snapshot.machine.system) for wheel in one.wheels):
            continue
        lacking = [attribute for attribute in row.build if not _in_shell(snapshot, attribute)]
        if lacking:
            version = f" {one.version}" if one.version else ""
            yield Seen(
                f"{one.name}{version} has no wheel for Python {python.minor}{_only(one)}, and the"
                f" shell has not {asks.some(list(lacking), 5)}",
                "it is built from source, which takes these headers and libraries",
                f"nixpy.yaml lists {asks.some(list(lacking))}: {asks.AGAIN}"
                if asks.listed(snapshot, "libraries", lacking)
                else f"`nixpy add --library {' '.join(lacking)}`"
                if asks.with_nixpy(snapshot)
                else f"`nixpy init --library {' --library '.join(lacking)}`",
                Mend(Step.EDIT_CONFIG, tuple(lacking), "libraries")
                if snapshot.project.choices is not None
                and not asks.listed(snapshot, "libraries", lacking)
                else None,
            )
        elif not any(asks.on_path(snapshot, name) for name in ("cc", "gcc", "clang")):
            yield Seen(
                f"{one.name} has no wheel for Python {python.minor}{_only(one)}, and no C compiler"
                " is on PATH",
                "it is built from source, which takes one",
                "`pkgs.mkShell` in place of `mkShellNoCC`, or `pkgs.stdenv.cc` in `packages`",
            )
            return


def _only(one: LockedWheels) -> str:
    return "" if one.wheels else " (an sdist only)"


# What nixpkgs calls a package in its store path, where that is not the attribute.
_STORE_NAMES = {
    "dbus": ("dbus-libs",),
    "fftwFloat": ("fftw-single",),
    "fftwLongDouble": ("fftw-long-double",),
    "gtk3": ("gtk+3",),
    "libjpeg": ("libjpeg-turbo",),
    "libmysqlclient": ("mariadb-connector-c", "mysql"),
    "libpq": ("postgresql",),
    "linuxHeaders": ("linux-headers",),
    "mpi": ("openmpi",),
    "onetbb": ("tbb", "onetbb"),
    "openmp": ("openmp",),
    "pg_config": ("libpq", "postgresql"),
    "sane-backends": ("sane-backends",),
    "systemd": ("systemd-minimal-libs", "systemd-libs"),
    "udev": ("systemd-minimal-libs", "systemd-libs", "systemd"),
    "unixodbc": ("unixODBC",),
    "wxwidgets_3_2": ("wxwidgets", "wxGTK"),
}


def _in_shell(snapshot: Snapshot, attribute: str) -> bool:
    """Whether the compiler or pkg-config of the shell is told of a package, by store path."""
    said = " ".join(
        snapshot.environment.get(name)
        for name in ("NIX_CFLAGS_COMPILE", "NIX_LDFLAGS", "PKG_CONFIG_PATH")
    )
    names = {path.rpartition(".")[2] for path in alternatives(attribute)}
    if any(asks.on_path(snapshot, name) for name in names):
        return True
    names |= {name.replace("_", "-") for name in names}
    names |= {other for name in names for other in _STORE_NAMES.get(name, ())}
    return any(re.search(rf"-{re.escape(name)}-\d", said, re.IGNORECASE) for name in names)


def fits(wheel: str, minor: str, system: str) -> bool:
    """Whether a wheel's file name promises that it works with a CPython on a system."""
    from packaging.utils import InvalidWheelFilename, parse_wheel_filename

    try:
        _, _, _, tags = parse_wheel_filename(wheel)
    except InvalidWheelFilename:
        return False
    machine, _, kernel = system.partition("-")
    machine = {"aarch64": "(?:aarch64|arm64|universal2)"}.get(machine, f"(?:{machine}|universal2)")
    platform = re.compile(
        rf"any|(?:(?:many)?linux\w*|macosx_\w+)_{machine}"
        if kernel == "darwin"
        else rf"any|(?:many)?linux\w*_{machine}"
    )
    number = int(minor.partition(".")[2] or 0)
    for tag in tags:
        version = re.fullmatch(r"(cp|py)3(\d*)", tag.interpreter)
        if version is None or not platform.fullmatch(tag.platform):
            continue
        least = int(version[2] or 0)
        if least == number and tag.abi in {tag.interpreter, "none", "abi3"}:
            return True
        if least <= number and (tag.abi == "abi3" or version[1] == "py"):
            return True
    return False


@rule("L12", Severity.WARNING, Part.ENVIRONMENT, Part.SEARCH)
def stale_sdk(snapshot: Snapshot) -> Iterator[Seen]:
    """Tell if the SDK variables of macOS lead nowhere, or away from the host's tools."""
    environment = snapshot.environment
    if not snapshot.machine.darwin:
        return
    for name in ("DEVELOPER_DIR", "SDKROOT"):
        value = environment.get(name)
        facts = environment.paths.get(value)
        if not value or facts is None:
            continue
        xcrun = asks.on_path(snapshot, "xcrun")
        if facts.kind == "missing":
            yield Seen(
                f"{name}={value}, which is not there",
                "it names an SDK of a shell that is gone; the compiler and git ask for it",
                "`unset DEVELOPER_DIR SDKROOT`, or enter the shell again",
                severity=Severity.ERROR,
            )
            return
        if snapshot.machine.in_store(value) and xcrun and not snapshot.machine.in_store(xcrun):
            yield Seen(
                f"{name}={value}, and `{xcrun}` is the host's",
                "the host's xcrun looks for its tools in Nix's SDK, which has none",
                "`unset DEVELOPER_DIR SDKROOT`, or take a newer nixpkgs with its own xcrun",
            )
            return


RULES = (
    program_without_loader,
    other_browsers,
    wheels_forbidden,
    headers_missing,
    stale_sdk,
)
