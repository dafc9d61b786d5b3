"""[tool.poetry] of a pyproject.toml, and poetry.toml."""

import pytest

from nixpy.metadata.model import Kind
from tests.support.reading import mistakes, project, ranges, signs, told, wanted
from tests.support.sample_files import POETRY


def test_poetrys_notation_is_translated() -> None:
    """Every form that a dependency may have becomes a PEP 508 requirement, or a source."""
    found = project({"pyproject.toml": POETRY})
    assert found.name == "app"
    assert ranges(found) == ["^3.9 || ~2.7"]
    assert "2.7.18" in found.ranges[0].specifiers
    assert "3.8.1" not in found.ranges[0].specifiers
    assert wanted(found) == [
        "run plain<2.0,>=1.2",
        'run table[x,y]<2.2,>=2.1 ; os_name == "nt" and python_version < "3.11"',
        'run unix ; sys_platform == "linux"',
        'run multi==1.0 ; python_version < "3.8"',
        'run multi==2.* ; python_version >= "3.8"',
        "run repo -> git+https://h.example/repo.git@main",
        "run near -> ../near",
        "run far -> https://h.example/far.whl",
        "extra[one] maybe<4,>=3",
        "extra[two] maybe<4,>=3",
        "extra never<4,>=3",
        "group[dev] old<2,>=1",
        "group[docs] sphinx",
    ]
    assert str(found.wanted[4].origin) == "pyproject.toml:11 tool.poetry.dependencies.multi[1]"
    assert found.wanted[0].text == "plain ^1.2"


def test_poetry_2_takes_only_sources_from_its_own_table() -> None:
    """Beside [project] dependencies, poetry's own table only tells where those come from."""
    text = """\
[project]
name = "app"
requires-python = ">=3.9"
dependencies = ["a (>=1.0,<2.0)", "b"]
[tool.poetry.dependencies]
python = ">=3.9,<4.0"
a = { git = "https://h.example/a.git" }
c = "*"
[tool.poetry.group.dev.dependencies]
pytest = "^8"
"""
    found = project({"pyproject.toml": text})
    assert ranges(found) == [">=3.9", ">=3.9,<4.0"]
    assert wanted(found) == [
        "run a<2.0,>=1.0 -> git+https://h.example/a.git",
        "run b",
        "group[dev] pytest<9,>=8",
    ]


def test_poetry_2_with_dynamic_dependencies() -> None:
    """Where [project] leaves the dependencies to poetry, its own table has them."""
    text = (
        '[project]\nname = "a"\ndynamic = ["dependencies"]\n[tool.poetry.dependencies]\nb = "^1"\n'
    )
    found = project({"pyproject.toml": text})
    assert wanted(found) == ["run b<2,>=1"]
    assert not found.notes


@pytest.mark.parametrize(
    ("line", "message", "hint"),
    [
        (
            "foo = 1.2",
            "must be a version constraint or a table",
            'put it in quotes: `foo = "^1.2"`',
        ),
        ('foo = "latest"', "`latest` is not a version constraint", 'write it as `foo = "^1.2"`'),
        ("foo = { version = 1 }", "`version` must be a string, but it is a number", "write it as"),
        ('foo = { version = "1", extras = "x" }', "`extras` must be an array of strings", "write"),
        ("python = 3.9", "must be a string", 'put it in quotes: `python = "^3.9"`'),
        (
            'python = "three"',
            "`three` is not a version constraint",
            'write it as `python = "^3.10"`',
        ),
    ],
)
def test_mistakes_are_told_with_a_way_out(line: str, message: str, hint: str) -> None:
    """A dependency that poetry would refuse is told with its line and what to write."""
    (error,) = mistakes({"pyproject.toml": f"[tool.poetry.dependencies]\n{line}\n"})
    assert error.line == 2
    assert message in error.message
    assert str(error.hint).startswith(hint)


def test_poetry_toml_is_a_sign() -> None:
    """A project with poetry's settings file uses poetry."""
    assert signs(project({"poetry.toml": "[virtualenvs]\nin-project = true\n"})) == ["poetry TABLE"]
    assert told({"poetry.toml": "["})[0].startswith("poetry.toml:1:")


def test_setup_py_beside_poetry_is_left_over() -> None:
    """A setup.py that poetry does not look at counts for nothing."""
    found = project(
        {
            "pyproject.toml": '[tool.poetry]\nname = "a"\n[tool.poetry.dependencies]\nb = "*"\n',
            "setup.py": "from setuptools import setup\nsetup(install_requires=['old'])\n",
        }
    )
    assert [one.name for one in found.wanted if one.kind is Kind.RUN] == ["b"]
