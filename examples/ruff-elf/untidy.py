"""Ruff finds the import that nobody needs."""

import os
import sys

if __name__ == "__main__":
    print(f"Python {sys.version_info.major}")
