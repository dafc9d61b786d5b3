"""How many public projects get a shell from `nixpy init` that needs no edit.

    python -m benchmarks.works_at_once [--half tuned|unseen] [--cases] [--jobs N] [NAME]...

The list in `data/works_at_once.yaml` says what is right for each, and why. The sdists are fetched
from the index by pip when they are first needed, and kept in a cache folder outside the checkout;
nothing of them is built. Each gets `nixpy init --dry-run --json`. A project counts as right if
Python, installer, libraries and programs are what the list says. Where no Python of nixpkgs' newest
branch can be right, nixpy must name a command (`nixpy init --nixpkgs nixos-25.11`), and the result
of that one counts, as a kind of its own.

Half of the list, chosen by a hash of the name, is unseen: its failures are printed only with
``--half unseen`` or by name. Time is given in seconds, and in terms of `nixpy --version`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

LIST = Path(__file__).parent / "data" / "works_at_once.yaml"
COMMAND = re.compile(r"`nixpy init ([^`]+)`")

# Notes and warnings that a project may get.
PLAIN_NOTES = 2
NOTES = 4


@dataclass(frozen=True, slots=True)
class Case:
    """One sdist and what is right for it; see the head of the list."""

    sdist: str
    kind: str
    python: tuple[str, ...]
    why: str
    nixpkgs: str | None = None
    installer: tuple[str, ...] = ("uv", "pip")
    has: tuple[str, ...] = ()
    text: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The distribution's name."""
        return self.sdist.partition(" ")[0]

    @property
    def half(self) -> str:
        """Which half of the list it is in."""
        return "unseen" if hashlib.sha256(self.name.encode()).digest()[0] % 2 else "tuned"


@dataclass(slots=True)
class Verdict:
    """What is wrong with the shell of one case; nothing: it works at once.

    ``by_command`` tells that it works by the command that nixpy names.
    """

    case: Case
    wrong: list[str] = field(default_factory=list)
    by_command: bool = False
    seconds: float = 0.0
    base: float = 0.0


def main() -> int:
    """Fetch, judge and print; returns the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("names", nargs="*", help="only these projects")
    parser.add_argument("--half", choices=["tuned", "unseen"], help="also print its failures")
    parser.add_argument("--cases", action="store_true", help="print the right ones, too")
    parser.add_argument("--jobs", type=int, default=1, help="how many to judge at a time")
    options = parser.parse_args()
    cases = [case for case in read_list() if not options.names or case.name in options.names]
    folder = cache()
    missing = [case for case in cases if not (folder / case.sdist).is_dir()]
    if missing:
        print(f"fetching {len(missing)} sdists into {folder}", file=sys.stderr)
        fetch_all(missing, folder)
    with ThreadPoolExecutor(options.jobs) as pool:
        verdicts = list(pool.map(lambda case: judge(case, folder / case.sdist), cases))
    for half in ("tuned", "unseen"):
        found = [one for one in verdicts if one.case.half == half]
        if found:
            tell(half, found)
    for one in verdicts:
        if options.names or (one.case.half == options.half and (one.wrong or options.cases)):
            print(f"{one.case.sdist} ({one.case.kind}): {'; '.join(one.wrong) or 'right'}")
    told = [one for one in verdicts if options.names or one.case.half == options.half]
    for kind, (right, total) in classes(told):
        print(f"{right:3} of {total:2}  {kind}")
    took = [one.seconds for one in verdicts]
    ratio = statistics.median(one.seconds / one.base for one in verdicts)
    print(
        f"init: median {statistics.median(took):.2f} s, longest {max(took):.2f} s; "
        f"{ratio:.2f} of `nixpy --version`"
    )
    return 0


def tell(half: str, verdicts: Sequence[Verdict]) -> None:
    """Print the share of a half."""
    right = sum(not one.wrong for one in verdicts)
    named = sum(one.by_command and not one.wrong for one in verdicts)
    print(
        f"{half}: {right} of {len(verdicts)} right ({right / len(verdicts):.0%}), "
        f"{named} of them by a command that nixpy names"
    )


def classes(verdicts: Sequence[Verdict]) -> Iterator[tuple[str, tuple[int, int]]]:
    """Yields the right and all of each class."""
    right = Counter(one.case.kind for one in verdicts if not one.wrong)
    total = Counter(one.case.kind for one in verdicts)
    for kind in sorted(total):
        yield kind, (right[kind], total[kind])


def read_list() -> list[Case]:
    """Returns the cases of the list."""
    rows = yaml.safe_load(LIST.read_text(encoding="utf-8"))
    return [_case(row) for row in rows]


def _case(row: dict[str, Any]) -> Case:
    lists = {key: tuple(row[key]) for key in ("installer", "has", "text", "says") if key in row}
    return Case(
        sdist=row["sdist"],
        kind=row["class"],
        python=tuple(row["python"]),
        why=row["why"],
        nixpkgs=row.get("nixpkgs"),
        lacks=tuple(row.get("not", ())),
        **lists,
    )


def cache() -> Path:
    """Returns the folder that keeps the sdists, unpacked."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    folder = Path(base) / "nixpy-works-at-once"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def fetch_all(cases: Sequence[Case], folder: Path) -> None:
    """Fetch sdists; raises SystemExit, naming them, for those that cannot be had."""
    with tempfile.TemporaryDirectory() as bare:
        # In an environment without any build backend pip unpacks an sdist, and builds nothing.
        venv.create(bare, with_pip=False)
        with ThreadPoolExecutor(2) as pool:
            failed = [one for one in pool.map(lambda case: fetch(case, folder, bare), cases) if one]
    if failed:
        raise SystemExit("could not fetch: " + "; ".join(failed))


def fetch(case: Case, folder: Path, bare: str) -> str | None:
    """Fetch one sdist and unpack it; returns what went wrong, or None."""
    with tempfile.TemporaryDirectory() as work:
        done = subprocess.run(
            [
                *(sys.executable, "-m", "pip", "--python", f"{bare}/bin/python", "download"),
                *("--no-deps", "--no-binary", ":all:", "--ignore-requires-python", "--quiet"),
                *("--no-build-isolation", "--use-pep517", "--no-clean", "--dest", f"{work}/done"),
                case.sdist.replace(" ", "=="),
            ],
            capture_output=True,
            check=False,
            encoding="utf-8",
            env={**os.environ, "TMPDIR": work},
            stdin=subprocess.DEVNULL,
        )
        for found in Path(work).glob("pip-download-*/*/"):
            if any((found / name).exists() for name in ("PKG-INFO", "pyproject.toml", "setup.py")):
                shutil.move(found, folder / case.sdist)
                return None
    return f"{case.sdist} ({done.stderr.strip().splitlines()[-1:]})"


def judge(case: Case, project: Path) -> Verdict:
    """Plan the project's shell and compare it with what is right."""
    verdict = Verdict(case)
    verdict.base, _ = _timed("--version")
    verdict.seconds, done = _timed("init", "--dry-run", "--json", str(project))
    if case.nixpkgs:
        command = COMMAND.search(done.stdout + done.stderr)
        if not command or case.nixpkgs not in command[1]:
            verdict.wrong.append(f"no command with {case.nixpkgs}: {_error(done.stderr)}")
            return verdict
        verdict.by_command = True
        _, done = _timed("init", "--dry-run", "--json", *shlex.split(command[1]))
    if done.returncode:
        verdict.wrong.append(f"refused: {_error(done.stderr)}")
    else:
        verdict.wrong += compare(case, json.loads(done.stdout))
    return verdict


def _timed(*arguments: str) -> tuple[float, subprocess.CompletedProcess[str]]:
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "nixpy", *arguments],
        capture_output=True,
        check=False,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
    )
    return time.perf_counter() - start, done


def _error(text: str) -> str:
    return next((line for line in text.splitlines() if line.startswith("error")), text[:200])


def compare(case: Case, plan: dict[str, Any]) -> Iterator[str]:
    """Yields each thing in which a plan is not what it should be."""
    shell = next(iter(plan["shells"].values()))
    if ".".join(shell["python"].split(".")[:2]) not in case.python:
        yield f"Python {shell['python']}, not {' or '.join(case.python)}"
    if shell["installer"] not in case.installer:
        yield f"{shell['installer']}, not {' or '.join(case.installer)}"
    there = {
        entry["attribute"]
        for value in shell.values()
        if isinstance(value, list)
        for entry in value
        if isinstance(entry, dict)
    }
    for wanted in case.has:
        # `nodejs_22` is a nodejs, too.
        if not any(
            name == one or re.fullmatch(rf"{re.escape(one)}_\d+", name)
            for one in wanted.split("|")
            for name in there
        ):
            yield f"no {wanted}"
    yield from (f"has {name}" for name in case.lacks if name in there)
    flake = next((one["text"] for one in plan["files"] if one["path"].endswith("flake.nix")), "")
    yield from (f"flake without {text}" for text in case.text if not re.search(text, flake))
    told = [one["text"] for one in plan["warnings"]] + plan["notes"]
    hints = [one["hint"] or "" for one in plan["warnings"]]
    reasons = [f"{one['value']} {one['reason']}" for one in plan["decisions"]]
    said = "\n".join([*told, *hints, *reasons])
    yield from (f"does not say {text}" for text in case.says if not re.search(text, said))
    allowed = PLAIN_NOTES if case.kind == "plain" else NOTES
    if len(told) > allowed:
        yield f"{len(told)} notes and warnings"


if __name__ == "__main__":
    sys.exit(main())
