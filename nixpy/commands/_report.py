"""What commands print of a plan and of what they wrote."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nixpy.plan.model import Plan, Shell
from nixpy.syntax.shown import as_json
from nixpy.system.console import paint, printable, say, tell
from nixpy.workspace.changes import Action, Change
from nixpy.workspace.workspace import Workspace

_DONE = {
    Action.CREATE: "wrote",
    Action.UPDATE: "updated",
    Action.EXTEND: "extended",
    Action.KEEP: "unchanged",
    Action.REMOVE: "removed",
}


def tell_plan(workspace: Workspace, plan: Plan) -> None:
    """Print what was chosen and why, a line each, then what is odd."""
    import sys

    if all(part.project.empty for part in workspace.parts):
        say("no metadata found: a shell with Python alone")
    width = max(len(one.subject) for one in plan.decisions)
    for one in plan.decisions:
        subject = paint(one.subject.ljust(width), "bold", sys.stdout)
        reason = paint(f"  ({printable(one.reason)})", "dim", sys.stdout) if one.reason else ""
        say(f"{subject}  {printable(one.value)}{reason}")
    for caution in plan.cautions:
        tell("warning", caution.text)
        if caution.hint:
            tell("hint", caution.hint)
    for note in plan.notes:
        tell("note", note)


def tell_changes(planned: Sequence[Change], added: Sequence[str]) -> None:
    """Print what happened to each file, and which of them git was made aware of."""
    for one in planned:
        said = " (git add --intent-to-add)" if one.path in added else ""
        say(f"{_DONE[one.action]:<9}  {one.path}{said}")


def show_diff(planned: Sequence[Change]) -> None:
    """Print a unified diff of all that would change."""
    for one in planned:
        text = one.diff()
        if text:
            say(printable(text).rstrip("\n"))


def plan_json(plan: Plan, planned: Sequence[Change]) -> str:
    """Give a plan and its files as JSON, the same bytes for the same plan."""
    return as_json(
        {
            "nixpkgs": plan.nixpkgs,
            "systems": plan.systems,
            "allow_unfree": plan.allow_unfree,
            "sources": plan.sources,
            "shells": {shell.name: _shell(shell) for shell in plan.shells},
            "decisions": [
                {"subject": one.subject, "value": one.value, "reason": one.reason}
                for one in plan.decisions
            ],
            "warnings": [{"text": one.text, "hint": one.hint} for one in plan.cautions],
            "notes": plan.notes,
            "files": [
                {"path": one.path, "action": one.action.value, "text": one.after} for one in planned
            ],
        }
    )


def _shell(shell: Shell) -> dict[str, Any]:
    def attributes(name: str) -> list[dict[str, str]]:
        return [
            {"attribute": one.alternatives[0], "name": one.name, "because": str(one.reason)}
            for one in getattr(shell, name)
        ]

    lists = ("packages", "libraries", "build_inputs", "first_tools", "tools", "typelibs")
    return {
        "folder": shell.folder,
        "python": shell.python.exact or shell.python.minor,
        "installer": shell.installer.value,
        "venv": shell.venv,
        "pythons": shell.pythons,
        "env": dict(shell.env),
        **{name: attributes(name) for name in lists},
    }


def finish(
    workspace: Workspace, plan: Plan, planned: Sequence[Change], *, dry_run: bool, use_git: bool
) -> None:
    """Write what changes, or with ``dry_run`` show it; tell what was done and what is odd."""
    for caution in plan.cautions:
        tell("warning", caution.text)
        if caution.hint:
            tell("hint", caution.hint)
    changed = [one for one in planned if one.action is not Action.KEEP]
    if dry_run:
        show_diff(changed)
        return
    added = workspace.write(planned, use_git=use_git)
    tell_changes(changed, added)
