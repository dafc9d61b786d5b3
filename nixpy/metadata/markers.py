"""The files that make a folder a Python project."""

from __future__ import annotations

# Those that say what it requires; pins of a Python and lock files lie in other folders, too.
PROJECT_FILES = (
    "pyproject.toml",
    "setup.py",
    "setup.cfg",
    "requirements.txt",
    "requirements.in",
    "Pipfile",
    "environment.yml",
    "environment.yaml",
)
