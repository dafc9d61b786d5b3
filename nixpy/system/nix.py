"""The gate to Nix: one function for each Nix command, one that starts them all."""

from __future__ import annotations

import json
import os
import platform
import re
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

from nixpy.errors import NixpyError
from nixpy.system import process

# What a user's nix.conf may not enable; passing them does not hurt where it does.
_FEATURES = ("--extra-experimental-features", "nix-command flakes")
# What keeps Nix from fetching and building where a project is only looked at. `--offline` still
# fetches inputs, so those that would do it are refused.
LOOKING = (
    "--offline",
    *("--option", "allow-import-from-derivation", "false"),
    *("--option", "accept-flake-config", "false"),
    *("--option", "flake-registry", ""),
)
_NOWHERE = "http://127.0.0.1:9"
NO_NETWORK = {
    **dict.fromkeys(
        ("http_proxy", "https_proxy", "all_proxy", "ALL_PROXY", "HTTPS_PROXY"), _NOWHERE
    ),
    "no_proxy": "",
    "NO_PROXY": "",
    "GIT_ALLOW_PROTOCOL": "file",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_TERMINAL_PROMPT": "0",
}
_NOISE = re.compile(r"^\s*(warning:|at |\d+\||\||$)")
_VERSION = re.compile(r"(\d+(?:\.\d+)+)")


class NixError(NixpyError):
    """A Nix command that failed; ``raw`` is all that it wrote to stderr."""

    def __init__(self, message: str, raw: str = "", *, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.raw = raw


def available(outside: Path | None = None) -> bool:
    """Whether there is a Nix command on PATH, outside of a folder."""
    return process.find("nix", outside=outside) is not None


def holds(name: str, outside: Path | None = None) -> bool:
    """Whether a path of this name lies in the store; Nix is asked where its store is elsewhere."""
    store = os.environ.get("NIX_STORE_DIR", "/nix/store")
    if os.path.exists(f"{store}/{name}"):  # noqa: PTH110 - does not raise
        return True
    try:
        _run(["path-info", *LOOKING, f"{store}/{name}"], 20, outside=outside, variables=NO_NETWORK)
    except NixError:
        return False
    return True


def version() -> str:
    """Give Nix's version, such as ``2.18.1``; raises NixError where there is no Nix."""
    said = _nix(["--version"], 20)
    found = _VERSION.search(said)
    return found.group(1) if found else said.strip()


def host_system() -> str:
    """Give this machine's system as Nix names it: ``x86_64-linux``."""
    machine = platform.machine()
    cpu = {"arm64": "aarch64", "AMD64": "x86_64"}.get(machine, machine)
    return f"{cpu}-{platform.system().lower()}"


def evaluate(
    expression: str, *, looking: bool = False, outside: Path | None = None, seconds: int = 120
) -> Any:
    """Evaluate a Nix expression and give its value.

    The evaluation is pure: it may fetch what is locked by a hash, and build what it imports, unless
    it is only ``looking``, and reads nothing else. No Nix of the folder ``outside`` is taken.
    ``seconds`` is how long it may take. Raises NixError with what Nix says.
    """
    options = LOOKING if looking else ()
    command = ["eval", "--json", *options, "--expr", expression]
    variables = NO_NETWORK if looking else {}
    return _value(_run(command, seconds, outside=outside, variables=variables).out)


def locks(root: Path, flake: str = ".", *, seconds: int = 600) -> str:
    """Give the locks of a flake, as a flake.lock that is up to date would have them.

    ``flake`` is how the folder refers to it.
    The flake.lock is not written. Raises NixError with what Nix says.
    """
    text = _nix(["flake", "metadata", "--json", "--no-write-lock-file", flake], seconds, cwd=root)
    return json.dumps(_value(text)["locks"])


def updated_lock(
    flake: str, lock: str | None, inputs: Sequence[str] = (), *, seconds: int = 1800
) -> str:
    """Give the flake.lock that updating inputs of a flake, or all of them, leads to.

    ``flake`` and ``lock`` are the texts of the two files. It is done on copies: where it fails or
    is interrupted, nothing has changed. Raises NixError with what Nix says.
    """
    numbers = [int(one) for one in re.findall(r"\d+", version())[:2]]
    if not inputs:
        command = ["flake", "update"]
    elif numbers >= [2, 19]:
        command = ["flake", "update", *inputs]
    else:
        command = ["flake", "lock", *(part for one in inputs for part in ("--update-input", one))]
    with tempfile.TemporaryDirectory(prefix="nixpy-") as folder:
        Path(folder, "flake.nix").write_text(flake, encoding="utf-8")
        if lock is not None:
            Path(folder, "flake.lock").write_text(lock, encoding="utf-8")
        _nix(command, seconds, cwd=Path(folder))
        try:
            return Path(folder, "flake.lock").read_text(encoding="utf-8")
        except FileNotFoundError:
            raise NixError("the flake has no inputs to update") from None


def evaluate_flake(
    root: Path,
    attribute: str,
    function: str,
    flake: str = ".",
    *,
    trace: bool = False,
    seconds: int = 600,
) -> Any:
    """Evaluate an attribute of a flake, apply a Nix function to it, give its value.

    ``flake`` is how the folder refers to it. The flake.lock is not written. Raises NixError with
    what Nix says, with ``trace`` at length.
    """
    shown = ["--show-trace"] if trace else []
    options = ["--json", "--no-write-lock-file", *shown]
    arguments = ["eval", *options, f"{flake}#{attribute}", "--apply", function]
    return _value(_nix(arguments, seconds, cwd=root))


def build(
    root: Path, attribute: str, flake: str = ".", *, dry_run: bool = False, seconds: int = 7200
) -> str:
    """Build an attribute of a flake, without a link to it; give what Nix tells.

    ``flake`` is how the folder refers to it.
    With ``dry_run`` nothing is built, and Nix tells what would be. Raises NixError.
    """
    dry = ["--dry-run"] if dry_run else []
    command = ["build", "--no-link", "--no-write-lock-file", *dry, f"{flake}#{attribute}"]
    return _run(command, seconds, cwd=root).err


def environment(folder: Path, reference: str, *, seconds: int = 7200) -> dict[str, str]:
    """Enter a flake's development shell from a folder, and give its environment variables.

    The flake.lock is not written. Raises NixError with what Nix says.
    """
    command = ["develop", "--no-write-lock-file", reference, "--command", "env", "-0"]
    text = _run(command, seconds, folder, plain_words=False).out
    pairs = (one.partition("=") for one in text.split("\0") if "=" in one)
    return {name: value for name, _, value in pairs}


def enter(reference: str, command: Sequence[str] = ()) -> NoReturn:
    """Become a flake's development shell, or a command in it: no process is left between.

    As with `nix develop`, the flake.lock is written where it is missing. Raises NixError where Nix
    cannot be started.
    """
    options = ["develop", "--no-warn-dirty", reference]
    inside = ["--command", *command] if command else []
    try:
        process.become([_program(), *_FEATURES, *options, *inside], os.environ)
    except OSError as error:
        raise _not_started(error) from None


def _program(outside: Path | None = None) -> str:
    """Find Nix; raises NixError where it is missing."""
    program = process.find("nix", outside=outside)
    if program is None:
        raise NixError(
            "Nix is not installed, or not on PATH", hint="see https://nixos.org/download"
        )
    return program


def _not_started(error: OSError) -> NixError:
    return NixError(f"Nix cannot be started: {error.strerror}")


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        raise NixError("`nix eval` gave no JSON", text) from None


def _nix(arguments: Sequence[str], seconds: int, cwd: Path | None = None) -> str:
    return _run(arguments, seconds, cwd).out


def _run(
    arguments: Sequence[str],
    seconds: int,
    cwd: Path | None = None,
    *,
    outside: Path | None = None,
    plain_words: bool = True,
    variables: Mapping[str, str] | None = None,
) -> process.Done:
    """Run a Nix command; raises NixError where it fails.

    No Nix of the folders ``cwd`` and ``outside`` is taken. ``plain_words``: in English and without
    colours, which what it starts would inherit. ``variables`` are further ones for it.
    """
    words = {"LC_ALL": "C", "NO_COLOR": "1"} if plain_words else {}
    command = [_program(outside or cwd), *_FEATURES, *arguments]
    try:
        done = process.run(
            command,
            seconds,
            cwd=cwd,
            environment={**os.environ, **words, **(variables or {})},
        )
    except OSError as error:
        raise _not_started(error) from None
    except process.TimedOut:
        raise NixError(f"`nix {arguments[0]}` took more than {seconds} seconds") from None
    if done.status:
        raise NixError(f"`nix {arguments[0]}` failed: {complaint(done.err)}", plain(done.err))
    return done


def plain(stderr: str) -> str:
    """Take the colours out of Nix's messages."""
    return re.sub(r"\x1b\[[0-9;]*m", "", stderr)


def complaint(stderr: str) -> str:
    """Give the line of Nix's messages that says what went wrong: the last `error:` with a text."""
    lines = [line.strip() for line in plain(stderr).splitlines()]
    errors = [line.removeprefix("error:").strip() for line in lines if line.startswith("error:")]
    said = [line for line in errors if line] or [line for line in lines if not _NOISE.match(line)]
    return said[-1] if said else "it printed nothing"
