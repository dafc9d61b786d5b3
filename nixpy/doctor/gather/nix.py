"""Asks Nix what it can do, and what it says of the flake."""

from __future__ import annotations

import os
import re
from pathlib import Path

from nixpy.doctor.snapshot import Evaluation, Flake, Git, Nix
from nixpy.system import process

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
_FLAKES = frozenset({"nix-command", "flakes"})


def look() -> Nix:
    """Give the version and the enabled features of the machine's Nix."""
    places = [os.path.expanduser(one) for one in _PLACES]  # noqa: PTH111 - also without a home
    program = process.find("nix", *places)
    if program is None:
        return Nix()
    version = (_run([program, "--version"]) or ("", ""))[0].strip()
    return Nix(program, version.rpartition(" ")[2], _features(program, version))


def _features(program: str, version: str) -> tuple[str, ...] | None:
    if "Determinate" in version:
        return tuple(sorted(_FLAKES))  # flakes are no experiment there
    # The older name of the command; newer ones know it, and warn.
    for command in (["show-config"], ["config", "show"]):
        done = _run([program, *command])
        if done is None:
            return None
        said, complaint = done
        found = re.search(r"^experimental-features = (.*)$", said, re.MULTILINE)
        if found:
            return tuple(sorted(found[1].split()))
        if "nix-command" in complaint and "disabled" in complaint:
            return ()
    return None


def evaluate(folder: Path, nix: Nix, flake: Flake, git: Git, system: str) -> Evaluation:
    """Evaluate the development shells, without network, and give what Nix complains of.

    Done only for a locked flake in a git checkout: else Nix would fetch, or copy the folder.
    """
    if nix.program is None or not set(nix.features or ()) >= _FLAKES or not flake.dev_shell:
        return Evaluation()
    locked = not flake.inputs or (folder / "flake.lock").is_file()
    if git.root is None or not locked or "flake.nix" in git.untracked:
        return Evaluation()
    done = _run(
        [
            nix.program,
            "eval",
            "--json",
            "--offline",
            "--no-write-lock-file",
            f"{folder}#devShells.{system}",
            "--apply",
            "builtins.mapAttrs (_: shell: shell.drvPath)",
        ]
    )
    if done is None:
        return Evaluation()
    said, errors = done
    lines = [line.strip() for line in errors.splitlines()]
    complaints = [line[:300] for line in lines if line.startswith("error:")]
    # Nix 2.20 and later put the message below a line with nothing but `error:`.
    complaints += [line[:300] for line in lines if "… while" not in line and _TOLD.search(line)]
    return Evaluation(bool(said.strip()), tuple(dict.fromkeys(complaints))[:20])


def _run(arguments: list[str]) -> tuple[str, str] | None:
    """Run a command; give what it wrote to stdout and stderr, or None if it did not end."""
    environment = {**os.environ, "LC_ALL": "C", "NO_COLOR": "1"}
    try:
        done = process.run(arguments, _TIME_LIMIT, cwd="/", environment=environment)
    except (OSError, process.TimedOut):
        return None
    return done.out, done.err
