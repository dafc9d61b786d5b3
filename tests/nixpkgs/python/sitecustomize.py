"""Teaches a Nix-built Python the environment that wraps it, as nixpkgs' own module of this name.

A wrapper of before late 2025, and every other program of an environment, sets three variables.
Each is read once and removed, so that no child process sees it:

NIX_PYTHONPATH        site-packages to add to `sys.path`, their `.pth` files included
NIX_PYTHONEXECUTABLE  what `sys.executable` shall be
NIX_PYTHONPREFIX      what `sys.prefix` shall be; not in a venv, which has a prefix of its own
"""

import os
import site
import sys


def _nix_environment():
    folders = os.environ.pop("NIX_PYTHONPATH", None)
    if folders:
        known = site._init_pathinfo()
        for folder in folders.split(":"):
            known = site.addsitedir(folder, known)

    if sys.prefix != sys.base_prefix:
        return
    executable = os.environ.pop("NIX_PYTHONEXECUTABLE", None)
    prefix = os.environ.pop("NIX_PYTHONPREFIX", None)
    if executable is not None and "PYTHONEXECUTABLE" not in os.environ:
        sys.executable = executable
    if prefix is not None:
        sys.prefix = sys.exec_prefix = prefix
        site.PREFIXES.insert(0, prefix)


_nix_environment()
