"""The program: ``nixpy`` and ``python -m nixpy``."""

import sys

from nixpy import __version__


def main() -> None:
    """Run the command line and leave the process with its exit code.

    The version is answered before the command line's library is loaded: editors and prompts ask.
    """
    if sys.argv[1:] == ["--version"]:
        sys.stdout.write(f"nixpy {__version__}\n")
        return
    from nixpy.cli import run

    sys.exit(run())


if __name__ == "__main__":
    main()
