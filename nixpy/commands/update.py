"""``nixpy update``: a newer nixpkgs, and what that changes for the project."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import click

from nixpy.commands._options import directory_option
from nixpy.commands.add import compare_with_lock
from nixpy.distributions.rows import listed_packages
from nixpy.errors import NixpyError
from nixpy.flake.inputs import inputs_of
from nixpy.flake.render import FLAKE
from nixpy.installers.registry import spec
from nixpy.nixpkgs import programs, versions
from nixpy.nixpkgs.lock import Source, locked_nixpkgs
from nixpy.plan.model import Attribute, Part, Plan, Shell
from nixpy.system import nix
from nixpy.system.console import say, tell
from nixpy.system.files import read_text, write_all
from nixpy.workspace.locate import Place, find
from nixpy.workspace.workspace import Workspace


@click.command(short_help="take newer packages from Nix, and say what changes")
@click.argument("inputs", nargs=-1, metavar="[INPUT]...")
@directory_option
@click.option("--dry-run", is_flag=True, help="Say what would change, write nothing.")
def command(inputs: tuple[str, ...], directory: Path, dry_run: bool) -> int:
    """Update all inputs of the flake, or those that are named, as `nix flake update` does.

    Tells the versions that change of Python, of programs and libraries, and of the packages that
    Nix provides, and where the lock then has others. Asks the network.
    """
    place = find(directory)
    if FLAKE not in place.outputs:
        raise NixpyError(
            "the flake is your own", file=FLAKE, hint="`nix flake update` updates its inputs"
        )
    workspace = place.open()
    plan = workspace.plan()
    flake, lock = (read_text(place.root, path) for path in (place.layout.flake, place.layout.lock))
    if flake is None:
        raise NixpyError("there is no such file", file=place.layout.flake, hint="`nixpy sync`")
    known = [one.name for one in inputs_of(plan.shells)] + ["nixpkgs"]
    if wrong := [name for name in inputs if name not in known]:
        raise NixpyError(
            f"the flake has no input `{wrong[0]}`",
            file=place.layout.flake,
            hint=f"it has {', '.join(sorted(known))}",
        )
    after = nix.updated_lock(flake, lock, inputs)
    if after == lock:
        say("all inputs are as new as they can be")
        return 0
    before = locked_nixpkgs(lock) if lock else None
    now = locked_nixpkgs(after)
    if now is None:
        raise NixpyError("records no nixpkgs that can be asked", file=place.layout.lock)
    changed = _tell_changes(workspace, plan, before, now)
    if not changed:
        say("nothing that the shell has changes its version")
    if dry_run:
        return 0
    write_all(place.root, {place.layout.lock: after})
    say(f"updated    {place.layout.lock}")
    for part in workspace.parts:
        _compare(workspace, place, part)
    say()
    say(f"next: `{place.entering}` again (direnv does so at the next prompt)")
    return 0


def _compare(workspace: Workspace, place: Place, part: Part) -> None:
    names = [item.text for item in part.config.packages]
    if names:
        compare_with_lock(workspace, place.named(part.name), names)


def _tell_changes(workspace: Workspace, plan: Plan, before: Source | None, now: Source) -> bool:
    """Print a line for each version that changes; tell whether there is any."""
    told = False
    for part, shell in zip(workspace.parts, plan.shells, strict=True):
        old = _versions(part, shell, before) if before else {}
        new = _versions(part, shell, now)
        lines = [(name, old.get(name, ""), new.get(name, "")) for name in {**old, **new}]
        lines = [(name, was, became) for name, was, became in lines if was != became]
        if lines and len(workspace.parts) > 1:
            say(f"# {part.name}")
        width = max((len(name) for name, _, _ in lines), default=0)
        for name, was, became in lines:
            say(f"{name.ljust(width)}  {was or '(unknown)'} → {became or '(gone)'}")
        gone = [name for name, _, became in lines if not became]
        if gone:
            tell("warning", f"the new nixpkgs has no {', '.join(f'`{one}`' for one in gone)}")
            tell("hint", f"`git checkout {workspace.config.flake.lock}` takes the old lock back")
        told = told or bool(lines)
    return told


def _versions(part: Part, shell: Shell, source: Source) -> dict[str, str]:
    """Give the versions that a nixpkgs has of what a shell is made of."""
    system = nix.host_system()
    asked: dict[str, Sequence[str]] = {
        "python": (shell.python.attribute,),
        **{name: (name,) for name in spec(shell.installer).programs},
        **_named((*shell.first_tools, *shell.tools, *shell.libraries)),
    }
    found = programs.versions_of(
        nix.evaluate(programs.expression(source, system, asked), seconds=600), asked
    )
    if shell.packages:
        used = {one.name for one in part.project.wanted}
        used |= {one.name for one in part.project.locked}
        listed = listed_packages(part.config, used)
        question = versions.expression(source, system, shell.python.minor, listed)
        found |= versions.versions_of(nix.evaluate(question, seconds=600), listed)
    return found


def _named(attributes: Iterable[Attribute]) -> dict[str, Sequence[str]]:
    return {one.name: one.alternatives for one in attributes}
