"""Find the names nearest to a mistyped one among ten thousand, in some ten milliseconds."""

import re
from collections.abc import Iterable
from difflib import SequenceMatcher
from heapq import nlargest

_CUTOFF = 0.74  # ratio below which a name looks like another word
_SHORTLIST = 120  # names that difflib is asked about; it is too slow for all of them
_SEPARATORS = re.compile(r"[-_.]+")


def nearest(name: str, names: Iterable[str], limit: int = 3) -> tuple[str, ...]:
    """Give at most ``limit`` of ``names`` that are near to ``name``, the nearest first.

    Separators and case do not count. Those with the largest share of common letter pairs are
    compared with difflib's ratio, to which an equal beginning adds a little.
    """
    wanted = _plain(name)
    pairs = [wanted[at : at + 2] for at in range(len(wanted) - 1)]

    def share(candidate: str) -> float:
        common = 0
        for pair in pairs:
            if pair in candidate:
                common += 1
        return common / (len(wanted) + len(candidate))

    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(wanted)  # difflib remembers what it learns of its second sequence
    scored = []
    for candidate in nlargest(_SHORTLIST, names, key=share):
        plain = _plain(candidate)
        matcher.set_seq1(plain)
        ratio = matcher.ratio()
        if ratio >= _CUTOFF:
            # People get the beginning of a word right more often than the rest of it.
            scored.append((-ratio - 0.05 * (plain[:2] == wanted[:2]), len(plain), candidate))
    return tuple(candidate for _, _, candidate in sorted(scored)[:limit])


def _plain(name: str) -> str:
    return _SEPARATORS.sub("", name).lower()
