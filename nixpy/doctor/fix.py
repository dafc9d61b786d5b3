"""``--fix``: the mends that are safe, each told before it is done."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from email.parser import HeaderParser
from pathlib import Path

from packaging.utils import canonicalize_name

from nixpy.doctor.gather.project import read_metadata
from nixpy.doctor.model import Finding, Mend, Step
from nixpy.doctor.snapshot import Snapshot
from nixpy.syntax.limits import MOST_BYTES
from nixpy.system import git, process
from nixpy.system.console import say, tell
from nixpy.system.files import read_text, remove_tree, write_all
from nixpy.system.reading import read_head_text
from nixpy.workspace.changes import Action

# What every venv may have, and any installer brings back.
_SEEDS = frozenset({"pip", "setuptools", "wheel"})

# What is added to the name of a venv that is moved aside.
_ASIDE = ".before-fix"


@dataclass(frozen=True, slots=True)
class Fixer:
    """Mends what was found in a snapshot. ``agreed`` tells that the user passed ``--yes``."""

    snapshot: Snapshot
    agreed: bool

    def mend(self, found: Sequence[Finding]) -> tuple[int, bool]:
        """Do what can be done; give how many steps were, and whether none of them failed.

        Raises NixpyError where a file cannot be read or written.
        """
        mends = list(dict.fromkeys(one.mend for one in found if one.mend))
        done, good = 0, True
        for one in mends:
            if one.step is Step.ADD_TO_GIT:
                done += self._add(one.values)
            elif one.step in {Step.REMOVE_LINE, Step.ADD_LINE}:
                done += self._change_line(*one.values)
        done += self._sync([one for one in mends if one.step in {Step.EDIT_CONFIG, Step.SYNC}])
        if any(one.step is Step.REMAKE_VENV for one in mends):
            remade = self._remake()
            done += bool(remade)
            good = remade is not False
        return done, good

    @property
    def _flake(self) -> Path:
        return Path(self.snapshot.flake.folder)

    def _add(self, paths: Sequence[str]) -> int:
        say(f"fix: git add --intent-to-add {' '.join(paths)}")
        git.intent_to_add(self._flake, paths)
        return 1

    def _change_line(self, where: str, pattern: str, further: str | None = None) -> int:
        """Remove a line that git is told by, or put a further one below it."""
        name, _, number = where.rpartition(":")
        root = Path(self.snapshot.git.root or self._flake)
        lines = (read_text(root, name) or "").splitlines(keepends=True)
        at = int(number) - 1
        if at >= len(lines) or lines[at].strip() != pattern:
            return 0  # the file was changed since
        if further is None:
            say(f"fix: remove line {number}, `{pattern}`, from {name}")
            new = []
        else:
            say(f"fix: write `{further}` below line {number}, `{pattern}`, of {name}")
            new = [lines[at].rstrip("\r\n") + "\n", further + "\n"]
        write_all(root, {name: "".join([*lines[:at], *new, *lines[at + 1 :]])})
        return 1

    def _sync(self, mends: Sequence[Mend]) -> int:
        from nixpy.config import edit as yaml_edit
        from nixpy.workspace.choices import choices_text, edited
        from nixpy.workspace.locate import find

        if not mends:
            return 0
        place = find(Path(self.snapshot.project.root))
        text = choices_text(place)
        for one in mends:
            if one.step is Step.EDIT_CONFIG:
                say(f"fix: add {', '.join(one.values)} to `{one.key}` in {place.choices}")
                text = yaml_edit.add_items(text, one.key, one.values)
        say("fix: render the shell's files anew")
        workspace = edited(place, text)
        changes = workspace.changes(workspace.plan())
        workspace.write(changes)
        for change in changes:
            if change.action is not Action.KEEP:
                say(f"     {change.path} is written")
        return 1

    def _remake(self) -> bool | None:
        """Make the venv anew; None where it was left alone, False where that failed.

        The old one is moved aside, and comes back unless the new one is there and whole.
        """
        venv = Path(self.snapshot.venv.path)
        if venv.is_symlink() or not (venv / ".nixpy-stamp").is_file():
            tell("warning", f"`{venv}` is left alone: it is a link, or not nixpy's")
            return None
        lost = sorted(self._unrestorable(venv))
        if lost and not self.agreed:
            tell(
                "warning",
                f"`{venv}` holds {', '.join(lost)}, which no lock or requirements file brings back",
            )
            tell("hint", "`nixpy doctor --fix --yes` removes it all the same")
            return None
        nix = process.find("nix")
        if nix is None:
            tell("warning", f"`{venv}` is left as it is: there is no Nix to make it anew")
            return False
        aside = venv.with_name(f"{venv.name}{_ASIDE}")
        holding = f", with {', '.join(lost)}" if lost else ""
        say(f"fix: move {venv} aside, to {aside.name}{holding}")
        try:
            if aside.is_dir():  # of a run that was killed after it had made the new one
                remove_tree(aside)
            venv.rename(aside)
        except OSError as error:
            tell("warning", f"`{venv}` cannot be moved: {error.strerror}")
            return False
        made = False
        try:
            say("fix: nix develop -c true, which makes it anew")
            status = process.show(
                [nix, "develop", self._reference, "-c", "true"],
                cwd=self.snapshot.project.root,
            )
            made = not status and (venv / "bin/python").exists()
        finally:
            if not made:
                put_back(venv)
        if not made:
            tell("warning", f"the shell could not be entered, so `{venv}` is as it was")
            tell("hint", f"`nix develop {self._reference}` shows the error")
            return False
        remove_tree(aside)
        say(f"fix: remove {aside.name}; what was installed is installed again by the next sync")
        return True

    @property
    def _reference(self) -> str:
        return str(self._flake)

    def _unrestorable(self, venv: Path) -> Iterator[str]:
        """Give what is installed and neither locked nor required, directly or by what is."""
        project = read_metadata(Path(self.snapshot.project.root), [])
        known = {one.name for one in project.locked} | {one.name for one in project.wanted}
        known |= _SEEDS | ({canonicalize_name(project.name)} if project.name else set())
        site = next(iter(venv.glob("lib/python3.*/site-packages")), venv)
        installed = {
            one.name: site for one in self.snapshot.venv.distributions if one.installer != "nixpy"
        }
        todo = list(known)
        requires = _requirements(site)
        while todo:
            for name in requires.get(todo.pop(), ()):
                if name not in known:
                    known.add(name)
                    todo.append(name)
        yield from installed.keys() - known


def put_back(venv: Path) -> bool:
    """Move a venv that ``--fix`` has moved aside to its place, and tell whether there was one.

    What a shell that failed has left in its place is no venv yet.
    """
    aside = venv.with_name(f"{venv.name}{_ASIDE}")
    if not aside.is_dir():
        return False
    if venv.is_dir() and not venv.is_symlink():
        remove_tree(venv)
    aside.rename(venv)
    return True


def _requirements(site: Path) -> dict[str, tuple[str, ...]]:
    """Give what each installed distribution requires, whatever the markers: name → names."""
    found: dict[str, tuple[str, ...]] = {}
    for file in site.glob("*.dist-info/METADATA"):
        message = HeaderParser().parsestr(read_head_text(file, MOST_BYTES))
        lines = message.get_all("Requires-Dist") or []
        found[canonicalize_name(str(message["Name"]))] = tuple(_names(lines))
    return found


def _names(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        match = re.match(r"[\w.-]+", line)
        if match:
            yield canonicalize_name(match[0])
