"""The variables that a shell sets, and the forms they are written in."""

import json
import shutil
import subprocess

import pytest

from nixpy.commands._shell_variables import as_json, bash, dotenv, fish, shell_variables
from tests.support.lacking import lacking

HARD = {
    "EMPTY": "",
    "GONE": None,
    "PATH": "/a b/bin:/usr/bin:/it's",
    "PLAIN": "x-1.2/y",
    "QUOTES": 'it\'s "so" $HOME `id` \\n',
    "LINES": "one\ntwo\ttabbed",
    "UMLAUT": "größer",
}


def test_what_a_shell_sets():
    """What differs is given; what builds look at, or what passes, is not."""
    outside = {"HOME": "/h", "PATH": "/usr/bin", "PYTHONPATH": "/x", "LANG": "C", "TMPDIR": "/t"}
    inside = {
        "HOME": "/homeless",
        "LANG": "C",
        "PATH": "/v/bin:/usr/bin",
        "SHLVL": "2",
        "UV_PYTHON": "3.12",
        "buildInputs": "/nix/store/x",
        "http_proxy": "p",
        "out": "/nix/store/y",
        "TMPDIR": "/tmp/nix-shell",
    }
    assert shell_variables(outside, inside, ["http_proxy"]) == {
        "PATH": "/v/bin:/usr/bin",
        "PYTHONPATH": None,
        "UV_PYTHON": "3.12",
        "http_proxy": "p",
    }


def read_back(program: list[str], script: str) -> dict[str, str]:
    """Run a script before `env -0`, and give the variables."""
    start = {"GONE": "here", "PATH": "/usr/bin:/bin"}
    shell = shutil.which(program[0])
    assert shell
    done = subprocess.run(
        [shell, *program[1:], f"{script}\n/usr/bin/env -0"],
        capture_output=True,
        check=True,
        env=start,
        text=True,
    )
    return dict(one.split("=", 1) for one in done.stdout.split("\0") if one)


@pytest.mark.parametrize(
    ("program", "write"), [(["bash", "-c"], bash), (["fish", "--no-config", "-c"], fish)]
)
def test_a_shell_reads_it_back(program, write):
    """The shell has every variable with its very bytes, and not those that were taken away."""
    if shutil.which(program[0]) is None:
        lacking(f"{program[0]} is not installed")
    found = read_back(program, write(HARD))
    assert {name: found.get(name) for name in HARD} == HARD


def test_json():
    """JSON says null for what is taken away."""
    assert json.loads(as_json(HARD)) == HARD


def test_dotenv():
    """Values are bare, or quoted so that nothing in them is expanded."""
    assert dotenv(HARD).splitlines() == [
        "EMPTY=''",
        'PATH="/a b/bin:/usr/bin:/it\'s"',
        "PLAIN=x-1.2/y",
        'QUOTES="it\'s \\"so\\" \\$HOME `id` \\\\n"',
        'LINES="one\\ntwo\ttabbed"',
        "UMLAUT='größer'",
    ]
