"""V: the life of a venv."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from nixpy.doctor.model import Mend, Seen, Severity, Step, rule
from nixpy.doctor.rules import asks
from nixpy.doctor.rules.settings import host_pip
from nixpy.doctor.snapshot import Interpreter, Part, Snapshot
from nixpy.installers.registry import spec
from nixpy.metadata.model import Installer

# What makes venvs and installs into them: nobody misses it inside one.
_TOOLS = frozenset(
    [
        "build",
        "distlib",
        "filelock",
        "packaging",
        "pip",
        "platformdirs",
        "pyproject-hooks",
        "setuptools",
        "uv",
        "virtualenv",
        "wheel",
    ]
)


def _name(snapshot: Snapshot) -> str:
    return asks.relative(snapshot, snapshot.venv.path)


def _remake(snapshot: Snapshot) -> tuple[str, Mend | None]:
    """Give the way to make the venv anew, and what `--fix` may do."""
    venv = snapshot.venv
    if venv.nixpy:
        return (
            f"`nixpy doctor --fix`, or remove `{_name(snapshot)}` and enter the shell again",
            Mend(Step.REMAKE_VENV, (venv.path,)),
        )
    owner = asks.installer(snapshot)
    if owner in {None, Installer.PIP.value}:
        again = f"python3 -m venv {_name(snapshot)}"
    else:
        again = spec(Installer(owner)).reinstall(())
    return f"remove `{_name(snapshot)}` and make it again: `{again}`", None


@rule("V1", Severity.ERROR, Part.ENVIRONMENT, Part.INTERPRETERS, Part.VENV, Part.PROJECT)
def base_is_gone(snapshot: Snapshot) -> Iterator[Seen]:
    """Tell if the Python that the venv rests on is not there any more, or does not run."""
    venv = snapshot.venv
    fix, mend = _remake(snapshot)
    python = asks.relative(snapshot, venv.python or "")
    gone = "a store path that no garbage collector root keeps, or an older shell's"
    if venv.kind == "link" and not venv.exists:
        yield Seen(f"`{_name(snapshot)}` links to `{venv.resolved}`",
                   "there is no such folder", fix, mend)  # fmt: skip
        return
    if venv.kind == "file" or (venv.kind == "folder" and not venv.exists and venv.readable):
        what = "a file" if venv.kind == "file" else "empty" if venv.empty else "without pyvenv.cfg"
        yield Seen(
            f"`{_name(snapshot)}` is {what}",
            "it is no venv, and stands in the place of one",
            fix,
            severity=None if venv.kind == "file" else Severity.WARNING,
        )
        return
    if not venv.exists:
        return
    if venv.python is None:
        yield Seen(
            f"`{_name(snapshot)}` has a pyvenv.cfg, and no Python",
            "its making was cut short, or its `bin` was removed",
            fix,
            mend,
        )
        return
    if not venv.python_exists:
        target = venv.links[-1] if venv.links else venv.python
        yield Seen(
            f"`{python}` leads to `{target}`, which is gone",
            f"the venv rests on {gone}"
            if snapshot.machine.in_store(target)
            else "the Python that the venv was made from was removed",
            fix,
            mend,
        )
    elif not venv.home_exists:
        yield Seen(
            f"pyvenv.cfg of `{_name(snapshot)}` names `{venv.config.get('home')}`, which is gone",
            f"the venv rests on {gone}",
            fix,
            mend,
        )
    elif asks.starts(snapshot, venv.loader_state):
        one = asks.at(snapshot, venv.python)
        if one and one.error and not one.skipped and not _store_libraries(snapshot):
            yield Seen(
                f"`{python}` does not run: {one.error}", "the venv cannot be used", fix, mend
            )


def _store_libraries(snapshot: Snapshot) -> bool:
    environment = snapshot.environment
    folders = environment.folders("LD_LIBRARY_PATH")
    glibc = [one for one in folders if "libc.so.6" in environment.paths[one].holds]
    return any(snapshot.machine.in_store(folder) for folder in folders) or bool(glibc)  # L8


@rule(
    "V2", Severity.ERROR, Part.ENVIRONMENT, Part.SEARCH, Part.INTERPRETERS, Part.VENV, Part.PROJECT
)
def other_minor(snapshot: Snapshot) -> Iterator[Seen]:
    """Tell if in a Nix shell the venv is of another Python version than the shell."""
    venv = snapshot.venv
    path, resolved, one = asks.shell_python(snapshot) or ("", "", None)
    if not asks.in_nix_shell(snapshot) or not venv.exists or not venv.minor:
        return
    if one and one.works and snapshot.machine.in_store(resolved) and one.minor != venv.minor:
        fix, mend = _remake(snapshot)
        yield Seen(
            f"`{_name(snapshot)}` is of Python {venv.minor}; the shell has {one.version}, `{path}`",
            "the shell's Python was changed after the venv was made",
            fix,
            mend,
        )


@rule("V3", Severity.NOTE, Part.VENV)
def read_only_scripts(snapshot: Snapshot) -> Iterator[Seen]:
    """Tell if the activate scripts are read-only, as in the store that they were copied from."""
    venv = snapshot.venv
    sealed = sorted((one.name for one in venv.activators if not one.mode & 0o200), key=len)
    if sealed and not snapshot.machine.in_store(venv.resolved):
        yield Seen(
            f"`{_name(snapshot)}/bin/{sealed[0]}` has mode {_mode(snapshot, sealed[0])}",
            "`python -m venv` copied it from the store with its mode, and cannot write it again",
            f"`chmod u+w {_name(snapshot)}/bin/*` before you make the venv again",
        )


def _mode(snapshot: Snapshot, name: str) -> str:
    mode = next(one.mode for one in snapshot.venv.activators if one.name == name)
    return f"{mode & 0o777:04o}"


@rule("V4", Severity.ERROR, Part.VENV)
def not_writable(snapshot: Snapshot) -> Iterator[Seen]:
    """Tell if this user may not write to the venv."""
    venv, user = snapshot.venv, snapshot.machine.user
    there = venv.exists or not venv.readable
    if there and not venv.writable and not snapshot.machine.in_store(venv.resolved):
        owned = f" (it belongs to user {venv.owner}, you are {user})" if venv.owner != user else ""
        yield Seen(
            f"`{_name(snapshot)}` cannot be {'written' if venv.readable else 'read'}{owned}",
            "a container or `sudo` made it, or its file system is read-only",
            f'`sudo chown -R "$(id -u)" {_name(snapshot)}`, or remove it and make it again',
        )


_UNSEEN = "a venv sees only its own packages and those of the Python that it was made from"
_UNSEEN_IN_BASE = (
    "the venv was made from the env, but without `--system-site-packages`; once the env is"
    " collected from the store, the venv is of no use"
)


def _envs(snapshot: Snapshot, venv: Interpreter) -> list[Interpreter]:
    """Give the envs on PATH with packages for the venv's Python version."""
    found = {
        one.prefix: one
        for _, _, one in asks.pythons(snapshot)
        if one and one.works and one.distributions and one.minor == venv.minor
    }
    return [one for prefix, one in found.items() if prefix != venv.prefix]


@rule(
    "V5",
    Severity.WARNING,
    Part.ENVIRONMENT,
    Part.SEARCH,
    Part.INTERPRETERS,
    Part.VENV,
    Part.PROJECT,
)
def not_visible(snapshot: Snapshot) -> Iterator[Seen]:
    """Tell if what the env on PATH provides cannot be imported in the venv."""
    python = asks.venv_python(snapshot)
    if python is None or not snapshot.venv.exists or asks.legacy_env(snapshot, python):
        return
    have = {one.name for one in snapshot.venv.distributions}
    for entry in snapshot.environment.folders("PYTHONPATH"):
        facts = snapshot.environment.paths.get(entry)
        have.update(facts.distributions if facts else ())
    for env in _envs(snapshot, python):
        # The standard library of a venv that was made from the env lies in the env, too.
        shown = f"{env.prefix}/lib/python{env.minor}/site-packages"
        if any(f"{path}/".startswith(f"{shown}/") for path in python.sys_path):
            continue
        missing = [one.name for one in env.distributions if one.name not in have | _TOOLS]
        wanted = [name for name in missing if name in snapshot.project.wanted]
        if missing:
            named = wanted or missing
            yield Seen(
                f"`{env.prefix}` has {asks.some(named)}; the Python of `{_name(snapshot)}` does"
                " not see it",
                _UNSEEN_IN_BASE if env.prefix == python.base_prefix else _UNSEEN,
                f"`nixpy init -p {' -p '.join(named[:3])}` links them into the venv",
                severity=None if wanted else Severity.NOTE,
            )


@rule("V6", Severity.NOTE, Part.ENVIRONMENT, Part.SEARCH, Part.INTERPRETERS, Part.VENV)
def two_versions(snapshot: Snapshot) -> Iterator[Seen]:
    """Tell if a distribution is both in the venv and in the env, at different versions."""
    python = asks.venv_python(snapshot)
    if python is None or not snapshot.venv.exists:
        return
    mine = {one.name: one for one in snapshot.venv.distributions if one.installer != "nixpy"}
    before = snapshot.environment.folders("PYTHONPATH")
    for env in _envs(snapshot, python):
        if any(entry.startswith(f"{env.prefix}/") for entry in before):
            continue  # then Nix's is the one imported: E1
        twice = [
            f"{one.name} {mine[one.name].version} in the venv, {one.version} in Nix's"
            for one in env.distributions
            if one.name in mine and one.name not in _TOOLS
            and mine[one.name].version != one.version
        ]  # fmt: skip
        if twice:
            names = [line.partition(" ")[0] for line in twice]
            yield Seen(
                f"{'; '.join(twice[:3])}{f'; {len(twice) - 3} more' if len(twice) > 3 else ''}",
                "the venv's is the one imported; Nix's was built or fetched for nothing",
                f"`nixpy align {' '.join(names[:3])}`, or no longer ask Nix for it",
            )


@rule("V7", Severity.ERROR, Part.VENV, Part.PROJECT)
def moved(snapshot: Snapshot) -> Iterator[Seen]:
    """Tell if the venv was moved or copied: its scripts name another folder."""
    venv = snapshot.venv
    if not venv.exists:
        return
    own = {posixpath.join(venv.path, "bin"), posixpath.join(venv.resolved, "bin")}
    strays = [
        (f"bin/{one.name}", one.interpreter)
        for one in venv.scripts
        if posixpath.dirname(one.interpreter) not in own
        and one.resolved not in own
        and (one.venv or not one.exists)
    ] + [
        (f"bin/{one.name}", one.venv)
        for one in venv.activators
        if one.venv is not None and one.venv != venv.path and one.resolved != venv.resolved
    ]
    if strays:
        file, other = strays[0]
        more = f" ({len(strays)} scripts do so)" if len(strays) > 1 else ""
        fix, mend = _remake(snapshot)
        yield Seen(
            f"`{_name(snapshot)}/{file}` names `{other}`{more}",
            "the venv was moved or copied here; its scripts run the Python of the old place",
            fix,
            mend,
        )


@rule(
    "V8",
    Severity.WARNING,
    Part.ENVIRONMENT,
    Part.SEARCH,
    Part.INTERPRETERS,
    Part.VENV,
    Part.PROJECT,
)
def no_pip(snapshot: Snapshot) -> Iterator[Seen]:
    """Tell if pip is the project's installer, and the venv has none."""
    python, choices = asks.venv_python(snapshot), snapshot.project.choices
    if python is None or python.pip or asks.installer(snapshot) != "pip":
        return
    if asks.on_path(snapshot, "pip") and host_pip(snapshot):
        return  # I12
    if snapshot.environment.get("PIP_PYTHON") or ("uv" in snapshot.venv.config and not choices):
        return  # `uv pip` needs no pip
    yield Seen(
        f"`{asks.relative(snapshot, python.path)}` has no module pip",
        "uv makes venvs without pip, and Nix's Python has none to copy",
        f"`uv pip install` needs none; or `{asks.relative(snapshot, python.path)} -m ensurepip`",
    )


@rule("V9", Severity.WARNING, Part.INTERPRETERS, Part.VENV, Part.PROJECT)
def no_tkinter(snapshot: Snapshot) -> Iterator[Seen]:
    """Tell if the project imports tkinter, and its Python has none."""
    python, where = asks.venv_python(snapshot), snapshot.project.imports.get("tkinter")
    if python is None or python.tkinter or where is None:
        return
    nix = asks.runs_on_nix(snapshot) or snapshot.machine.in_store(python.base_prefix)
    with_nixpy = asks.with_nixpy(snapshot)
    again = asks.listed(snapshot, "packages", ["tkinter"])
    fix = (
        f"nixpy.yaml lists tkinter: {asks.AGAIN}"
        if again
        else f"`nixpy {'add' if with_nixpy else 'init -p'} tkinter`"
        if nix
        else "install your distribution's tkinter (`apt install python3-tk`)"
    )
    yield Seen(
        f"{where} imports tkinter; `{asks.relative(snapshot, python.path)}` has no `_tkinter`",
        "nixpkgs keeps tkinter in a package of its own"
        if nix
        else "this Python was built or packaged without it",
        fix,
        Mend(Step.EDIT_CONFIG, ("tkinter",), "packages")
        if nix and with_nixpy and not again
        else None,
    )


RULES = (
    base_is_gone,
    other_minor,
    read_only_scripts,
    not_writable,
    not_visible,
    two_versions,
    moved,
    no_pip,
    no_tkinter,
)
