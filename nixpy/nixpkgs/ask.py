"""Ask the user's own nixpkgs for what a plan lists, and say in plain words what it has not."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from nixpy.errors import NixpyError, all_of
from nixpy.nixpkgs.lock import Source, locked_nixpkgs
from nixpy.nixpkgs.messages import explain, explain_refusal
from nixpy.nixpkgs.names import Context, missing_name
from nixpy.nixpkgs.query import Answer, Names, Query, State, answers, expression, single
from nixpy.plan.model import Attribute, Plan
from nixpy.system import nix


def nixpkgs_of(
    lock: str, reference: str | None = None, *, looking: Path | None = None
) -> str | None:
    """Give a Nix expression for the nixpkgs that a flake.lock records.

    None if it records none, or not what a flake reference asks for: that was changed since. Where
    a project is only looked at, the folder ``looking``, None too if the store does not have it.
    """
    source = locked_nixpkgs(lock)
    if source is None or (reference and not source.locks(reference)):
        return None
    if looking and not is_here(source, looking):
        return None
    return source.path


def is_here(source: Source, outside: Path) -> bool:
    """Tell whether the store has a locked source, so that Nix fetches nothing for it.

    No Nix of the folder ``outside`` is asked.
    """
    name = source.store_name(os.environ.get("NIX_STORE_DIR", "/nix/store"))
    return name is not None and nix.holds(name, outside)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What nixpkgs says of the attributes it was asked for.

    ``missing`` are errors for names that it has not, or that are no package; ``refused`` for what
    does not evaluate: removed, unfree, broken, not for this system. ``context`` is what a later
    error of Nix can be explained by.
    """

    missing: tuple[NixpyError, ...]
    refused: tuple[NixpyError, ...]
    context: Context

    def check(self) -> None:
        """Raise NixpyErrors for all that is missing, or else for all that is refused."""
        found = self.missing or self.refused
        if found:
            raise all_of(found)


def ask(
    nixpkgs: str,
    plan: Plan,
    asked: Sequence[Query],
    *,
    looking: bool = False,
    outside: Path | None = None,
    seconds: int = 600,
) -> Verdict:
    """Ask for attributes, all in one evaluation.

    ``nixpkgs`` is a Nix expression; ``looking`` and ``outside`` are as for
    :func:`nixpy.system.nix.evaluate`. Raises NixError where Nix cannot be asked.
    """
    listed = attributes(asked)
    text = expression(nixpkgs, nix.host_system(), asked, allow_unfree=plan.allow_unfree)
    evaluate = partial(nix.evaluate, looking=looking, outside=outside)
    value = evaluate(text, seconds=seconds)
    found, names = answers(value, asked)
    # Without the Python there are none of its packages, which are not to blame.
    absent = {
        one.query.attribute.alternatives[0]
        for one in found
        if one.query.key == "python" and one.state is State.MISSING
    }
    found = [one for one in found if one.query.set not in absent]
    errors = (_missing(one, names, Context(listed)) for one in found)
    missing = {str(one): one for one in errors if one}
    context = Context(listed, tuple(name for some in names.values() for name in some))
    refused = () if missing else [one for one in found if one.state is State.REFUSED]
    refusals = [_refusal(one, nixpkgs, plan, context, evaluate) for one in refused]
    return Verdict(tuple(missing.values()), tuple(refusals), context)


def attributes(asked: Sequence[Query]) -> tuple[Attribute, ...]:
    """Return the attributes that are asked for, each once."""
    return tuple(dict.fromkeys(one.attribute for one in asked))


def explained(error: nix.NixError, context: Context) -> nix.NixError:
    """Say what Nix means; the error as it is, where no rule knows it."""
    return _in_plain_words(error, explain(error.raw, context))


def _in_plain_words(error: nix.NixError, found: NixpyError | None) -> nix.NixError:
    if found is None:
        return error
    meaning = nix.NixError(found.message, error.raw, hint=found.hint)
    meaning.file, meaning.line = found.file, found.line
    return meaning


def _missing(one: Answer, names: Names, context: Context) -> NixpyError | None:
    attribute = one.query.attribute
    if one.state is State.MISSING:
        own = replace(context, names=tuple(names.get(one.query.set, ())))
        return missing_name(attribute.alternatives[0], own)
    if one.state is State.OTHER:
        return NixpyError(
            f"`{attribute.name}` of nixpkgs is no package",
            key=one.query.key,
            hint="give the path to a package below it, or remove it",
        )
    return None


def _refusal(
    one: Answer, nixpkgs: str, plan: Plan, context: Context, evaluate: Callable[[str], object]
) -> NixpyError:
    """Evaluate alone what nixpkgs refuses, for what it says of it."""
    text = single(nixpkgs, nix.host_system(), one, allow_unfree=plan.allow_unfree)
    try:
        evaluate(text)
    except nix.NixError as error:
        attribute = one.query.attribute.alternatives[0]
        return _in_plain_words(error, explain_refusal(error.raw, context, attribute))
    return NixpyError(f"`{one.query.attribute.name}` does not evaluate")
