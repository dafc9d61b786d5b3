"""``nixpy env``: print the variables that the shell sets."""

from __future__ import annotations

import os
from pathlib import Path

import click

from nixpy.commands import _shell_variables
from nixpy.commands._options import directory_option
from nixpy.nixpkgs.messages import explain
from nixpy.system import nix
from nixpy.workspace.locate import find

FORMATS = {
    "bash": _shell_variables.bash,
    "fish": _shell_variables.fish,
    "json": _shell_variables.as_json,
    "dotenv": _shell_variables.dotenv,
}


@click.command(short_help="print the variables that the shell sets")
@click.option(
    "--shell",
    "form",
    type=click.Choice(list(FORMATS)),
    default="bash",
    show_default=True,
    help="How to write them.",
)
@directory_option
def command(form: str, directory: Path) -> int:
    """Print the variables that the project's shell sets, for editors, services and CI.

    Enters the shell once, as `nix develop` does, so the venv is there afterwards. What only Nix's
    own builds look at is left out. For bash: `eval "$(nixpy env)"`.
    """
    place = find(directory)
    folder = place.root / place.folder
    try:
        inside = nix.environment(folder, place.reference(folder))
    except nix.NixError as error:
        raise explain(error.raw) or error from None
    part = next(one for one in place.open().parts if one.name == place.project)
    variables = _shell_variables.shell_variables(os.environ, inside, part.config.env)
    click.echo(FORMATS[form](variables))
    return 0
