"""The store safety matrix: environments by operations, over uv's releases, kinds of env, Pythons.

    python -m benchmarks.store_safety                      all of it, then docs/store-safety.*
    python -m benchmarks.store_safety --row nixpy          one row
    python -m benchmarks.store_safety --installer poetry --column add --kind legacy --python 3.12

What was run is kept in build/store-safety and not run again; `--fresh` forgets it. Needs Nix, and
the right to mount over the store in a namespace of one's own (root, or user namespaces).
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from benchmarks.safety import report, svg  # noqa: E402
from benchmarks.safety.matrix import Results, run_matrix  # noqa: E402
from tests.support import wheelhouse  # noqa: E402
from tests.support.nixpkgs import (  # noqa: E402
    FOLDER,
    KINDS,
    available_pythons,
    nix_environment,
    preferred_python,
)
from tests.support.safety.cells import Unit  # noqa: E402
from tests.support.safety.environments import ENVIRONMENTS  # noqa: E402
from tests.support.safety.operations import INSTALLERS, OPERATIONS, operations  # noqa: E402
from tests.support.safety.projects import INDEX  # noqa: E402
from tests.support.safety.sandbox import can_mount  # noqa: E402

WORK = ROOT / "build/store-safety"
DOCS = ROOT / "docs"


def uv_releases() -> tuple[str, ...]:
    """Give the releases of uv that the stand-in has, oldest first."""
    listed = json.loads((FOLDER / "wheels/uv.json").read_text("utf-8"))
    return tuple(sorted(listed, key=lambda one: [int(part) for part in one.split(".")]))


def all_units() -> Iterator[Unit]:
    """Yield everything that the full matrix runs.

    What tells most comes first, for runs whose time is bounded.
    """
    yield from sorted(_units(), key=_rank)


def _rank(unit: Unit) -> int:
    usual = unit.python == preferred_python()
    order = (
        unit.row == "nixpy" and unit.installer == "uv",
        unit.installer == "uv" and usual,
        unit.row == "nixpy" and usual,
        unit.installer != "uv" and usual,
        unit.row == "nixpy",
        True,
    )
    return order.index(True)


def _units() -> Iterator[Unit]:
    for row in ENVIRONMENTS:
        for kind in row.kinds:
            for python in available_pythons():
                for installer in row.installers:
                    if installer == "uv":
                        yield from (Unit(row.key, "uv", kind, python, uv) for uv in uv_releases())
                    else:
                        yield Unit(row.key, installer, kind, python, "")


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="run the store safety matrix")
    parser.add_argument("--row", action="append", choices=[one.key for one in ENVIRONMENTS])
    parser.add_argument("--installer", action="append", choices=INSTALLERS)
    columns = sorted({one.name for one in OPERATIONS})
    parser.add_argument("--column", action="append", choices=columns, default=[])
    parser.add_argument("--uv", action="append", choices=uv_releases())
    parser.add_argument("--kind", action="append", choices=KINDS)
    parser.add_argument("--python", action="append", choices=available_pythons())
    parser.add_argument("--parallel", type=int, default=2, help="environments at a time")
    parser.add_argument("--minutes", type=float, help="begin no further environment after these")
    parser.add_argument("--fresh", action="store_true", help="forget what was run before")
    parser.add_argument(
        "--docs", action="store_true", help="write docs/store-safety.* of all that is kept"
    )
    return parser.parse_args()


def main() -> int:
    """Run what was asked for, print the table; exit status 1 where a cell of nixpy's fails."""
    options = _parse()
    if not can_mount():
        print("error: this machine does not let us mount over /nix/store", file=sys.stderr)
        return 2
    os.environ.update(nix_environment({}))
    if options.fresh:
        shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir(parents=True, exist_ok=True)
    units = [
        unit
        for unit in all_units()
        if (not options.row or unit.row in options.row)
        and (not options.installer or unit.installer in options.installer)
        and (not options.uv or unit.uv in options.uv)
        and (not options.kind or unit.kind in options.kind)
        and (not options.python or unit.python in options.python)
    ]
    until = time.monotonic() + 60 * options.minutes if options.minutes else None
    results = Results(WORK / "results.jsonl")
    columns = frozenset(options.column)
    with wheelhouse.serve(wheelhouse.build(WORK / "index", INDEX)) as url:
        run_matrix(units, results, WORK, url, columns, options.parallel, until)
    asked = set(units)
    cells = [
        cell
        for cell in results.cells.values()
        if cell.unit in asked and (not columns or cell.operation in columns)
    ]
    print(report.table(cells))
    everything = not any((options.row, options.installer, options.column, options.uv))
    if options.docs or (everything and not (options.kind or options.python)):
        _publish(results)
    bad = [cell for cell in cells if cell.unit.row == "nixpy" and not report.passes(cell)]
    for cell in bad:
        print(f"{cell.unit}: {cell.operation}: {cell.outcome}: {cell.detail}", file=sys.stderr)
    return 1 if bad else 0


def _publish(results: Results) -> None:
    """Write the page and the picture of all that was ever run, and say what was not."""
    cells = list(results.cells.values())
    left = [
        unit
        for unit in all_units()
        if any((unit, one.name) not in results.cells for one in operations(unit.installer))
    ]
    (DOCS / "store-safety.md").write_text(report.markdown(cells, left), "utf-8")
    (DOCS / "store-safety.svg").write_text(svg.picture(cells), "utf-8")


if __name__ == "__main__":
    sys.exit(main())
