"""What Nix says, in the words of somebody who knows Python better than Nix. Pure.

Most of it is a table, ``nix_messages.yaml``; what needs more than filling in names is here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

from nixpy.errors import NixpyError
from nixpy.knowledge.table import table
from nixpy.nixpkgs import aliases
from nixpy.nixpkgs.complaint import Complaint, read
from nixpy.nixpkgs.names import Context, missing_name

# Nix quotes with straight marks or curly double ones, nixpkgs with curly single ones or `'. Within
# its marks Nix 2.34 quotes a name that is no identifier: '"3.12.99"'.
_MARKS = "`'\"\u2018\u2019\u201c\u201d"
_MARK = f"[{_MARKS}]{{1,2}}"
_STORE = r"/nix/store/[0-9a-z]{32}-"
_STORED = re.compile(rf"{_STORE}([^\s/{_MARKS}]+)")
_TOKENS = {"QUOTE": _MARK, "SOURCE": rf"{_STORE}source/?"}
# So many lines of a build's log are shown.
_LAST_LINES = 5


@dataclass(frozen=True, slots=True)
class Saying:
    """A row of the table: a text of Nix, where to look for it, and what it means.

    In message and hint ``{x}`` stands for the group of that name, and ``{package}`` for the
    package with who asked for it.
    """

    pattern: re.Pattern[str]
    message: str
    hint: str | None
    scope: str
    placed: bool

    def meaning(self, complaint: Complaint, context: Context) -> NixpyError | None:
        """Fill in the names, or None if the text is not there."""
        searched = {"text": complaint.text, "log": "\n".join(complaint.log)}
        found = self.pattern.search(searched.get(self.scope, complaint.everything))
        if not found:
            return None
        names = {name: value or "" for name, value in found.groupdict().items()}
        package = next(
            (names[key] for key in ("package", "derivation", "built") if names.get(key)), ""
        )
        names["package"] = context.spoken(_name(package))
        error = NixpyError(
            self.message.format(**names), hint=self.hint and self.hint.format(**names)
        )
        return _at(error, complaint, context) if self.placed else error


def explain(stderr: str, context: Context | None = None) -> NixpyError | None:
    """Say what an error of Nix means, or None for one that is not known.

    ``stderr`` is all that Nix wrote, without colours.
    """
    complaint = read(stderr)
    context = context or Context()
    meanings = (rule(complaint, context) for rule in (*_FIRST, _tabled, *_LAST))
    return next((one for one in meanings if one), None)


def explain_refusal(stderr: str, context: Context, name: str) -> NixpyError | None:
    """Say why nixpkgs refuses an attribute, which is known to throw; None if nothing is said."""
    complaint = read(stderr)
    thrown = _last_error(complaint.text)
    if not thrown:
        return None
    known = _tabled(complaint, context) or aliases.explain(thrown, context, name)
    return known or aliases.refusal(thrown, context, name)


def _at(error: NixpyError, complaint: Complaint, context: Context) -> NixpyError:
    """Add the place in the project's own files that Nix names last."""
    place = complaint.place
    if place:
        root = f"{context.root}/"
        error.file = place.file.removeprefix(root)
        error.line = place.line
    return error


def _tabled(complaint: Complaint, context: Context) -> NixpyError | None:
    meanings = (saying.meaning(complaint, context) for saying in _sayings())
    return next((one for one in meanings if one), None)


@cache
def _sayings() -> tuple[Saying, ...]:
    rows = table("nix_messages.yaml")
    return tuple(_saying(rows.get(name)) for name in rows)


def _saying(row: dict[str, str]) -> Saying:
    pattern = row["nix"]
    for token, meaning in _TOKENS.items():
        pattern = pattern.replace(token, meaning)
    quoted = rf"{_MARK}(?P<\1>[^{_MARKS}\n]+){_MARK}"
    pattern = re.sub(r"(?<!\?P)<(\w+)>", lambda found: found.expand(quoted), pattern)
    return Saying(
        re.compile(pattern, re.MULTILINE | re.IGNORECASE),
        row["means"],
        row.get("mend"),
        row.get("in", "text"),
        bool(row.get("at")),
    )


def _missing(complaint: Complaint, context: Context) -> NixpyError | None:
    """Say which attribute is missing, and of what: nixpkgs, its Python packages, or anything."""
    found = re.search(rf"attribute {_MARK}([^{_MARKS}\n]+){_MARK} missing", complaint.text)
    if not found:
        return None
    name = found[1]
    place = complaint.places[-1] if complaint.places else None
    taken = place.expression if place else ""
    meant = re.search(r"^\s*Did you mean (?:one of )?(.*?)\?", complaint.text, re.MULTILINE)
    near = tuple(re.findall(r"[\w.+-]+", meant[1].replace(" or ", " "))) if meant else ()
    named = replace(context, names=tuple(dict.fromkeys((*context.names, *near))))
    of_nixpkgs = re.match(rf"(?:nixpkgs|pkgs|ps)\b[\w.'${{}}-]*\.\"?{re.escape(name)}\b", taken)
    if context.asked(name) or of_nixpkgs:
        return missing_name(name, named)
    whole = re.match(rf"([\w.'-]+)\.{re.escape(name)}\b", taken)
    source = (
        f"`{whole[1]}` has no `{name}`" if whole else f"there is no `{name}` where it is looked for"
    )
    return _at(
        NixpyError(
            source,
            hint=f"did you mean {' or '.join(f'`{one}`' for one in near)}?"
            if near
            else "look at the spelling; `pkgs` has nixpkgs' packages, `ps` those for Python",
        ),
        complaint,
        context,
    )


def _alias(complaint: Complaint, context: Context) -> NixpyError | None:
    """Say what nixpkgs says of a name that it has no more."""
    thrown = _last_error(complaint.text)
    if not any(place.file.endswith("aliases.nix") for place in complaint.places):
        return aliases.explain(thrown, context)
    # Newer Nix says which of nixpkgs' aliases it is.
    names = re.findall(rf"while evaluating the attribute {_MARK}([\w.+-]+)", complaint.everything)
    known = aliases.explain(thrown, context, names[-1] if names else None)
    return known or (aliases.refusal(thrown, context, names[-1]) if names else None)


def _thrown(complaint: Complaint, context: Context) -> NixpyError | None:
    """Say what a `throw` says, of nixpkgs or of the flake; newer Nix tells that it is one."""
    thrown = _last_error(complaint.text)
    refused = complaint.refused
    if thrown and refused:
        return aliases.refusal(thrown, context, refused)
    if not thrown or "while calling the 'throw' builtin" not in complaint.everything:
        return None
    said = " ".join(thrown.split())
    return _at(NixpyError(f"the flake, or what it takes in, refuses: {said}"), complaint, context)


def _last_error(text: str) -> str:
    """Return the text behind the last `error:` that has one."""
    found = re.split(r"^\s*error:[ \t]*", text, flags=re.MULTILINE)[1:]
    return next((one.strip() for one in reversed(found) if one.strip()), "")


def _collision(complaint: Complaint, _: Context) -> NixpyError | None:
    log = "\n".join(complaint.log) or complaint.text
    found = re.search(r"collision between [`'](/[^'`]+)['`] and [`'](/[^'`]+)['`]", log)
    found = found or re.search(
        r"conflicting subpath:\s*[`'](/[^'`]+)['`] and\s*[`'](/[^'`]+)['`]", log
    )
    if not found:
        return None
    file = re.sub(r"^/nix/store/[^/]+/", "", found[1])
    first, second = (_name(path.removesuffix(f"/{file}")) for path in found.groups())
    return NixpyError(
        f"{first} and {second} both bring `{file}`, and one environment cannot hold both",
        hint="list only one of the two in nixpy.yaml, or leave one to the installer",
    )


def _no_shell(complaint: Complaint, _: Context) -> NixpyError | None:
    found = re.search(
        r"does not provide attribute .*?'devShells\.(\w+-\w+)(?:\.([\w-]+))?[\w.-]*'",
        complaint.text,
    )
    if not found:
        return None
    system, name = found.groups()
    if name in {None, "default"}:
        return NixpyError(
            f"the flake has no shell for this machine, {system}",
            hint=f"add `{system}` to `systems:` in nixpy.yaml and run `nixpy sync`",
        )
    return NixpyError(
        f"the flake has no shell `{name}`",
        hint="`projects:` in nixpy.yaml names the shells, and `nixpy sync` renders them",
    )


def _syntax(complaint: Complaint, context: Context) -> NixpyError | None:
    found = re.search(r"error: (syntax error, .*?),?(?: at \S+)?$", complaint.text, re.MULTILINE)
    if not found:
        return None
    error = NixpyError(
        f"not Nix: {found[1]}",
        hint="undo the edit there, or `nixpy sync --force` writes a generated file anew",
    )
    return _at(error, complaint, context)


def _failed_build(complaint: Complaint, context: Context) -> NixpyError | None:
    """Say which package does not build, and how its log ends."""
    found = re.search(
        rf"[Bb]uilder for {_MARK}([^{_MARKS}\n]+){_MARK} failed with exit code (\d+)"
        rf"|Cannot build {_MARK}([^{_MARKS}\n]+){_MARK}\.\s+Reason: builder failed with exit code "
        r"(\d+)",
        complaint.text,
    )
    if not found:
        return None
    derivation, code = found[1] or found[3], found[2] or found[4]
    lines = [line for line in complaint.log if line.strip()][-_LAST_LINES:]
    end = "".join(f"\n    {line}" for line in lines)
    subject = context.spoken(_name(derivation))
    return NixpyError(
        f"{subject} does not build (exit code {code})"
        + (f"; its log ends with{end}" if end else ""),
        hint=f"`nix log {derivation}` shows all of it; take another branch with `nixpkgs:`, or "
        "leave the package to the installer",
    )


def _name(path: str) -> str:
    """Return the name of a store path or derivation, without the store's part."""
    return _STORED.sub(r"\1", path).removesuffix(".drv")


Rule = Callable[[Complaint, Context], NixpyError | None]

# What is particular comes before what others are followed by.
_FIRST: tuple[Rule, ...] = (_collision, _no_shell, _syntax)
_LAST: tuple[Rule, ...] = (_missing, _alias, _failed_build, _thrown)
