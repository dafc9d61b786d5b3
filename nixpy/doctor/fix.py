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
from nixpy.system import git, process
from nixpy.system.console import say, tell
from nixpy.system.files import read_text, remove_tree, write_all
from nixpy.workspace.changes import Action

# What every venv may have, and any installer brings back.
_SEEDS = frozenset({"pip", "setuptools", "wheel"})


@dataclass(frozen=True, slots=True)
class Fixer:
    """Mends what was found in a snapshot. ``agreed`` tells that the user passed ``--yes``."""

    snapshot: Snapshot
    agreed: bool

    def mend(self, found: Sequence[Finding]) -> int:
        """Do what can be done; give how many steps were.

        Raises NixpyError where a file cannot be read or written.
        """
        mends = list(dict.fromkeys(one.mend for one in found if one.mend))
        done = 0
        for one in mends:
            if one.step is Step.ADD_TO_GIT:
                done += self._add(one.values)
            elif one.step is Step.REMOVE_LINE:
                done += self._remove_line(*one.values)
        done += self._sync([one for one in mends if one.step in {Step.EDIT_CONFIG, Step.SYNC}])
        if any(one.step is Step.REMAKE_VENV for one in mends):
            done += self._remake()
        return done

    @property
    def _flake(self) -> Path:
        return Path(self.snapshot.flake.folder)

    def _add(self, paths: Sequence[str]) -> int:
        say(f"fix: git add --intent-to-add {' '.join(paths)}")
        git.intent_to_add(self._flake, paths)
        return 1

    def _remove_line(self, where: str, pattern: str) -> int:
        name, _, number = where.rpartition(":")
        text = read_text(self._flake, name) or ""
        lines = text.splitlines(keepends=True)
        at = int(number) - 1
        if at >= len(lines) or lines[at].strip() != pattern:
            return 0  # the file was changed since
        say(f"fix: remove line {number}, `{pattern}`, from {name}")
        root = Path(self.snapshot.git.root or self._flake)
        file = (self._flake / name).resolve().relative_to(root.resolve())
        write_all(root, {str(file): "".join(lines[:at] + lines[at + 1 :])})
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

    def _remake(self) -> int:
        venv = Path(self.snapshot.venv.path)
        if venv.is_symlink() or not (venv / ".nixpy-stamp").is_file():
            tell("warning", f"`{venv}` is left alone: it is a link, or not nixpy's")
            return 0
        lost = sorted(self._unrestorable(venv))
        if lost and not self.agreed:
            tell(
                "warning",
                f"`{venv}` holds {', '.join(lost)}, which no lock or requirements file brings back",
            )
            tell("hint", "`nixpy doctor --fix --yes` removes it all the same")
            return 0
        say(f"fix: remove {venv}" + (f", with {', '.join(lost)}" if lost else ""))
        remove_tree(venv)
        nix = process.find("nix")
        if nix is None:
            say("fix: enter the shell again, which makes it anew")
            return 1
        say("fix: nix develop -c true, which makes it anew")
        if process.show([nix, "develop", str(self._flake), "-c", "true"]):
            tell("warning", "the shell could not be entered; enter it by hand to make the venv")
        return 1

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


def _requirements(site: Path) -> dict[str, tuple[str, ...]]:
    """Give what each installed distribution requires, whatever the markers: name → names."""
    found: dict[str, tuple[str, ...]] = {}
    for file in site.glob("*.dist-info/METADATA"):
        message = HeaderParser().parsestr(file.read_text("utf-8", "replace"))
        lines = message.get_all("Requires-Dist") or []
        found[canonicalize_name(str(message["Name"]))] = tuple(_names(lines))
    return found


def _names(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        match = re.match(r"[\w.-]+", line)
        if match:
            yield canonicalize_name(match[0])
