"""Which Pythons a repository says that it works on, beside its metadata."""

import pytest

from nixpy.metadata.model import Topic
from nixpy.metadata.read import read_project
from nixpy.syntax.tree import MemoryTree

PROJECT = {"pyproject.toml": '[project]\nname = "app"\n'}

WORKFLOW = """\
on: push
jobs:
  test:
    strategy:
      matrix:
        python-version: ["3.10", "3.11", 3.13]
        django: ["4.2", "3.2"]
        node: [18.20]
        experimental:
          - 3.99
    steps:
    - uses: actions/setup-python@v5
      with:
        python-version: 3.15-dev
"""
LISTED = """\
matrix:
  python-version:
    # comment
    - "3.9"
    - '3.12'
  os:
    - ubuntu-3.14
"""


def found(files: dict[str, str | bytes], topic: Topic = Topic.PYTHON) -> set[str]:
    evidence = read_project(MemoryTree(PROJECT | files)).evidence
    return {one.text for one in evidence if one.topic is topic}


@pytest.mark.parametrize(
    ("file", "text", "minors"),
    [
        (".github/workflows/test.yml", WORKFLOW, {"3.10", "3.11", "3.13"}),
        (".github/workflows/ci.yaml", LISTED, {"3.9", "3.12"}),
        (".gitlab-ci.yml", "test:\n  image: python:3.11-slim\n", {"3.11"}),
        (".travis.yml", "python:\n- 3.6\n- '3.8'\ninstall:\n- x==3.12\n", {"3.6", "3.8"}),
        ("azure-pipelines.yml", "  python.version: '3.10'\n", {"3.10"}),
        (".readthedocs.yaml", 'build:\n  tools:\n    python: "3.12"\n', {"3.12"}),
        (
            "tox.ini",
            "[tox]\nenvlist = py{38,39},py311-x, lint\n[testenv]\npy314",
            {"3.8", "3.9", "3.11"},
        ),
        ("tox.ini", "[tox]\nenv_list =\n  py3{9-12}\n  3.13\n", {f"3.{n}" for n in range(9, 14)}),
        ("noxfile.py", "@nox.session(python=['3.9', \"3.12\"])\n", {"3.9", "3.12"}),
        ("Dockerfile", "FROM --platform=x python:3.11-slim AS a\nFROM python:${V}\n", {"3.11"}),
        ("Dockerfile", "ARG PYTHON_VERSION=3.12.4\nFROM alpine:3.19\n", {"3.12"}),
        ("Dockerfile", "FROM ghcr.io/astral-sh/uv:0.8-python3.13-bookworm\n", {"3.13"}),
        ("setup.py", "c = ['Programming Language :: Python :: 3.10']\n", {"3.10"}),
    ],
)
def test_a_file_tells_the_pythons_that_it_names(file, text, minors):
    """Each format tells its versions, and neither pre-releases nor other programs' versions."""
    assert found({file: text}) == minors


@pytest.mark.parametrize(
    "data", [b"FROM python:3.11 \xff", b"\0" * 40, b"FROM python:3.11\n" * 99999]
)
def test_a_broken_or_huge_file_is_passed_over_in_silence(data):
    """What is no text, or far too large, says nothing, and nobody is told."""
    assert found({"Dockerfile": data}) == set()


@pytest.mark.parametrize(
    ("file", "text", "minors"),
    [
        ("Cargo.toml", '[dependencies]\npyo3 = { version = "0.20.3", features = [] }\n', {"3.12"}),
        ("Cargo.toml", '[dependencies]\npyo3 = "0.22"\n', {"3.13"}),
        ("Cargo.toml", '[dependencies.pyo3]\nversion = "0.15"\n', {"3.11"}),
        ("Cargo.toml", '[dependencies]\npyo3 = "0.99"\npyo3-build-config = "0.20"\n', set()),
        ("src/rust/Cargo.lock", '[[package]]\nname = "pyo3"\nversion = "0.21.2"\n', {"3.12"}),
        ("app/__init__.py", "import os\nimport imp\n", {"3.11"}),
        ("src/app/audio.py", "import os, aifc\n", {"3.12"}),
        ("app/__init__.py", "try:\n    import imp\nexcept ImportError:\n    imp = None\n", set()),
        ("app/__init__.py", "import important\nfrom . import cgi\n", set()),
        ("setup.py", "from numpy.distutils.core import setup\n", {"3.11"}),
        ("versioneer.py", "p = configparser.SafeConfigParser()\n", {"3.11"}),
    ],
)
def test_sources_tell_the_last_python_that_they_can_be_built_and_run_on(file, text, minors):
    """PyO3 refuses Pythons that it does not know; modules of the standard library go away."""
    assert found({file: text}, Topic.LIMIT) == minors


def test_evidence_alone_makes_no_project():
    """A folder with a Dockerfile is no Python project for that."""
    assert read_project(MemoryTree({"Dockerfile": "FROM python:3.11\n"})).empty
