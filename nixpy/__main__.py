"""The program: ``nixpy`` and ``python -m nixpy``."""

import os
import sys

from nixpy import __version__


def _own_modules_first() -> None:
    """Search PYTHONPATH and the current folder last: their `click` or `yaml` is not nixpy's.

    In a broken shell PYTHONPATH holds packages of another Python, and `python -m` puts the project
    first.
    """
    if sys.flags.isolated:
        return
    given = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    foreign = {sys.path[0], *map(os.path.abspath, filter(None, given))}
    sys.path.sort(key=foreign.__contains__)


def _open_what_is_closed() -> None:
    """Let standard streams that were closed lead nowhere, lest a file that is opened take one."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            os.open(os.devnull, os.O_RDWR)
            setattr(sys, name, os.fdopen(number, "w" if number else "r"))


def main() -> None:
    """Run the command line and leave the process with its exit code.

    The version is answered before the command line's library is loaded: editors and prompts ask.
    """
    _open_what_is_closed()
    if sys.argv[1:] == ["--version"]:
        try:
            sys.stdout.write(f"nixpy {__version__}\n")
            sys.stdout.flush()
        except OSError:
            os._exit(1)
        return
    _own_modules_first()
    from nixpy.cli import run

    sys.exit(run())


if __name__ == "__main__":
    main()
