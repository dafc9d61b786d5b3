"""The command line: parse arguments, call a command, print its errors. Nothing else."""

from __future__ import annotations

import contextlib
import os
import sys
from importlib import import_module

import click

from nixpy import __version__
from nixpy.errors import NixpyError
from nixpy.system.console import tell, tell_error

# One module of nixpy.commands each, loaded when it is called: start-up time is measured.
COMMANDS = {
    "init": "make a project a Nix shell in which installs work",
    "add": "let Nix provide further packages, libraries or programs",
    "remove": "let Nix no longer provide packages, libraries or programs",
    "sync": "render again after a change of nixpy.yaml or metadata",
    "update": "take newer packages from Nix, and say what changes",
    "shell": "enter the shell, from anywhere in the project",
    "run": "run one command in the shell",
    "check": "evaluate the generated shells with the user's own nixpkgs",
    "env": "print the variables that the shell sets",
    "editor": "point an editor at the project's venv",
    "mend": "let programs of wheels start on NixOS without nix-ld",
    "eject": "leave plain Nix that needs no nixpy, and works",
    "align": "bring the lock to the versions that Nix has",
    "explain": "say why each distribution is there, who provides it, and what does not fit",
    "doctor": "say what is wrong with a Python on Nix, why, and what mends it",
    "completion": "print what makes bash, zsh or fish complete nixpy's words",
}


class _Commands(click.Group):
    """A group whose commands are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Give the commands in the order in which a user meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module of a command."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"nixpy.commands.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Name the nearest command where there is none of that name."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from difflib import get_close_matches

            near = get_close_matches(args[0], COMMANDS, n=1)
            if not near or "did you mean" in error.message.lower():
                raise
            message = f"{error.message} Did you mean `{near[0]}`?"
            raise click.UsageError(message, error.ctx) from None


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Start with `nixpy init` in a project's folder.",
)
@click.version_option(__version__, prog_name="nixpy", message="%(prog)s %(version)s")
def cli() -> None:
    """Python projects that work on Nix.

    nixpy renders a plain flake in which every install goes to the project's .venv, and packages
    from Nix count as installed.
    """


def run(arguments: list[str] | None = None) -> int:
    """Run the command line; give the exit code.

    0: done; 1: an error that the user can mend; 2: wrong usage; 3: a mistake of nixpy's own; 130:
    interrupted. Commands give their exit code by returning an integer. With NIXPY_DEBUG=1 in the
    environment an error that no command foresaw is raised.
    """
    try:
        return _run(arguments)
    except Exception as error:
        if os.environ.get("NIXPY_DEBUG") == "1":
            raise
        tell_error(_sentence(error))
        _silence()
        mendable = isinstance(error, OSError | MemoryError | RecursionError)
        return 1 if mendable else 3


def _run(arguments: list[str] | None) -> int:
    try:
        code = cli.main(arguments, prog_name="nixpy", standalone_mode=False)
        sys.stdout.flush()
    except NixpyError as error:
        tell_error(error)
        return 1
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        tell("error", "interrupted")
        return 130
    except BrokenPipeError:
        # The reader of our output is gone (`nixpy … | head`); nothing is left to say to it.
        _silence()
        return 1
    return code if isinstance(code, int) else 0


def _sentence(error: Exception) -> NixpyError:
    """Say what an error means that no command foresaw."""
    if isinstance(error, MemoryError):
        return NixpyError("there is not enough memory")
    if isinstance(error, RecursionError):
        return NixpyError("something in the project is nested too deeply to be read")
    if isinstance(error, OSError):
        try:
            os.getcwd()  # noqa: PTH109 - whether it is there
        except OSError:
            return NixpyError("the current folder is gone", hint="`cd` into one that is there")
        name = None if error.filename is None else os.fsdecode(error.filename)
        return NixpyError(error.strerror or str(error) or type(error).__name__, file=name)
    first = next(iter(str(error).splitlines()), "")
    return NixpyError(
        f"a mistake of nixpy's own: {type(error).__name__}: {first}"[:300],
        hint="NIXPY_DEBUG=1 shows where; please report it with what that prints",
    )


def _silence() -> None:
    """Let what was not written yet go nowhere, as Python would complain of it at its end."""
    with contextlib.suppress(OSError, ValueError):
        sys.stdout.flush()
        return
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
