"""Poetry's constraints as PEP 440 specifiers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from nixpy.metadata.notation.poetry import pep440, python_marker, specifiers


@pytest.mark.parametrize(
    ("constraint", "expected"),
    [
        # https://python-poetry.org/docs/dependency-specification/
        ("^1.2.3", ">=1.2.3,<2.0.0"),
        ("^1.2", ">=1.2,<2.0"),
        ("^1", ">=1,<2"),
        ("^0.2.3", ">=0.2.3,<0.3.0"),
        ("^0.0.3", ">=0.0.3,<0.0.4"),
        ("^0.0", ">=0.0,<0.1"),
        ("^0", ">=0,<1"),
        ("~1.2.3", ">=1.2.3,<1.3.0"),
        ("~1.2", ">=1.2,<1.3"),
        ("~1", ">=1,<2"),
        ("*", ""),
        ("1.*", "==1.*"),
        ("1.2.*", "==1.2.*"),
        (">= 1.2.0", ">=1.2.0"),
        ("> 1", ">1"),
        ("!= 1.2.3", "!=1.2.3"),
        (">= 1.2, < 1.5", ">=1.2,<1.5"),
        (">=1.2 <1.5", ">=1.2,<1.5"),
        ("==1.2.3", "==1.2.3"),
        ("1.2.3", "==1.2.3"),
        ("=1.2", "==1.2"),
        ("~=1.4.2", "~=1.4.2"),
        ("1.x", "==1.*"),
        ("!=1.2.*", "!=1.2.*"),
        ("^2.0b1", ">=2.0b1,<3.0"),
        ("v1.0", "==1.0"),
        (">=1.0,*", ">=1.0"),
        # unions: the span, with the gaps that `!=` can cut
        ("<1.5 || >1.5", "!=1.5"),
        ("^1.0 || ^2.0", ">=1.0,<3.0"),
        ("^1.0 | ^3.0", ">=1.0,<4.0,!=2.*"),
        (">=1,<2 || >=3", ">=1,!=2.*"),
        (">=1.0,<1.2||>=1.4.1", ">=1.0,!=1.2.*,!=1.3.*,!=1.4.0.*"),
        (">=1,!=1.5,<2 || >=3,<4", ">=1,<4,!=1.5,!=2.*"),
        (">=2.0.2,<3.0.5 || >3.0.5", ">=2.0.2,!=3.0.5"),
        ("* || 1.0", ""),
        ("1.0 || 3.0", ">=1.0,<=3.0"),
    ],
)
def test_constraints_of_the_manual(constraint: str, expected: str) -> None:
    """Each notation of poetry's manual means what the manual says."""
    assert specifiers(constraint) == SpecifierSet(expected)


@pytest.mark.parametrize(
    ("constraint", "expected"),
    [
        ("^3.8", ">=3.8,<4.0"),
        ("3.11", "==3.11.*"),
        ("3.11.4", "==3.11.4"),
        ("~2.7 || ^3.4", ">=2.7,<4.0,!=3.0.*,!=3.1.*,!=3.2.*,!=3.3.*"),
        (">=3.9,<3.13 || >=3.14", ">=3.9,!=3.13.*"),
        ("3.8 || 3.9 || 3.11", ">=3.8,<3.12,!=3.10.*"),
    ],
)
def test_constraints_on_python(constraint: str, expected: str) -> None:
    """For Python itself `3.11` is any 3.11, and no 2.8 needs to be thought of."""
    assert specifiers(constraint, python=True) == SpecifierSet(expected)


def test_the_lower_bound_is_written_first() -> None:
    """Hints show specifiers in the order in which people write them."""
    assert pep440("^1.2") == ">=1.2,<2.0"


@pytest.mark.parametrize("constraint", ["", "abc", "^", ">=", "1.2,,3", "latest", "^1.2.3.x", "||"])
def test_what_is_no_constraint_is_refused(constraint: str) -> None:
    """Text that poetry would refuse is not guessed at."""
    with pytest.raises(ValueError, match=r".*"):
        specifiers(constraint)


@pytest.mark.parametrize(
    ("constraint", "marker"),
    [
        ("<3.11", 'python_version < "3.11"'),
        ("^3.8", 'python_version >= "3.8" and python_version < "4.0"'),
        ("3.9", 'python_version == "3.9"'),
        (">=3.8.1", 'python_full_version >= "3.8.1"'),
        (
            "~2.7 || >=3.6",
            '(python_version >= "2.7" and python_version < "2.8") or (python_version >= "3.6")',
        ),
        ("*", ""),
    ],
)
def test_a_python_key_becomes_a_marker(constraint: str, marker: str) -> None:
    """`python = "<3.11"` beside a version is an environment marker."""
    assert python_marker(constraint) == marker


VERSION = st.lists(st.integers(0, 4), min_size=1, max_size=3).map(lambda v: ".".join(map(str, v)))
SINGLE = st.one_of(
    st.tuples(st.sampled_from(["^", "~", ">=", "<", "<=", ">", "==", "!="]), VERSION).map("".join),
    VERSION.map(lambda v: f"{v}.*"),
)
GROUP = st.lists(SINGLE, min_size=1, max_size=2).map(",".join)


@given(st.lists(GROUP, min_size=2, max_size=3), VERSION)
def test_a_union_forbids_nothing_that_it_allows(groups: list[str], version: str) -> None:
    """A version that one alternative allows is allowed by what the union becomes."""
    try:
        whole = specifiers(" || ".join(groups))
    except ValueError:  # no alternative allows anything
        return
    candidate = Version(version)
    if any(candidate in specifiers(group) for group in groups):
        assert candidate in whole
