"""`nixpy check`, `env` and `doctor --fix`, against a Nix that is a script: what they make of it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from nixpy.cli import run
from nixpy.system import nix

SYSTEM = nix.host_system()
# Each answer is a file beside the script: `NAME` is what it prints, without which it fails, and
# `NAME.err` what it says.
NIX = """\
#!/bin/sh
case "$*" in
  *--version*) echo "nix (Nix) 2.28.3"; exit ;;
  *config*) echo "experimental-features = nix-command flakes"; exit ;;
  *"flake metadata"*) name=metadata ;;
  *eval*) name=eval ;;
  *--dry-run*) name=plan ;;
  *build*) name=build ;;
  *develop*) name=develop ;;
esac
here=$(dirname "$0")
[ ! -e "$here/$name.err" ] || cat "$here/$name.err" >&2
exec cat "$here/$name"
"""
MISSING = """\
error:
       … while evaluating the attribute 'drvPath'
         at «nix-internal»/derivation-internal.nix:50:7:
       error: attribute 'nunpy' missing
       at /nix/store/5q0dq8q3zdy3qhl5ycdgq42p9q8j7fmz-source/flake.nix:30:15:
"""
COLLISION = (
    "error: builder for '/nix/store/5q0dq8q3zdy3qhl5ycdgq42p9q8j7fmz-python3-env.drv' failed\n"
    "pkgs.buildEnv error: two given paths contain a conflicting subpath:\n"
    "  `/nix/store/5q0dq8q3zdy3qhl5ycdgq42p9q8j7fmz-python3.13-a-1/lib/x.py' and\n"
    "  `/nix/store/6q0dq8q3zdy3qhl5ycdgq42p9q8j7fmz-python3.13-b-1/lib/x.py'\n"
)
PLAN = (
    "this derivation will be built:\n"
    "  /nix/store/5q0dq8q3zdy3qhl5ycdgq42p9q8j7fmz-python3.13-slow-1.0.drv\n"
    "these 2 paths will be fetched (1.50 MiB download, 6.00 MiB unpacked):\n"
    "  /nix/store/5q0dq8q3zdy3qhl5ycdgq42p9q8j7fmz-python3-3.13.9\n"
    "  /nix/store/6q0dq8q3zdy3qhl5ycdgq42p9q8j7fmz-uv-0.9.29\n"
)


@pytest.fixture
def answers(synced, tmp_path_factory, monkeypatch) -> Path:
    """The folder of the script; the flake has one shell, and records no nixpkgs."""
    del synced
    folder = tmp_path_factory.mktemp("bin")
    (folder / "nix").write_text(NIX)
    (folder / "nix").chmod(0o755)
    for program in ("cat", "dirname", "env", "git", "sh"):
        (folder / program).symlink_to(shutil.which(program))
    (folder / "metadata").write_text('{"locks": {"nodes": {"root": {}}, "root": "root"}}')
    (folder / "eval").write_text('{"default": "/nix/store/x.drv"}')
    monkeypatch.setenv("PATH", str(folder))
    return folder


def test_all_is_well(answers, capsys):
    """The shells are named, with the system and Nix's version."""
    assert run(["check"]) == 0
    assert capsys.readouterr().out == f"good: default ({SYSTEM}, Nix 2.28.3)\n"


def test_a_shell_that_is_not_there(answers, capsys):
    (answers / "eval").write_text("{}")
    assert run(["check"]) == 1
    assert "error: flake.nix: the flake has no shell `default`" in capsys.readouterr().err


def test_nix_says_why_it_does_not_evaluate(answers, capsys):
    """In the user's words; with --verbose in Nix's, too."""
    (answers / "eval").unlink()
    (answers / "eval.err").write_text(MISSING)
    assert run(["check"]) == 1
    said = capsys.readouterr().err
    assert "nunpy" in said
    assert "while evaluating" not in said
    assert run(["check", "--verbose"]) == 1
    assert "while evaluating the attribute 'drvPath'" in capsys.readouterr().err


def test_what_would_be_built(answers, capsys):
    """By name, with how much is fetched."""
    (answers / "plan").write_text("")
    (answers / "plan.err").write_text(PLAN)
    assert run(["check", "--build-plan"]) == 0
    out = capsys.readouterr().out
    assert "would be built (1):\n  python3.13-slow-1.0\n" in out
    assert "1.50 MiB" in out


def test_two_packages_that_collide(answers, capsys):
    (answers / "build.err").write_text(COLLISION)
    assert run(["check", "--build"]) == 1
    assert "both bring `lib/x.py`" in capsys.readouterr().err


def test_a_lock_in_the_midst_of_a_merge(answers, capsys):
    """Before Nix is asked, whose older releases do not name the file."""
    Path("flake.lock").write_text("{\n<<<<<<< ours\n=======\n>>>>>>> theirs\n}\n")
    assert run(["check"]) == 1
    assert "error: flake.lock:2: holds a merge conflict" in capsys.readouterr().err
    Path("flake.lock").write_text("{")
    assert run(["check"]) == 1
    assert "error: flake.lock:1" in capsys.readouterr().err


def test_a_file_that_is_gone(answers, capsys):
    Path(".nixpy/enter.bash").unlink()
    assert run(["check"]) == 1
    assert "error: .nixpy/enter.bash: the file is missing" in capsys.readouterr().err


def test_a_flake_that_is_out_of_date(answers, capsys):
    """A warning: what is there is checked all the same."""
    yaml = Path("nixpy.yaml")
    yaml.write_text(yaml.read_text() + "env: {A: b}\n")
    assert run(["check"]) == 0
    assert "`flake.nix` is out of date" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("form", "line"),
    [
        ("bash", "export GREETING='good day'"),
        ("fish", "set -gx GREETING 'good day'"),
        ("json", '"GREETING": "good day"'),
    ],
)
def test_the_variables_of_the_shell(answers, capsys, form, line):
    """Those that differ from outside, in the notation that is asked for."""
    (answers / "develop").write_text("PATH=/nix/store/x/bin\0GREETING=good day\0out=/outputs\0")
    yaml = Path("nixpy.yaml")
    yaml.write_text(yaml.read_text() + "env: {GREETING: good day}\n")
    assert run(["sync"]) == 0
    capsys.readouterr()
    assert run(["env", "--shell", form]) == 0
    out = capsys.readouterr().out
    assert line in out
    assert "/outputs" not in out


def test_a_shell_that_cannot_be_entered(answers, capsys):
    (answers / "develop.err").write_text(MISSING)
    assert run(["env"]) == 1
    assert "nunpy" in capsys.readouterr().err


def test_the_doctor_mends_what_git_does_not_know(answers, capsys):
    """`--fix` runs the very command that it tells, and finds nothing of it afterwards."""
    nix.process.run(["git", "init", "-q"])
    assert run(["doctor", "--only", "F1", "--json"]) == 1
    assert [one["id"] for one in json.loads(capsys.readouterr().out)["findings"]] == ["F1"]
    run(["doctor", "--only", "F1", "--fix"])
    capsys.readouterr()
    assert run(["doctor", "--only", "F1", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["findings"] == []
