"""What the user lists for Nix to provide: Python packages and programs, each with its reason."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import SequenceMatcher

from packaging.utils import canonicalize_name

from nixpy.config.model import Config, Item
from nixpy.errors import NixpyError, all_of
from nixpy.metadata.model import Project
from nixpy.plan.model import Attribute, Caution, Reason

# How alike two names must be for the one to be taken as a slip of the keyboard for the other.
_SLIP = 0.8

# `python312Packages.numpy` and `python3Packages.numpy` as package searches show them.
_PACKAGE_SET = re.compile(r"(?:ps|python3\d*Packages|python3\d*\.pkgs)\.(.+)")

_INTERPRETER = re.compile(r"(python|pypy)\d*(Full|Minimal)?")


def bare_attribute(text: str) -> str:
    """Give the attribute without the package set that package searches show it in."""
    found = _PACKAGE_SET.fullmatch(text)
    return found.group(1) if found else text


def provided_packages(
    config: Config, python: str
) -> tuple[tuple[Attribute, ...], tuple[Caution, ...]]:
    """Find the Python packages that the user lists in nixpkgs' package set.

    ``python`` is the minor version. Raises NixpyErrors for names that nixpkgs is known not to
    have, and for those that look like a slip for a name that it has.
    """
    from packaging.specifiers import SpecifierSet

    from nixpy.knowledge.names import Absent, Known, lookup

    found: dict[tuple[str, ...], Attribute] = {}
    cautions: list[Caution] = []
    errors: list[NixpyError] = []
    for item in config.packages:
        listed = Reason(listed=(item.origin,))
        verbatim = bare_attribute(item.text)
        if verbatim != item.text:
            path = (verbatim,)
            found.setdefault(path, Attribute(path, item.text, listed))
            continue
        answer = lookup(item.text)
        if isinstance(answer, Known):
            if answer.python and not SpecifierSet(answer.python).contains(f"{python}.99"):
                errors.append(
                    _error(
                        item,
                        f"nixpkgs has `{item.text}` for Python {answer.python} only",
                        f"leave it out: the shell has Python {python}",
                    )
                )
            if answer.unfree and not (config.allow_unfree or config.cuda):
                cautions.append(
                    Caution(
                        f"`{item.text}`{_placed(item)} has an unfree license, which Nix refuses",
                        "set `allow_unfree: true` in nixpy.yaml to accept it",
                    )
                )
            found.setdefault(answer.alternatives, Attribute(answer.alternatives, item.text, listed))
        elif isinstance(answer, Absent):
            errors.append(_error(item, f"`{item.text}`: {answer.reason}", _instead(answer)))
        elif elsewhere := _at_top_level(item.text):
            said = f"nixpkgs has no Python package `{item.text}`, but another of that name"
            errors.append(_error(item, said, elsewhere))
        else:
            near = [name for name in answer.nearest if _alike(item.text, name)]
            if near:
                hint = (
                    f"did you mean {_either(near)}? To take the name as it is, "
                    f"write `python3Packages.{item.text}`"
                )
                errors.append(_error(item, f"nixpkgs has no Python package `{item.text}`", hint))
                continue
            text = f"`{item.text}`{_placed(item)} is not known to be in nixpkgs; taken as written"
            nearest = f"the nearest are {_either(answer.nearest)}" if answer.nearest else None
            cautions.append(Caution(text, nearest, unsure=item.text))
            found.setdefault((item.text,), Attribute((item.text,), item.text, listed))
    if errors:
        raise all_of(errors)
    return tuple(found.values()), tuple(cautions)


def _at_top_level(name: str) -> str | None:
    """Say how a well-known library or program is listed; None for what is none."""
    from nixpy.knowledge.top_level import is_library, is_program

    if is_program(name):
        return f"put it under `tools:` (`nixpy add --tool {name}`)"
    if is_library(name):
        return f"put it under `libraries:` (`nixpy add --library {name}`)"
    return None


def unknown_attributes(config: Config) -> list[Caution]:
    """Tell of the libraries and programs that the user lists and no table of nixpkgs' names has."""
    if not (config.libraries or config.tools):
        return []
    from nixpy.knowledge.top_level import known_attribute, nearest_attribute

    found = []
    for item in (*config.libraries, *config.tools):
        if known_attribute(item.text) is None:
            near = nearest_attribute(item.text)
            text = f"`{item.text}`{_placed(item)} is not known to be in nixpkgs; taken as written"
            hint = f"did you mean {_either(near)}?" if near else None
            found.append(Caution(text, hint, unsure=item.text))
    return found


def _alike(text: str, name: str) -> bool:
    return SequenceMatcher(None, canonicalize_name(text), canonicalize_name(name)).ratio() >= _SLIP


def _either(names: Iterable[str]) -> str:
    return " or ".join(f"`{name}`" for name in names)


def _instead(answer: object) -> str:
    program = getattr(answer, "program", None)
    instead = getattr(answer, "instead", None)
    if program:
        return f"put `{program}` under `tools:`"
    if instead:
        return f"take `{instead}`"
    return "leave it to the installer, which gets all that `packages:` does not list"


def _error(item: Item, message: str, hint: str | None) -> NixpyError:
    return NixpyError.at(item.origin, message, hint=hint)


def _placed(item: Item) -> str:
    where = str(item.origin)
    return f" ({where})" if where else ""


def distributions(project: Project) -> dict[str, str]:
    """Give the distributions that the installer may install, each with where it is named.

    Where there is a lock it says all; a requirement's origin is preferred, since it is what the
    user wrote.
    """
    wanted: dict[str, str] = {}
    for requirement in project.wanted:
        if requirement.kind.value in {"run", "extra", "group"}:
            wanted.setdefault(requirement.name, requirement.origin.file)
    for locked in project.locked:
        wanted.setdefault(locked.name, locked.origin.file)
    return wanted


def listed_tools(
    config: Config, project: Project
) -> tuple[tuple[Attribute, ...], tuple[Attribute, ...]]:
    """Find the programs that the user lists.

    Those that a wheel of the project would shadow with a program of its own come first, and must
    precede the venv on PATH; the others follow. Raises NixpyErrors for interpreters, which would
    get into the way of the shell's own, and for names that are another program in nixpkgs.
    """
    from nixpy.knowledge.programs import NAMESAKES, brought_by, program

    before: list[Attribute] = []
    after: list[Attribute] = []
    errors: list[NixpyError] = []
    wanted = distributions(project)
    for item in config.tools:
        if _INTERPRETER.fullmatch(item.text):
            errors.append(
                _error(
                    item,
                    f"`{item.text}` is an interpreter, not a tool",
                    "further interpreters go under `pythons:`, the project's own is `python:`",
                )
            )
            continue
        if item.text in NAMESAKES:
            said = f"nixpkgs' `{item.text}` is another program than PyPI's"
            errors.append(_error(item, said, f"put `{item.text}` under `packages:`"))
            continue
        one = Attribute((item.text,), item.text, Reason(listed=(item.origin,)))
        brought = {canonicalize_name(item.text), *brought_by(item.text)}
        shadowed = program(item.text) or not brought.isdisjoint(wanted)
        (before if shadowed else after).append(one)
    if errors:
        raise all_of(errors)
    return tuple(before), tuple(after)
