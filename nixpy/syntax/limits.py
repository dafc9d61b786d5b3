"""What a file may hold, so that each is read in a second or two whatever it says.

Far more than the files of real projects have; what goes past them is one error.
"""

from __future__ import annotations

from nixpy.errors import NixpyError

# Of lockfiles; the largest of real projects hold a few megabytes.
MOST_BYTES = 24 * 1024 * 1024
# Of all that people write.
MOST_BYTES_BY_HAND = 1024 * 1024
MOST_REQUIREMENTS = 10_000
# Files that a requirements file takes in by ``-r`` and ``-c``: all of them, and one behind another.
MOST_INCLUDES = 500
DEEPEST_INCLUDE = 30
# Files of one pattern of names, as ``requirements*.txt``.
MOST_FILES = 500
# Mistakes of one file: more say nothing new.
MOST_MISTAKES = 100
# Characters of a requirement, and of a range of versions.
LONGEST_REQUIREMENT = 10_000
LONGEST_RANGE = 2_000
# Digits of a version's number: Python does not turn more than 4,300 into one.
LONGEST_NUMBER = 100
# Keys of a TOML key such as ``a.b.c``.
MOST_KEYS = 100
# Nodes of a YAML document, an alias counted as all that it stands for; and their nesting.
MOST_NODES = 20_000
DEEPEST_NODE = 50
# Of evaluating a setup.py without running it.
MOST_STEPS = 50_000


def check_size(text: str, file: str, most: int = MOST_BYTES_BY_HAND) -> None:
    """Raise NixpyError for a text that is longer than a file of its kind may be."""
    if len(text) > most:
        raise NixpyError(
            f"too large: {len(text) / 2**20:.1f} MiB, of at most {most // 2**20}",
            file=file,
            hint="move it out of the project, or make it again",
        )
