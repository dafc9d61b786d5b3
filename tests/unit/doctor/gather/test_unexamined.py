"""What the doctor could not look at: it says so, and never that all is well."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from nixpy import cli
from nixpy.doctor.codec import dump, load
from nixpy.doctor.gather import gather as gatherer
from nixpy.doctor.gather.gather import gather
from nixpy.doctor.run import findings, select
from nixpy.doctor.snapshot import Part
from tests.support.scene import Scene


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that other users may enter, too."""
    folder = Path(tempfile.mkdtemp(dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def as_another(action: Callable[[], int]) -> int:
    """Run something as a user who owns nothing, and give the exit code."""
    child = os.fork()
    if not child:
        code = 99
        try:
            if os.getuid() == 0:
                # That user may not read the Python that runs this: what is imported late is by now.
                action()
                os.setgroups([])
                os.setresgid(65534, 65534, 65534)
                os.setresuid(65534, 65534, 65534)
            code = action()
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_a_venv_of_another_user(open_folder: Path) -> None:
    """A `.venv` with mode 0700 of somebody else is V4, and no traceback."""
    scene = Scene.make(open_folder)
    scene.make_venv()
    scene.venv.chmod(0o700 if os.getuid() == 0 else 0o000)
    scene.write({"pyproject.toml": "[project]\nname = 'a'\nversion = '1'\n"})

    def look() -> int:
        os.environ.clear()
        os.environ.update(scene.environment)
        os.chdir(scene.root)
        snapshot = gather(scene.root, frozenset(Part) - {Part.EVALUATION})
        found = findings(snapshot, select())
        good = [one.id for one in found] == ["V4"] and "cannot be read" in found[0].seen
        return 0 if good else 1

    code = as_another(look)
    scene.venv.chmod(0o700)
    assert code == 0


def test_what_cannot_be_looked_at_is_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error in one part leaves the others, and is in the snapshot."""

    def fail(*_: object) -> None:
        raise PermissionError(13, "Permission denied", "/somewhere")

    monkeypatch.setattr(gatherer.venv, "look", fail)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1")
    snapshot = gather(tmp_path, frozenset({Part.VENV, Part.ENVIRONMENT}))
    assert snapshot.unexamined == ("the venv: Permission denied: /somewhere",)
    assert [one.id for one in findings(snapshot, select(["E3", "V3"]))] == ["E3"]
    assert load(dump(snapshot)) == snapshot


def test_the_exit_code_and_the_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where something could not be examined, "nothing found" says so, as does JSON."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PWD", str(tmp_path))
    monkeypatch.setenv("PATH", "/none")
    monkeypatch.setattr("nixpy.doctor.gather.nix._PLACES", ())
    (tmp_path / "flake.nix").write_text("{ outputs = _: { }; }\n")
    assert cli.run(["doctor", "--only", "F9"]) == 1
    out, err = capsys.readouterr()
    assert "nothing found in what could be examined (1 checks)" in out
    assert "warning: not examined: what Nix says of flake.nix: there is no Nix" in err
    assert cli.run(["doctor", "--only", "F9", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["unexamined"]
    assert cli.run(["doctor", "--only", "F2"]) == 0
