"""What is said of a text that is not a requirement."""

import pytest
from packaging.utils import canonicalize_name

from nixpy.metadata.notation.requirement import (
    likely_meant,
    likely_range,
    name_in_url,
    parse_requirement,
)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("numpy=1.26", "numpy==1.26"),
        ("numpy 1.26", "numpy==1.26"),
        ("numpy=>1.26", "numpy>=1.26"),
        ("numpy =< 1.26", "numpy <= 1.26"),
        ("numpy ^1.26", "numpy>=1.26,<2.0"),
        ("numpy~1.26.1", "numpy>=1.26.1,<1.27.0"),
        ("numpy>=1 <2", "numpy>=1,<2"),
        ("numpy>=1.0  # for arrays", "numpy>=1.0"),
        ("numpy>=1.0;", "numpy>=1.0"),
        ('"numpy"', "numpy"),
        ("numpy; python_version < 3.8", "numpy; python_version <'3.8'"),
        ("numpy; python_version < “3.8”", 'numpy; python_version < "3.8"'),
        ("https://h.example/np-1.0.tar.gz", "np @ https://h.example/np-1.0.tar.gz"),
        ("git+https://h.example/o/repo.git@v1", "repo @ git+https://h.example/o/repo.git@v1"),
    ],
)
def test_the_likely_fix_is_offered(text: str, meant: str) -> None:
    """Common slips get the requirement that was meant, and it is a valid one."""
    assert likely_meant(text) == meant
    parse_requirement(meant)


@pytest.mark.parametrize("text", ["", "??", "numpy pandas", "-e ."])
def test_nothing_is_offered_where_nothing_is_likely(text: str) -> None:
    """A hint that would be a guess is not given."""
    assert likely_meant(text) is None


def test_a_star_after_an_inequality_is_read_as_uv_does() -> None:
    """`>=1.0.*`, which old tools wrote, is `>=1.0`."""
    assert str(parse_requirement("numpy>=1.0.*")) == "numpy>=1.0"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("3.12", ">=3.12"),
        ("3.12.1", "==3.12.1"),
        ("^3.9", ">=3.9,<4.0"),
        (">=3.8 <4", ">=3.8,<4"),
        ("=>3.8", ">=3.8"),
        (">=3.8.*", ">=3.8"),
        ("3.9 || 3.10", ">=3.9,<3.11"),
        ("python3", None),
    ],
)
def test_the_likely_range_is_offered(text: str, meant: str | None) -> None:
    """A requires-python that is none gets the specifier that was meant."""
    assert likely_range(text) == meant


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("git+https://h.example/o/Repo.git@v1#egg=thing&subdirectory=x", "thing"),
        ("git+https://h.example/o/repo.git@v1", "repo"),
        ("git+ssh://git@h.example/o/repo", "repo"),
        ("https://h.example/my_pkg-1.0-py3-none-any.whl", "my_pkg"),
        ("https://h.example/my-pkg-1.0.tar.gz#sha256=00", "my-pkg"),
        ("https://h.example/archive/main.zip", "main"),
        ("https://h.example/%20/", None),
    ],
)
def test_a_url_tells_its_distribution(url: str, name: str | None) -> None:
    """The name is taken from the fragment, the file or the repository."""
    assert name_in_url(url) == name


def test_names_are_normalised() -> None:
    """`Zope.Interface`, `zope_interface` and `zope-interface` are one distribution (PEP 503)."""
    spellings = ("Zope.Interface", "zope__interface")
    assert {canonicalize_name(one) for one in spellings} == {"zope-interface"}
