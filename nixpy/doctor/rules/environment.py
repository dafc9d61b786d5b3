"""E: the variables of the shell, and what reads them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator

from nixpy.doctor.model import Seen, Severity, rule
from nixpy.doctor.rules import asks
from nixpy.doctor.snapshot import Part, Snapshot

_SITE = re.compile(r"/python(3\.\d+)(?:/|$)|-python3?(3\.\d+)[.-]")

_UNSET = "`unset PYTHONPATH` at the end of the hook"

# 1980-01-01, the first day that a ZIP file can say.
_ZIP_EPOCH = 315532800


@rule(
    "E1",
    Severity.ERROR,
    Part.ENVIRONMENT,
    Part.SEARCH,
    Part.INTERPRETERS,
    Part.VENV,
    Part.PROJECT,
)
def python_path(snapshot: Snapshot) -> Iterator[Seen]:
    """Tell if PYTHONPATH holds packages of the store before the venv's, or of another Python."""
    environment, python = snapshot.environment, asks.venv_python(snapshot)
    first = asks.shell_python(snapshot)
    one = python or (first[2] if first and first[2] and first[2].works else None)
    for entry in environment.folders("PYTHONPATH"):
        facts = environment.paths.get(entry)
        if facts is None or not facts.distributions:
            continue  # devenv names a folder that holds no more than Python's own start-up file
        found = _SITE.search(entry) or _SITE.search(facts.resolved)
        minor = (found[1] or found[2]) if found else None
        in_store = snapshot.machine.in_store(entry) or snapshot.machine.in_store(facts.resolved)
        if one and minor and minor != one.minor:
            why = f"it is for Python {minor}; `{one.path}` is {one.minor}, and searches it first"
            fix = _UNSET
        elif python and in_store:
            why = "Python searches it before the venv, so what was installed there is not used"
            fix = _without_losing(snapshot, facts.distributions)
        else:
            continue
        named = asks.some(list(facts.distributions))
        yield Seen(f"PYTHONPATH holds `{entry}`, with {named}", why, fix)
        return


def _without_losing(snapshot: Snapshot, names: Iterable[str]) -> str:
    """Say how to do without PYTHONPATH and go on importing what it alone leads to."""
    have = {one.name for one in snapshot.venv.distributions}
    alone = [name for name in names if name not in have]
    if not alone:
        return _UNSET
    wanted = [name for name in alone if name in snapshot.project.wanted] or alone
    return (
        f"`nixpy init -p {' -p '.join(wanted[:3])}`, then `nixpy shell` in place of this one, links"
        f" into the venv what PYTHONPATH alone leads to; to unset it before would lose {alone[0]}"
    )


@rule(
    "E2",
    Severity.WARNING,
    Part.ENVIRONMENT,
    Part.SEARCH,
    Part.INTERPRETERS,
    Part.VENV,
    Part.PROJECT,
    Part.FLAKE,
)
def other_python_first(snapshot: Snapshot) -> Iterator[Seen]:
    """Tell if a Python of the store, which a tool brought along, comes before the declared one."""
    declared = asks.declared_minor(snapshot)
    first = next(asks.pythons(snapshot), None)
    if declared is None or first is None or asks.of_venv(snapshot, first[0]):
        return
    path, resolved, one = first
    if not one or not one.works or not snapshot.machine.in_store(resolved):
        return
    minor, where = declared
    if one.minor != minor:
        right = next(
            (other for other, _, said in asks.pythons(snapshot) if said and said.minor == minor),
            None,
        )
        yield Seen(
            f"`{path}` is first on PATH and is {one.version}; {where} says {minor}",
            "a program written in Python brought its own interpreter onto PATH"
            if right
            else "the shell has another Python than the one that is asked for",
            f"put `{posixpath.dirname(right)}` before it, or `lib.hiPrio` on the project's Python"
            if right
            else f"give the shell Python {minor}, or change {where.partition(':')[0]}",
        )


@rule("E3", Severity.WARNING, Part.ENVIRONMENT)
def before_1980(snapshot: Snapshot) -> Iterator[Seen]:
    """Tell if SOURCE_DATE_EPOCH lies before 1980."""
    value = snapshot.environment.get("SOURCE_DATE_EPOCH")
    if value.isdecimal() and int(value) < _ZIP_EPOCH:
        yield Seen(
            f"SOURCE_DATE_EPOCH={value}",
            "wheels are ZIP files, which cannot say a date before 1980",
            "`unset SOURCE_DATE_EPOCH` in the shell hook",
        )


@rule("E4", Severity.NOTE, Part.ENVIRONMENT)
def no_hash_randomisation(snapshot: Snapshot) -> Iterator[Seen]:
    """Tell if a Nix shell fixes PYTHONHASHSEED."""
    value = snapshot.environment.get("PYTHONHASHSEED")
    if value.isdecimal() and asks.in_nix_shell(snapshot):
        yield Seen(
            f"PYTHONHASHSEED={value}",
            "sets and dicts of text keep one order in each run, which hides bugs and"
            " weakens programs that serve a network",
            "`unset PYTHONHASHSEED` in the shell hook",
        )


@rule("E5", Severity.WARNING, Part.ENVIRONMENT)
def temporary_folder_gone(snapshot: Snapshot) -> Iterator[Seen]:
    """Tell if TMPDIR names a folder that is gone."""
    environment = snapshot.environment
    gone = [
        name
        for name in ("TMPDIR", "TMP", "TEMP", "TEMPDIR")
        if environment.get(name) and environment.paths[environment.get(name)].kind == "missing"
    ]
    if gone:
        yield Seen(
            f"{gone[0]}={environment.get(gone[0])}, which is not there",
            "direnv kept the temporary folder of a shell that has ended",
            f"`unset {' '.join(gone)}`; in `.envrc`: `unset TMPDIR` after `use flake`",
        )


_CERTIFICATES = (
    "SSL_CERT_FILE",
    "NIX_SSL_CERT_FILE",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "PIP_CERT",
    "GIT_SSL_CAINFO",
)


@rule("E6", Severity.ERROR, Part.ENVIRONMENT)
def certificates_missing(snapshot: Snapshot) -> Iterator[Seen]:
    """Tell if a variable names a file of certificates that is not there."""
    environment = snapshot.environment
    for name in _CERTIFICATES:
        value = environment.get(name)
        if value and environment.paths[value].kind == "missing":
            yield Seen(
                f"{name}={value}, which is not there",
                "no certificate can be checked, so nothing can be downloaded",
                f"`unset {name}`, or set it to `${{pkgs.cacert}}/etc/ssl/certs/ca-bundle.crt`",
            )
            return


@rule("E7", Severity.NOTE, Part.ENVIRONMENT, Part.SEARCH, Part.INTERPRETERS, Part.VENV)
def no_locales(snapshot: Snapshot) -> Iterator[Seen]:
    """Tell if off NixOS, programs of the store find no locales."""
    environment, machine = snapshot.environment, snapshot.machine
    if machine.nixos or machine.darwin or not asks.runs_on_nix(snapshot):
        return
    name = next((one for one in ("LC_ALL", "LANG") if environment.get(one)), None)
    if name is None or re.fullmatch(r"(?:C|POSIX)(?:\..*)?", environment.get(name)):
        return
    for variable in ("LOCALE_ARCHIVE", "LOCALE_ARCHIVE_2_27"):
        archive = environment.get(variable)
        if archive and environment.paths[archive].kind != "missing":
            return
    yield Seen(
        f"{name}={environment.get(name)}, and LOCALE_ARCHIVE leads to no file",
        "Nix's glibc has no locales of its own, and does not look at the host's",
        "set LOCALE_ARCHIVE to `${pkgs.glibcLocales}/lib/locale/locale-archive`",
    )


@rule("E8", Severity.WARNING, Part.ENVIRONMENT)
def fell_back(snapshot: Snapshot) -> Iterator[Seen]:
    """Tell if nix-direnv could not evaluate the flake and loaded the shell of before."""
    value = snapshot.environment.get("NIX_DIRENV_DID_FALLBACK")
    if value:
        yield Seen(
            f"NIX_DIRENV_DID_FALLBACK={value}",
            "the flake has an error, so this is the shell as it was before that",
            "`nix develop` shows the error; mend it, then `direnv reload`",
        )


@rule("E9", Severity.NOTE, Part.ENVIRONMENT, Part.FLAKE)
def functions_lost(snapshot: Snapshot) -> Iterator[Seen]:
    """Tell if direnv loads a shell whose hook defines functions or aliases."""
    lost = snapshot.flake.functions
    if lost and snapshot.flake.direnv and snapshot.environment.get("DIRENV_DIR"):
        yield Seen(
            f"{lost[0].where} defines {asks.some([one.name for one in lost])}",
            "direnv takes over variables only, so these are not there",
            "make them programs: `pkgs.writeShellScriptBin` in `packages`",
        )


@rule("E10", Severity.WARNING, Part.VENV, Part.PROJECT)
def editor_takes_another(snapshot: Snapshot) -> Iterator[Seen]:
    """Tell if the editor's settings name a Python of the store, or one that is not there."""
    for one in snapshot.project.editors:
        if snapshot.machine.in_store(one.path):
            why = "packages of `.venv` are unknown to it, and the path changes with each update"
        elif not one.exists and not _of_no_venv(snapshot, one.path):
            why = "there is no such file, so the editor takes any Python that it finds"
        else:
            continue
        yield Seen(
            f"{one.where} says `{one.value}`",
            why,
            "`nixpy editor vscode`, or write `${workspaceFolder}/"
            f"{asks.relative(snapshot, snapshot.venv.path)}/bin/python`",
        )


def _of_no_venv(snapshot: Snapshot, path: str) -> bool:
    """Whether what we would advise stands there already, and the venv is yet to be made."""
    venv = snapshot.venv
    own = posixpath.dirname(path) == posixpath.join(venv.path, "bin")
    return own and (path == venv.python or not venv.python_exists)


@rule("E11", Severity.WARNING, Part.VENV)
def kernel_elsewhere(snapshot: Snapshot) -> Iterator[Seen]:
    """Tell if a kernelspec starts another Python than the venv's, or none."""
    venv = snapshot.venv
    bins = {posixpath.join(folder, "bin") for folder in (venv.path, venv.resolved)}
    for one in venv.kernels:
        if not one.program.startswith("/"):
            continue
        if not one.exists:
            why = "there is no such program, so Jupyter cannot start the kernel"
        elif one.owner == "venv" and posixpath.dirname(one.program) not in bins:
            why = "it is another Python than the venv's, which has not the venv's packages"
        else:
            continue
        yield Seen(
            f"`{asks.relative(snapshot, one.file)}` starts `{one.program}`",
            why,
            f"`{asks.relative(snapshot, posixpath.join(venv.path, 'bin/python'))} -m ipykernel"
            f" install --sys-prefix --name {one.name}`",
        )


RULES = (
    python_path,
    other_python_first,
    before_1980,
    no_hash_randomisation,
    temporary_folder_gone,
    certificates_missing,
    no_locales,
    fell_back,
    functions_lost,
    editor_takes_another,
    kernel_elsewhere,
)
