"""The matrix as text: a table for the terminal, and docs/store-safety.md."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from tests.support.safety.cells import Cell, Unit
from tests.support.safety.environments import ENVIRONMENTS, Environment
from tests.support.safety.operations import INSTALLERS, operations

_MEANING = {
    "store": "the store was written to",
    "bytecode": "it works, but Python, as root, cached bytecode beside modules in the store",
    "fails": "the command failed",
    "elsewhere": "it went through, but what it installed is not in the project's venv",
    "read-only": "it passes only where the store can be written to",
}


def passes(cell: Cell) -> bool:
    """Tell whether a cell passed."""
    return cell.outcome == "pass"


def cached(cells: Iterable[Cell]) -> int:
    """Count the cells that failed for nothing but the bytecode that root's Python cached."""
    return sum(cell.outcome == "bytecode" for cell in cells)


def score(cells: Sequence[Cell]) -> str:
    """Give `passed/run`, and `+n` for those of :func:`cached`; a dash where nothing was run."""
    if not cells:
        return "-"
    but = f" +{cached(cells)}" if cached(cells) else ""
    return f"{sum(map(passes, cells))}/{len(cells)}{but}"


def rows(cells: Iterable[Cell]) -> list[tuple[Environment, str, list[Cell]]]:
    """Give the matrix's rows, in order: the environment, the kind of env, its cells."""
    kept = list(cells)
    found = []
    for one in ENVIRONMENTS:
        for kind in one.kinds:
            own = [c for c in kept if c.unit.row == one.key and c.unit.kind == kind]
            if own:
                found.append((one, kind, own))
    return found


def table(cells: Iterable[Cell]) -> str:
    """Give the table for a terminal: passed cells of each environment, by installer."""
    found = rows(cells)
    used = [i for i in INSTALLERS if any(c.unit.installer == i for _, _, own in found for c in own)]
    lines = [["environment", "env", *used]]
    for one, kind, own in found:
        by = [score([c for c in own if c.unit.installer == installer]) for installer in used]
        lines.append([one.key, kind, *by])
    widths = [max(len(line[at]) for line in lines) for at in range(len(lines[0]))]
    return "\n".join(
        "  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def markdown(cells: Iterable[Cell], left: Sequence[Unit] = ()) -> str:
    """Give the text of docs/store-safety.md; ``left`` are the environments that were not run."""
    kept = list(cells)
    found = rows(kept)
    return "\n".join(
        [*_head(kept, left), *_summary(found), *_uv(found), *_reasons(found), *_sources()]
    )


def _head(cells: Sequence[Cell], left: Sequence[Unit]) -> list[str]:
    uvs = _sorted({c.unit.uv for c in cells if c.unit.uv})
    own = [c for c in cells if c.unit.row == "nixpy"]
    lines = f"""\
# Store safety

<!-- Written by `python -m benchmarks.store_safety`; do not edit. -->

Does a project install ever target `/nix/store`? Each row is a development shell, each column
something that people do in it. A cell passes only if the command worked, what it installed lies in
the project's venv, and the store is byte for byte what it was. Every operation is done twice, in a
fresh copy of the project: with a store that root can write to, under an overlay that shows any
change in any file of it; and with the store mounted read-only, as on NixOS.

![The matrix](store-safety.svg)

- {len(cells):,} cells were run; {sum(map(passes, cells)):,} passed. Of nixpy's row:
  **{score(own)}**.
- `+n`: so many more work, but write to the store in one way: Python, run as root, caches bytecode
  beside modules there. No other user can, and on NixOS root cannot either.
- uv {", ".join(uvs)}
- {_pythons(c.unit for c in cells)}. A dash, or a grey square: not run; devenv's rows have an
  installer each.
- *legacy*: the env of nixpkgs 24.05 to 25.05, whose `sys.prefix` is not its `sys.base_prefix`;
  *argv0*: that of late 2025; *resolve*: that of 2026, and of devenv on every nixpkgs, which is as
  *argv0* where a program is called by its path. nixpkgs is the stand-in of `tests/nixpkgs`.
- `env`: the env brings pip and uv, too. A cell passes where no `pip` is found, and fails where one
  installs into the env.
- The machine has no Python but the shell's, and none can be downloaded: on NixOS such a Python does
  not start.
- Where a recipe makes no venv, operations that need one first run `uv venv` (for pip
  `python -m venv .venv`) and activate it, as its users do.
- Where the project's venv is: for nixpy `.venv`; for the others also where poetry, hatch and pipenv
  keep it in the home folder when nobody tells them otherwise.
- pdm and nox, as nixpkgs packages them, run `python -m virtualenv` and find that module only by the
  PYTHONPATH that nixpkgs' hooks leave in a shell: a recipe that unsets it fails with them.
""".splitlines()
    return [*lines, *_left(cells, left), ""]


def _left(cells: Sequence[Cell], left: Sequence[Unit]) -> list[str]:
    """Give lines that say which part of the whole was not run."""
    pythons, releases = {c.unit.python for c in cells}, {c.unit.uv for c in cells if c.unit.uv}
    none = [f"Python {one}" for one in _sorted({u.python for u in left} - pythons)]
    none += [f"uv {one}" for one in _sorted({u.uv for u in left if u.uv} - releases)]
    some = [u for u in left if u.python in pythons and (not u.uv or u.uv in releases)]
    named = [
        f"{row} with {', '.join(dict.fromkeys(u.installer for u in some if u.row == row))}"
        for row in dict.fromkeys(u.row for u in some)
    ]
    lines = [f"- Not run since the stand-in was last changed: {', '.join(none)}."] if none else []
    if named:
        lines.append(f"- Left to run, in part, on {_pythons(some)}: {'; '.join(named)}.")
    return lines


def _sorted(versions: Iterable[str]) -> list[str]:
    return sorted(versions, key=lambda one: [int(part) for part in one.split(".")])


def _pythons(units: Iterable[Unit]) -> str:
    return f"Python {', '.join(_sorted({one.python for one in units}))}"


def _summary(found: list[tuple[Environment, str, list[Cell]]]) -> list[str]:
    lines = [
        "## By installer",
        "",
        f"| environment | of | env | {' | '.join(INSTALLERS)} |",
        f"|---|---|---|{'---|' * len(INSTALLERS)}",
    ]
    for one, kind, own in found:
        by = [score([c for c in own if c.unit.installer == i]) for i in INSTALLERS]
        lines.append(f"| {_linked(one)} | {one.version} | {kind} | {' | '.join(by)} |")
    return [*lines, "", "`venv` is `python -m venv` and pip in a shell of uv's.", ""]


def _uv(found: list[tuple[Environment, str, list[Cell]]]) -> list[str]:
    names = [one.name for one in operations("uv")]
    lines = [
        "## uv, by operation",
        "",
        f"| environment | env | {' | '.join(names)} |",
        f"|---|---|{'---|' * len(names)}",
    ]
    for one, kind, own in found:
        by = []
        for name in names:
            cells = [c for c in own if c.unit.installer == "uv" and c.operation == name]
            by.append("✓" if cells and all(map(passes, cells)) else score(cells))
        lines.append(f"| {_linked(one)} | {kind} | {' | '.join(by)} |")
    return [*lines, ""]


def _reasons(found: list[tuple[Environment, str, list[Cell]]]) -> list[str]:
    lines = ["## What goes wrong", ""]
    for one, kind, own in found:
        bad = [c for c in own if not passes(c)]
        if not bad:
            continue
        counts = Counter((c.unit.installer, c.operation, c.outcome) for c in bad)
        lines += [f"**{one.title}, {kind}**", ""]
        for outcome, meaning in _MEANING.items():
            said = [
                f"{i} {name} ({n})" for (i, name, o), n in sorted(counts.items()) if o == outcome
            ]
            if said:
                lines.append(f"- {meaning}: {', '.join(said)}")
        lines.append("")
    return lines


def _sources() -> list[str]:
    lines = ["## Where the recipes are from", ""]
    return [*lines, *(f"- {one.title} ({one.version}): {one.source}" for one in ENVIRONMENTS), ""]


def _linked(one: Environment) -> str:
    return f"**{one.title}**" if one.key == "nixpy" else one.title
