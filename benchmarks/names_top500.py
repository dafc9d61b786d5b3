"""How many of the 500 most downloaded PyPI distributions nixpy knows by nixpkgs' name for them.

    python benchmarks/names_top500.py [--check] [--list]

A name counts where ``lookup`` leads to an attribute that nixpkgs' Python package set has, or says
that it is known to be absent. It does not where the name is unknown, where the attribute is not in
the list, where it is another project's, or where a name called absent is an attribute after all.
``--list`` prints each answer; ``--check`` makes the exit status 1 below the limit of 97 %.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

from nixpy.knowledge.names import Absent, Known, Unknown, Why, attributes, lookup

NAMES = Path(__file__).parent / "data" / "top-pypi-500.txt"
LIMIT = 0.97

MISSES = frozenset({"unknown", "no such attribute", "another project", "not absent"})


def verdict(name: str) -> tuple[str, str]:
    """Judge the answer for one name: what kind it is, and what it says."""
    match lookup(name):
        case Known() as found:
            if found.attribute.partition(".")[0] not in attributes():
                return "no such attribute", found.attribute
            if found.conflict:
                return "another project", found.note or found.attribute
            same = found.attribute == name
            return ("same name" if same else "other name"), found.attribute
        case Absent() as found:
            # Backports have attributes that are null on the Pythons that do not need them.
            if name in attributes() and found.why is not Why.STDLIB:
                return "not absent", found.reason
            return "absent", found.reason
        case Unknown() as found:
            return "unknown", ", ".join(found.nearest)


def main() -> int:
    """Print the table; give 1 if the limit is missed and that was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--list", action="store_true")
    options = parser.parse_args()
    lines = NAMES.read_text(encoding="utf-8").splitlines()
    names = [line for line in lines if not line.startswith("#")]
    verdicts = {name: verdict(name) for name in names}
    for name, (kind, said) in verdicts.items():
        if options.list or kind in MISSES:
            print(f"{kind:18} {name}: {said}")
    counts = Counter(kind for kind, _ in verdicts.values())
    for kind, count in counts.most_common():
        print(f"{count:5}  {kind}")
    hits = sum(count for kind, count in counts.items() if kind not in MISSES)
    share = hits / len(names)
    print(f"{hits} of {len(names)}: {share:.1%} (at least {LIMIT:.0%})")
    return int(options.check and share < LIMIT)


if __name__ == "__main__":
    sys.exit(main())
