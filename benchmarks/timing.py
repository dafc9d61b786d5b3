"""Timing whole commands side by side.

Commands take turns, so that a machine that gets slower slows both; what counts is the median of
the ratios of neighbours, not seconds.
"""

from __future__ import annotations

import statistics
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ratio:
    """How long one command takes in terms of another: the median, and the smallest and largest."""

    median: float
    smallest: float
    largest: float
    seconds: float
    base: float


def compare(
    command: Sequence[str],
    base: Sequence[str],
    *,
    runs: int = 15,
    environment: Mapping[str, str] | None = None,
    cwd: str | None = None,
    before: Callable[[], None] = lambda: None,
) -> Ratio:
    """Run two commands in turn, after a warm-up; ``before`` is called, untimed, before each."""

    def timed(one: Sequence[str]) -> float:
        before()
        start = time.perf_counter()
        subprocess.run(
            one, capture_output=True, check=True, cwd=cwd, env=environment, stdin=subprocess.DEVNULL
        )
        return time.perf_counter() - start

    timed(command)
    timed(base)
    pairs = [(timed(command), timed(base)) for _ in range(runs)]
    ratios = [a / b for a, b in pairs]
    return Ratio(
        statistics.median(ratios),
        min(ratios),
        max(ratios),
        statistics.median(a for a, _ in pairs),
        statistics.median(b for _, b in pairs),
    )


def row(what: str, found: Ratio, target: float) -> str:
    """Give one row of the table in `benchmarks/README.md`."""
    return (
        f"| {what} | {found.median:.2f} | {found.smallest:.2f} to {found.largest:.2f} "
        f"| ≤ {target:g} | {found.seconds * 1000:.0f} ms / {found.base * 1000:.0f} ms |"
    )


HEAD = "| what | ratio | spread | target | medians |\n|---|---|---|---|---|"
