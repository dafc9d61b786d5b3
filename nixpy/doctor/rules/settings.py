"""I, second half: what sends uv, pip and others elsewhere than to the shell's Python and venv."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from nixpy.doctor.model import Seen, Severity, rule
from nixpy.doctor.rules import asks
from nixpy.doctor.snapshot import Interpreter, Part, Setting, Snapshot

_FALSE = frozenset({"", "0", "false", "no", "off"})
_PYTHONS = (Part.ENVIRONMENT, Part.SEARCH, Part.INTERPRETERS, Part.VENV, Part.PROJECT)


def _first(snapshot: Snapshot, name: str) -> tuple[str, str] | None:
    """Give the path and the resolved path of a program on PATH."""
    path = asks.on_path(snapshot, name)
    if path is None:
        return None
    entry = next(one for one in snapshot.search if one.folder == posixpath.dirname(path))
    return path, entry.programs[name]


def _env_of(snapshot: Snapshot, resolved: str) -> Interpreter | None:
    """Give the Python of the env that a program of the store lies in."""
    if not snapshot.machine.in_store(resolved):
        return None
    folder = posixpath.dirname(resolved)
    return next(
        (
            one
            for path, _, one in asks.pythons(snapshot)
            if one
            and one.works
            and one.distributions
            and folder in {posixpath.dirname(path), f"{one.prefix}/bin"}
        ),
        None,
    )


@rule("I11", Severity.ERROR, *_PYTHONS)
def uv_of_an_env(snapshot: Snapshot) -> Iterator[Seen]:
    """Tell if the uv that runs is a wrapped program of a legacy env."""
    uv = _first(snapshot, "uv")
    env = _env_of(snapshot, uv[1]) if uv else None
    if uv is None or env is None or not asks.legacy_env(snapshot, env):
        return
    yield Seen(
        f"`{uv[0]}` is a program of the env `{env.prefix}`",
        "its wrapper sets NIX_PYTHONPREFIX, so the clean Python that uv starts calls itself the"
        " env; with a warm cache uv does not ask, and it works there",
        "take `ps.uv` out of `withPackages`, and put `pkgs.uv` beside it",
    )


@rule("I12", Severity.ERROR, *_PYTHONS)
def pip_of_another(snapshot: Snapshot) -> Iterator[Seen]:
    """Tell if the first pip on PATH is an env's, or the host's beside a venv without pip."""
    environment, python = snapshot.environment, asks.venv_python(snapshot)
    pip = _first(snapshot, "pip") or _first(snapshot, "pip3")
    if pip is None or asks.of_venv(snapshot, pip[0]):
        return
    guarded = environment.get("PIP_REQUIRE_VIRTUALENV").lower() not in _FALSE
    fix = "put the venv's `bin` first on PATH, and let the venv have pip: `python -m ensurepip`"
    env = _env_of(snapshot, pip[1])
    others = asks.installer(snapshot) not in {None, "pip"}
    if env is not None:
        if guarded and not asks.legacy_env(snapshot, env):
            return
        yield Seen(
            f"`{pip[0]}` is a program of the env `{env.prefix}`",
            "`pip install` writes into the store: refused, or done and lost with the next update",
            f"{fix}; take `ps.pip` out of `withPackages`",
            severity=Severity.NOTE if others else None,
        )
    elif host_pip(snapshot) and python and not guarded:
        yield Seen(
            f"`{pip[0]}` is the first pip, and the venv has none",
            "`pip install` runs, and installs for another Python than the venv's",
            fix,
            severity=Severity.WARNING,
        )


def host_pip(snapshot: Snapshot) -> bool:
    """Whether the venv is active, has no pip, and one that is not the store's answers for it."""
    python = asks.venv_python(snapshot)
    pip = _first(snapshot, "pip") or _first(snapshot, "pip3")
    active = any(one.folder == f"{snapshot.venv.path}/bin" for one in snapshot.search)
    return bool(
        pip
        and python
        and not python.pip
        and active
        and asks.installer(snapshot) == "pip"
        and not snapshot.machine.in_store(pip[1])
        and not asks.of_venv(snapshot, pip[0])
    )


@rule("I13", Severity.ERROR, *_PYTHONS)
def outside_requires_python(snapshot: Snapshot) -> Iterator[Seen]:
    """Tell if the project does not allow the Python that the shell or its venv has."""
    python = asks.venv_python(snapshot)
    if python is None and asks.in_nix_shell(snapshot):
        found = asks.shell_python(snapshot)
        python = found[2] if found and found[2] and found[2].works else None
    if python is None or python.implementation != "cpython":
        return
    for one in snapshot.project.requires:
        try:
            allowed = SpecifierSet(one.text).contains(python.version, prereleases=True)
        except InvalidSpecifier:
            continue  # in the words of another tool, which reads it itself
        if not allowed:
            yield Seen(
                f"{one.where} allows Python `{one.text}`;"
                f" `{asks.relative(snapshot, python.path)}` is {python.version}",
                "installers refuse to install the project for this Python",
                "`python:` in nixpy.yaml, then `nixpy sync`"
                if snapshot.project.choices
                else "give the shell a Python that the project allows, or widen `requires-python`",
            )
            return


def _uv_setting(snapshot: Snapshot, name: str, variable: str = "") -> Setting | None:
    """Give what uv goes by: a variable comes before files, the project's before the user's."""
    value = snapshot.environment.get(variable) if variable else ""
    if value:
        return Setting("uv", name, value, variable)
    return next(
        (one for one in snapshot.project.settings if one.tool == "uv" and one.name == name), None
    )


@rule("I14", Severity.ERROR, *_PYTHONS)
def uv_settings(snapshot: Snapshot) -> Iterator[Seen]:
    """Tell if a setting of uv asks for Pythons, or for a uv, that a Nix shell has not."""
    environment = snapshot.environment
    nix = asks.in_nix_shell(snapshot) or asks.runs_on_nix(snapshot) or snapshot.machine.nixos
    if not nix or "uv" not in (
        *snapshot.project.installers,
        "uv" if _first(snapshot, "uv") else "",
    ):
        return
    managed = environment.get("UV_MANAGED_PYTHON")
    preference = _uv_setting(snapshot, "python-preference", "UV_PYTHON_PREFERENCE")
    if managed.lower() not in _FALSE:
        preference = Setting("uv", "managed", "only-managed", "UV_MANAGED_PYTHON")
    if preference and preference.value in {"only-managed", "managed"}:
        yield Seen(
            f"{preference.where} says `{preference.value}`",
            "uv passes over the shell's Python for one of its own, built for other Linux systems",
            f"`unset {preference.where}`, or UV_PYTHON_PREFERENCE=only-system in the shell"
            if preference.where.startswith("UV_")
            else "UV_PYTHON_PREFERENCE=only-system in the shell, which comes before the file",
            severity=None if preference.value == "only-managed" else Severity.WARNING,
        )
    downloads = _uv_setting(snapshot, "python-downloads", "UV_PYTHON_DOWNLOADS")
    if downloads and downloads.value in {"automatic", "true", "1"}:
        yield Seen(
            f"{downloads.where} says `{downloads.value}`",
            "where uv does not find a Python it fetches one that was built for other Linux systems",
            "UV_PYTHON_DOWNLOADS=never in the shell",
            severity=Severity.WARNING,
        )
    if environment.get("UV_SYSTEM_PYTHON").lower() not in _FALSE:
        yield Seen(
            f"UV_SYSTEM_PYTHON={environment.get('UV_SYSTEM_PYTHON')}",
            "`uv pip install` passes over the venv, and writes into the store",
            "`unset UV_SYSTEM_PYTHON`",
        )
    yield from _required_uv(snapshot)


def _required_uv(snapshot: Snapshot) -> Iterator[Seen]:
    uv, wanted = _first(snapshot, "uv"), _uv_setting(snapshot, "required-version")
    found = re.search(r"-uv-(\d+(?:\.\d+)+)/", uv[1]) if uv else None
    if uv is None or wanted is None or found is None:
        return
    text = wanted.value if wanted.value[:1] in "<>=!~" else f"=={wanted.value}"
    try:
        fits = SpecifierSet(text).contains(found[1])
    except InvalidSpecifier:
        return
    if not fits:
        yield Seen(
            f'{wanted.where} says `required-version = "{wanted.value}"`; `{uv[0]}` is {found[1]}',
            "uv refuses to do anything for the project",
            "take a nixpkgs whose uv fits, or change `required-version`",
        )


_ELSEWHERE = {
    "PYTHONHOME": "every Python looks for its modules there, also those of other versions",
    "PYTHONPLATLIBDIR": "Python looks for its modules in another folder than where they are",
    "PIP_PREFIX": "pip installs there, and not into the venv",
    "PIP_ROOT": "pip installs below that folder, and not into the venv",
    "PIP_TARGET": "pip installs there, and not into the venv",
    "UV_PROJECT": "uv works on that project, whichever folder it is started in",
    "UV_WORKING_DIR": "uv works in that folder, wherever it is started",
    "PDM_PROJECT": "pdm works on that project, whichever folder it is started in",
    "PIPENV_PIPFILE": "pipenv works on that Pipfile, whichever folder it is started in",
}
_SWITCHES = {
    "PIP_USER": "pip installs into the home folder, or refuses to in a venv",
    "PIP_BREAK_SYSTEM_PACKAGES": "pip writes into the store instead of refusing to",
}
_INSIDE = frozenset({"UV_PROJECT", "UV_WORKING_DIR", "PDM_PROJECT", "PIPENV_PIPFILE"})
_OF_PIP = {
    "user": "pip installs into the home folder, or refuses to in a venv",
    "target": "pip installs there, and not into the venv",
    "prefix": "pip installs there, and not into the venv",
    "root": "pip installs below that folder, and not into the venv",
    "python": "pip installs for that Python, and not for the venv's",
    "break-system-packages": "pip writes into the store instead of refusing to",
}


@rule("I15", Severity.WARNING, *_PYTHONS)
def sent_elsewhere(snapshot: Snapshot) -> Iterator[Seen]:
    """Tell if a variable or a setting leads Python or an installer away from the venv."""
    environment, root = snapshot.environment, snapshot.project.root
    if not (asks.in_nix_shell(snapshot) or asks.runs_on_nix(snapshot) or snapshot.machine.nixos):
        return
    for name, why in _ELSEWHERE.items():
        value = environment.get(name)
        if value and not (name in _INSIDE and f"{value}/".startswith(f"{root}/")):
            severity = Severity.ERROR if name == "PYTHONHOME" else None
            yield Seen(f"{name}={value}", why, f"`unset {name}`", severity=severity)
    for name, why in _SWITCHES.items():
        if environment.get(name).lower() not in _FALSE:
            yield Seen(f"{name}={environment.get(name)}", why, f"`unset {name}`")
    yield from _venvs_elsewhere(snapshot)
    if asks.installer(snapshot) in {None, "pip"}:
        for one in snapshot.project.settings:
            if one.tool == "pip":
                yield Seen(
                    f"{one.where} says `{one.name} = {one.value}`",
                    _OF_PIP[one.name],
                    "remove the line, or set PIP_CONFIG_FILE=/dev/null in the shell",
                )


def _venvs_elsewhere(snapshot: Snapshot) -> Iterator[Seen]:
    environment, root = snapshot.environment, snapshot.project.root
    value = environment.get("UV_PROJECT_ENVIRONMENT")
    facts = environment.paths.get(value)
    if value.startswith("/") and facts and not asks.builds_nothing(snapshot):
        inside = value.startswith(f"{root}/")
        if snapshot.machine.in_store(facts.resolved) or (facts.projects and not inside):
            of = "in the store" if not facts.projects else "another project's"
            yield Seen(
                f"UV_PROJECT_ENVIRONMENT={value}",
                f"it is {of}, and `uv sync` removes from it what this project does not lock",
                "`unset UV_PROJECT_ENVIRONMENT`, or give it a relative path",
                severity=Severity.ERROR,
            )
    poetrys = environment.get("POETRY_VIRTUALENVS_PATH")
    in_project = environment.get("POETRY_VIRTUALENVS_IN_PROJECT").lower() not in _FALSE
    if poetrys and not in_project and asks.installer(snapshot) == "poetry":
        yield Seen(
            f"POETRY_VIRTUALENVS_PATH={poetrys}",
            "poetry makes the venv there, and not as `.venv`",
            "POETRY_VIRTUALENVS_IN_PROJECT=true, or `unset POETRY_VIRTUALENVS_PATH`",
        )
    saved = next((one for one in snapshot.project.settings if one.tool == "pdm"), None)
    ignored = environment.get("PDM_IGNORE_SAVED_PYTHON").lower() not in _FALSE
    if saved and not ignored and snapshot.machine.in_store(saved.value):
        yield Seen(
            f".pdm-python names `{saved.value}`",
            "pdm installs for the Python that it names: into the store, or not at all once that"
            " path is collected",
            "remove `.pdm-python`, or PDM_IGNORE_SAVED_PYTHON=1 in the shell",
        )


@rule("I16", Severity.ERROR, Part.INTERPRETERS)
def store_was_written(snapshot: Snapshot) -> Iterator[Seen]:
    """Tell if an installer has written into a store path."""
    for one in snapshot.interpreters:
        if one.foreign:
            parts = one.foreign[0].split("/")
            depth = len(snapshot.machine.store.split("/")) + 1
            path = "/".join(parts[:depth])
            yield Seen(
                f"`{path}` holds {asks.some([posixpath.basename(name) for name in one.foreign])},"
                " which Nix did not write",
                "an installer that ran as root, or after `chmod u+w`, put it there: other projects"
                " that share this path see it, too",
                f"`sudo nix store repair {path}` (older: `nix-store --repair-path {path}`)",
            )
            return


RULES = (
    uv_of_an_env,
    pip_of_another,
    outside_requires_python,
    uv_settings,
    sent_elsewhere,
    store_was_written,
)
