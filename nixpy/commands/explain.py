"""``nixpy explain``: why each distribution is there, who provides it, and what does not fit."""

from __future__ import annotations

from pathlib import Path

import click

from nixpy.distributions.model import Scene
from nixpy.distributions.rows import Table, make_table
from nixpy.distributions.survey import survey
from nixpy.errors import NixpyError
from nixpy.explain.as_json import story_data, table_data
from nixpy.explain.story import lines, nearest_names, story
from nixpy.explain.table import conflict_lines, summary, table_lines
from nixpy.syntax import shown
from nixpy.system import console
from nixpy.system.console import printable, say, tell


@click.command(short_help="say why each distribution is there, who provides it, what does not fit")
@click.argument("name", required=False)
@click.option(
    "-C",
    "--directory",
    type=click.Path(path_type=Path),
    default=Path(),
    help="A folder of the project; by default the current one.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the same as JSON.")
def command(name: str | None, directory: Path, as_json: bool) -> int:
    """Say why each distribution is there, who provides it, and what does not fit.

    Prints a row for each distribution that the project asks for, its lock holds or nixpy.yaml
    lists; with NAME, everything about that one. Changes nothing.
    """
    scenes = {one.part.name: one.scene for one in survey(directory, anywhere=True)}
    tables = {project: make_table(scene) for project, scene in scenes.items()}
    if name is None:
        found = {project: table_data(tables[project], scenes[project]) for project in tables}
        if as_json:
            say(_json(found))
        else:
            _print_tables(tables, scenes)
        return 0
    stories = {
        project: told
        for project, table in tables.items()
        if (told := story(table, scenes[project], name))
    }
    if not stories:
        raise _nobody_knows(name, tables)
    if as_json:
        say(_json({project: story_data(stories[project], scenes[project]) for project in stories}))
        return 0
    for project, told in stories.items():
        _heading(project, len(tables))
        for line in lines(told, scenes[project]):
            say(printable(line))
    return 0


def _print_tables(tables: dict[str, Table], scenes: dict[str, Scene]) -> None:
    width = console.width()
    for project, table in tables.items():
        scene = scenes[project]
        _heading(project, len(tables))
        if not table.rows:
            say("no distributions: neither the project nor nixpy.yaml names any")
        else:
            for line in table_lines(table.rows, width):
                say(line)
            say()
            say(summary(table.rows, scene.nix))
            for line in conflict_lines(table.rows, width):
                say(line)
        if scene.nix.why:
            tell("note", f"Nix's versions are not known: {scene.nix.why}")
        for note in scene.project.notes:
            tell("warning", f"{note.origin}: {note.text}")


def _heading(project: str, count: int) -> None:
    if count > 1:
        say(f"# {project}")


def _json(projects: object) -> str:
    return shown.as_json({"projects": projects})


def _nobody_knows(name: str, tables: dict[str, Table]) -> NixpyError:
    near = [found for table in tables.values() for found in nearest_names(table, name)]
    hint = None
    if near:
        hint = f"did you mean {' or '.join(f'`{found}`' for found in dict.fromkeys(near))}?"
    return NixpyError(f"`{name}` is neither in the project nor in nixpkgs", hint=hint)
