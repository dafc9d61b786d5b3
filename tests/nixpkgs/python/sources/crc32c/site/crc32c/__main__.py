"""The program `crc32c`."""

import sys
from pathlib import Path

from . import crc32c


def cli() -> None:
    """Prints the checksum of each file that is named."""
    for name in sys.argv[1:]:
        print(f"{crc32c(Path(name).read_bytes()):08x}  {name}")


if __name__ == "__main__":
    cli()
