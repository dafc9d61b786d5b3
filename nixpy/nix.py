"""The gate to Nix: one function for each Nix command, one that starts them all."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from typing import Any

from nixpy.errors import NixpyError

# What a user's nix.conf may not enable; passing them does not hurt where it does.
_FEATURES = ("--extra-experimental-features", "nix-command flakes")
_NOISE = re.compile(r"^\s*(warning:|at |\d+\||\||$)")


def available() -> bool:
    """Whether there is a Nix command on PATH."""
    return shutil.which("nix") is not None


def evaluate(expression: str, *, seconds: int = 120) -> Any:
    """Evaluate a Nix expression and give its value.

    The evaluation is pure: it may fetch what is locked by a hash, and reads nothing else.
    ``seconds`` is how long it may take. Raises NixpyError with what Nix says.
    """
    text = _nix(["eval", "--json", "--expr", expression], seconds)
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        raise NixpyError("`nix eval` gave no JSON") from None


def _nix(arguments: Sequence[str], seconds: int) -> str:
    """Run a Nix command and give what it prints; raises NixpyError where it fails."""
    try:
        done = subprocess.run(
            ["nix", *_FEATURES, *arguments],
            capture_output=True,
            check=False,
            encoding="utf-8",
            env={**os.environ, "NO_COLOR": "1"},
            errors="replace",
            stdin=subprocess.DEVNULL,
            timeout=seconds,
        )
    except FileNotFoundError:
        raise NixpyError(
            "Nix is not installed, or not on PATH", hint="see https://nixos.org/download"
        ) from None
    except subprocess.TimeoutExpired:
        raise NixpyError(f"`nix {arguments[0]}` took more than {seconds} seconds") from None
    if done.returncode:
        raise NixpyError(f"`nix {arguments[0]}` failed: {_complaint(done.stderr)}")
    return done.stdout


def _complaint(stderr: str) -> str:
    """Give the line of Nix's messages that says what went wrong: the last `error:` with a text."""
    lines = [re.sub(r"\x1b\[[0-9;]*m", "", line).strip() for line in stderr.splitlines()]
    errors = [line.removeprefix("error:").strip() for line in lines if line.startswith("error:")]
    said = [line for line in errors if line] or [line for line in lines if not _NOISE.match(line)]
    return said[-1] if said else "it printed nothing"
