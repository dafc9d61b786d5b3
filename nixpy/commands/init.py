"""``nixpy init``: make a project a Nix shell in which installs work."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

import click

from nixpy.commands._report import plan_json, show_diff, tell_changes, tell_plan
from nixpy.commands._where import Where, next_step, tell_hidden
from nixpy.config import edit as yaml_edit
from nixpy.config.model import FILE
from nixpy.config.parse import check_attribute, is_version, nixpkgs_reference, parse
from nixpy.errors import NixpyError
from nixpy.flake import eject, render
from nixpy.flake.inputs import inputs_of
from nixpy.metadata.model import Installer
from nixpy.metadata.read import read_project
from nixpy.plan.model import Plan
from nixpy.plan.takeover import SOURCES, Takeover, take_over
from nixpy.syntax.origin import Origin
from nixpy.system.console import say, tell
from nixpy.system.files import DiskTree, read_text
from nixpy.venv.links import unlink_packages
from nixpy.workspace import other_shells
from nixpy.workspace.choices import Origins, plan_of
from nixpy.workspace.locate import outputs_of
from nixpy.workspace.workspace import Workspace, open_workspace, read_config

# A command of this program in a hint.
_INIT = re.compile(r"`(nixpy init [^`]+)`")


@click.command(short_help="make a project a Nix shell in which installs work")
@click.argument("directory", type=click.Path(path_type=Path), default=Path(), metavar="[DIRECTORY]")
@click.option("--python", metavar="VERSION", help='Python version, such as "3.12".')
@click.option(
    "--installer",
    type=click.Choice([one.value for one in Installer]),
    help="The program that installs into .venv.",
)
@click.option(
    "-p",
    "--package",
    "packages",
    metavar="NAME",
    multiple=True,
    help="A Python package that Nix shall provide, by its PyPI name. Repeatable.",
)
@click.option(
    "--library",
    "libraries",
    metavar="ATTR",
    multiple=True,
    help="A native library that wheels load, by its nixpkgs attribute. Repeatable.",
)
@click.option(
    "--tool",
    "tools",
    metavar="ATTR",
    multiple=True,
    help="A program to have on PATH, by its nixpkgs attribute. Repeatable.",
)
@click.option("--nixpkgs", metavar="REF", help="A branch, a revision or a flake reference.")
@click.option(
    "--module", is_flag=True, help="Write a file for a flake or shell.nix of your own to import."
)
@click.option(
    "--folder/--no-folder",
    default=None,
    help="Put the flake into .nixpy, which Nix copies alone, or into the root. [default: the "
    "folder beside a flake of your own, outside git, and in a large checkout]",
)
@click.option("--private", is_flag=True, help="Hide all that is written from git, in this clone.")
@click.option("--dry-run", is_flag=True, help="Show what would change, write nothing.")
@click.option("--force", is_flag=True, help="Replace files that nixpy did not write.")
@click.option("--no-git", is_flag=True, help="Do not make git aware of new files.")
@click.option("--json", "as_json", is_flag=True, help="Print the whole plan as JSON.")
def command(
    directory: Path,
    python: str | None,
    installer: str | None,
    packages: tuple[str, ...],
    libraries: tuple[str, ...],
    tools: tuple[str, ...],
    nixpkgs: str | None,
    module: bool,
    folder: bool | None,
    private: bool,
    dry_run: bool,
    force: bool,
    no_git: bool,
    as_json: bool,
) -> int:
    """Make the project in DIRECTORY a Nix shell in which installs work.

    Reads the project's metadata, chooses Python and installer, and writes flake.nix, .envrc,
    .nixpy/venv.py and nixpy.yaml. Existing files are kept unless nixpy wrote them. With --module,
    nix/python-shell.nix takes the place of flake.nix and .envrc. With --folder, chosen
    where it is better, the flake lies in .nixpy and is entered by `nixpy shell`.
    """
    _check_folder(directory)
    before = read_text(directory, FILE)
    config = read_config(directory)
    where = Where(folder, private, module)
    where.check(directory)
    reason = None if force else where.reason(directory, config)
    options = Options(
        python,
        installer,
        packages,
        libraries,
        tools,
        nixpkgs,
        where.choice(config, reason),
        where.keep(directory, config, installer),
    )
    text = with_options(before, options)
    taken = _takeover(directory) if before is None else Takeover()
    for key in ("packages", "libraries", "tools"):
        text = yaml_edit.add_items(text, key, getattr(taken, key))
    outputs = _outputs(directory, module=module)
    workspace = open_workspace(directory, parse(text), {FILE: text}, outputs, private=private)
    try:
        plan = plan_of(workspace, FILE, options.origins)
    except NixpyError as error:
        raise _for_folder(error, directory) from None
    planned = workspace.changes(plan, force=force, fresh=True)
    if as_json:
        say(plan_json(plan, planned))
    else:
        tell_plan(workspace, plan)
        tree = DiskTree(directory)
        if reason:
            tell("note", f"the flake goes into .nixpy: {reason} (`--no-folder`: into the root)")
        for note in (*taken.notes, *([] if module else other_shells.remarks(tree))):
            tell("note", note)
        _tell_projects(workspace, tree)
    if dry_run:
        if not as_json:
            show_diff(planned)
        return 0
    was_ejected = eject.ejected(read_text(directory, render.FLAKE) or "")
    added = workspace.write(planned, use_git=not no_git)
    if was_ejected:
        _adopt(workspace, plan)
    if not as_json:
        say()
        tell_changes(planned, added)
        tell_hidden(workspace, planned)
        if render.FLAKE in outputs:
            next_step(directory, workspace, plan)
        if module:
            _how_to_import(directory, plan)
    return 0


def _outputs(directory: Path, *, module: bool) -> tuple[str, ...]:
    """Give the files to render: what is there, and the module where it is asked for."""
    there = outputs_of(directory)
    if module and render.MODULE not in there:
        return (*there, render.MODULE)
    return there or (render.FLAKE,)


@dataclass(frozen=True, slots=True)
class Options:
    """The choices that the command line makes, which nixpy.yaml is to keep."""

    python: str | None = None
    installer: str | None = None
    packages: tuple[str, ...] = ()
    libraries: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()
    nixpkgs: str | None = None
    flake: str | None = None
    keep: str | None = None

    @property
    def origins(self) -> Origins:
        """Where each choice is said, until nixpy.yaml says it."""
        given = {"python": ("--python", (self.python,) if self.python else ()), **self.lists}
        return {
            (key, text): Origin(option, value=text)
            for key, (option, texts) in given.items()
            for text in texts
        }

    @property
    def lists(self) -> dict[str, tuple[str, tuple[str, ...]]]:
        """The lists of nixpy.yaml that the command line adds to: the option, and its values."""
        return {
            "packages": ("--package", self.packages),
            "libraries": ("--library", self.libraries),
            "tools": ("--tool", self.tools),
        }


def with_options(before: str | None, options: Options) -> str:
    """Give the text of nixpy.yaml with the options put in: a new one, or an edit of the old.

    Raises NixpyError, naming the option, for what nixpy.yaml could not hold.
    """
    for option, names in options.lists.values():
        for name in names:
            wrong = check_attribute(name)
            if wrong:
                raise NixpyError(wrong, file=option)
    if options.python and not is_version(options.python):
        message = f"`{options.python}` is not a Python version"
        raise NixpyError(message, file="--python", hint="write it as `3.12`")
    if options.nixpkgs and nixpkgs_reference(options.nixpkgs) is None:
        raise NixpyError(f"`{options.nixpkgs}` is not a flake reference", file="--nixpkgs")
    text = render.nixpy_yaml() if before is None else before
    for key, value in (
        ("python", options.python),
        ("installer", options.installer),
        ("nixpkgs", options.nixpkgs),
        ("flake", options.flake),
        ("keep", options.keep),
    ):
        if value:
            text = yaml_edit.set_value(text, key, value)
    for key, (_, names) in options.lists.items():
        if names:
            text = yaml_edit.add_items(text, key, names)
    return text


def _for_folder(error: NixpyError, directory: Path) -> NixpyError:
    """Name the folder in each command that a hint gives, where it is not the current one."""
    if directory.resolve() != Path.cwd():
        folder = shlex.quote(str(directory))
        for one in error.errors:
            one.hint = one.hint and _INIT.sub(rf"`\1 {folder}`", one.hint)
    return error


def _takeover(directory: Path) -> Takeover:
    """Find what other tools' files list, where there are any."""
    if not any((directory / name).exists() for name in SOURCES):
        return Takeover()
    return take_over(read_project(DiskTree(directory)))


def _adopt(workspace: Workspace, plan: Plan) -> None:
    """Take back what `nixpy eject` left: the links in the venvs were made by the plain program."""
    for shell in plan.shells:
        venv = workspace.root / shell.folder / shell.venv
        unlink_packages(venv, eject.NAME)
    for plain, ours in ((eject.PROGRAM, render.VENV), (eject.ENTER, render.ENTER)):
        if workspace.existing(plain) is not None:
            tell("note", f"{plain} is not needed any more: {ours} does its work")


def _tell_projects(workspace: Workspace, tree: DiskTree) -> None:
    """Where a repository has projects in folders only, say how each gets a shell."""
    if workspace.config.projects or not workspace.parts[0].project.empty:
        return
    found = other_shells.projects(tree)
    if found:
        listed = ", ".join(f"{name}: {yaml_edit.scalar(path)}" for name, path in found.items())
        tell("note", f"there are Python projects in {', '.join(found.values())}")
        tell(
            "hint",
            f"`projects: {{{listed}}}` in nixpy.yaml, then `nixpy sync`, gives each a shell: "
            f"`nix develop .#{next(iter(found))}`",
        )


def _how_to_import(directory: Path, plan: Plan) -> None:
    for place, lines in other_shells.lines_to_add(DiskTree(directory), inputs_of(plan.shells[:1])):
        say()
        say(f"{place}:")
        for line in lines:
            say(f"  {line}")


def _check_folder(directory: Path) -> None:
    if not directory.exists():
        raise NixpyError("there is no such folder", file=str(directory))
    if not directory.is_dir():
        raise NixpyError("expected a folder, found a file", file=str(directory))
    if directory.resolve() in {Path("/"), Path.home().resolve()}:
        raise NixpyError(
            "the flake's folder is copied, keys and all, into a store that everybody can read",
            file=str(directory.resolve()),
            hint="`mkdir my-project && cd my-project && nixpy init` makes a place for a project",
        )
