"""What is shown holds no secrets, and nothing that steers a terminal."""

import io
import json
import time

import pytest

from nixpy.syntax.shown import as_json, without_secrets
from nixpy.system import console

CANARY = "hunter2canary"


@pytest.mark.parametrize(
    "text",
    [
        f"https://user:{CANARY}@index.example/simple",
        f"https://{CANARY}@index.example/simple",
        f"git+https://user:p@{CANARY}@host/a.git",
        f"//user:{CANARY}@host/x",
        f"ssh://user:{CANARY}@host/x",
        f"https://host/simple?token={CANARY}&a=1",
        f"machine host login me password {CANARY}",
        f"Authorization: Bearer {CANARY}",
        f"UV_INDEX_PASSWORD={CANARY}",
        f"  API_TOKEN: '{CANARY}'",
        f"ghp_{CANARY * 2}",
        f"glpat-{CANARY * 2}",
        f"pypi-{CANARY * 4}",
    ],
)
def test_secrets_are_not_shown(text, capsys):
    """Neither in lines, nor in errors, nor in JSON."""
    assert CANARY not in without_secrets(text)
    assert CANARY not in as_json({"a": [text], text: 1})
    console.say(text)
    console.tell("error", f"requirements.txt:3: `{text}` is no requirement")
    shown = capsys.readouterr()
    assert CANARY not in shown.out + shown.err
    assert "***" in shown.out


@pytest.mark.parametrize(
    "text",
    [
        "ssh://git@github.com/a/b",
        "git+ssh://git@github.com/a/b@v1",
        "https://host/a@1.0",
        "name @ https://host/x.whl#sha256=abc",
        "python: 3.12 (requires-python)",
        "/nix/store/abc-token-1.0",
    ],
)
def test_what_is_no_secret_stays(text):
    """Users of repositories, versions and hashes are told as they are."""
    assert without_secrets(text) == text


def test_long_lines_take_no_time():
    """Each pattern looks at a character a few times at most."""
    start = time.monotonic()
    for part in ("//", "//a:", "A_", "login a ", "TOKEN", "?token", "ssh://a:", "@", "gh", "\n "):
        without_secrets(part * (200_000 // len(part)))
    assert time.monotonic() - start < 4


STEERING = "a\x1b[31m\x9b2J\x7f\u202eb\x00"


@pytest.mark.parametrize("force", ["", "1"])
def test_nothing_steers_the_terminal(capsys, monkeypatch, force):
    """Escapes are shown as such, beside colours of our own too."""
    monkeypatch.setenv("FORCE_COLOR", force)
    monkeypatch.delenv("NO_COLOR", raising=False)
    console.say(STEERING)
    console.tell("warning", STEERING)
    out, err = capsys.readouterr()
    assert out == "a\\x1b[31m\\x9b2J\\x7f\\u202eb\\x00\n"
    assert err.endswith(f" {out}")
    assert err.startswith("\x1b[33mwarning:\x1b[0m" if force else "warning:")


def test_json_is_plain_and_the_same():
    """It may be shown in a terminal, and is read back as it was."""
    text = as_json({"a": STEERING})
    assert text.isascii()
    assert all(char.isprintable() or char == "\n" for char in text)
    assert json.loads(text) == {"a": STEERING}


def test_an_output_of_another_encoding(monkeypatch):
    """What it does not have is written as an escape."""
    raw = io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(raw, encoding="ascii"))
    console.say("é")
    console.sys.stdout.flush()
    assert raw.getvalue() == b"\\xe9\n"
