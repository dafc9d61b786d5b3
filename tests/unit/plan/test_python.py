"""Which Python and which installer a shell gets, and why."""

import pytest
from packaging.specifiers import SpecifierSet

from nixpy.config.model import Config
from nixpy.config.parse import parse
from nixpy.errors import NixpyError
from nixpy.knowledge.pythons import Branch, branch_of
from nixpy.metadata.model import Installer, InstallerSign, Project, PythonPin, PythonRange, Strength
from nixpy.plan.installer import choose_installer
from nixpy.plan.python import choose_python
from nixpy.syntax.origin import Origin

BRANCH = Branch(
    name="nixos-test",
    minors=("3.11", "3.12", "3.13", "3.14", "3.15"),
    default="3.13",
    cached=("3.12", "3.13"),
    prerelease=("3.15",),
)


def ranges(*texts: str) -> Project:
    return Project(
        ranges=tuple(
            PythonRange(SpecifierSet(text), text, Origin("pyproject.toml", "requires-python", 3))
            for text in texts
        )
    )


def pinned(text: str, version: str | None, implementation: str = "cpython") -> Project:
    pin = PythonPin(text, version, Origin(".python-version", None, 1), implementation)
    return Project(pins=(pin,))


@pytest.mark.parametrize(
    ("texts", "config", "minor"),
    [
        ([], "", "3.13"),
        ([">=3.10"], "", "3.13"),
        ([">=3.10", "<3.13"], "", "3.12"),
        ([">=3.14"], "", "3.14"),
        (["==3.11.*"], "", "3.11"),
        (["!=3.13.*"], "", "3.14"),
        (["!=3.13.*"], "packages: [numpy]", "3.12"),
        ([], "packages: [numpy]", "3.13"),
        (["<3.12"], "packages: [numpy]", "3.11"),
        ([">=3.11.4,<4"], "", "3.13"),
        ([], 'python: "3.14"', "3.14"),
    ],
)
def test_the_range_decides_after_the_default(texts, config, minor):
    """nixpkgs' default is taken if allowed, else the newest; cached ones first with packages."""
    assert choose_python(ranges(*texts), parse(config), BRANCH).minor == minor


def test_a_pre_release_is_not_chosen():
    """A version that is a pre-release on the branch is never taken unasked."""
    with pytest.raises(NixpyError, match=r"no Python of nixos-test meets `>=3\.15`"):
        choose_python(ranges(">=3.15"), Config(), BRANCH)
    assert choose_python(Project(), parse('python: "3.15"'), BRANCH).minor == "3.15"


def test_a_free_threaded_build_is_not_taken_silently_for_the_usual_one():
    """Who pins 3.13t learns that the shell has the usual build, and how to have the other."""
    choice = choose_python(pinned("3.13t", "3.13", "freethreaded"), Config(), BRANCH)
    assert choice.minor == "3.13"
    (warning,) = choice.warnings
    assert "names 3.13t, a free-threaded build" in warning.text
    assert "`tools: [python313FreeThreading]`" in (warning.hint or "")


def test_another_implementation_is_not_taken_silently_for_cpython():
    """Who pins GraalPy learns that the shell has CPython."""
    choice = choose_python(pinned("graalpy-24.0", None, "graalpy"), Config(), BRANCH)
    assert choice.minor == "3.13"
    (warning,) = choice.warnings
    assert warning.text == (
        ".python-version:1 names graalpy-24.0, which is not CPython; "
        "nixpy makes shells for CPython only"
    )


def test_what_is_no_python_is_passed_over():
    """`system` and conda's names say nothing of the version."""
    assert choose_python(pinned("system", None, "system"), Config(), BRANCH).warnings == ()


def test_a_pin_is_taken_at_its_minor_with_a_warning():
    """A patch level that nixpkgs cannot promise is told, with the way to have it."""
    choice = choose_python(pinned("3.12.99", "3.12.99"), Config(), BRANCH)
    assert choice.minor == "3.12"
    (warning,) = choice.warnings
    assert ".python-version:1 names 3.12.99" in warning.text
    assert "taken as 3.12" in warning.text
    assert warning.hint == '`python: "3.12.99"` in nixpy.yaml brings exactly that release'


def test_a_pin_of_a_minor_gives_no_warning():
    """What can be met is not talked about."""
    choice = choose_python(pinned("3.12", "3.12"), Config(), BRANCH)
    assert (choice.minor, choice.warnings) == ("3.12", ())


def test_nixpy_yaml_beats_a_pin():
    """The user's choice comes first."""
    choice = choose_python(pinned("3.12", "3.12"), parse("python: 3.14"), BRANCH)
    assert (choice.minor, choice.reason) == ("3.14", "nixpy.yaml:1")


@pytest.mark.parametrize(
    ("project", "said", "hint"),
    [
        (pinned("pypy3.10-7.3.19", None, "pypy"), ".python-version:1: pypy3.10", "3.11, 3.12"),
        (pinned("3.8", "3.8"), "Python 3.8 is not in nixos-test", "choose one of them"),
        (pinned("3.9.18", "3.9.18"), "Python 3.9 is not in nixos-test", "nixos-24.11 has it"),
        (ranges("<3.9"), "no Python of nixos-test meets `<3.9`; it has 3.11", "widen"),
        (ranges("<3.11"), "meets `<3.11`", "nixos-25.11 has 3.10: set `nixpkgs:"),
        (ranges(">=3.12", "<3.12"), "`>=3.12` together with `<3.12`", "make the ranges agree"),
        (ranges(">3.13,<3.12"), "meets `>3.13,<3.12`", "widen"),
    ],
)
def test_what_cannot_be_met_names_file_and_versions(project, said, hint):
    """Where no version fits, the error says where, what there is, and what to do."""
    with pytest.raises(NixpyError) as caught:
        choose_python(project, Config(), BRANCH)
    assert said in str(caught.value)
    assert caught.value.file in {".python-version", "pyproject.toml"}
    assert hint in (caught.value.hint or "")


def test_a_conflict_between_choice_and_range_is_told():
    """A choice that requires-python forbids is kept, with a warning."""
    choice = choose_python(ranges(">=3.13"), parse('python: "3.12"'), BRANCH)
    assert [one.text for one in choice.warnings] == [
        "pyproject.toml:3 requires-python asks for Python >=3.13, which Python 3.12 does not meet"
    ]


def test_an_exact_range_is_told():
    """A range of one patch release may not hold nixpkgs' own, and that is said."""
    choice = choose_python(ranges("==3.12.4"), Config(), BRANCH)
    assert choice.minor == "3.12"
    assert "may not be in that range" in choice.warnings[0].text


def test_packages_that_would_be_compiled_are_told():
    """With a version that the cache has no packages for, the branch that has them is named."""
    choice = choose_python(
        ranges("==3.11.*"), parse("packages: [numpy]"), branch_of("nixos-unstable")
    )
    (warning,) = choice.warnings
    assert "numpy and all below will be compiled" in warning.text
    assert "set `nixpkgs: github:NixOS/nixpkgs/nixos-24.11`" in (warning.hint or "")


def sign(installer: Installer, strength: Strength, file: str) -> InstallerSign:
    return InstallerSign(installer, strength, Origin(file))


@pytest.mark.parametrize(
    ("signs", "config", "expected"),
    [
        ([], "", (Installer.UV, "the default: no file of the project names another")),
        ([], "installer: pdm", (Installer.PDM, "nixpy.yaml:1")),
        (
            [
                sign(Installer.UV, Strength.TABLE, "pyproject.toml"),
                sign(Installer.POETRY, Strength.LOCK, "poetry.lock"),
            ],
            "",
            (Installer.POETRY, "poetry.lock is there"),
        ),
        (
            [sign(Installer.PDM, Strength.BACKEND, "pyproject.toml")],
            "",
            (Installer.PDM, "pyproject.toml names its build backend"),
        ),
        (
            [
                sign(Installer.POETRY, Strength.LOCK, "poetry.lock"),
                sign(Installer.UV, Strength.LOCK, "uv.lock"),
            ],
            "",
            (
                Installer.UV,
                "uv.lock is there (so is poetry.lock: "
                "`installer:` in nixpy.yaml decides otherwise)",
            ),
        ),
    ],
)
def test_the_installer_follows_the_strongest_sign(signs, config, expected):
    """nixpy.yaml, else a lock file, else a tool table, else a build backend, else uv."""
    choice = choose_installer(Project(signs=tuple(signs)), parse(config))
    assert (choice.installer, choice.reason) == expected
