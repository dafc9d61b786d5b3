"""Files made to be slow are read in two seconds, or refused with one clear error."""

import subprocess
import sys
from pathlib import Path

import pytest

from nixpy.errors import NixpyError
from nixpy.metadata.read import read_project
from nixpy.syntax.limits import MOST_BYTES_BY_HAND
from nixpy.syntax.tree import MemoryTree

_ROOT = Path(__file__).parents[4]


def test_no_file_takes_long():
    """What doubles, enumerates, includes, nests or repeats costs no more than its size."""
    ran = subprocess.run(
        [sys.executable, "-m", "tests.support.slow", "--every", "24"],
        cwd=_ROOT,
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"pyproject.toml": "#" * (MOST_BYTES_BY_HAND + 1)}, "too large: 1.0 MiB, of at most 1"),
        ({"pyproject.toml": ".".join(["a"] * 200) + " = 1"}, "a key has more than 100 parts"),
        ({"environment.yml": "&a [*a]"}, "`*a` stands inside of what it is an alias of"),
        ({"environment.yml": "? [a]\n: b"}, "a key must be a single value"),
        (
            {"environment.yml": f"a: &a [{'b, ' * 200}]\nc: [{'*a, ' * 200}]"},
            "environment.yml:2: holds more than 20,000 values, aliases followed",
        ),
        (
            {"requirements.txt": "numpy\n" * 10_001},
            "with it there are more than 10,000 requirements",
        ),
        (
            {f"requirements-{n}.txt": "" for n in range(501)},
            "requirements*.txt: there are 501 such files, of at most 500 that are read",
        ),
        ({"requirements.txt": f"numpy=={'1' * 200}"}, "a number of its version has more than 100"),
        ({"requirements.txt": f"numpy[{'a,' * 9000}b]"}, "it has more than 10,000 characters"),
        (
            {"requirements.txt": "-r r0.txt"}
            | {f"r{n}.txt": f"-r r{n + 1}.txt" for n in range(40)},
            "takes in more than 30 files, one behind another",
        ),
    ],
)  # fmt: skip
def test_what_passes_a_limit_is_one_error(files: dict[str, str], said: str):
    """The error names the limit, and there is no other one."""
    with pytest.raises(NixpyError) as error:
        read_project(MemoryTree(files))
    assert len(error.value.errors) == 1
    assert said in str(error.value)


def test_a_program_that_doubles_is_noted():
    """Of a setup.py that takes too many steps the name is known, and a note tells of the rest."""
    program = "a0 = ['x']\n" + "".join(f"a{n} = a{n - 1} + a{n - 1}\n" for n in range(1, 40))
    project = read_project(
        MemoryTree({"setup.py": f"{program}setup(name='app', install_requires=a39)"})
    )
    assert project.name == "app"
    assert [note.text for note in project.notes] == [
        "takes too many steps to be understood, so it was read in part"
    ]


def test_a_file_taken_in_often_is_read_once():
    """Files that each take in the next one twice say what they say once."""
    files = {f"r{n}.txt": f"-r r{n + 1}.txt\n" * 2 for n in range(25)}
    project = read_project(
        MemoryTree({**files, "requirements.txt": "-r r0.txt", "r25.txt": "numpy"})
    )
    assert [one.name for one in project.wanted] == ["numpy"]


def test_groups_that_include_each_other_are_told_once():
    """A ring of groups is one error, whichever group one begins with."""
    groups = "".join(f"g{n} = [{{include-group = 'g{(n + 1) % 3}'}}]\n" for n in range(3))
    with pytest.raises(NixpyError) as error:
        read_project(MemoryTree({"pyproject.toml": f"[dependency-groups]\n{groups}"}))
    assert str(error.value).endswith("includes itself: g0 → g1 → g2 → g0")
