"""The Pythons, and the oldest dependencies, that the project says it works with.

Run as ``nox`` (all), ``nox -s unit-3.12`` or ``nox -s lowest``: the unit tests alone, which need
neither Nix nor a network. ``make test`` runs everything, with one Python.
"""

import nox

nox.options.default_venv_backend = "uv|virtualenv"
nox.options.envdir = "build/nox"

_PROJECT = nox.project.load_toml("pyproject.toml")
_DEV = nox.project.dependency_groups(_PROJECT, "dev")


@nox.session(python=nox.project.python_versions(_PROJECT))
def unit(session: nox.Session) -> None:
    """Run the unit tests with one of the Pythons of the classifiers."""
    session.install("--editable", ".", *_DEV)
    session.run("pytest", "-n", "auto", *(session.posargs or ["tests/unit"]))


@nox.session(python=nox.project.python_versions(_PROJECT)[0], venv_backend="uv")
def lowest(session: nox.Session) -> None:
    """Run them with the lowest version of each dependency that pyproject.toml allows."""
    session.install(*_DEV)
    session.install("--resolution", "lowest-direct", "--editable", ".")
    session.run("pytest", "-n", "auto", *(session.posargs or ["tests/unit"]))
