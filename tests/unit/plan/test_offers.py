"""What other files name that the project may use: one note, with commands that bring it."""

import pytest

from nixpy.config.parse import parse
from nixpy.metadata.read import read_project
from nixpy.plan.make import make_plan
from nixpy.plan.model import Part
from nixpy.syntax.tree import MemoryTree

PROJECT = '[project]\nname = "app"\ndependencies = []\n'


def notes(files: dict[str, str], config: str = "", project: str = PROJECT) -> tuple[str, ...]:
    tree = MemoryTree({"pyproject.toml": project, **files})
    return make_plan([Part("default", ".", read_project(tree), parse(config))]).notes


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        (
            "Dockerfile",
            "FROM python:3.13\nRUN apt-get update && apt-get install -y \\\n"
            "    # for audio\n    ffmpeg=7.* \\\n    libpq-dev curl && rm -rf /var/lib/apt\n",
            "ffmpeg (Dockerfile:2): `nixpy add --tool ffmpeg` brings it",
        ),
        (
            "Dockerfile",
            "RUN apk add --no-cache --virtual .build ffmpeg libmagic\n",
            "ffmpeg (Dockerfile:1), file (Dockerfile:1): `nixpy add --tool ffmpeg` and "
            "`nixpy add --library file` bring it",
        ),
        (
            ".github/workflows/test.yml",
            "services:\n  db:\n    image: postgres:16\nsteps:\n  - run: sudo apt install libegl1\n",
            "postgresql (.github/workflows/test.yml:3): `nixpy add --tool postgresql` brings it",
        ),
        (
            "compose.yaml",
            'services:\n  cache:\n    image: "docker.io/library/redis:7-alpine"\n',
            "redis (compose.yaml:3): `nixpy add --tool redis` brings it",
        ),
        (
            "mise.toml",
            '[tools]\npython = "3.13"\nuv = "latest"\nnode = "22"\n[env]\ngo = "1"\n',
            "nodejs (mise.toml:4): `nixpy add --tool nodejs` brings it",
        ),
        (
            ".tool-versions",
            "python 3.13\nterraform 1.9\n",
            "terraform (.tool-versions:2): `nixpy add --tool terraform` brings it",
        ),
        ("apt.txt", "pandoc\n\n", "pandoc (apt.txt:1): `nixpy add --tool pandoc` brings it"),
        (
            "README.md",
            "    brew install app graphviz\n",
            "graphviz (README.md:1): `nixpy add --tool graphviz` brings it",
        ),
        (
            ".pre-commit-config.yaml",
            "repos:\n  - repo: local\n    hooks:\n      - id: x\n        language: node\n",
            "nodejs (.pre-commit-config.yaml:5): `nixpy add --tool nodejs` brings it",
        ),
    ],
)
def test_what_the_repository_says_elsewhere_is_offered(file, text, said):
    """The place is named, and the command; what every machine has is not."""
    assert notes({file: text}) == (f"the project may use {said}",)


def test_what_the_shell_has_is_not_offered():
    """Neither by the user's list, nor where a distribution takes it, nor a tool of the venv."""
    dockerfile = "RUN apt-get install -y ffmpeg libmagic1 graphviz ruff\n"
    project = '[project]\nname = "app"\ndependencies = ["pydub", "python-magic", "ruff"]\n'
    assert notes({"Dockerfile": dockerfile}, "tools: [graphviz]", project) == ()


def test_pre_commit_is_in_the_shell_unless_the_venv_has_it():
    """The hooks of a checkout run at once."""
    files = {"pyproject.toml": PROJECT, ".pre-commit-config.yaml": "repos:\n- repo: local\n"}
    with_it = PROJECT.replace("[]", '["pre-commit"]')
    for text, expected in ((PROJECT, True), (with_it, False)):
        project = read_project(MemoryTree({**files, "pyproject.toml": text}))
        plan = make_plan([Part("default", ".", project, parse(""))])
        names = [one.alternatives[0] for one in plan.shells[0].tools]
        assert ("pre-commit" in names) is expected


@pytest.mark.parametrize(
    "text",
    [
        "RUN apt-get install -y $PACKAGES {{ packages }}\n",
        "apt-get install",
        "\x00",
        "image: ${X}\n",
    ],
)
def test_what_is_templated_or_broken_is_passed_over(text):
    """Nobody wrote these files for nixpy."""
    for file in ("Dockerfile", "compose.yaml", ".pre-commit-config.yaml", "README.md"):
        assert notes({file: text}) == ()
