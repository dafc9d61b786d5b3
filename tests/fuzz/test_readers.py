"""Whatever a project's files hold, reading and planning ends, soon, in a plan or in an error."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nixpy.config.model import Config
from nixpy.config.parse import parse
from nixpy.errors import NixpyError
from nixpy.flake import render
from nixpy.metadata.model import Project
from nixpy.metadata.read import read_project
from nixpy.plan.make import make_plan
from nixpy.plan.model import Part
from nixpy.syntax.tree import MemoryTree
from tests.support import fuzz
from tests.support.slow_inputs import Files

_CORPUS = Path(__file__).parents[1] / "corpus"
_SUFFIX = ".sample"  # lest other tools take the files for their own
_SECONDS = 2.0  # of the processor


def render_all(files: Files) -> dict[str, str] | None:
    """Go from files to rendered ones as `nixpy init` does; None where an error ends it."""
    start = time.process_time()
    made = _render(files)
    if time.process_time() - start > _SECONDS:
        # What is slow is slow every time; a full collection of garbage comes once.
        start = time.process_time()
        _render(files)
        assert time.process_time() - start < _SECONDS
    return made


def _render(files: Files) -> dict[str, str] | None:
    try:
        config = parse(files["nixpy.yaml"]) if "nixpy.yaml" in files else Config()
        project = read_project(MemoryTree(files)) if len(files) > ("nixpy.yaml" in files) else None
        part = Part("default", ".", project or Project(), config)
        return render.render(make_plan([part]))
    except NixpyError as error:
        for one in error.errors:
            assert str(one).strip()
        return None


@pytest.mark.parametrize("path", fuzz.READERS)
@given(data=st.data())
def test_any_file_ends_in_a_plan_or_in_an_error(path: str, data: st.DataObject) -> None:
    """Values of every type and hostile text in each key that a reader knows."""
    render_all(data.draw(fuzz.projects(path)))


@given(choices=fuzz.CHOICES)
def test_any_choices_end_in_a_plan_or_in_an_error(choices: object) -> None:
    """The same for nixpy.yaml."""
    render_all({"nixpy.yaml": fuzz.yaml(choices)})


def _corpus() -> list[Path]:
    return sorted(path for path in _CORPUS.iterdir() if path.is_dir())


@pytest.mark.parametrize("folder", _corpus(), ids=lambda folder: folder.name)
def test_what_failed_once_does_not_fail_again(folder: Path) -> None:
    """Each folder of the corpus is a project that once ended in a traceback, or took too long."""
    render_all(
        {
            str(path.relative_to(folder)).removesuffix(_SUFFIX): path.read_text("utf-8")
            for path in folder.rglob(f"*{_SUFFIX}")
        }
    )
