"""What a user changed in a generated flake, and which key of nixpy.yaml does the same. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

_ASSIGNED = re.compile(r"\s*([\w.-]+)\s*=(?!=)")
_OF_PKGS = re.compile(r"(?<![\w.])pkgs\.([A-Za-z_][\w.'-]*)")
_OF_PS = re.compile(r"(?<![\w.])ps\.([A-Za-z_][\w.'-]*)")
_EXPORT = re.compile(r"\s*export ([A-Za-z_]\w*)=(.*)")
_STRING = re.compile(r'\s*([A-Za-z_]\w*) = "(.*)";')
_PYTHON = re.compile(r"pkgs\.python3(\d+)\b")
_LONGEST = 60

# The attribute that a list belongs to -> the option of `nixpy add` and `nixpy remove`.
_LISTS = {
    "packages": "--tool ",
    "firstTools": "--tool ",
    "libraries": "--library ",
    "buildInputs": "--library ",
}


@dataclass(frozen=True, slots=True)
class Edit:
    """A run of lines that was changed: its first line in the edited file (1-based) and the last.

    ``removed`` and ``added`` are the lines; ``instead`` says what does the same and lasts, if
    anything does.
    """

    line: int
    last: int
    removed: tuple[str, ...]
    added: tuple[str, ...]
    instead: str | None

    def __str__(self) -> str:
        """Say in one line what was done, with the first line that matters."""
        shown = next((one.strip() for one in (*self.added, *self.removed) if one.strip()), "")
        text = shown if len(shown) <= _LONGEST else shown[: _LONGEST - 1] + "…"
        done = "changed to" if self.added and self.removed else "added" if self.added else "removed"
        count = max(len(self.added), len(self.removed))
        more = f" and {count - 1} more" if count > 1 else ""
        return f"{done}: `{text}`{more}" if text else f"{done}: empty lines"


def edits(original: str, edited: str) -> list[Edit]:
    """Give what was changed between the text that was generated and the text that is there."""
    before, after = original.splitlines(), edited.splitlines()
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    return [
        Edit(
            line=low + 1,
            last=max(high, low + 1),
            removed=tuple(before[old_low:old_high]),
            added=tuple(after[low:high]),
            instead=_instead(before[old_low:old_high], after[low:high], after, low),
        )
        for tag, old_low, old_high, low, high in matcher.get_opcodes()
        if tag != "equal"
    ]


def _instead(
    removed: Sequence[str], added: Sequence[str], text: Sequence[str], at: int
) -> str | None:
    place = _place(added[0] if added else removed[0], text, at)
    if any("LD_LIBRARY_PATH" in line for line in added):
        return "`library_path: true` in nixpy.yaml does the same"
    if any("allowUnfree = true" in line for line in added):
        return "`allow_unfree: true` in nixpy.yaml does the same"
    if place in _LISTS:
        return _commands(_LISTS[place], _names(_OF_PKGS, added), _names(_OF_PKGS, removed))
    if place == "pythonEnv":
        return _commands("", _names(_OF_PS, added), _names(_OF_PS, removed))
    if place == "python" and (found := _PYTHON.search("\n".join(added))):
        return f'`python: "3.{found.group(1)}"` in nixpy.yaml does the same'
    if place == "inputs.nixpkgs.url" and (found := re.search('"(.+)"', "\n".join(added))):
        return f"`nixpkgs: {found.group(1)}` in nixpy.yaml does the same"
    if place == "systems":
        return "`systems:` in nixpy.yaml lists the systems"
    return _of_shell(place, added)


def _of_shell(place: str | None, added: Iterable[str]) -> str | None:
    lines = [line for line in added if line.strip()]
    if not lines:
        return None
    exported = [_EXPORT.fullmatch(line) for line in lines]
    if place == "env":
        exported = [_STRING.fullmatch(line) for line in lines]
    if place in {"env", "shellHook"} and all(exported):
        names = ", ".join(f"{one.group(1)}: …" for one in exported if one)
        return f"`env: {{{names}}}` in nixpy.yaml does the same"
    return "`shell_hook:` in nixpy.yaml adds such lines" if place == "shellHook" else None


def _commands(option: str, added: list[str], removed: list[str]) -> str | None:
    new = [name for name in added if name not in removed]
    gone = [name for name in removed if name not in added]
    said = [
        f"`nixpy {verb} {option}{' '.join(names)}`"
        for verb, names in (("add", new), ("remove", gone))
        if names
    ]
    return f"{' and '.join(said)} {'do' if len(said) > 1 else 'does'} the same" if said else None


def _names(pattern: re.Pattern[str], lines: Iterable[str]) -> list[str]:
    code = (line.partition("#")[0] for line in lines)
    return list(dict.fromkeys(name for line in code for name in pattern.findall(line)))


def _place(line: str, text: Sequence[str], at: int) -> str | None:
    """Give the attribute that a line at this index assigns, or whose value it is a part of."""
    found = _ASSIGNED.match(line)
    indent = _indent(line)
    if found and found.group(1) != "export":
        name = found.group(1)
        if name in _LISTS or name in {"pythonEnv", "python", "inputs.nixpkgs.url", "systems"}:
            return name
    for above in reversed(text[:at]):
        if above.strip() and _indent(above) < indent:
            indent = _indent(above)
            found = _ASSIGNED.match(above)
            if found:
                return found.group(1)
    return None


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
