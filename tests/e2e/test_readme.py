"""The README's first example, followed word for word."""

from __future__ import annotations

import json
import re
import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support import wheelhouse
from tests.support.nixpkgs import StandIn, preferred_python, prefetch
from tests.support.project import Project, lines, user_environment
from tests.support.wheelhouse import Distribution

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.parametrize("standin", ["legacy"], indirect=True, ids=["legacy"]),
]
ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
WHEELS = ROOT / "tests/nixpkgs/wheels"


def steps(page: str) -> list[tuple[str, list[str]]]:
    """Give the commands of a page, each with the lines that it is said to print.

    A command that ends in a here-document has its lines.
    """
    found: list[tuple[str, list[str]]] = []
    for block in BLOCK.findall((ROOT / page).read_text(encoding="utf-8")):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append((line.removeprefix("$ ").partition("  #")[0].strip(), []))
            elif "<<'END'" in found[-1][0] and not found[-1][0].endswith("\nEND"):
                found[-1] = (f"{found[-1][0]}\n{line}", [])
            else:
                found[-1][1].append(line)
    return found


def is_like(printed: str, said: str, versions: dict[str, str]) -> bool:
    """Tell whether a line is what the README says, where it says versions of its own and `…`."""
    for theirs, ours in versions.items():
        said = said.replace(theirs, ours)
    return bool(re.fullmatch(re.escape(said).replace("…", ".*"), printed))


@contextmanager
def newcomer(standin: StandIn, tmp_path: Path, name: str) -> Iterator[tuple[Project, str, str]]:
    """Give a project that is still to be made, its Python, and Nix's version of numpy.

    The index has a newer numpy, as PyPI has most of the time.
    """
    python = preferred_python()
    prefetch("numpy", python=python)
    table = next(WHEELS.glob(f"cp{python.replace('.', '')}-*.json"))
    version = json.loads(table.read_text())["numpy"]["version"]
    distributions = [Distribution("numpy", one, program=False) for one in (version, "99.0")]
    distributions.append(Distribution("humanize", program=False))
    with wheelhouse.serve(wheelhouse.build(tmp_path / "index", distributions)) as index:
        home = tmp_path / "home"
        home.mkdir()
        environment = user_environment(home, UV_DEFAULT_INDEX=index)
        yield Project(tmp_path / name, standin.ref, environment), python, version


@pytest.mark.network
def test_the_first_example(standin: StandIn, tmp_path: Path):
    """With a newer numpy on the index, what it prints at the end is the store's."""
    with newcomer(standin, tmp_path, "my-project") as (project, python, version):
        project.root.mkdir()
        project.write({
            "pyproject.toml": '[project]\nname = "my-project"\nversion = "1"\n'
            f'requires-python = "=={python}.*"\ndependencies = ["numpy"]\n'
        })  # fmt: skip
        project.git()
        [(_, _), (init, _), (develop, entered), *inside] = steps("README.md")[:6]
        assert (init, develop) == ("nixpy init -p numpy", "nix develop")
        project.nixpy(*shlex.split(init)[1:])
        done = project.enter("python -c 'import sys; print(*sys.version_info[:3], sep=\".\")'")
        exact = lines(done)[-1]
        said = re.search(r"\(Python (\S+)\)", entered[0])
        locked = re.search(r"==([\d.]+)", entered[1])
        assert said
        assert locked
        versions = {said[1]: exact, said[1].rpartition(".")[0]: python, locked[1]: version}
        printed = [line.replace(f"{project.root}/", "") for line in done.stderr.splitlines()]
        assert len(entered) == 2
        for line in entered:
            assert any(is_like(one, line, versions) for one in printed), (line, printed)
        for command, expected in inside:
            done = project.enter(command.replace(locked[1], version))
            for line in expected:
                assert is_like(lines(done)[-1], line, versions), done.stdout


@pytest.mark.network
def test_the_tutorial(standin: StandIn, tmp_path: Path):
    """From an empty folder to numpy of Nix's and humanize of the index's, by what the page says."""
    with newcomer(standin, tmp_path, "prices") as (project, python, version):
        told = [command for command, _ in steps("docs/tutorial.md")]
        told = [
            one.replace(">=3.11", f"=={python}.*").replace("==2.3.4", f"=={version}")
            for one in told
        ]
        at = told.index("nix develop")
        nixpy = f'nixpy() {{ "{sys.executable}" -I -m nixpy "$@"; }}; set -e\n'
        project.run(["bash", "-c", nixpy + "\n".join(told[:at])], cwd=tmp_path)
        entered = project.enter("true").stderr
        assert any(one in entered for one in told), "the page has the very command"
        done = project.enter(nixpy + "\n".join(told[at + 1 :]))
        places = [line for line in lines(done) if line.endswith(".py")]
        assert places[0].startswith("/nix/store/")
        assert places[1].startswith(f"{project.venv}/")


def test_the_dockerfile(make_project, tmp_path: Path):
    """What it copies, and where, is enough for its commands, without git."""
    text = (ROOT / "docs/guides/ci.md").read_text(encoding="utf-8")
    block = re.search(r"^```dockerfile\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert block
    pyproject = '[project]\nname = "app"\nversion = "1"\nrequires-python = ">=3.10"\n'
    pyproject += 'dependencies = ["quack"]\n'
    project = make_project({"pyproject.toml": pyproject}, "-p", "cowsay")
    project.enter("uv lock -q")
    project.run(["nix", "flake", "lock", "--override-input", "nixpkgs", project.nixpkgs])
    image = Project(tmp_path / "image", project.nixpkgs, project.environment)
    image.root.mkdir()
    for line in block[1].splitlines():
        verb, _, rest = line.partition(" ")
        if verb == "COPY":
            *sources, target = rest.split()
            for source in sources:
                place = image.root / target if source != "." else image.root
                options = ["-a"] if source != "." else ["-a", "--no-clobber"]
                path = f"{project.root}/{source}" if source != "." else f"{project.root}/."
                image.run(["cp", *options, path, str(place)])
        elif verb == "RUN":
            image.run(["rm", "-rf", ".git", ".venv/.lock"])
            image.run(shlex.split(rest))
    done = image.run(["nix", "develop", "path:.", "-c", "python", "-c", "import quack, cowsay"])
    assert done.returncode == 0
