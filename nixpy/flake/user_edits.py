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
# What tells where in a Nix expression a line stands: strings and comments, brackets, assignments.
_TOKEN = re.compile(
    r"#.*|\"(?:[^\"\\]|\\.)*\"|''(?:\$|\\|')|''|[\[\]{}()]|([A-Za-z_][\w.-]*)\s*=(?!=)|;"
)

# The attribute that a list belongs to -> the option of `nixpy add` and `nixpy remove`.
_LISTS = {
    "packages": "--tool ",
    "firstTools": "--tool ",
    "libraries": "--library ",
    "buildInputs": "--library ",
}
_PLACES = {*_LISTS, "env", "inputs.nixpkgs.url", "python", "pythonEnv", "shellHook", "systems"}


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
    # Where lines were removed, nothing is left to say where they stood but the original.
    places, former = _places(after), _places(before)
    return [
        Edit(
            line=low + 1,
            last=max(high, low + 1),
            removed=tuple(before[old_low:old_high]),
            added=tuple(after[low:high]),
            instead=_instead(
                before[old_low:old_high],
                after[low:high],
                places[low] if high > low else former[old_low],
            ),
        )
        for tag, old_low, old_high, low, high in matcher.get_opcodes()
        if tag != "equal"
    ]


def _instead(removed: Sequence[str], added: Sequence[str], place: str | None) -> str | None:
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


def _places(lines: Iterable[str]) -> list[str | None]:
    """Give for each line the attribute whose value it is a part of, or that it assigns."""
    found: list[str | None] = []
    stack: list[str | None] = []
    name: str | None = None
    in_string = False
    for line in lines:
        own = _ASSIGNED.match(line)
        known = own and not in_string and own.group(1) in _PLACES
        found.append(own.group(1) if own and known else next(filter(None, reversed(stack)), None))
        for token in _TOKEN.finditer(line):
            text = token.group(0)
            if text == "''":
                in_string = not in_string
                stack = [*stack, name] if in_string else stack[:-1]
            elif in_string or text[0] in "#\"'":
                continue
            elif text in "[{(":
                stack.append(name)
                name = None if text == "{" else name
            elif text in "]})":
                name = stack.pop() if stack else None
            else:
                name = token.group(1) or None
    return found
