"""The Python of a shell is one on which the project can be installed, and the reason says why."""

import pytest

from nixpy.config.model import Config
from nixpy.config.parse import parse
from nixpy.knowledge.pythons import branch_of
from nixpy.metadata.model import Evidence, Locked, Project, Topic
from nixpy.metadata.read import read_project
from nixpy.plan.model import PythonChoice
from nixpy.plan.python import choose_python
from nixpy.syntax.origin import Origin
from nixpy.syntax.tree import MemoryTree

UNSTABLE = branch_of("github:NixOS/nixpkgs/nixos-unstable")
LOCK = Origin("uv.lock")


def chosen(project: Project, config: Config | None = None) -> PythonChoice:
    return choose_python(project, config or Config(), UNSTABLE)


def read(**files: str) -> Project:
    names = {"pyproject": "pyproject.toml", "requirements": "requirements.txt"}
    return read_project(MemoryTree({names[name]: text for name, text in files.items()}))


def locked(*wheels: str, sdist: bool = True, name: str = "fast", **more: object) -> Locked:
    return Locked(name, "1.0", LOCK, wheels=wheels, sdist=sdist, **more)  # type: ignore[arg-type]


def wheel(*tags: str) -> tuple[str, ...]:
    return tuple(f"fast-1.0-{tag}.whl" for tag in tags)


LINUX = "manylinux_2_17_x86_64.manylinux2014_x86_64"


@pytest.mark.parametrize(
    ("entry", "minor"),
    [
        (locked(*wheel(f"cp311-cp311-{LINUX}", f"cp313-cp313-{LINUX}")), "3.13"),
        (locked(*wheel(f"cp312-cp312-{LINUX}", "cp314-cp314-win_amd64")), "3.12"),
        (locked(*wheel(f"cp312-cp312-{LINUX}", "cp314-cp314-musllinux_1_2_x86_64")), "3.12"),
        (locked(*wheel(f"cp312-cp312-{LINUX}", f"cp314-cp314t-{LINUX}")), "3.12"),
        (locked(*wheel(f"cp38-abi3-{LINUX}")), "3.14"),
        (locked(*wheel("py3-none-any")), "3.14"),
        (locked(*wheel("py2.py3-none-any")), "3.14"),
        (locked(*wheel(f"py3-none-{LINUX}")), "3.14"),
        (locked(*wheel("cp312-cp312-win_amd64"), sdist=False), "3.14"),  # not installed here
        (locked(sdist=True), "3.14"),  # built on each of them
        (locked(*wheel(f"cp311-cp311-{LINUX}"), sdist=False), "3.11"),
        (locked(*wheel(f"cp311-cp311-{LINUX}"), markers=("python_version < '3.12'",)), "3.14"),
        (locked(*wheel(f"cp311-cp311-{LINUX}"), markers=("sys_platform == 'win32'",)), "3.14"),
    ],
)
def test_the_lock_decides_by_its_wheels(entry, minor):
    """Of the Pythons allowed, one for which nothing of the lock has to be built is taken."""
    assert chosen(Project(locked=(entry,))).minor == minor


def test_what_is_required_under_a_condition_only_does_not_count_elsewhere():
    """A backport that later Pythons do not take does not hold them back."""
    old = locked(*wheel(f"cp311-cp311-{LINUX}"), name="backport")
    app = locked(
        *wheel("py3-none-any"),
        name="app",
        requires=("backport",),
        conditions=(("backport", "python_version < '3.12'"),),
    )
    assert chosen(Project(locked=(app, old))).minor == "3.14"


def test_without_a_file_that_fits_weighs_more_than_without_a_wheel():
    """What cannot be installed at all rules a Python out, whatever else would have to be built."""
    no_file = locked(*wheel(f"cp312-cp312-{LINUX}"), sdist=False, name="closed")
    built = [locked(*wheel(f"cp313-cp313-{LINUX}"), name=f"open{n}") for n in range(3)]
    assert chosen(Project(locked=(no_file, *built))).minor == "3.12"


@pytest.mark.parametrize(
    ("requirements", "minor"),
    [
        ("pandas==1.5.3\n", "3.11"),
        ("pandas<2\n", "3.11"),
        ("numpy~=1.26.0\n", "3.12"),
        ("numpy>=1.26\n", "3.14"),
        ("numpy==1.26.4; python_version < '3.13'\nnumpy>=2.3; python_version >= '3.13'\n", "3.14"),
        ("requests==2.0\n", "3.14"),
    ],
)
def test_pins_decide_where_there_is_no_lock(requirements, minor):
    """The table of wheels tells which Pythons a pinned release was built for."""
    assert chosen(read(requirements=requirements)).minor == minor


def test_the_reason_names_the_pin_that_decided():
    """Who wonders about an old Python learns which line asks for it."""
    choice = chosen(read(requirements="pandas==1.5.3\n"))
    assert choice.reason == "pandas==1.5.3 has no wheel for 3.14"


def test_an_old_cython_holds_the_build_back():
    """Cython before 3 generates C that does not compile on 3.13."""
    build = '[build-system]\nrequires = ["Cython<3"]\n[project]\nname = "app"\n'
    assert chosen(read(pyproject=build)).minor == "3.12"
    assert chosen(read(pyproject=build.replace("<3", ">=0.29"))).minor == "3.14"
    assert chosen(read(pyproject=build.replace("<3", "==3.0.5"))).minor == "3.14"


CLASSIFIED = """\
[project]
name = "app"
requires-python = ">=3.8"
classifiers = [
  "Programming Language :: Python :: 3.9",
  "Programming Language :: Python :: 3.12",
]
"""


def test_the_newest_python_that_the_project_declares_is_the_upper_bound():
    """What was released for 3.12 gets 3.12, and the reason says where that stands."""
    choice = chosen(read(pyproject=CLASSIFIED))
    assert choice.minor == "3.12"
    assert choice.reason == (
        "pyproject.toml:6 has 3.12, the newest that a classifier names; "
        ">=3.8 in pyproject.toml:3 project.requires-python"
    )


def test_what_is_declared_is_clamped_to_what_nixpkgs_has():
    """A project that ends at 3.9 gets the oldest Python that there is, not the newest."""
    old = CLASSIFIED.replace("3.12", "3.7")
    assert chosen(read(pyproject=old)).minor == "3.11"


def test_a_linter_alone_bounds_nothing():
    """Ruff's target is the oldest Python that a project supports."""
    text = '[project]\nname = "app"\n[tool.ruff]\ntarget-version = "py311"\n'
    assert chosen(read(pyproject=text)).minor == "3.14"
    assert (
        chosen(read(pyproject=CLASSIFIED + '[tool.black]\ntarget-version = ["py313"]')).minor
        == "3.13"
    )


def test_packages_that_nix_has_built_weigh_more_than_what_is_declared():
    """A classifier is no reason to compile pandas."""
    config = parse("packages: [pandas]")
    assert chosen(read(pyproject=CLASSIFIED), config).minor == "3.13"


def test_what_the_sources_cannot_do_weighs_more_than_what_is_declared():
    """PyO3 0.20 refuses 3.13, whatever the classifiers say."""
    limit = Evidence(Topic.LIMIT, "3.12", Origin("Cargo.toml", None, 4), "PyO3 0.20 refuses")
    said = Evidence(Topic.PYTHON, "3.14", Origin("setup.py", None, 9), "a classifier")
    choice = chosen(Project(evidence=(said, limit)))
    assert choice.minor == "3.12"
    assert "Cargo.toml:4" in choice.reason
