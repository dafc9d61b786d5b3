"""I: which Python is chosen."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from nixpy.doctor.model import Mend, Seen, Severity, Step, rule
from nixpy.doctor.rules import asks
from nixpy.doctor.snapshot import Part, Snapshot

_VERSION_FIX = "set UV_PYTHON to a version (`UV_PYTHON={}`), or unset it"


@rule("I1", Severity.ERROR, Part.ENVIRONMENT, Part.SEARCH, Part.INTERPRETERS, Part.VENV)
def rests_on_legacy_env(snapshot: Snapshot) -> Iterator[Seen]:
    """Tell if the venv's Python, or with no venv one on PATH, is a legacy env."""
    python = asks.venv_python(snapshot)
    if python is not None:
        if asks.legacy_env(snapshot, python):
            yield Seen(
                f"`{asks.relative(snapshot, python.path)}` says that its prefix is"
                f" `{python.prefix}`",
                "the venv was made from `python.withPackages`, so installers write to the store",
                _remake(snapshot, python.plain_prefix),
                _mend_venv(snapshot),
            )
        return
    if snapshot.environment.get("VIRTUAL_ENV"):
        return  # I5
    if _searches_elsewhere(snapshot):
        return
    for path, _, one in asks.pythons(snapshot):
        if one and asks.legacy_env(snapshot, one) and _clean(snapshot, one.minor):
            yield Seen(
                f"`{path}` has the prefix `{one.prefix}`, and there is no venv",
                "to uv this is a venv, so `uv pip install` writes to the store",
                "make a venv first: `uv venv` with the clean Python first on PATH",
            )
            return


def _searches_elsewhere(snapshot: Snapshot) -> bool:
    """Whether uv looks for Pythons in folders that are there, and not on PATH."""
    return any(
        snapshot.environment.paths[folder].kind == "folder"
        for folder in snapshot.environment.folders("UV_PYTHON_SEARCH_PATH")
        if folder in snapshot.environment.paths
    )


def _remake(snapshot: Snapshot, clean: str) -> str:
    if snapshot.venv.nixpy or asks.with_nixpy(snapshot):
        return "remove `.venv`, then enter the shell again: nixpy makes it from the clean Python"
    name = asks.relative(snapshot, snapshot.venv.path)
    return f"remove `{name}` and make it with `{clean}/bin/python3 -m venv {name}`"


def _mend_venv(snapshot: Snapshot) -> Mend | None:
    return Mend(Step.REMAKE_VENV, (snapshot.venv.path,)) if snapshot.venv.nixpy else None


def _clean(snapshot: Snapshot, minor: str | None) -> str | None:
    """Give the first Python on PATH that uv takes for a system one, of a minor version."""
    for path, _, one in asks.pythons(snapshot):
        if (
            one
            and one.works
            and one.prefix == one.base_prefix
            and (minor is None or one.minor == minor)
        ):
            return path
    return None


@rule(
    "I2",
    Severity.ERROR,
    Part.ENVIRONMENT,
    Part.SEARCH,
    Part.INTERPRETERS,
    Part.VENV,
    Part.PROJECT,
)
def only_legacy_env(snapshot: Snapshot) -> Iterator[Seen]:
    """Tell if uv finds only a legacy env on PATH, which is no system interpreter to it."""
    if _searches_elsewhere(snapshot):
        return
    for path, _, one in asks.pythons(snapshot):
        if asks.of_venv(snapshot, path) or not one or not asks.legacy_env(snapshot, one):
            continue
        if _clean(snapshot, one.minor) is None:
            yield Seen(
                f"`{path}` has the prefix `{one.prefix}` and the base prefix `{one.base_prefix}`;"
                f" no other Python {one.minor} is on PATH",
                "uv takes it for a venv, so it finds no system interpreter to make one from",
                f"put the clean Python, `{one.base_prefix}/bin`, before it on PATH",
                severity=_without_uv(snapshot)
                or (None if asks.venv_python(snapshot) is None else Severity.WARNING),
            )
            return


def _without_uv(snapshot: Snapshot) -> Severity | None:
    """Make a note of what only uv stumbles over, where nobody uses uv."""
    used = "uv" in snapshot.project.installers or asks.on_path(snapshot, "uv")
    others = asks.installer(snapshot) not in {None, "uv", "hatch"}
    return Severity.NOTE if others and not used else None


@rule("I3", Severity.ERROR, Part.ENVIRONMENT, Part.SEARCH, Part.INTERPRETERS)
def uv_python_in_store(snapshot: Snapshot) -> Iterator[Seen]:
    """Tell if UV_PYTHON is a path into the store."""
    value = snapshot.environment.get("UV_PYTHON")
    facts = snapshot.environment.paths.get(value)
    one = asks.at(snapshot, value)
    # A venv that Nix builds (uv2nix) is right so; an env is not, since uv takes `.venv` for no venv
    # of its.
    env = bool(one and one.works and one.distributions and facts and not facts.venv)
    if "/" not in value or (asks.builds_nothing(snapshot) and not env):
        return
    resolved = facts.resolved if facts and not facts.venv else None
    if snapshot.machine.in_store(value) or snapshot.machine.in_store(resolved):
        yield Seen(
            f"UV_PYTHON={value}",
            "it beats VIRTUAL_ENV and `.venv`, so `uv pip install` writes to the store",
            _clean_first(snapshot, value, env=env)
            + _VERSION_FIX.format(one.minor if one and one.works else "3.12"),
        )


def _clean_first(snapshot: Snapshot, value: str, *, env: bool) -> str:
    """Say what goes before, where a version would be looked up in the env that is first on PATH."""
    first = asks.shell_python(snapshot)
    if env or not (first and first[2] and first[2].works and first[2].distributions):
        return ""
    return (
        f'first `PATH="{posixpath.dirname(value)}:$PATH"` in the hook, so that uv finds it; then '
    )


@rule("I4", Severity.WARNING, Part.ENVIRONMENT, Part.INTERPRETERS, Part.VENV)
def uv_python_wrapper(snapshot: Snapshot) -> Iterator[Seen]:
    """Tell if UV_PYTHON names a wrapper or a venv."""
    value = snapshot.environment.get("UV_PYTHON")
    facts = snapshot.environment.paths.get(value)
    if "/" not in value or facts is None or snapshot.machine.in_store(value):
        return
    if not facts.venv and snapshot.machine.in_store(facts.resolved):
        return  # I3
    one = asks.at(snapshot, value)
    fix = _VERSION_FIX.format(one.minor if one and one.works else "3.12")
    if facts.kind == "missing":
        yield Seen(f"UV_PYTHON={value}", "there is no such file, so uv finds no Python", fix)
    elif facts.venv:
        yield Seen(
            f"UV_PYTHON={value}",
            "it names the Python of a venv: uv remakes `.venv` if it is another's, and finds no"
            " Python once that venv is gone",
            fix,
        )
    elif facts.script:
        yield Seen(
            f"UV_PYTHON={value}",
            "it names a script; the Python that this starts is another file, so for uv `.venv`"
            " never rests on it, and is removed and made anew by each `uv run`",
            fix,
        )


@rule("I5", Severity.ERROR, Part.ENVIRONMENT, Part.VENV, Part.PROJECT)
def wrong_virtual_env(snapshot: Snapshot) -> Iterator[Seen]:
    """Tell if VIRTUAL_ENV is in the store, cannot be written, or is another project's."""
    value = snapshot.environment.get("VIRTUAL_ENV")
    facts = snapshot.environment.paths.get(value)
    if not value or facts is None or asks.builds_nothing(snapshot):
        return
    seen = f"VIRTUAL_ENV={value}"
    unset = "`unset VIRTUAL_ENV`, and enter the shell again"
    if snapshot.machine.in_store(value) or snapshot.machine.in_store(facts.resolved):
        yield Seen(seen, "installers follow it, and write to the store", unset)
        return
    venv, root = snapshot.venv, snapshot.project.root
    if value == venv.path or facts.resolved == venv.resolved:
        return
    if value.startswith(root + "/") and facts.kind == "missing":
        return
    if facts.kind == "missing":
        why = "there is no such folder"
    elif not facts.writable:
        why = "this user may not write to it, and installers follow it"
    elif facts.projects and not f"{root}/".startswith(posixpath.dirname(value) + "/"):
        why = "it is another project's venv, and installers other than uv write to it"
    elif venv.exists and not value.startswith(root + "/"):
        why = f"the project has its own venv, `{asks.relative(snapshot, venv.path)}`"
    else:
        return
    severity = Severity.ERROR if facts.kind != "missing" and not facts.writable else None
    yield Seen(seen, why, unset, severity=severity or Severity.WARNING)


_GENERIC = "Nix's Pythons need no such loader: set UV_PYTHON_DOWNLOADS=never"


@rule("I6", Severity.ERROR, Part.ENVIRONMENT, Part.SEARCH, Part.INTERPRETERS, Part.VENV)
def generic_python(snapshot: Snapshot) -> Iterator[Seen]:
    """Tell if the venv's Python, or the first on PATH, has a loader that is absent."""
    venv = snapshot.venv
    if venv.python_exists and not asks.starts(snapshot, venv.loader_state):
        target = venv.links[-1] if venv.links else venv.python
        yield Seen(
            f"`{asks.relative(snapshot, venv.python or '')}` is `{target}`, whose loader"
            f" `{venv.loader}` is {_absent(venv.loader_state.value)}",
            "it was built for other Linux systems (uv downloads such ones), and cannot start here",
            f"{_GENERIC}, remove `{asks.relative(snapshot, venv.path)}`, make it again",
            _mend_venv(snapshot),
        )
        return
    path, resolved, one = asks.shell_python(snapshot) or ("", "", None)
    if one and one.loader and not asks.starts(snapshot, one.loader_state):
        yield Seen(
            f"`{path}` is `{resolved}`, whose loader `{one.loader}` is"
            f" {_absent(one.loader_state.value)}",
            "it was built for other Linux systems, and cannot start here",
            f"{_GENERIC}, and take `{posixpath.dirname(path)}` off PATH",
        )


def _absent(state: str) -> str:
    return {"absent": "not there", "stub": "NixOS' stub-ld", "nix-ld": "nix-ld, without NIX_LD"}[
        state
    ]


@rule("I7", Severity.WARNING, Part.ENVIRONMENT, Part.SEARCH, Part.INTERPRETERS, Part.VENV)
def foreign_python_first(snapshot: Snapshot) -> Iterator[Seen]:
    """Tell if in a Nix shell a Python or uv of the host comes before the shell's on PATH."""
    if not asks.in_nix_shell(snapshot):
        return
    found = [one for one in asks.pythons(snapshot) if not asks.of_venv(snapshot, one[0])]
    in_store = snapshot.machine.in_store
    mine = next((path for path, resolved, _ in found if in_store(resolved)), None)
    steered = snapshot.environment.get("UV_PYTHON_SEARCH_PATH")
    if found and mine and not in_store(found[0][1]) and not steered:
        yield Seen(
            f"`{found[0][0]}` comes before `{mine}` on PATH",
            f"{_manager(found[0][0])} is asked before the shell's Python, so venvs are made"
            " from it",
            f"put `{posixpath.dirname(mine)}` first on PATH, or set"
            f" UV_PYTHON_SEARCH_PATH={posixpath.dirname(mine)}",
        )
    uvs = [
        (f"{entry.folder}/uv", entry.programs["uv"])
        for entry in snapshot.search
        if "uv" in entry.programs and not asks.of_venv(snapshot, f"{entry.folder}/uv")
    ]
    shells = next((path for path, resolved in uvs if in_store(resolved)), None)
    if uvs and shells and not in_store(uvs[0][1]):
        yield Seen(
            f"`{uvs[0][0]}` comes before `{shells}` on PATH",
            "the host's uv runs in place of the shell's",
            f"put `{posixpath.dirname(shells)}` first on PATH",
        )


def _manager(path: str) -> str:
    for name in ("pyenv", "asdf", "mise", "rye", "conda"):
        if f"/{name}/" in path or f"/.{name}/" in path:
            return name
    return "the host's Python"


@rule("I8", Severity.WARNING, Part.ENVIRONMENT, Part.SEARCH, Part.INTERPRETERS, Part.PROJECT)
def pinned_patch(snapshot: Snapshot) -> Iterator[Seen]:
    """Tell if `.python-version` names a patch release that no Python of the shell is."""
    environment = snapshot.environment
    first = asks.shell_python(snapshot)
    if not first or not snapshot.machine.in_store(first[1]) or environment.get("UV_PYTHON"):
        return
    pin = next((one for one in snapshot.project.pins if _of_uv(one.where)), None)
    if pin is None or pin.version is None:
        return
    wanted = pin.version + "."
    known = [one for _, _, one in asks.pythons(snapshot) if one and one.works]
    if known and not any(f"{one.version}.".startswith(wanted) for one in known):
        minor = ".".join(pin.version.split(".")[:2])
        if pin.version == minor or all(one.minor != minor for one in known):
            return  # E2
        have = ", ".join(dict.fromkeys(one.version for one in known))
        file = pin.where.partition(":")[0]
        yield Seen(
            f"{pin.where} says {pin.text}; the shell has {have}",
            "nixpkgs has one patch release of each version, and uv wants the very one",
            f"write `{minor}` into {file}, or set UV_PYTHON={minor}",
        )


def _of_uv(where: str) -> bool:
    return where.startswith((".python-version", ".python-versions"))


@rule(
    "I9",
    Severity.WARNING,
    Part.ENVIRONMENT,
    Part.SEARCH,
    Part.INTERPRETERS,
    Part.VENV,
    Part.PROJECT,
)
def pip_without_venv(snapshot: Snapshot) -> Iterator[Seen]:
    """Tell if pip is the installer, and there is no venv beside the store's Python."""
    environment = snapshot.environment
    elsewhere = ("VIRTUAL_ENV", "PIP_PREFIX", "PIP_TARGET", "PIP_BREAK_SYSTEM_PACKAGES")
    if snapshot.venv.kind != "missing" or any(environment.get(name) for name in elsewhere):
        return
    path, resolved, one = asks.shell_python(snapshot) or ("", "", None)
    if asks.installer(snapshot) != "pip" or one is None or not one.managed:
        return
    if not snapshot.machine.in_store(resolved):
        return
    if one.pip or asks.on_path(snapshot, "pip") or asks.on_path(snapshot, "pip3"):
        yield Seen(
            f"`{path}` is marked by `{one.managed}`, and there is no venv",
            "pip installs only into a venv (PEP 668); the store cannot be written",
            f"`{posixpath.basename(path)} -m venv .venv && . .venv/bin/activate`",
        )


_SOABI = re.compile(r"cpython-(3)(\d+)")


@rule("I10", Severity.ERROR, Part.ENVIRONMENT, Part.SEARCH, Part.INTERPRETERS, Part.VENV)
def mixed_sysconfig(snapshot: Snapshot) -> Iterator[Seen]:
    """Tell if a Python reads the build configuration of another."""
    first = asks.shell_python(snapshot)
    for one in (asks.venv_python(snapshot), first[2] if first else None):
        if one is None or not one.works:
            continue
        found = _SOABI.match(one.soabi or "")
        name = snapshot.environment.get("_PYTHON_SYSCONFIGDATA_NAME")
        if one.sysconfig_error and name:
            seen = f"_PYTHON_SYSCONFIGDATA_NAME={name}; `{one.path}` says: {one.sysconfig_error}"
        elif found and f"{found[1]}.{found[2]}" != one.minor:
            seen = f"`{one.path}` is {one.version}, but its SOABI is {one.soabi}"
        else:
            continue
        yield Seen(
            seen,
            "the setup hook of one Python describes another, so extensions are built for the"
            " wrong one",
            "`unset _PYTHON_SYSCONFIGDATA_NAME _PYTHON_HOST_PLATFORM`; keep to one Python",
        )
        return


RULES = (
    rests_on_legacy_env,
    only_legacy_env,
    uv_python_in_store,
    uv_python_wrapper,
    wrong_virtual_env,
    generic_python,
    foreign_python_first,
    pinned_patch,
    pip_without_venv,
    mixed_sysconfig,
)
