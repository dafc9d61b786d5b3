"""A shell that was entered once, and is sourced where nothing that happens leaves a trace."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.support.project import Project
from tests.support.safety.sandbox import Mode, Place, Result, run


@dataclass(frozen=True, slots=True)
class Entered:
    """A project with a venv, and the script by which its shell is entered.

    ``folder`` holds the project and whatever lies beside it; a script that runs here changes
    neither that folder nor the Nix store.
    """

    project: Project
    folder: Path

    @classmethod
    def of(cls, project: Project, folder: Path) -> Entered:
        """Enter a project's shell for the first time."""
        done = project.run(["nix", "print-dev-env", *project.flake_options()])
        (folder / "enter.sh").write_text(done.stdout, "utf-8")
        project.enter("true")
        return cls(project, folder)

    def run(
        self, script: str, environment: Mapping[str, str] | None = None, mode: Mode = Mode.WATCHED
    ) -> Result:
        """Run a script inside the shell; ``environment`` is what the shell around has set."""
        scratch = self.folder.parent / f"{self.folder.name}-scratch"
        text = f". {self.folder / 'enter.sh'}; set -e; {script}"
        place = Place(self.project.root, scratch, self.folder)
        given = {**self.project.environment, "TMPDIR": str(self.folder), **(environment or {})}
        return run(text, place, given, mode, limit=120)
