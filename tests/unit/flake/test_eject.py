"""What `nixpy eject` makes of generated texts: plain ones, in which nothing names nixpy."""

import pytest

from nixpy.config.parse import parse
from nixpy.flake.eject import ejected, leftovers, plain_envrc, plain_nix, plain_program
from nixpy.flake.render import FLAKE, MODULE, PROGRAMS, envrcs, modules, render
from nixpy.metadata.read import read_project
from nixpy.plan.make import make_plan
from nixpy.plan.model import Part
from nixpy.syntax.tree import MemoryTree

CHOICES = """\
python: "3.13"
packages: [numpy]
tools: [ruff, jq]
libraries: [libGL, zlib]
env: {A: b}
pythons: ["3.12"]
"""
BARE = "installer: pip\n"
GPU = 'cuda: true\nlibrary_path: true\nprojects: {api: api}\nvenv: "my env"\n'


def plan_of(choices):
    """Give the plan of a project with wheels that need something of everything."""
    wanted = "opencv-python\nplaywright\nruff\npsycopg2\n"
    project = read_project(MemoryTree({"requirements.txt": wanted}))
    config = parse(choices)
    parts = [Part("default", ".", project, config)]
    parts += [Part(name, path, project, parse(BARE)) for name, path in config.projects.items()]
    return make_plan(parts)


@pytest.mark.parametrize("choices", [CHOICES, BARE, GPU, ""])
def test_nothing_names_nixpy(choices):
    """Flake, module, program and `.envrc` are without the name, whatever was chosen."""
    plan = plan_of(choices)
    texts = [plain_nix(render(plan)[FLAKE], "./")]
    texts += [
        plain_nix(text, "../") for path, text in modules(plan).items() if path not in PROGRAMS
    ]
    texts += [plain_program(render(plan)[path]) for path in PROGRAMS]
    texts += [plain_envrc(text) for text in envrcs(plan).values()]
    for text in texts:
        assert leftovers(text) == []
        assert ".nixpy" not in text


def test_only_the_name_goes():
    """Line by line the flake says what it said, but for nixpy.yaml and what asks for a sync."""
    before = [
        line
        for line in render(plan_of(CHOICES))[FLAKE].splitlines()[2:]
        if "--made-from" not in line and line.strip() != "# nixpy.yaml"
    ]
    after = plain_nix(render(plan_of(CHOICES))[FLAKE], "./").splitlines()
    assert len(before) == len(after)
    for old, new in zip(before, after, strict=True):
        if "nixpy" not in old.lower():
            assert new == old
    assert "              ps.numpy" in after
    assert "                pkgs.libGL # opencv-python" in after


def test_the_module_finds_its_program():
    """The program lies beside the module, and below `nix` for the flake."""
    plan = plan_of("")
    assert "source ${./enter.bash}" in plain_nix(modules(plan)[MODULE], "../")
    assert "${./venv.py}" in plain_nix(modules(plan)[MODULE], "../")
    assert "${../nix/python-shell.nix}" in plain_nix(modules(plan)[MODULE], "../")
    assert "${./nix/venv.py}" in plain_nix(render(plan)[FLAKE], "./")


def test_the_users_own_text_is_kept():
    """A path or a word of the user's is not renamed, and is told by its line."""
    plan = plan_of('shell_hook: "cd ~/nixpy-demo && echo about nixpy"\n')
    text = plain_nix(render(plan)[FLAKE], "./")
    assert "cd ~/nixpy-demo && echo about nixpy" in text
    (line,) = leftovers(text)
    assert "about nixpy" in text.splitlines()[line - 1]


def test_an_ejected_flake_is_known():
    """`nixpy init` can tell it from a flake that nixpy never wrote."""
    text = render(plan_of(""))[FLAKE]
    assert ejected(plain_nix(text, "./"))
    assert not ejected(text)
    assert not ejected("{ outputs = _: { }; }\n")
