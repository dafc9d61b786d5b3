"""Which Python a shell gets, and why."""

from dataclasses import replace

import pytest
from packaging.specifiers import SpecifierSet

from nixpy.config.model import Config
from nixpy.config.parse import parse
from nixpy.errors import NixpyError
from nixpy.knowledge.pythons import Branch, branch_of
from nixpy.metadata.model import Project, PythonPin, PythonRange
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
        (
            pinned("pypy3.10-7.3.19", None, "pypy"),
            ".python-version:1: pypy3.10-7.3.19 is not CPython",
            "`nixpy init --python 3.13`",
        ),
        (pinned("3.8", "3.8"), "Python 3.8 is not in nixos-test", "`nixpy init --python 3.8.20`"),
        (pinned("3.8.3", "3.8.3"), "Python 3.8 is not in", "`nixpy init --python 3.8.3`"),
        (pinned("3.9.18", "3.9.18"), "Python 3.9 is not", "`nixpy init --nixpkgs nixos-24.11`"),
        (ranges("<3.9"), "no Python of nixos-test meets `<3.9`; it has 3.11", "--python 3.8.20`"),
        (ranges(">=3.8,<3.11"), "meets `>=3.8,<3.11`", "`nixpy init --nixpkgs nixos-25.11`"),
        (ranges(">=3.12", "<3.12"), "`>=3.12` together with `<3.12`", "init --python 3.13`"),
        (ranges(">=3.12", "<3.12", "!=3.13.*"), "together with", "init --python 3.14`"),
        (ranges(">3.13,<3.12"), "meets `>3.13,<3.12`", "`nixpy init --python 3.13`"),
    ],
)
def test_what_cannot_be_met_names_a_command_that_works(project, said, hint):
    """Where no version fits, the error says where, what there is, and a command that goes on."""
    with pytest.raises(NixpyError) as caught:
        choose_python(project, Config(), BRANCH)
    assert said in str(caught.value)
    assert caught.value.file in {".python-version", "pyproject.toml"}
    assert hint in (caught.value.hint or "")
    options = (caught.value.hint or "").split("`")[1].split()[2:]
    given = dict(zip(options[::2], options[1::2], strict=True))
    ref = given.get("--nixpkgs", "nixos-unstable")
    text = f"nixpkgs: {ref}\n" + (f'python: "{given["--python"]}"' if "--python" in given else "")
    assert choose_python(project, parse(text), branch_of(f"github:NixOS/nixpkgs/{ref}"))


def test_the_choice_of_a_python_that_the_branch_has_not_names_a_command():
    """Who asks for an old Python reads where it is, with the option kept."""
    with pytest.raises(NixpyError) as caught:
        choose_python(Project(), parse('python: "3.9"'), BRANCH)
    assert "`nixpy init --python 3.9 --nixpkgs nixos-24.11`" in (caught.value.hint or "")


def test_a_pin_that_the_branch_has_not_gives_way_to_what_the_range_allows():
    """The shell has the nearest Python; a warning says so, and with what command comes the pin."""
    project = replace(ranges(">=3.8"), pins=pinned("3.9.18", "3.9.18").pins)
    choice = choose_python(project, Config(), BRANCH)
    (warning,) = choice.warnings
    assert choice.minor == "3.11"
    assert warning.text == (
        ".python-version:1 names 3.9.18, which nixos-test does not have; Python 3.11 is allowed by "
        "pyproject.toml:3 requires-python, too"
    )
    assert warning.hint == "nixos-24.11 has Python 3.9: `nixpy init --nixpkgs nixos-24.11`"


def test_of_several_pins_the_first_that_the_branch_has_is_taken():
    """pyenv's file lists versions for tests, too: one that is there needs no words."""
    pins = pinned("3.9", "3.9").pins + pinned("3.12", "3.12").pins
    choice = choose_python(Project(pins=pins), Config(), BRANCH)
    assert (choice.minor, choice.warnings) == ("3.12", ())


def test_a_pin_that_the_project_itself_forbids_loses():
    """A stale `.tool-versions` does not stop the shell."""
    project = replace(ranges(">=3.11"), pins=pinned("3.10.4", "3.10.4").pins)
    choice = choose_python(project, Config(), BRANCH)
    (warning,) = choice.warnings
    assert choice.minor == "3.13"
    assert "names 3.10.4, which pyproject.toml:3 requires-python forbids: >=3.11" in warning.text


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
    (warning,) = choice.warnings
    assert "may not be in that range" in warning.text
    assert warning.hint == "`nixpy init --python 3.12.4` brings a release that is"


def test_packages_that_would_be_compiled_are_told():
    """With a version that the cache has no packages for, the branch that has them is named."""
    choice = choose_python(
        ranges("==3.11.*"), parse("packages: [numpy]"), branch_of("nixos-unstable")
    )
    (warning,) = choice.warnings
    assert "numpy and all below will be compiled" in warning.text
    assert "set `nixpkgs: github:NixOS/nixpkgs/nixos-24.11`" in (warning.hint or "")
