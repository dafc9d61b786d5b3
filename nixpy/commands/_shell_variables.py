"""The variables that a shell sets, out of all that Nix leaves in it, in several forms. Pure."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable, Mapping

from nixpy.syntax.nix import shell_word

# What differs from one entering to the next, belongs to the process that tells the variables, or
# serves builds in the sandbox only.
_PASSING = frozenset(
    {
        "CONFIG_SHELL",
        "HOME",
        "HOST_PATH",
        "NIX_BUILD_TOP",
        "NIX_ENFORCE_PURITY",
        "NIX_GCROOT",
        "NIX_LOG_FD",
        "NIX_STORE",
        "OLDPWD",
        "PS1",
        "PWD",
        "SHELL",
        "SHLVL",
        "TEMP",
        "TEMPDIR",
        "TERM",
        "TMP",
        "TMPDIR",
        "_",
    }
)


def shell_variables(
    outside: Mapping[str, str], inside: Mapping[str, str], own: Iterable[str] = ()
) -> dict[str, str | None]:
    """Give the variables that a shell sets for its user; None for those that it takes away.

    ``outside`` and ``inside`` are the environments before and after entering. The attributes of the
    shell's derivation (``buildInputs``, ``out``) are among them, by names that are not in capital
    letters; of such names only ``own`` are given, which the project chose.
    """
    own = frozenset(own)
    found: dict[str, str | None] = {
        name: value
        for name, value in inside.items()
        if outside.get(name) != value
        and name not in _PASSING
        and (name in own or (name.isidentifier() and name.upper() == name))
    }
    gone = outside.keys() - inside.keys() - _PASSING
    return dict(sorted({**found, **dict.fromkeys(gone)}.items()))


def bash(variables: Mapping[str, str | None]) -> str:
    """Write lines for bash and other POSIX shells, for `eval`."""
    return "\n".join(
        f"unset {name}" if value is None else f"export {name}={shell_word(value)}"
        for name, value in variables.items()
    )


def fish(variables: Mapping[str, str | None]) -> str:
    """Write lines for fish, for `source`; PATH is a list there."""

    def line(name: str, value: str | None) -> str:
        if value is None:
            return f"set -e {name}"
        words = value.split(":") if name == "PATH" else [value]
        return f"set -gx {name} {' '.join(map(_fish_word, words))}"

    return "\n".join(line(name, value) for name, value in variables.items())


def _fish_word(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def as_json(variables: Mapping[str, str | None]) -> str:
    """Write an object; null stands for a variable that is to be unset."""
    return json.dumps(variables, indent=2)


def dotenv(variables: Mapping[str, str | None]) -> str:
    """Write NAME=value lines as dotenv files have them; what is to be unset cannot be said."""
    return "\n".join(
        f"{name}={_dotenv_value(value)}" for name, value in variables.items() if value is not None
    )


def _dotenv_value(text: str) -> str:
    if shlex.quote(text) == text and text:
        return text
    if "'" not in text and text.isprintable():
        return f"'{text}'"
    for char, escaped in (("\\", "\\\\"), ('"', '\\"'), ("$", "\\$"), ("\n", "\\n"), ("\r", "\\r")):
        text = text.replace(char, escaped)
    return f'"{text}"'
