"""setup.cfg and setup.py."""

import pytest

from tests.support.reading import lines, mistakes, notes, project, ranges, told, wanted
from tests.support.sample_files import SETUP_CFG, SETUP_PY


def test_setup_cfg() -> None:
    """The declarative file is read, with the lines of each requirement."""
    found = project({"setup.cfg": SETUP_CFG.replace("    100%-invalid-interpolation\n", "")})
    assert found.name == "app"
    assert ranges(found) == [">=3.7.*"]
    assert "3.7.1" in found.ranges[0].specifiers
    assert wanted(found) == [
        "run requests>=2",
        'run tomli ; python_version < "3.11"',
        "build wheel",
        "build cython",
        'group[tests] pytest ; python_version > "3"',
        "extra[doc] sphinx",
        "extra[doc] furo",
        "extra[test] pytest",
        "extra[test] pytest-cov",
    ]
    assert [one.origin.line for one in found.wanted] == [8, 10, 11, 11, 12, 15, 15, 17, 18]


def test_a_percent_sign_is_an_ordinary_letter() -> None:
    """Nothing is interpolated, so a percent sign is at most a bad requirement."""
    (error,) = told({"setup.cfg": SETUP_CFG})
    assert error.startswith("setup.cfg:11: `options.install_requires`: `100%-invalid")


def test_file_directives() -> None:
    """`file:` takes requirements files in, as setuptools does."""
    text = """\
[options]
install_requires = file: requirements.txt, more.txt
[options.extras_require]
dev = file: dev.txt
"""
    found = project(
        {"setup.cfg": text, "requirements.txt": "a\n", "more.txt": "b\n", "dev.txt": "c\n"}
    )
    assert wanted(found) == ["run a", "run b", "extra[dev] c"]
    assert lines(found) == ["requirements.txt:1", "more.txt:1", "dev.txt:1"]


@pytest.mark.parametrize(
    ("text", "line"),
    [("stray\n", 1), ("[a]\nb = 1\nstray\n", 3), ("[a]\n[a]\n", 2), ("[a]\nb = 1\nb = 2\n", 3)],
)
def test_a_broken_setup_cfg(text: str, line: int) -> None:
    """What is not an INI file is told with its line."""
    (error,) = mistakes({"setup.cfg": text})
    assert "is not an INI file" in error.message
    assert error.line == line


def test_literals_of_setup_py() -> None:
    """Constants, sums, changes of lists and dicts, and unpacked dicts are followed."""
    found = project({"setup.py": SETUP_PY})
    assert found.name == "my-app"
    assert ranges(found) == [">=3.6.*"]
    assert wanted(found) == [
        "run numpy>=1",
        "run six",
        "run click<9,>=8",
        "run attrs",
        "build wheel",
        "extra[dev] pytest",
        'run importlib-metadata ; python_version < "3.8"',
        'extra[win] pywin32 ; python_version > "3" and sys_platform == "win32"',
        "extra[docs] sphinx",
        "extra[docs] furo",
    ]
    assert found.wanted[0].origin.line == 7
    assert not found.notes


BEHIND = {
    "read": "setup(install_requires=open('requirements.txt').read().splitlines())",
    "with": """\
with open(os.path.join(here, 'requirements.txt')) as f:
    reqs = f.read().split('\\n')
setup(install_requires=reqs)
""",
    "function": """\
def load(name):
    return [line.strip() for line in open(name)]
setup(install_requires=load('requirements.txt'))
""",
    "parse_requirements": """\
def load():
    return list(parse_requirements('requirements.txt', session=False))
setup(install_requires=[str(r.req) for r in load()])
""",
    "loop": """\
reqs = []
for line in open('requirements.txt'):
    reqs.append(line)
setup(install_requires=reqs)
""",
    "pathlib": "setuptools.setup(install_requires=Path('requirements.txt').read_text().split())",
}


@pytest.mark.parametrize("code", BEHIND.values(), ids=BEHIND)
def test_requirements_files_behind_setup_py(code: str) -> None:
    """However setup.py reads its requirements file, the file is read, and nothing is run."""
    found = project({"setup.py": code, "requirements.txt": "numpy\nflask\n"})
    assert wanted(found) == ["run numpy", "run flask"]
    assert not found.notes


def test_a_folder_of_requirements_behind_setup_py() -> None:
    """A function that is given a short name reads the file of that name in requirements/."""
    code = """\
def reqs(kind):
    with open(os.path.join("requirements", f"{kind}.txt")) as f:
        return f.read().splitlines()
setup(install_requires=reqs("install"), extras_require={"dev": reqs("dev")})
"""
    files = {"setup.py": code, "requirements/install.txt": "a\n", "requirements/dev.txt": "b\n"}
    assert wanted(project(files)) == ["run a", "extra[dev] b"]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("setup(install_requires=compute())", ["setup.py:1 install_requires"]),
        (
            "a = ['a']\nif sys.platform == 'win32':\n    a.append('b')\nsetup(install_requires=a)",
            ["setup.py:3 install_requires"],
        ),
        ("setup(python_requires='>=' + VERSION)", ["setup.py:1 python_requires"]),
        ("setup(extras_require={'a': f(), 'b': g()})", ["setup.py:1 extras_require"]),
        ("setup(version=f(), tests_require=f())", []),
    ],
)
def test_what_only_running_would_tell_is_noted(code: str, expected: list[str]) -> None:
    """Where code decides, the user is told that not all is known; where it hides nothing, not."""
    found = [note.partition(":  ")[0] for note in notes(project({"setup.py": code}))]
    assert [note.rpartition(": ")[0] for note in found] == expected


@pytest.mark.parametrize("code", [b"print 'python 2'\n", b"\x00", b"(" * 300])
def test_a_setup_py_that_does_not_parse_is_noted(code: bytes) -> None:
    """A program of Python 2 does not stop anything."""
    (note,) = notes(project({"setup.py": code}))
    assert "is not a program of this Python" in note


def test_a_cookie_in_setup_py() -> None:
    """A setup.py may be in another encoding than UTF-8 if it says so."""
    code = "# -*- coding: latin-1 -*-\nsetup(author='é', install_requires=['a'])\n".encode(
        "latin-1"
    )
    assert wanted(project({"setup.py": code})) == ["run a"]


def test_bad_requirements_in_setup_py() -> None:
    """A literal that setuptools would refuse is told with its line."""
    (error,) = mistakes({"setup.py": "setup(\n  install_requires=[\n    'numpy=1',\n  ],\n)\n"})
    assert (error.line, error.hint) == (3, "did you mean `numpy==1`?")


def test_pyproject_settles_what_setup_py_says() -> None:
    """Beside [project] only the fields that it calls dynamic are taken from setup.py."""
    setup = (
        "setup(install_requires=['old'], extras_require={'x': ['kept']}, python_requires='>=3.6')"
    )
    table = '[project]\nname = "app"\ndependencies = ["new"]\nrequires-python = ">=3.10"\n'
    found = project({"pyproject.toml": table, "setup.py": setup})
    assert (wanted(found), ranges(found)) == (["run new"], [">=3.10"])
    table += 'dynamic = ["optional-dependencies"]\n'
    found = project({"pyproject.toml": table, "setup.py": setup})
    assert (wanted(found), ranges(found)) == (["run new", "extra[x] kept"], [">=3.10"])
    found = project({"pyproject.toml": "[tool.black]\n", "setup.py": setup})
    assert wanted(found) == ["run old", "extra[x] kept"]
