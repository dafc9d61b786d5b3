"""uv.lock."""

import pytest

from tests.support.reading import locked, mistakes, notes, project, ranges, signs, told
from tests.support.sample_files import UV_LOCK

REST = "than 1, the one known here: it was read as far as the two are alike"
LEFT_OUT = (
    "what is new in it was left out, first `requires-python`: must be a string, but it is an array"
)


def test_all_kinds_of_entries() -> None:
    """Sources of every kind, forks of one package, extras and groups are read."""
    found = project({"uv.lock": UV_LOCK})
    assert (ranges(found), signs(found), found.notes) == ([">=3.10"], ["uv LOCK"], ())
    assert locked(found.locked) == [
        "app==1.0 path lib numpy torch from-git",
        "lib==None path",
        "from-git==0.1 git",
        "from-url==0.1 url",
        "near==0.1 path",
        "numpy==1.26.4 registry",
        "numpy==2.0.0 registry",
        "torch==2.5.1+cu121 registry",
    ]
    assert [one.origin.line for one in found.locked] == [12, 35, 39, 44, 52, 57, 69, 77]
    numpy, torch = found.locked[5], found.locked[7]
    assert numpy.markers == ("python_full_version < '3.11'",)
    assert numpy.sdist
    assert numpy.wheels == ("numpy-1.26.4-cp310-cp310-macosx_10_9_x86_64.whl",)
    assert not torch.sdist
    assert torch.wheels == (
        "torch-2.5.1+cu121-cp311-cp311-linux_x86_64.whl",
        "torch-2.5.1+cu121-cp312-cp312-linux_x86_64.whl",
        "torch-2.5.1+cu121-cp313-cp313-linux_x86_64.whl",
    )
    assert found.locked[0].conditions == (
        ("numpy", "python_full_version < '3.11'"),
        ("numpy", "python_full_version >= '3.11'"),
    )


def test_a_newer_format_is_read_as_far_as_possible() -> None:
    """Of a lock that a newer uv wrote what is alike is read, and the rest is named."""
    text = """\
version = 2
requires-python = ["3.10", "3.11"]

[[package]]
name = "numpy"
version = { exact = "2.0" }

[[package]]
id = "torch-1"
"""
    found = project({"uv.lock": text})
    assert locked(found.locked) == ["numpy==None registry"]
    assert notes(found) == [
        f"uv.lock:1 version: lock format 2 is newer {REST}",
        "uv.lock:8 package[1]: entries without a name were left out, 1 in all",
        f"uv.lock:2 requires-python: {LEFT_OUT}",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("package = 3\n", "uv.lock:1: `package`: must be an array of tables, but it is a number"),
        ('[[package]]\nversion = "1"\n', "uv.lock:1: `package[0]`: has no `name`"),
        ("[[package]]\nname = 1\n", "uv.lock:1: `package[0].name`: must be a string"),
        ('requires-python = "x"\n', "uv.lock:1: `requires-python`: `x` is not a version specifier"),
    ],
)
def test_a_damaged_lock_is_an_error(text: str, message: str) -> None:
    """What is wrong in a lock is told with its line."""
    assert told({"uv.lock": text})[0].startswith(message)


def test_the_hint_says_how_to_mend_a_lock() -> None:
    """A damaged lock is written anew by its installer."""
    (error,) = mistakes({"uv.lock": "package = 3\n"})
    assert error.hint == "run `uv lock` to write the file anew"
