"""``nixpy env``: print the variables that the shell sets."""

from __future__ import annotations

import os
from pathlib import Path

import click

from nixpy import changing, nix, nixerror, shellenv
from nixpy.locate import find

FORMATS = {
    "bash": shellenv.bash,
    "fish": shellenv.fish,
    "json": shellenv.as_json,
    "dotenv": shellenv.dotenv,
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
@changing.directory
def command(form: str, directory: Path) -> int:
    """Print the variables that the project's shell sets, for editors, services and CI.

    Enters the shell once, as `nix develop` does, so the venv is there afterwards. What only Nix's
    own builds look at is left out. For bash: `eval "$(nixpy env)"`.
    """
    place = find(directory)
    folder = place.root / place.folder
    try:
        inside = nix.environment(folder, f"{os.path.relpath(place.root, folder)}#{place.project}")
    except nix.NixError as error:
        raise nixerror.explain(error.raw) or error from None
    part = next(one for one in place.open().parts if one.name == place.project)
    variables = shellenv.shell_variables(os.environ, inside, part.config.env)
    click.echo(FORMATS[form](variables))
    return 0
