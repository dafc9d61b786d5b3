"""Choosing checks, their texts and messages, and what the user sees."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import yaml

from nixpy.cli import run as call
from nixpy.doctor.codec import dump, load
from nixpy.doctor.model import Finding, Severity
from nixpy.doctor.report import show
from nixpy.doctor.rules.messages import known_messages
from nixpy.doctor.rules.registry import RULES
from nixpy.doctor.run import findings, messages, parts, select
from nixpy.doctor.snapshot import Part, Snapshot
from nixpy.doctor.texts import texts
from nixpy.errors import NixpyError
from tests.support.scenes import SCENES, environment, flake, interpreter, libraries, venv
from tests.support.snapshots import changed, healthy, with_variables
from tools import doctor_page as page

DOCS = Path(__file__).parents[3] / "docs/doctor.md"
SAVED = Path(__file__).parent / "saved"
LINES = yaml.safe_load((Path(__file__).parent / "log_lines.yaml").read_text("utf-8"))
IDS = [one.id for one in RULES]
# What else a line may say for certain: one message, and two things that lead to it.
ALSO = {"I1": {"I3", "I5"}, "I3": {"I1"}, "I5": {"I1"}, "L3": {"L2"}, "L5": {"L4"}, "V7": {"V1"}}

assert {environment, flake, interpreter, libraries, venv}  # imported: they fill SCENES


def named(line, *, sure=False):
    """Return the ids that a line of a log leads to, or only those that it is sure of."""
    return {
        one
        for one, message in known_messages().items()
        if (message.sure.search(line) if sure else message.knows(line))
    }


@dataclass(frozen=True, slots=True)
class Done:
    """What a command left behind."""

    exit_code: int
    stdout: str
    stderr: str


def run(*arguments: str) -> Done:
    """Run `nixpy doctor` with arguments."""
    with redirect_stdout(io.StringIO()) as said, redirect_stderr(io.StringIO()) as complained:
        code = call(["doctor", *arguments])
    return Done(code, said.getvalue(), complained.getvalue())


def test_every_id_has_a_text_and_a_scene_that_shows_it():
    """Each check is explained, and found in a place built for it or in a saved snapshot."""
    assert list(texts()) == IDS
    assert set(SCENES) | {file.stem for file in SAVED.glob("*.json")} == set(IDS)
    assert set(known_messages()) <= set(IDS)


@pytest.mark.parametrize("file", sorted(SAVED.glob("*.json")), ids=lambda file: file.stem)
def test_saved_snapshots_of_other_machines(file):
    """What needs a GPU or macOS is found in a snapshot from there, and nothing else is."""
    done = run("--snapshot", str(file), "--json")
    assert done.exit_code == 1
    assert [one["id"] for one in json.loads(done.stdout)["findings"]] == [file.stem]


@pytest.mark.parametrize("identifier", IDS)
def test_texts_are_complete(identifier):
    """A text has a cause and a mend; the messages that users search for lead to its id alone."""
    text = texts()[identifier]
    assert text.section("Cause")
    assert text.section("Mend")
    shown = re.findall(r"^    (.+)$", text.body.partition("**Cause.**")[0], re.MULTILINE)
    for line in shown:
        assert identifier in named(line), line
        assert named(line, sure=True) <= {identifier} | ALSO.get(identifier, set()), line


def test_the_page_of_the_documentation_is_current():
    """docs/doctor.md is what `python -m tools.doctor_page` prints."""
    assert DOCS.read_text("utf-8") == page.page()


def test_families_and_ids_in_any_case():
    """`--only` and `--ignore` take ids and families."""
    assert [one.id for one in select(["e", "L1"], ["E3"])] == [
        "L1", "E1", "E2", "E4", "E5", "E6", "E7", "E8", "E9", "E10", "E11",
    ]  # fmt: skip


def test_an_unknown_id_is_refused_with_the_known_ones():
    """A misspelt id is an error, not a check that finds nothing."""
    with pytest.raises(NixpyError, match="there is no check `X1`") as raised:
        select(["X1"])
    assert "I1, I2" in str(raised.value.hint)


def test_only_the_parts_that_are_read_are_gathered():
    """A check of variables alone needs no interpreter to be started."""
    assert parts(select(["E3", "E5"])) == {Part.ENVIRONMENT}
    assert Part.ELF not in parts(select(ignore=["L"]))


def test_checks_whose_parts_are_missing_are_not_run():
    """A snapshot without interpreters is not taken for a shell without Pythons."""
    snapshot = with_variables(SOURCE_DATE_EPOCH="1")
    assert [one.id for one in findings(snapshot, select())] == ["E3"]
    partial = Snapshot(gathered=(Part.GIT,), environment=snapshot.environment)
    assert findings(partial, select()) == []


def test_a_log_is_searched_for_known_messages(tmp_path):
    """`--log` names the id of an error that a command printed."""
    log = tmp_path / "log"
    log.write_text(
        "building numpy\nTOKEN=secret\n"
        "ImportError: libGL.so.1: cannot open shared object file: No such file or directory\n"
    )
    done = run("--log", str(log), "--only", "L2", str(tmp_path))
    assert done.exit_code == 1
    assert "error: L2 A native library of a wheel is not found" in done.stdout
    assert "ImportError: libGL.so.1" in done.stdout


@pytest.mark.parametrize(
    ("identifier", "line"), [(key, line) for key, lines in LINES.items() for line in lines]
)
def test_lines_of_other_peoples_logs(identifier, line):
    """Lines from public trackers lead to the id that is the matter, and for certain to no other."""
    if identifier == "nothing":
        assert named(line, sure=True) == set()
    else:
        assert identifier in named(line)
        assert named(line, sure=True) <= {identifier} | ALSO.get(identifier, set())


def test_every_id_with_messages_has_lines():
    """The lines are many, of every id, and also such as say nothing is wrong with Nix."""
    assert set(known_messages()) <= set(LINES)
    assert sum(len(lines) for lines in LINES.values()) >= 150


def test_a_line_with_other_reasons_is_a_note(tmp_path):
    """A module that is not found may just not be installed: that is a note, or nothing."""
    line = "ModuleNotFoundError: No module named 'numpy'"
    alone = Snapshot(log=(line,))
    assert {(one.id, one.severity) for one in findings(alone, select())} == {
        ("V2", Severity.NOTE),
        ("V5", Severity.NOTE),
    }
    assert findings(replace(healthy(), log=(line,)), select()) == []
    certain = replace(alone, log=(line, "error: externally-managed-environment"))
    assert [one.id for one in findings(certain, select())] == ["I9"]


def test_colours_and_line_ends_of_a_log_do_not_hide_a_message():
    """pip and uv colour their messages, and logs of CI have Windows' line ends."""
    line = "\x1b[1;31merror\x1b[0m: externally-managed-environment\r"
    assert messages(line + "\n") == (line.rstrip("\r"),)


def test_only_known_lines_of_a_log_are_kept():
    """What a log says otherwise does not enter a snapshot."""
    assert messages("password=1\nValueError: ZIP does not support timestamps before 1980\n") == (
        "ValueError: ZIP does not support timestamps before 1980",
    )


def test_a_snapshot_survives_being_saved():
    """Saved and loaded, a snapshot is what it was."""
    snapshot = changed("elf", bytes_read=7, folders={"/lib": ("libc.so.6",)})
    assert load(dump(snapshot)) == snapshot


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "not JSON"),
        ("[]", "not a snapshot"),
        ('{"nixpy_doctor_snapshot": 99}', "schema 99"),
        ('{"nixpy_doctor_snapshot": 1, "search": 7}', "`search`: expected a list"),
        ('{"nixpy_doctor_snapshot": 1, "git": {"untracked": [1]}}', "`git.untracked[0]`"),
        ('{"nixpy_doctor_snapshot": 1, "interpreters": [{}]}', "`interpreters[0]`"),
        ('{"nixpy_doctor_snapshot": 1, "gathered": ["x"]}', "expected one of environment"),
    ],
)
def test_what_is_no_snapshot(text, said, tmp_path):
    """A wrong file is a usage error that names the place in it."""
    file = tmp_path / "snapshot.json"
    file.write_text(text)
    done = run("--snapshot", str(file))
    assert done.exit_code == 2
    assert said in done.stderr


def test_fields_of_a_newer_nixpy_are_passed_over():
    """A snapshot with a field that this version does not know can be read."""
    assert load('{"nixpy_doctor_snapshot": 1, "git": {"new": 1}, "more": []}') == Snapshot()


def test_findings_are_told_worst_first_in_80_columns(capsys, monkeypatch):
    """Lines are wrapped, paths are not; the order is by severity."""
    monkeypatch.setenv("NO_COLOR", "1")
    path = "/nix/store/" + "x" * 90
    rows = [
        Finding("E4", Severity.NOTE, "A note", "seen", "why", "fix"),
        Finding(
            "E1", Severity.ERROR, "An error", f"PYTHONPATH holds `{path}`", "word " * 30, "fix"
        ),
    ]
    show(rows, 2)
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == ["error: E1 An error", "  seen PYTHONPATH holds"]
    assert lines[2] == f"       `{path}`"
    assert all(len(line) <= 80 for line in lines if path not in line)
    assert lines[-1] == "1 error, 1 note; `nixpy doctor --explain E4` tells more of the first"


def test_control_characters_of_the_project_do_not_reach_the_terminal(capsys):
    """A folder with an escape sequence in its name cannot colour or clear the screen."""
    show([Finding("E1", Severity.ERROR, "T", "a\x1b[2Jb", "why", "fix")], 1)
    assert "\\x1b[2Jb" in capsys.readouterr().out


def test_explain_prints_the_text():
    """`--explain` takes an id in any case, and exits 0."""
    done = run("--explain", "l1")
    assert done.exit_code == 0
    assert done.stdout.startswith("L1 libstdc++, libgcc_s or zlib is not found\n")
    assert "ImportError: libstdc++.so.6" in done.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ["--explain", "Q9"],
        ["--only", "Q9"],
        ["--ignore", "L99"],
        ["/no/such/folder"],
        ["--fix", "--json"],
        ["--snapshot", "/no/such/file"],
        ["--nonsense"],
    ],
)
def test_wrong_usage(arguments):
    """What cannot be asked exits 2, without a traceback."""
    done = run(*arguments)
    assert done.exit_code == 2
    assert "Error: " in done.stderr
    assert "Traceback" not in done.stderr


def test_the_snapshot_of_a_run_gives_the_same_findings(tmp_path):
    """What `--save-snapshot` wrote, `--snapshot` judges alike, on any machine."""
    (tmp_path / ".vscode").mkdir()
    (tmp_path / ".vscode/settings.json").write_text('{"python.pythonPath": "/gone/python"}')
    file = tmp_path / "saved.json"
    first = run(str(tmp_path), "--json", "--only", "E10", "--save-snapshot", str(file))
    again = run("--snapshot", str(file), "--json", "--only", "E10")
    assert first.stdout == again.stdout
    assert json.loads(again.stdout)["findings"][0]["id"] == "E10"


def test_elftools_is_not_imported_where_no_elf_file_is_read():
    """Checks of variables start without the ELF library."""
    code = (
        "import sys; from nixpy.commands.doctor import command;"
        "command.main(['--only', 'E3'], standalone_mode=False);"
        "assert not any(name.startswith('elftools') for name in sys.modules)"
    )
    subprocess.run([sys.executable, "-I", "-c", code], check=True, capture_output=True)


def test_a_healthy_snapshot_reads_back_without_findings(tmp_path):
    """The healthy snapshot, saved and replayed by the command, exits 0."""
    file = tmp_path / "healthy.json"
    file.write_text(dump(healthy()))
    done = run("--snapshot", str(file))
    assert (done.exit_code, done.stdout) == (0, f"nothing found ({len(IDS)} checks)\n")
