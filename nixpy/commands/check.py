"""``nixpy check``: evaluate the generated shells with the user's own nixpkgs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from nixpy.commands._options import directory_option
from nixpy.config.model import Layout
from nixpy.doctor.gather import nix as machine
from nixpy.errors import NixpyError
from nixpy.flake.render import FLAKE, modules, render
from nixpy.nixpkgs.ask import ask, attributes, explained, nixpkgs_of
from nixpy.nixpkgs.build_plan import read as read_build_plan
from nixpy.nixpkgs.names import Context
from nixpy.nixpkgs.query import queries
from nixpy.plan.model import Plan
from nixpy.syntax import nix as nixtext
from nixpy.syntax.json import load_json
from nixpy.syntax.tree import MemoryTree
from nixpy.system import git, nix
from nixpy.system.console import printable, say, tell
from nixpy.system.files import read_text
from nixpy.workspace.changes import Action
from nixpy.workspace.locate import Place, find
from nixpy.workspace.workspace import Workspace

LOCK = "flake.lock"
# What is asked of the shells, in Nix: enough to evaluate all of each.
SHELLS = "builtins.mapAttrs (_: shell: shell.drvPath)"


@click.command(short_help="evaluate the generated shells with the user's own nixpkgs")
@click.option("--build", is_flag=True, help="Build the shells too: finds files that collide.")
@click.option(
    "--build-plan", is_flag=True, help="List what Nix would build, and how much it would fetch."
)
@click.option("--verbose", is_flag=True, help="Show what Nix itself says of an error.")
@directory_option
def command(build: bool, build_plan: bool, verbose: bool, directory: Path) -> int:
    """Evaluate the generated shells for this machine, and say in plain words what is wrong.

    All names that nixpkgs has not are told at once, each as it is written, with the nearest that
    exist. Writes nothing, neither flake.lock.
    """
    place = find(directory)
    workspace = place.open()
    plan = workspace.plan()
    version = nix.version()
    system = nix.host_system()
    _check_files(workspace, plan, place)
    _check_lock(place)
    _check_system(plan, system)
    _check_features()
    try:
        context = _check_attributes(place, plan)
        shells = _evaluate(place, plan, system, context)
        if build_plan:
            _show_plan(place, system, shells, verbose=verbose)
        if build:
            _build(place, system, shells, context)
    except NixpyError as error:
        _show_raw(error, verbose=verbose)
        raise
    say(f"good: {', '.join(shells)} ({system}, Nix {version})")
    return 0


def _check_files(workspace: Workspace, plan: Plan, place: Place) -> None:
    """Tell what git does not know, and what is out of date."""
    generated = render(plan) if FLAKE in place.outputs else modules(plan)
    wanted = list(generated)
    missing = [path for path in wanted if workspace.existing(path) is None]
    if missing:
        raise NixpyError("the file is missing", file=missing[0], hint="`nixpy sync` writes it")
    # A flake in a folder is read as it lies there, whatever git knows.
    if place.layout is Layout.ROOT and git.checkout_of(place.root) is not None:
        unknown = git.untracked(place.root, wanted)
        if unknown:
            raise NixpyError(
                "git does not know the file, so Nix does not see it",
                file=unknown[0],
                hint=f"`git add --intent-to-add {' '.join(unknown)}`",
            )
    try:
        planned = workspace.changes(plan)
    except NixpyError:
        # The user edited a file: that very file is what is to be checked.
        return
    for one in planned:
        if one.path in wanted and one.action is not Action.KEEP:
            tell("warning", f"`{one.path}` is out of date with nixpy.yaml or the metadata")
            tell("hint", "`nixpy sync` writes it anew")


def _check_lock(place: Place) -> None:
    """Raise NixpyError for a flake.lock that is not JSON: older Nix does not say which file it is.

    Git leaves it so where two branches updated it.
    """
    text = read_text(place.root, LOCK)
    if text is None:
        return
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith(("<<<<<<< ", ">>>>>>> ")):
            raise NixpyError(
                "holds a merge conflict that is not solved",
                file=LOCK,
                line=number,
                hint=f"`git checkout --theirs {LOCK}` (or `--ours`), then `git add {LOCK}`",
            )
    try:
        load_json(MemoryTree({LOCK: text}), LOCK, [])
    except NixpyError as error:
        error.hint = f"`git checkout {LOCK}` takes it back; without it `nix flake lock` writes one"
        raise


def _check_features() -> None:
    """Tell what Nix has switched off, which nixpy's own calls of Nix switch on."""
    enabled = machine.look().features
    off = [f"`{name}`" for name in ("nix-command", "flakes") if name not in (enabled or ())]
    if enabled is not None and off:
        tell("warning", f"Nix has {' and '.join(off)} switched off, so `nix develop` refuses")
        tell("hint", "put `experimental-features = nix-command flakes` into ~/.config/nix/nix.conf")


def _check_system(plan: Plan, system: str) -> None:
    if system not in plan.systems:
        raise NixpyError(
            f"the flake has no shell for this machine, {system}",
            hint=f"add `{system}` to `systems:` in nixpy.yaml and run `nixpy sync`",
        )


def _check_attributes(place: Place, plan: Plan) -> Context:
    """Ask for all that the plan lists, in the nixpkgs that Nix would take now.

    Where it cannot be asked, the flake's evaluation is left to say why, or that all is well.
    """
    asked = queries(plan)
    try:
        nixpkgs = nixpkgs_of(nix.locks(place.root, place.layout.reference()))
        verdict = ask(nixpkgs, plan, asked) if nixpkgs else None
    except nix.NixError:
        verdict = None
    if verdict is None:
        return Context(attributes(asked), root=str(place.root))
    verdict.check()
    return replace(verdict.context, root=str(place.root))


def _evaluate(place: Place, plan: Plan, system: str, context: Context) -> list[str]:
    """Evaluate the flake's shells, and give their names."""
    try:
        shells = nix.evaluate_flake(
            place.root, f"devShells.{system}", SHELLS, place.layout.reference()
        )
    except nix.NixError as error:
        told = explained(error, context)
        if told.file is None and "--show-trace" in error.raw:
            told = _told_with_trace(place, system, told, context)
        raise told from None
    for shell in plan.shells if FLAKE in place.outputs else ():
        if shell.name not in shells:
            raise NixpyError(
                f"the flake has no shell `{shell.name}`",
                file=place.layout.flake,
                hint="`nixpy sync` renders it",
            )
    return list(shells)


def _told_with_trace(
    place: Place, system: str, told: nix.NixError, context: Context
) -> nix.NixError:
    """Evaluate once more, with all that Nix knows of the way to the error.

    The short trace often ends within nixpkgs, before the line in the project's own files.
    """
    try:
        nix.evaluate_flake(
            place.root, f"devShells.{system}", SHELLS, place.layout.reference(), trace=True
        )
    except nix.NixError as error:
        traced = explained(error, context)
        if traced is not error:
            traced.raw = told.raw
            return traced
    return told


def _build(place: Place, system: str, shells: Sequence[str], context: Context) -> None:
    try:
        for name in shells:
            nix.build(
                place.root,
                f"devShells.{system}.{nixtext.segment(name)}",
                place.layout.reference(),
            )
    except nix.NixError as error:
        raise explained(error, context) from None


def _show_plan(place: Place, system: str, shells: Sequence[str], *, verbose: bool) -> None:
    for name in shells:
        attribute = f"devShells.{system}.{nixtext.segment(name)}"
        found = read_build_plan(
            nix.build(place.root, attribute, place.layout.reference(), dry_run=True)
        )
        prefix = f"{name}: " if len(shells) > 1 else ""
        if not found.built and not found.fetched:
            say(f"{prefix}all is in the store")
            continue
        if found.built:
            say(f"{prefix}would be built ({len(found.built)}):")
            for one in found.built:
                say(f"  {printable(one)}")
        if found.fetched:
            size = f", {found.download} to download, {found.unpacked} unpacked"
            say(f"{prefix}would be fetched ({len(found.fetched)}){size if found.download else ''}")
            for one in found.fetched if verbose else ():
                say(f"  {printable(one)}")


def _show_raw(error: NixpyError, *, verbose: bool) -> None:
    raw = [one.raw for one in error.errors if isinstance(one, nix.NixError) and one.raw]
    if verbose:
        for text in raw:
            tell("note", f"Nix says:\n{text.rstrip()}")
    elif raw:
        tell("note", "`--verbose` shows what Nix says")
