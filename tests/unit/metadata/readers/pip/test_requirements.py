"""Requirements files in pip's real format."""

import pytest

from nixpy.metadata.model import Kind
from nixpy.metadata.readers.pip.requirements import purpose
from tests.support.reading import lines, locked, mistakes, notes, project, signs, told, wanted
from tests.support.sample_files import COMPILED, REQUIREMENTS

FILES = {
    "requirements.txt": REQUIREMENTS,
    "base.txt": "in-base\n",
    "more/extra.txt": "-r ../shared.txt\nin-extra\n",
    "shared.txt": "in-shared\n",
    "constraints.txt": "held<2\n",
    "libs/one/pyproject.toml": '[project]\nname = "one-by-name"\n',
}


def test_everything_that_pip_reads() -> None:
    """Each form of line that pip's manual names is read."""
    found = project(FILES)
    assert wanted(found) == [
        "run numpy>=1.26",
        'run flask==3.0.0 ; python_version >= "3.9"',
        'run requests[security,socks]==2.8.*,>=2.8.1 ; python_version < "2.7"',
        "run in-base",
        "run in-shared",
        "run in-extra",
        "constraint held<2",
        "run one-by-name -> libs/one",
        "run two -> git+https://h.example/o/two.git@v1#egg=two&subdirectory=x",
        "run three -> git+ssh://git@h.example/o/three.git",
        "run four -> git+git@h.example:o/four.git@main",
        'run five[extra] ; python_version < "4" -> libs/five',
        "run six -> https://h.example/six-1.0-py3-none-any.whl#sha256=00",
        "run seven -> file:///croot/seven_1/work",
        "run eight -> downloads/eight-2.0.tar.gz",
        "run nine==1.0.*",
        "run ten",
        "run long<2,>=1",
    ]
    assert lines(found)[:8] == [
        "requirements.txt:2",
        "requirements.txt:3",
        "requirements.txt:6",
        "base.txt:1",
        "shared.txt:1",
        "more/extra.txt:2",
        "constraints.txt:1",
        "requirements.txt:16",
    ]
    assert {"base.txt", "more/extra.txt", "shared.txt", "constraints.txt"} < set(found.files)
    assert not found.signs


@pytest.mark.parametrize(
    ("path", "kind", "group"),
    [
        ("requirements.txt", Kind.RUN, None),
        ("requirements.in", Kind.RUN, None),
        ("requirements/base.txt", Kind.RUN, None),
        ("requirements/prod.in", Kind.RUN, None),
        ("requirements-dev.txt", Kind.GROUP, "dev"),
        ("requirements_test.txt", Kind.GROUP, "test"),
        ("requirements.docs.txt", Kind.GROUP, "docs"),
        ("dev-requirements.txt", Kind.GROUP, "dev"),
        ("requirements/ci_linux.txt", Kind.GROUP, "ci-linux"),
        ("constraints.txt", Kind.CONSTRAINT, None),
        ("requirements/constraints-3.12.txt", Kind.CONSTRAINT, None),
    ],
)
def test_the_name_of_a_file_says_what_it_is_for(path: str, kind: Kind, group: str | None) -> None:
    """Main files are for running, others are groups, constraints are wanted by nobody."""
    assert purpose(path) == (kind, group)


def test_a_line_reached_twice_is_told_once() -> None:
    """`-r requirements.txt` in the file for development does not double what the project wants."""
    found = project({"requirements.txt": "a\n", "requirements-dev.txt": "-r requirements.txt\nb\n"})
    assert wanted(found) == ["run a", "group[dev] b"]


@pytest.mark.parametrize(
    "data",
    [
        "numpy\r\nflask\r\n".encode("utf-8-sig"),
        "numpy\nflask\n".encode("utf-16"),
        "numpy\nflask\n".encode("utf-32"),
        "# -*- coding: latin-1 -*-\nnumpy # caf\u00e9\nflask\n".encode("latin-1"),
        b"numpy\\\n\nflask",
    ],
)
def test_encodings_that_pip_reads(data: bytes) -> None:
    """Byte-order marks, what PowerShell writes, and PEP 263 cookies are honoured."""
    assert wanted(project({"requirements.txt": data})) == ["run numpy", "run flask"]


def test_latin_1_without_a_cookie_is_an_error() -> None:
    """Bytes that are not UTF-8 are named with line and column."""
    (error,) = told({"requirements.txt": b"numpy\nflask # caf\xe9\n"})
    assert error == "requirements.txt:2:12: byte 0xe9 is not UTF-8"


def test_an_unknown_cookie_is_an_error() -> None:
    """An encoding that does not exist is named."""
    (error,) = told({"requirements.txt": "# coding: klingon\nnumpy\n"})
    assert "unknown encoding `klingon`" in error


def test_files_that_take_in_each_other() -> None:
    """A circle of `-r` is told with all its files."""
    found = told(
        {"requirements.txt": "a\n-r b.txt\n", "b.txt": "\n-r c.txt", "c.txt": "-r requirements.txt"}
    )
    assert found == [
        "c.txt:1: takes in itself: `requirements.txt` → `b.txt` → `c.txt` → `requirements.txt`"
    ]


def test_a_missing_file_is_told_with_the_line_that_names_it() -> None:
    """`-r` of a file that is not there says where it is named."""
    (error,) = mistakes({"requirements.txt": "a\n\n-r requirements/gone.txt\n"})
    assert str(error) == "requirements.txt:3: names `requirements/gone.txt`, which does not exist"


def test_all_bad_lines_are_told() -> None:
    """Every line that pip would stop at is told, with its number and the likely fix."""
    text = "ok\nnumpy=1.26\nflask ^2.0\n--bogus\nbad==2004d-beta!\n"
    found = mistakes({"requirements.txt": text})
    assert [error.line for error in found] == [2, 3, 4, 5]
    assert found[0].hint == "did you mean `numpy==1.26`?"
    assert found[1].hint == "did you mean `flask>=2.0,<3.0`?"
    assert "`--bogus` is not an option that pip knows" in found[2].message


def test_a_list_of_conda_is_recognised() -> None:
    """`conda list --export` into requirements.txt is named as what it is."""
    text = "# This file may be used to create an environment using:\n"
    text += "# $ conda create --name <env> --file <this file>\nnumpy=1.26=py_0\n"
    (error,) = mistakes({"requirements.txt": text})
    assert "is a list for conda" in error.message
    assert "pip list --format=freeze" in str(error.hint)


def test_files_that_only_look_like_requirements_do_no_harm() -> None:
    """In files that nobody needs to start, mistakes are noted only."""
    found = project(
        {"requirements.txt": "a\n", "requirements/notes.txt": "b\nRead me first\nand this\n"}
    )
    assert wanted(found) == ["run a", "group[notes] b"]
    assert notes(found)[0].startswith("requirements/notes.txt:2: was read in part")
    assert notes(found)[0].endswith("and 1 more")


def test_what_depends_on_the_environment_is_noted() -> None:
    """Lines made of environment variables, and files elsewhere, cannot be read."""
    text = "a\nc==${VERSION}\n-r https://h.example/r.txt\n-r /etc/r.txt\nb @ https://${TOKEN}@h.example/b.whl\n"
    found = project({"requirements.txt": text})
    assert wanted(found) == ["run a", "run b -> https://${TOKEN}@h.example/b.whl"]
    assert [one.origin.line for one in found.notes] == [2, 3, 4]


def test_a_compiled_file_is_a_lock() -> None:
    """What uv or pip-compile wrote is a lock: versions, and who depends on whom."""
    found = project({"requirements.in": "flask\n", "requirements.txt": COMPILED})
    assert locked(found.locked) == [
        "click==8.1.7 registry",
        "flask==3.0.0 registry click jinja2",
        "markupsafe==2.1.5 registry",
        "jinja2==3.1.3 registry markupsafe",
    ]
    assert found.locked[1].markers == ('python_version < "3.13"',)
    assert signs(found) == ["uv TABLE"]


def test_pip_compile_hints_at_pip() -> None:
    """A file that pip-compile wrote belongs to pip."""
    text = "#\n# This file is autogenerated by pip-compile with Python 3.11\n#\nclick==8.1.7\n"
    assert signs(project({"requirements.txt": text})) == ["pip TABLE"]
