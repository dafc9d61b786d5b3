"""environment.yml, conda's match specs and conda's names."""

import pytest

from nixpy.metadata.readers.conda.match_spec import Match, parse_match
from tests.support.reading import mistakes, pins, project, ranges, told, wanted
from tests.support.sample_files import ENVIRONMENT


def test_environment() -> None:
    """Python packages become requirements by PyPI's names, all others packages."""
    found = project({"environment.yml": ENVIRONMENT, "more.txt": "extra\n"})
    assert found.name == "env"
    assert (ranges(found), pins(found)) == (["==3.11.*"], [])
    assert wanted(found) == [
        "run numpy==1.26.*",
        "run torch<3,>=2",
        "run pandas==2.1",
        "run ipython",
        "run requests==2.0",
        "run extra",
    ]
    assert [one.origin.line for one in found.wanted] == [6, 7, 8, 9, 15, 1]
    assert found.facts[0].packages == ("_libgcc_mutex", "gcc_linux-64", "r-base", "nodejs")
    assert found.files == ("environment.yml", "more.txt")


@pytest.mark.parametrize("text", ["", "name: x\n", "dependencies:\n", "dependencies: []\n"])
def test_an_environment_that_asks_for_nothing(text: str) -> None:
    """An empty environment is no mistake."""
    assert project({"environment.yaml": text}).wanted == ()


@pytest.mark.parametrize(
    ("spec", "expected_range", "pin"),
    [
        ("python=3.11", ["==3.11.*"], []),
        ("python==3.11", ["==3.11.*"], []),
        ("python 3.11.*", ["==3.11.*"], []),
        ("python>=3.9,<3.12", [">=3.9,<3.12"], []),
        ("python=3.11.4", [], ["3.11.4"]),
        ("python=3.11.4=h2755cc3_0_cpython", [], ["3.11.4"]),
        ("python", [], []),
        ("pypy3.9", [], []),
    ],
)
def test_python_in_an_environment(spec: str, expected_range: list[str], pin: list[str]) -> None:
    """A minor version is a range; a full one is a pin, since any patch release will do."""
    found = project({"environment.yml": f"dependencies:\n  - {spec}\n"})
    assert (ranges(found), pins(found)) == (expected_range, pin)


@pytest.mark.parametrize(
    ("spec", "name", "specifiers"),
    [
        ("numpy", "numpy", ""),
        ("numpy=1.26", "numpy", "==1.26.*"),
        ("numpy==1.26", "numpy", "==1.26"),
        ("numpy=1.26=py311h0_0", "numpy", "==1.26.*"),
        ("numpy 1.26 py311h0_0", "numpy", "==1.26"),
        ("numpy 1.26.*", "numpy", "==1.26.*"),
        ("numpy=1.26*", "numpy", "==1.26.*"),
        ("numpy >=1.2,<2", "numpy", ">=1.2,<2"),
        ("numpy!=1.2", "numpy", "!=1.2"),
        ("numpy~=1.2", "numpy", "~=1.2"),
        ("numpy *", "numpy", ""),
        ("numpy 1.2|1.3", "numpy", ">=1.2,<=1.3"),
        ("numpy<1|>=2", "numpy", "!=1.*"),
        ("conda-forge/linux-64::numpy", "numpy", ""),
        ("numpy[version='>=1.2', channel=x]", "numpy", ">=1.2"),
        ("numpy>=1.2  # [linux]", "numpy", ">=1.2"),
        ("openssl=1.1.1k", "openssl", ""),
    ],
)
def test_match_specs(spec: str, name: str, specifiers: str) -> None:
    """Match specs mean what conda's manual says; builds and channels are left out."""
    assert parse_match(spec) == Match(name, specifiers)


@pytest.mark.parametrize("spec", ["", "?", "a b c d [", "=1"])
def test_what_is_no_match_spec(spec: str) -> None:
    """Other text is refused."""
    assert parse_match(spec) is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: b: c\n", "environment.yml:1:5: not YAML"),
        ("dependencies:\n\t- a\n", "environment.yml:2:1: not YAML"),
        ("- a\n", "environment.yml:1: must hold a mapping"),
        ("dependencies: numpy\n", "environment.yml:1: `dependencies`: must be a list"),
        ("dependencies:\n- [a]\n", "environment.yml:2: `dependencies`: must be a match spec or"),
        ("dependencies:\n- '?'\n", "environment.yml:2: `dependencies`: `?` is not a match spec"),
        ("dependencies:\n- pip:\n  - a=1\n", "environment.yml:3: `dependencies.pip`: `a=1` is not"),
        ("dependencies:\n- pip:\n  - [a]\n", "environment.yml:3: `dependencies.pip`: must be a"),
    ],
)
def test_mistakes(text: str, message: str) -> None:
    """Broken YAML and wrong types are told with their lines."""
    assert told({"environment.yml": text})[0].startswith(message)


def test_tabs_get_a_hint() -> None:
    """YAML's most common mistake gets its own hint."""
    (error,) = mistakes({"environment.yml": "dependencies:\n\t- a\n"})
    assert error.hint == "indent with spaces, not tabs"
