"""The commands' common steps: read nixpy.yaml and the project, make the plan, write it."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, replace
from pathlib import Path

from nixpy import changes, git, render
from nixpy import config as configuration
from nixpy.changes import Action, Change
from nixpy.config import FILE, Config
from nixpy.errors import NixpyError
from nixpy.files import DiskTree, read_text, write_all
from nixpy.plan import Part, Plan, make_plan


@dataclass(frozen=True, slots=True)
class Workspace:
    """A project on the disk: its root, the user's choices and the parts that get a shell."""

    root: Path
    config: Config
    parts: tuple[Part, ...]

    def plan(self) -> Plan:
        """Decide everything; raises NixpyError where a choice cannot be met."""
        return make_plan(self.parts)

    def changes(
        self, plan: Plan, *, nixpy_yaml: str | None = None, force: bool = False
    ) -> list[Change]:
        """Decide what writing the plan changes; ``nixpy_yaml`` is that file's new text, if any.

        Raises NixpyError for files that are not nixpy's to replace.
        """
        texts = render.render(plan)
        envrc = texts.pop(render.ENVRC)

        def existing(path: str) -> str | None:
            return read_text(self.root, path)

        planned = changes.generated(texts, existing, force=force)
        if nixpy_yaml is not None:
            planned.insert(0, changes.own(FILE, nixpy_yaml, existing(FILE)))
        venvs = dict.fromkeys(
            posixpath.normpath(f"{shell.folder}/{shell.venv}") for shell in plan.shells
        )
        planned.append(changes.envrc(envrc, existing(changes.ENVRC)))
        planned.append(changes.gitignore(tuple(venvs), existing(changes.GITIGNORE)))
        return planned

    def write(self, planned: list[Change], *, use_git: bool = True) -> list[str]:
        """Write what changes; give the files that git was made aware of."""
        write_all(
            self.root, {one.path: one.after for one in planned if one.action is not Action.KEEP}
        )
        if not use_git or git.checkout_of(self.root) is None:
            return []
        return git.intent_to_add(self.root, [one.path for one in planned])


def read_config(root: Path) -> Config:
    """Read nixpy.yaml; the defaults where there is none. Raises NixpyError for a wrong one."""
    text = read_text(root, FILE)
    return Config() if text is None else configuration.parse(text)


def open_workspace(root: Path, config: Config) -> Workspace:
    """Read the metadata of the project and, in a monorepo, of each of its projects."""
    from nixpy.readers import read_project

    parts = [Part("default", ".", read_project(DiskTree(root)), config)]
    for name, folder in config.projects.items():
        if not (root / folder).is_dir():
            raise NixpyError(
                f"there is no folder `{folder}`",
                file=FILE,
                line=config.lines.get("projects"),
                key=f"projects.{name}",
            )
        own = _of_part(root / folder, config)
        parts.append(Part(name, folder, read_project(DiskTree(root / folder)), own))
    return Workspace(root, config, tuple(parts))


def _of_part(folder: Path, main: Config) -> Config:
    """Give the choices of a monorepo's project: its own nixpy.yaml's, or the root's."""
    own = read_config(folder)
    if own.projects:
        raise NixpyError(
            "a project of a monorepo has no projects of its own",
            file=f"{folder.name}/{FILE}",
            line=own.lines.get("projects"),
            key="projects",
            hint="list them in the nixpy.yaml of the root",
        )
    if own.lines:
        return replace(own, nixpkgs=main.nixpkgs, systems=main.systems)
    return replace(main, projects={}, packages=(), libraries=(), tools=(), python=None)
