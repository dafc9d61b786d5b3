"""Runs units, some at a time, and keeps what came of them."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict
from pathlib import Path

from tests.support.safety.cells import Cell, Unit, run_unit
from tests.support.safety.operations import Operation, operations


class Results:
    """The cells that were run, kept in a file of JSON lines so that a run can be resumed."""

    def __init__(self, file: Path) -> None:
        self._file, self._lock = file, threading.Lock()
        self.cells: dict[tuple[Unit, str], Cell] = {}
        if file.exists():
            for line in file.read_text("utf-8").splitlines():
                data = json.loads(line)
                cell = Cell(**{**data, "unit": Unit(**data["unit"])})
                self.cells[cell.unit, cell.operation] = cell

    def add(self, cell: Cell) -> None:
        """Keep a cell."""
        with self._lock:
            self.cells[cell.unit, cell.operation] = cell
            with self._file.open("a", encoding="utf-8") as file:
                file.write(json.dumps(asdict(cell)) + "\n")


def run_matrix(
    units: Iterable[Unit],
    results: Results,
    work: Path,
    url: str,
    columns: frozenset[str] = frozenset(),
    parallel: int = 2,
    until: float | None = None,
) -> None:
    """Run what is not among the results yet.

    ``columns`` are names of operations, empty: all; ``until`` is the time.monotonic() after which
    no unit is begun.
    """
    todo = []
    for unit in units:
        missing = [
            one
            for one in operations(unit.installer)
            if (unit, one.name) not in results.cells and (not columns or one.name in columns)
        ]
        if missing:
            todo.append((unit, missing))

    def one(at: int, unit: Unit, missing: list[Operation]) -> None:
        if until is not None and time.monotonic() > until:
            return
        for cell in run_unit(unit, work / f"unit-{at}", url, missing):
            results.add(cell)

    with ThreadPoolExecutor(parallel) as pool:
        started = [pool.submit(one, at, *unit) for at, unit in enumerate(todo)]
        for at, future in enumerate(as_completed(started), 1):
            if future.exception():
                pool.shutdown(cancel_futures=True)
            future.result()
            print(f"\r{at} of {len(todo)} environments", end="", file=sys.stderr, flush=True)
    if todo:
        print(file=sys.stderr)
