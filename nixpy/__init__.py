"""Python projects that work on Nix."""

__version__ = "0.1.0"
