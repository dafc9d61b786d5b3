"""What writing the rendered files would change: decided before anything is written. Pure."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

from nixpy import __version__
from nixpy.config.model import Layout
from nixpy.errors import NixpyError, all_of
from nixpy.flake.eject import ejected
from nixpy.flake.header import claimed, is_newer, pristine, writer
from nixpy.flake.render import VENV
from nixpy.flake.user_edits import edits

GITIGNORE = ".gitignore"
IGNORED = (".direnv/",)

_COMMENT = re.compile(r"(?:^|(?<=\s))# .*$", re.MULTILINE)

# As many edits of a file are told one by one.
_MOST = 12


class Action(Enum):
    """What happens to a file."""

    CREATE = "create"
    UPDATE = "update"
    EXTEND = "extend"
    KEEP = "keep"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class Change:
    """One file, what happens to it, and its text before (None: absent) and after."""

    path: str
    action: Action
    before: str | None
    after: str

    @property
    def reworded(self) -> bool:
        """Whether comments alone change, in a file that this nixpy wrote.

        A first lock file changes the reasons that stand in the flake, and nothing of the shell.
        """
        if self.before is None or writer(self.before) != __version__:
            return False
        return _COMMENT.sub("", self.before) == _COMMENT.sub("", self.after)

    def diff(self) -> str:
        """Give a unified diff, empty where nothing changes."""
        lines = difflib.unified_diff(
            (self.before or "").splitlines(keepends=True),
            self.after.splitlines(keepends=True),
            "/dev/null" if self.before is None else f"a/{self.path}",
            "/dev/null" if self.action is Action.REMOVE else f"b/{self.path}",
        )
        return "".join(
            line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
            for line in lines
        )


def generated(
    texts: Mapping[str, str],
    existing: Callable[[str], str | None],
    *,
    force: bool = False,
    original: Callable[[str], Iterable[str]] = lambda _: (),
) -> list[Change]:
    """Decide on generated files.

    ``original`` gives earlier texts of a file, among which the one that nixpy wrote may be.
    Raises NixpyErrors for files that nixpy did not write, or that were edited since, unless
    ``force`` is given.
    """
    changes: list[Change] = []
    errors: list[NixpyError] = []
    for path, text in texts.items():
        before = existing(path)
        if before is None:
            changes.append(Change(path, Action.CREATE, None, text))
        elif before == text:
            changes.append(Change(path, Action.KEEP, before, text))
        elif (wrote := writer(before)) and is_newer(wrote) and not force:
            errors.append(_too_new(path, wrote))
        elif pristine(before) or force:
            changes.append(Change(path, Action.UPDATE, before, text))
            if pristine(before) is None and not ejected(before) and path.endswith(".nix"):
                changes.append(_kept_copy(path, before, existing))
        else:
            errors += _refusals(path, before, [*original(path), text])
    if errors:
        raise all_of(errors)
    return changes


def _kept_copy(path: str, before: str, existing: Callable[[str], str | None]) -> Change:
    """Keep a flake of the user's own beside the file that replaces it."""
    copy = f"{path}.before-nixpy"
    there = existing(copy)
    if there is None:
        return Change(copy, Action.CREATE, None, before)
    if there != before:
        raise NixpyError(
            f"the file is there already, and another {path} was to be kept by that name",
            file=copy,
            hint=f"`mv {copy} {copy}.old`, then run the command again",
        )
    return Change(copy, Action.KEEP, there, before)


def _too_new(path: str, wrote: str) -> NixpyError:
    return NixpyError(
        f"nixpy {wrote} wrote the file, and this is {__version__}",
        file=path,
        hint="update nixpy, or pass `--force` to write the file as this version does",
    )


def _refusals(path: str, before: str, earlier: list[str]) -> list[NixpyError]:
    if ejected(before):
        return [
            NixpyError(
                "the file was made plain by `nixpy eject`, and is left as it is",
                file=path,
                hint="`nixpy init --force` replaces it by a generated one; what you have added to "
                "it goes into nixpy.yaml",
            )
        ]
    if pristine(before) is None:
        return [
            NixpyError(
                "the file was not written by nixpy, and is left as it is",
                file=path,
                hint="`nixpy init --module` writes a file that it can import, `--force` replaces it"
                if path.endswith(".nix")
                else "move it away, or pass `--force` to replace it",
            )
        ]
    if any(line.startswith("<<<<<<< ") for line in before.splitlines()):
        return [
            NixpyError(
                "the file holds an unresolved merge conflict",
                file=path,
                hint="resolve it in nixpy.yaml, then pass `--force` to write this file anew",
            )
        ]
    wrote = [text for text in earlier if claimed(text) == claimed(before) and pristine(text)]
    since = "since nixpy wrote the file" if wrote else "against what nixpy would write now"
    found = edits((wrote or earlier)[-1 if not wrote else 0], before)
    errors = [
        NixpyError(f"{one} ({since})", file=path, line=one.line, hint=one.instead) for one in found
    ]
    last = NixpyError(
        "the file was edited since nixpy wrote it, and is left as it is",
        file=path,
        hint="put the change into nixpy.yaml, then pass `--force` to replace the file",
    )
    return [*errors[:_MOST], last]


def moved(
    layout: Layout, existing: Callable[[str], str | None], *, force: bool = False
) -> list[Change]:
    """Decide on a flake that nixpy wrote in the other place: its lock comes along, and it goes.

    Raises NixpyError for one that was edited since, unless ``force`` is given, and for two locks.
    """
    old = layout.other
    before, lock, there = existing(old.flake), existing(old.lock), existing(layout.lock)
    if before is None or pristine(before) is None:
        return []
    if not pristine(before) and not force:
        raise NixpyError(
            f"the file was edited since nixpy wrote it, and `{layout.flake}` is to take its place",
            file=old.flake,
            hint="put the change into nixpy.yaml, then pass `--force` to remove the file",
        )
    changes = [Change(old.flake, Action.REMOVE, before, "")]
    if lock is None:
        return changes
    if there is not None and there != lock:
        raise NixpyError(
            f"there is a flake.lock in both places, and `{layout.lock}` says something else",
            file=old.lock,
            hint="remove the one that is not wanted",
        )
    if there is None:
        changes.append(Change(layout.lock, Action.CREATE, None, lock))
    return [*changes, Change(old.lock, Action.REMOVE, lock, "")]


def own(path: str, text: str, before: str | None) -> Change:
    """Decide on a file of the user's, whose new text is an edit of the old one."""
    if before is None:
        return Change(path, Action.CREATE, None, text)
    return Change(path, Action.KEEP if text == before else Action.UPDATE, before, text)


def envrc(path: str, text: str, before: str | None, elsewhere: str = "") -> Change:
    """Decide on an `.envrc`: the lines that are missing are appended to an existing one, once.

    ``elsewhere`` is what it would be if the flake lay in the other place. Such lines are replaced,
    where nixpy wrote them: a `use flake` alone may be for a flake of the user's own.
    """
    if before is None:
        return Change(path, Action.CREATE, None, text)
    if VENV in before:
        pairs = zip(elsewhere.splitlines(), text.splitlines(), strict=False)
        moved = {old.strip(): new.strip() for old, new in pairs}
        # Indented or not: `use flake` was not always in an `if`.
        after = "".join(
            line.replace(plain, moved.get(plain, plain)) if (plain := line.strip()) else line
            for line in before.splitlines(keepends=True)
        )
        if after != before:
            return Change(path, Action.UPDATE, before, after)
    if any(line.split()[:2] == ["use", "flake"] for line in before.splitlines()):
        return Change(path, Action.KEEP, before, before)
    return Change(path, Action.EXTEND, before, _end_line(before) + text)


def gitignore(venvs: tuple[str, ...], before: str | None) -> Change:
    """Decide on `.gitignore`: venvs and direnv's folder are appended where they are missing."""
    lines = [line.strip() for line in (before or "").splitlines()]
    wanted = [*(f"{venv}/" for venv in venvs), *IGNORED]
    missing = [
        one for one in wanted if not {one, one.rstrip("/"), f"/{one}", f"/{one[:-1]}"} & {*lines}
    ]
    if not missing and before is not None:
        return Change(GITIGNORE, Action.KEEP, before, before)
    after = _end_line(before or "") + "".join(f"{one}\n" for one in missing)
    return Change(GITIGNORE, Action.CREATE if before is None else Action.EXTEND, before, after)


def _end_line(text: str) -> str:
    return text if not text or text.endswith("\n") else text + "\n"
