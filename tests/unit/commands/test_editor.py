"""`nixpy editor vscode` as its user sees it."""

import json

import pytest

from nixpy.cli import run

INTERPRETER = "${workspaceFolder}/.venv/bin/python"


def test_settings_are_written(synced, capsys):
    """A project without settings gets the venv's interpreter and the extension that enters it."""
    assert run(["editor", "vscode"]) == 0
    settings = json.loads((synced / ".vscode/settings.json").read_text())
    assert settings["python.defaultInterpreterPath"] == INTERPRETER
    extensions = json.loads((synced / ".vscode/extensions.json").read_text())
    assert extensions == {"recommendations": ["mkhl.direnv"]}
    assert "`direnv allow`" in capsys.readouterr().out


def test_what_is_there_is_kept(synced, capsys):
    """Comments and other settings stay; a replaced one is told; a second run changes nothing."""
    folder = synced / ".vscode"
    folder.mkdir()
    (folder / "settings.json").write_text(
        '{\n    // ours\n    "editor.rulers": [88],\n'
        '    "python.defaultInterpreterPath": "/nix/store/x/bin/python" // why\n}\n'
    )
    (folder / "extensions.json").write_text('{ "recommendations": ["ms-python.python"] }\n')
    assert run(["editor", "vscode"]) == 0
    text = (folder / "settings.json").read_text()
    assert text.startswith('{\n    // ours\n    "editor.rulers": [88],\n')
    assert f'"{INTERPRETER}", // why\n' in text
    assert (
        "`python.defaultInterpreterPath` was `/nix/store/x/bin/python`" in capsys.readouterr().err
    )
    listed = json.loads((folder / "extensions.json").read_text())["recommendations"]
    assert listed == ["ms-python.python", "mkhl.direnv"]
    run(["editor", "vscode"])
    assert (folder / "settings.json").read_text() == text


@pytest.mark.parametrize("name", ["settings.json", "extensions.json"])
def test_settings_that_cannot_be_read(synced, capsys, name):
    """A broken file is named, and neither file is written."""
    (synced / ".vscode").mkdir()
    (synced / ".vscode" / name).write_text("{ nonsense")
    assert run(["editor", "vscode"]) == 1
    assert f".vscode/{name}: not JSON with comments" in capsys.readouterr().err
    assert [path.name for path in (synced / ".vscode").iterdir()] == [name]


def test_recommendations_that_are_no_list(synced, capsys):
    """A file of another shape is told, without a traceback."""
    (synced / ".vscode").mkdir()
    (synced / ".vscode/extensions.json").write_text('{"recommendations": "x"}')
    assert run(["editor", "vscode"]) == 1
    assert "expected a list" in capsys.readouterr().err


def test_another_venv_and_a_projects_folder(synced, monkeypatch):
    """A project of a monorepo has its own settings, with its own venv."""
    (synced / "api").mkdir()
    (synced / "api/nixpy.yaml").write_text("venv: env\n")
    (synced / "nixpy.yaml").write_text("projects: {api: api}\n")
    monkeypatch.chdir(synced / "api")
    assert run(["editor", "vscode"]) == 0
    settings = json.loads((synced / "api/.vscode/settings.json").read_text())
    assert settings["python.defaultInterpreterPath"] == "${workspaceFolder}/env/bin/python"


def test_dry_run_and_another_editor(synced, capsys):
    """`--dry-run` writes nothing; an editor that is not known is refused."""
    assert run(["editor", "vscode", "--dry-run"]) == 0
    assert "+++ b/.vscode/settings.json" in capsys.readouterr().out
    assert not (synced / ".vscode").exists()
    assert run(["editor", "ed"]) == 2
