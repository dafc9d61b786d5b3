"""Files are read as their own tools read them, where these do more than the standards say."""

import pytest

from nixpy.errors import NixpyError
from nixpy.metadata.model import Kind, Project
from nixpy.metadata.read import read_project
from nixpy.syntax.tree import MemoryTree


def read(**files: str) -> Project:
    """Read files, of which a name has ``_`` for its dot."""
    return read_project(MemoryTree({name.replace("_", "."): text for name, text in files.items()}))


def requirements(project: Project, kind: Kind = Kind.RUN) -> list[str]:
    """Give the requirements of a kind, as PEP 508 writes them."""
    return [str(one.requirement) for one in project.wanted if one.kind is kind]


def notes(project: Project) -> list[str]:
    """Give the texts of the notes."""
    return [note.text for note in project.notes]


@pytest.mark.parametrize(
    ("spec", "ranges"),
    [
        ("python >=3.8,<3.11 *_cpython", ["<3.11,>=3.8"]),
        ("python==3.10 *_cpython", ["==3.10.*"]),
        ("python 3.10.* *_cpython", ["==3.10.*"]),
        ("python >= 3.8", [">=3.8"]),
        ("conda-forge::python>=3.9 0_cpython", [">=3.9"]),
    ],
)
def test_condas_builds_are_no_versions(spec, ranges):
    """What stands behind the version is a build, which says nothing here."""
    project = read(environment_yml=f"dependencies:\n- '{spec}'\n")
    assert [str(one.specifiers) for one in project.ranges] == ranges


@pytest.mark.parametrize(
    ("spec", "requirement"),
    [
        ("https://conda.anaconda.org/conda-forge::scipy=1.2", "scipy==1.2.*"),
        ("https://conda.anaconda.org/conda-forge/linux-64::scipy", "scipy"),
        ("conda-forge[linux-64]::scipy", "scipy"),
        ("dask[extras=[dataframe, array]]", "dask[array,dataframe]"),
        ("dask[version='>=2', extras=[\"array\"]]", "dask[array]>=2"),
        ("scipy[channel=conda-forge, build=py38_0]", "scipy"),
    ],
)
def test_condas_channels_and_brackets(spec, requirement):
    """A channel may be a URL and have a subdir; brackets may hold extras."""
    text = spec.replace('"', '\\"')
    assert requirements(read(environment_yml=f'dependencies:\n- "{text}"\n')) == [requirement]


@pytest.mark.parametrize(
    ("wrong", "taken"),
    [
        ("numpy>=2.0<3", "numpy<3,>=2.0"),
        ("numpy!=~5.0", "numpy!=5.0.*"),
        ("numpy==5.0*", "numpy==5.0.*"),
        ("numpy>=1.0<2 ; python_version > '3'", 'numpy<2,>=1.0; python_version > "3"'),
    ],
)
def test_what_uv_mends_is_a_note(wrong, taken):
    """A specifier that uv reads keeps nobody from a shell; the note says what it is read as."""
    project = read(requirements_txt=f"{wrong}\n")
    assert requirements(project) == [taken]
    assert notes(project) == [f"`{wrong}` is read as `{taken}`, as uv does; pip refuses it"]


def test_what_no_tool_reads_is_an_error_still():
    """Only what uv mends is mended."""
    with pytest.raises(NixpyError, match=r"`numpy=>2\.0` is not a requirement"):
        read(requirements_txt="numpy=>2.0\n")


def test_poetry_reads_its_own_notation_in_requires_python():
    """Poetry takes a caret there, others do not."""
    text = '[project]\nname = "a"\nrequires-python = "^3.11"\n'
    project = read(pyproject_toml=f"{text}[tool.poetry]\npackages = []\n")
    assert [str(one.specifiers) for one in project.ranges] == ["<4.0,>=3.11"]
    assert notes(project) == ["`^3.11` is poetry's notation: other tools want `>=3.11,<4.0`"]
    with pytest.raises(NixpyError, match=r"`\^3\.11` is not a version specifier"):
        read(pyproject_toml=text)


def test_local_versions_in_carets():
    """``^2.1.0+cpu`` begins at 2.1.0."""
    text = '[tool.poetry.dependencies]\ntorch = "^2.1.0+cpu"\njax = "2.1.0+cpu"\n'
    assert requirements(read(pyproject_toml=text)) == ["torch<3.0.0,>=2.1.0", "jax==2.1.0+cpu"]


def test_a_pipfile_may_name_the_folder_above():
    """Pipenv takes ``..`` for a path, under whatever name."""
    project = read(Pipfile='[packages]\na = {path = "..", editable = true}\n')
    assert [(one.name, one.source) for one in project.wanted] == [("a", "..")]


def test_groups_that_are_installed_unasked_have_a_say_on_the_python():
    """Uv syncs the group dev with the Python that it asks for; other groups wait to be asked."""
    text = (
        "[dependency-groups]\ndev = []\ndocs = []\n[tool.uv.dependency-groups]\n"
        'dev = {requires-python = ">=3.12"}\ndocs = {requires-python = ">=3.14"}\n'
    )
    ranges = read(pyproject_toml=text).ranges
    assert [(str(one.specifiers), one.origin.line) for one in ranges] == [(">=3.12", 5)]


def test_dynamic_dependencies_are_poetrys():
    """What [project] calls dynamic stands in poetry's table."""
    text = (
        '[project]\nname = "a"\ndynamic = ["dependencies"]\n'
        '[project.optional-dependencies]\nplot = ["matplotlib"]\n'
        '[tool.poetry.dependencies]\npython = "^3.10"\nnumpy = "^1"\n'
        'scipy = {version = "*", optional = true}\n'
    )
    project = read(pyproject_toml=text)
    assert requirements(project) == ["numpy<2,>=1"]
    assert requirements(project, Kind.EXTRA) == ["matplotlib"]


def test_a_group_without_a_marker_always_has_the_package():
    """poetry.lock names a marker per group: one that has none counts everywhere."""
    lock = (
        '[[package]]\nname = "a"\nversion = "1"\ngroups = ["main", "dev"]\n'
        "markers = {main = \"sys_platform == 'win32'\"}\n"
        '[[package]]\nname = "b"\nversion = "1"\ngroups = ["main"]\n'
        "markers = {main = \"sys_platform == 'win32'\"}\n"
        '[metadata]\nlock-version = "2.1"\npython-versions = ">=3.9"\n'
    )
    project = read(poetry_lock=lock)
    assert [one.markers for one in project.locked] == [(), ("sys_platform == 'win32'",)]


def test_a_name_has_the_value_that_stands_above():
    """A name that is bound twice is at each place what it was bound to last."""
    program = (
        'with open("requirements.txt") as f:\n    reqs = f.read().splitlines()\n'
        'with open("test-requirements.txt") as f:\n    tests = f.read().splitlines()\n'
        'more = ["a"]\nreqs2 = more\nmore = ["b"]\n'
        "setup(install_requires=reqs, tests_require=tests, "
        'extras_require={"x": reqs2, "y": more})\n'
    )
    files = {
        "setup.py": program,
        "requirements.txt": "numpy\n",
        "test-requirements.txt": "pytest\n",
    }
    project = read_project(MemoryTree(files))
    of_program = next(one for one in project.facts if one.file == "setup.py")
    kinds = [(one.kind, one.group, one.name) for one in of_program.wanted]
    assert kinds == [
        (Kind.RUN, None, "numpy"),
        (Kind.GROUP, "tests", "pytest"),
        (Kind.EXTRA, "x", "a"),
        (Kind.EXTRA, "y", "b"),
    ]


def test_a_filter_under_a_condition_takes_nothing_away():
    """What is bound anew below an `if` may not be: what was bound before is told."""
    program = (
        'install_requires = ["a", "b"]\nif os.environ.get("READTHEDOCS"):\n'
        '    install_requires = [x for x in install_requires if x != "b"]\n'
        "setup(install_requires=install_requires)\n"
    )
    project = read(setup_py=program)
    assert requirements(project) == ["a", "b"]
    assert notes(project) == []
    other = program.replace('[x for x in install_requires if x != "b"]', "f()")
    assert requirements(read(setup_py=other)) == ["a", "b"]
    assert len(notes(read(setup_py=other))) == 1


@pytest.mark.parametrize(
    "files",
    [
        {"setup_py": 'setup(install_requires=["x"], tests_require=["b c"])\n'},
        {"setup_cfg": "[options]\ninstall_requires = x\ntests_require =\n  b c\n"},
    ],
)
def test_a_mistake_in_test_requirements_is_a_note(files):
    """Nobody needs setuptools' test requirements to enter a shell."""
    project = read(**files)
    assert requirements(project) == ["x"]
    assert len(notes(project)) == 1
    assert notes(project)[0].startswith("`b c` is not a requirement")


def test_a_requirement_goes_on_behind_a_backslash():
    """Setuptools joins lines in lists of requirements."""
    project = read(setup_cfg="[options]\ninstall_requires =\n  a>=1,\\\n  <2\n  b\n")
    assert requirements(project) == ["a<2,>=1", "b"]
    assert [one.origin.line for one in project.wanted] == [3, 5]


@pytest.mark.parametrize("text", ["python-2.7.18", "python-3.6.9", "python-3.13t", "graalpy-24.0"])
def test_a_python_that_cannot_be_had_is_pinned_nevertheless(text):
    """What runtime.txt names is never passed over: the plan says what becomes of it."""
    assert [pin.text for pin in read(runtime_txt=f"{text}\n").pins] == [text]
