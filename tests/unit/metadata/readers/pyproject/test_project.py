"""pyproject.toml: what is taken over, and what is said of mistakes."""

import pytest

from tests.support.reading import lines, mistakes, notes, pins, project, ranges, signs, told, wanted
from tests.support.sample_files import PROJECT


def test_a_standard_project() -> None:
    """[project], extras, groups and the build system are taken over, each with its line."""
    found = project({"pyproject.toml": PROJECT})
    assert found.name == "My.App"
    assert ranges(found) == [">=3.10"]
    assert wanted(found) == [
        "run numpy>=1.26",
        'run tomli ; python_version < "3.11"',
        "run my_app[plot] -> .",
        "extra[plot] matplotlib",
        "group[dev] pytest",
        "group[lint] ruff",
        "build hatchling",
    ]
    assert lines(found) == [
        "pyproject.toml:6 project.dependencies[0]",
        "pyproject.toml:8 project.dependencies[1]",
        "pyproject.toml:9 project.dependencies[2]",
        "pyproject.toml:13 project.optional-dependencies.Plot[0]",
        "pyproject.toml:16 dependency-groups.dev[0]",
        "pyproject.toml:17 dependency-groups.lint[0]",
        "pyproject.toml:20 build-system.requires[0]",
    ]


def test_windows_files_read_the_same() -> None:
    """A byte-order mark and CRLF change neither facts nor lines."""
    text = b"\xef\xbb\xbf" + PROJECT.replace("\n", "\r\n").encode()
    assert project({"pyproject.toml": text}) == project({"pyproject.toml": PROJECT})


@pytest.mark.parametrize("text", ["", "[tool.black]\nline-length = 3\n", "[project]\n"])
def test_a_file_that_says_nothing(text: str) -> None:
    """A pyproject.toml with only foreign tables is no mistake."""
    found = project({"pyproject.toml": text})
    assert (found.name, found.wanted, found.signs) == (None, (), ())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[tool.uv]\npackage = false\n", ["uv TABLE"]),
        ("[tool.uv.build-backend]\nmodule-root = ''\n", []),
        ("[tool.poetry]\nname = 'a'\n", ["poetry TABLE"]),
        ("[project]\nname = 'a'\n[tool.poetry]\npackages = []\n", ["poetry BACKEND"]),
        ("[tool.pdm]\ndistribution = true\n", []),
        ("[tool.pdm.scripts]\ntest = 'pytest'\n", ["pdm TABLE"]),
        ("[tool.pdm.version]\nsource = 'scm'\n", []),
        ("[tool.hatch.envs.default]\ndependencies = []\n", ["hatch TABLE"]),
        ("[tool.hatch.version]\npath = 'x'\n", []),
        ("[build-system]\nbuild-backend = 'uv_build'\n", ["uv BACKEND"]),
        ("[build-system]\nbuild-backend = 'poetry.core.masonry.api'\n", ["poetry BACKEND"]),
        ("[build-system]\nbuild-backend = 'pdm.backend'\n", ["pdm BACKEND"]),
        ("[build-system]\nbuild-backend = 'hatchling.build'\n", []),
        ("[build-system]\nbuild-backend = 'setuptools.build_meta'\n", []),
        ("[build-system]\nbuild-backend = 'backend'\nbackend-path = ['.']\n", []),
    ],
)
def test_who_installs(text: str, expected: list[str]) -> None:
    """Tool tables and build backends hint at an installer; what all projects share does not."""
    assert signs(project({"pyproject.toml": text})) == expected


def test_uv_sources_and_requirements() -> None:
    """[tool.uv] says where distributions come from, and has requirements of its own."""
    found = project(
        {
            "pyproject.toml": """\
[project]
name = "app"
dependencies = ["a", "B_c", "d", "e", "f"]
[tool.uv]
dev-dependencies = ["pytest"]
constraint-dependencies = ["urllib3<2"]
override-dependencies = ["six==1"]
[tool.uv.sources]
a = { git = "https://h.example/a.git", tag = "v1" }
b-c = { path = "../b-c", editable = true }
d = [{ index = "cpu", marker = "x" }, { url = "https://h.example/d.whl" }]
e = { index = "internal" }
f = { workspace = true }
"""
        }
    )
    assert wanted(found) == [
        "run a -> git+https://h.example/a.git@v1",
        "run B_c -> ../b-c",
        "run d -> https://h.example/d.whl",
        "run e",
        "run f -> workspace",
        "group[dev] pytest",
        "constraint urllib3<2",
        "constraint six==1",
    ]


def test_pdm_groups_with_editable_lines() -> None:
    """Pdm's groups may hold pip's editable form."""
    text = (
        '[tool.pdm.dev-dependencies]\ntest = ["pytest", "-e file:///${PROJECT_ROOT}/sub#egg=sub"]\n'
    )
    assert wanted(project({"pyproject.toml": text})) == [
        "group[test] pytest",
        "group[test] sub -> file:///${PROJECT_ROOT}/sub#egg=sub",
    ]


def test_hatch_environments() -> None:
    """Hatch's environments are groups, and the default one's Python is a pin."""
    text = """\
[tool.hatch.envs.default]
python = "3.12"
dependencies = ["pytest"]
[tool.hatch.envs.docs]
python = "3.10"
extra-dependencies = ["sphinx"]
"""
    found = project({"pyproject.toml": text})
    assert (wanted(found), pins(found)) == (
        ["group[default] pytest", "group[docs] sphinx"],
        ["3.12"],
    )
    assert wanted(project({"hatch.toml": text.replace("tool.hatch.", "")})) == wanted(found)


def test_flit_before_project_tables() -> None:
    """Flit's own metadata table is read."""
    text = """\
[tool.flit.metadata]
module = "thing"
requires = ["requests"]
requires-python = ">=3.6"
[tool.flit.metadata.requires-extra]
test = ["pytest"]
"""
    found = project({"pyproject.toml": text})
    assert (found.name, ranges(found)) == ("thing", [">=3.6"])
    assert wanted(found) == ["run requests", "extra[test] pytest"]


def test_dynamic_dependencies_from_files() -> None:
    """The requirements files that setuptools or a hatch plugin reads are read, and told once."""
    setuptools = """\
[project]
name = "app"
dynamic = ["dependencies", "optional-dependencies"]
[tool.setuptools.dynamic]
dependencies = { file = ["requirements.txt"] }
optional-dependencies.dev = { file = "dev.txt" }
"""
    hatch = """\
[project]
name = "app"
dynamic = ["dependencies"]
[build-system]
build-backend = "hatchling.build"
[tool.hatch.metadata.hooks.requirements_txt]
files = ["requirements.txt"]
[tool.hatch.metadata.hooks.requirements_txt.optional-dependencies]
dev = ["dev.txt"]
"""
    for text in (setuptools, hatch):
        found = project(
            {"pyproject.toml": text, "requirements.txt": "numpy\n", "dev.txt": "pytest\n"}
        )
        assert wanted(found) == ["run numpy", "extra[dev] pytest"]
        assert lines(found) == ["requirements.txt:1", "dev.txt:1"]
        assert found.files == ("dev.txt", "pyproject.toml", "requirements.txt")
        assert not found.notes


def test_a_missing_dynamic_file_is_noted() -> None:
    """Setuptools goes on without a file that its table names, and so does nixpy, with a note."""
    text = "[tool.setuptools.dynamic]\ndependencies = { file = 'gone.txt' }\n"
    key = "tool.setuptools.dynamic.dependencies.file"
    assert notes(project({"pyproject.toml": text})) == [
        f"pyproject.toml:2 {key}: `gone.txt` does not exist, so it was not read"
    ]


def test_dependencies_made_by_a_backend_are_noted() -> None:
    """Where only the build backend knows the dependencies, the user is told that nixpy does not."""
    text = (
        '[project]\nname = "a"\ndynamic = ["dependencies"]\n[build-system]\nbuild-backend = "own"\n'
    )
    (note,) = notes(project({"pyproject.toml": text}))
    assert note.startswith("pyproject.toml:3 project.dynamic: the dependencies are made by")


def test_wrong_types_are_told_together() -> None:
    """All wrong types of a file are told at once, each with line, key and what to write."""
    text = """\
[project]
name = 3
requires-python = 3.12
dependencies = "numpy"
optional-dependencies = ["a"]
[build-system]
requires = [1]
[tool.uv]
workspace = true
"""
    found = mistakes({"pyproject.toml": text})
    assert [str(error) for error in found] == [
        "pyproject.toml:2: `project.name`: must be a string, but it is a number",
        "pyproject.toml:3: `project.requires-python`: must be a string, but it is a number",
        "pyproject.toml:4: `project.dependencies`: must be an array of strings, but it is a string",
        "pyproject.toml:5: `project.optional-dependencies`: must be a table, but it is an array",
        "pyproject.toml:7: `build-system.requires[0]`: must be a string, but it is a number",
        "pyproject.toml:9: `tool.uv.workspace`: must be a table, but it is a boolean",
    ]
    assert [error.hint for error in found[:3]] == [
        'put it in quotes: `"3"`',
        'put it in quotes: `"3.12"`',
        'put it in brackets: `["numpy"]`',
    ]


def test_what_is_not_pep_508_gets_a_likely_fix() -> None:
    """A requirement in another notation is an error with the requirement that was meant."""
    text = '[project]\nrequires-python = "^3.9"\ndependencies = [\n  "numpy",\n  "flask ^2.0",\n]\n'
    found = mistakes({"pyproject.toml": text})
    assert [(error.line, error.key, error.hint) for error in found] == [
        (2, "project.requires-python", "did you mean `>=3.9,<4.0`?"),
        (5, "project.dependencies[1]", "did you mean `flask>=2.0,<3.0`?"),
    ]


@pytest.mark.parametrize(
    ("groups", "message"),
    [
        ('a = [{ include-group = "b" }]', "includes the group `b`, which does not exist"),
        ('a = [{ include-group = "A" }]', "includes itself: a → a"),
        (
            'a = [{ include-group = "b" }]\nb = [{ include-group = "a" }]',
            "includes itself: a → b → a",
        ),
        ('a = "pytest"', "must be an array of requirements, but it is a string"),
        ("a = [{ set = 'x' }]", "must be a requirement, but it is a table"),
        ("A = []\na = []", "names the same group as `A`"),
    ],
)
def test_mistakes_in_dependency_groups(groups: str, message: str) -> None:
    """Each rule of PEP 735 that is broken is named."""
    (error,) = told({"pyproject.toml": f"[dependency-groups]\n{groups}\n"})
    assert error.startswith("pyproject.toml:")
    assert message in error


def test_only_the_first_ten_mistakes_are_told() -> None:
    """A file that is wrong throughout does not flood the screen."""
    items = ", ".join(f'"a{n} ?"' for n in range(30))
    found = told({"pyproject.toml": f"[project]\ndependencies = [{items}]\n"})
    assert len(found) == 11
    assert found[-1] == "pyproject.toml: has further mistakes, 20 in all"
