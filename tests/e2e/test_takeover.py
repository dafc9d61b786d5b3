"""`nixpy init` on a devbox.json or an environment.yml: the shell has what they listed."""

from __future__ import annotations

import json

import pytest

from tests.support.nixpkgs import attribute, preferred_python
from tests.support.project import Project, lines, user_environment

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.parametrize("standin", ["argv0"], indirect=True, ids=["argv0"]),
]


@pytest.fixture
def start(standin, tmp_path):
    """A maker of checkouts in which a plain `nixpy init` was run, without any option."""

    def maker(files):
        root = tmp_path / "project"
        root.mkdir()
        home = tmp_path / "home"
        home.mkdir()
        project = Project(root, standin.ref, user_environment(home))
        project.write(files)
        project.git()
        # A branch that has the Python of the tests; the stand-in takes its place.
        project.nixpy("init", "--nixpkgs", "github:NixOS/nixpkgs/nixos-25.11")
        return project

    return maker


WHERE = "import coloredlogs, sys; print(*sys.version_info[:2]); print(coloredlogs.__file__)"


def test_devbox(start):
    """Its Python, Python packages, libraries and programs are the shell's, with their headers."""
    minor = preferred_python()
    packages = [
        f"python@{minor}",
        f"{attribute(minor)}Packages.coloredlogs",
        "hello@latest",
        "pkg-config",
        "zlib",
    ]
    shell = {"init_hook": ["echo hi"]}
    project = start({"devbox.json": json.dumps({"packages": packages, "shell": shell})})
    script = f"hello; pkg-config --libs zlib; python -c '{WHERE}'"
    greeting, libs, version, module = lines(project.enter(script))[-4:]
    assert greeting == "Hello, world!"
    assert "-lz" in libs
    assert version == minor.replace(".", " ")
    assert module.startswith("/nix/store/")
    assert (project.root / "devbox.json").is_file()


def test_environment_yml(start):
    """Conda's Python and packages come from Nix, what it leaves to pip from the index."""
    minor = preferred_python()
    text = f"""\
name: analysis
channels: [conda-forge]
dependencies:
  - python={minor}
  - coloredlogs>=15
  - make
  - pip
  - pip:
      - quack
"""
    project = start({"environment.yml": text})
    done = project.enter(
        f"python -c '{WHERE}'; command -v make; python -c 'import quack' || echo -"
    )
    version, module, make, quack = lines(done)[-4:]
    assert version == minor.replace(".", " ")
    assert module.startswith("/nix/store/")
    assert make.startswith("/nix/store/")
    assert quack == "-"
