"""Asks Nix what it can do, and what it says of the flake."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Mapping
from pathlib import Path

from nixpy.doctor.snapshot import LARGE, Evaluation, Flake, Git, Nix
from nixpy.errors import NixpyError
from nixpy.nixpkgs.ask import is_here
from nixpy.nixpkgs.complaint import read
from nixpy.nixpkgs.lock import needed
from nixpy.system import git as gate
from nixpy.system import process
from nixpy.system.files import read_text
from nixpy.system.nix import LOOKING, NO_NETWORK

# Where installers put Nix, for a shell that has lost it from PATH.
_PLACES = (
    "/nix/var/nix/profiles/default/bin",
    "/run/current-system/sw/bin",
    "~/.nix-profile/bin",
    "~/.local/state/nix/profile/bin",
)
_TIME_LIMIT = 20.0
# Messages of nixpkgs, which stand on lines of their own.
_TOLD = re.compile(
    r"has an unfree license|has been removed|attribute '.*' missing|undefined variable"
)
_NOT_HERE = "its inputs are not on this machine yet, and nothing is fetched for a look"
# What Nix says of what we forbade it, and why nothing was learnt then.
_NOT_OURS = (
    (
        re.compile(r"allow-import-from-derivation|import.from.derivation is disabled"),
        "it builds something to be evaluated (import from derivation), which was not done",
    ),
    (
        re.compile(
            r"unable to download|(?:C|c)ould ?n.t (?:resolve|connect)|transport '.*' not allowed"
            r"|cannot be fetched|Failed to connect|in offline mode"
        ),
        _NOT_HERE,
    ),
    (
        re.compile(r"cannot connect to socket|opening lock file '/nix|big-lock"),
        "Nix's own store cannot be used from here",
    ),
)
_SHELLS = (
    'shells: if shells.type or null == "derivation" then throw "the shell stands where a set of'
    ' shells is wanted: name it `default`" else builtins.mapAttrs (_: shell: shell.drvPath) shells'
)
_FLAKES = frozenset({"nix-command", "flakes"})


def look(project: Path | None = None) -> Nix:
    """Give the version and the enabled features of the machine's Nix, found outside a project."""
    places = [os.path.expanduser(one) for one in _PLACES]  # noqa: PTH111 - also without a home
    program = process.find("nix", *places, outside=project)
    if program is None:
        return Nix()
    said = _run([program, "--version"])
    version = said.out.strip() if said else ""
    return Nix(program, version.rpartition(" ")[2], _features(program, version))


def _features(program: str, version: str) -> tuple[str, ...] | None:
    if "Determinate" in version:
        return tuple(sorted(_FLAKES))  # flakes are no experiment there
    # The older name of the command; newer ones know it, and warn.
    for command in (["show-config"], ["config", "show"]):
        done = _run([program, *command])
        if done is None:
            return None
        said, complaint = done.out, done.err
        found = re.search(r"^experimental-features = (.*)$", said, re.MULTILINE)
        if found:
            return tuple(sorted(found[1].split()))
        if "nix-command" in complaint and "disabled" in complaint:
            return ()
    return None


def evaluate(
    folder: Path, nix: Nix, flake: Flake, git: Git, system: str
) -> tuple[Evaluation, str | None]:
    """Evaluate the development shells and give what Nix complains of, or why that was not done.

    Nothing is built or fetched for it, and no program is run that the checkout names.
    """
    if not flake.exists or "flake.nix" in git.untracked:
        return Evaluation(), None  # F1
    kept = _kept_from_evaluating(folder, nix, flake, git)
    if kept:
        return Evaluation(), kept
    reference = f"path:{folder}" if git.root is None else str(folder)
    # Older flakes have one shell; what has none at all may be broken before it comes to that.
    asked = ("devShells", "_: true")
    if flake.dev_shell:
        asked = (f"devShells.{system}", _SHELLS)
    if flake.one_shell:
        asked = (f"devShell.{system}", "shell: shell.drvPath")
    # The git that Nix starts, too, is to be none of the project's.
    path = process.search_path(gate.checkout_of(folder) or folder)
    variables = {**NO_NETWORK, "PATH": os.pathsep.join(path)}
    if git.root:
        with contextlib.suppress(NixpyError):
            variables |= gate.harmless(folder)
    done = _run(
        [
            nix.program or "nix",
            "eval",
            "--json",
            *LOOKING,
            "--no-write-lock-file",
            *("--extra-experimental-features", "nix-command flakes"),
            f"{reference}#{asked[0]}",
            "--apply",
            asked[1],
        ],
        variables,
    )
    if done is None:
        return Evaluation(), f"Nix gave no answer in {_TIME_LIMIT:.0f} seconds"
    if not done.status:
        return Evaluation(good=bool(done.out.strip())), None
    errors = done.err
    for pattern, said in _NOT_OURS:
        if pattern.search(errors):
            return Evaluation(), said
    lines = [line.strip() for line in errors.splitlines()]
    complaints = [line[:300] for line in lines if line.startswith("error:")]
    # Nix 2.20 and later put the message below a line with nothing but `error:`.
    complaints += [line[:300] for line in lines if "… while" not in line and _TOLD.search(line)]
    if not flake.dev_shell and "does not provide attribute" in errors:
        return Evaluation(), None
    complaint = read(errors)
    place = complaint.place
    return Evaluation(
        complaints=tuple(dict.fromkeys(complaints))[:20],
        error=_message(complaint.text) or (f"exit code {done.status}",),
        where=f"{place.file}:{place.line}" if place else "",
    ), None


def _kept_from_evaluating(folder: Path, nix: Nix, flake: Flake, git: Git) -> str | None:
    if nix.program is None:
        return "there is no Nix on this machine"
    if flake.inputs and not (folder / "flake.lock").is_file():
        return "there is no flake.lock yet (`nix flake lock` writes it)"
    try:
        lock = read_text(folder, "flake.lock") or ""
    except NixpyError as error:
        return f"flake.lock: {error.message}"
    if not all(is_here(source, folder) for source in needed(lock)):
        return _NOT_HERE
    if git.root is None and (git.megabytes >= LARGE or git.secrets):
        return "there is no git, so Nix would copy the whole folder into the store"
    return None


def _message(text: str) -> tuple[str, ...]:
    """Give the last error in what Nix wrote, without empty lines."""
    lines = [line.strip() for line in text.splitlines()]
    last = max((n for n, line in enumerate(lines) if line.startswith("error:")), default=None)
    if last is None:
        return ()
    lines[last] = lines[last].removeprefix("error:").strip()
    return tuple(line[:300] for line in lines[last:] if line)[:6]


def _run(arguments: list[str], variables: Mapping[str, str] | None = None) -> process.Done | None:
    """Run a command; None if it could not be started or did not end."""
    environment = {**os.environ, "LC_ALL": "C", "NO_COLOR": "1", **(variables or {})}
    try:
        return process.run(arguments, _TIME_LIMIT, cwd="/", environment=environment)
    except (OSError, process.TimedOut):
        return None
