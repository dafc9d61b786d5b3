"""The README's first example, followed word for word."""

from __future__ import annotations

import json
import re
import shlex
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


def steps() -> list[tuple[str, list[str]]]:
    """Give the commands of the first block, each with the lines that it is said to print."""
    block = BLOCK.search((ROOT / "README.md").read_text())
    assert block
    found: list[tuple[str, list[str]]] = []
    for line in block[1].splitlines():
        if line.startswith("$ "):
            found.append((line.removeprefix("$ ").partition("  #")[0].strip(), []))
        else:
            found[-1][1].append(line)
    return found


def is_like(printed: str, said: str, versions: dict[str, str]) -> bool:
    """Tell whether a line is what the README says, where it says versions of its own and `…`."""
    for theirs, ours in versions.items():
        said = said.replace(theirs, ours)
    return bool(re.fullmatch(re.escape(said).replace("…", ".*"), printed))


@pytest.mark.network
def test_the_first_example(standin: StandIn, tmp_path: Path):
    """With a newer numpy on the index, what it prints at the end is the store's."""
    python = preferred_python()
    prefetch("numpy", python=python)
    table = next(WHEELS.glob(f"cp{python.replace('.', '')}-*.json"))
    version = json.loads(table.read_text())["numpy"]["version"]
    distributions = [Distribution("numpy", one, program=False) for one in (version, "99.0")]
    with wheelhouse.serve(wheelhouse.build(tmp_path / "index", distributions)) as index:
        home, root = tmp_path / "home", tmp_path / "my-project"
        home.mkdir()
        root.mkdir()
        environment = user_environment(home, UV_DEFAULT_INDEX=index)
        project = Project(root, standin.ref, environment)
        project.write({
            "pyproject.toml": '[project]\nname = "my-project"\nversion = "1"\n'
            f'requires-python = "=={python}.*"\ndependencies = ["numpy"]\n'
        })  # fmt: skip
        project.git()
        [(_, _), (init, _), (develop, entered), *inside] = steps()
        assert (init, develop) == ("nixpy init -p numpy", "nix develop")
        project.nixpy(*shlex.split(init)[1:])
        done = project.enter("python -c 'import sys; print(*sys.version_info[:3], sep=\".\")'")
        exact = lines(done)[-1]
        said = re.search(r"\(Python (\S+)\)", entered[0])
        locked = re.search(r"==([\d.]+)", entered[1])
        assert said
        assert locked
        versions = {said[1]: exact, said[1].rpartition(".")[0]: python, locked[1]: version}
        printed = [line.replace(f"{root}/", "") for line in done.stderr.splitlines()]
        assert len(entered) == 2
        for line in entered:
            assert any(is_like(one, line, versions) for one in printed), (line, printed)
        for command, expected in inside:
            done = project.enter(command.replace(locked[1], version))
            for line in expected:
                assert is_like(lines(done)[-1], line, versions), done.stdout
