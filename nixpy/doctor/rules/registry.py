"""All checks of the doctor, family by family, in the order in which they are told."""

from nixpy.doctor.model import Rule
from nixpy.doctor.rules import (
    contents,
    environment,
    flake,
    interpreter,
    libraries,
    settings,
    venv,
    wheels,
)


def _numbered(*families: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """Join the rules of modules that share a letter, by number."""
    return tuple(sorted((one for family in families for one in family), key=_number))


def _number(one: Rule) -> int:
    return int(one.id[1:])


RULES: tuple[Rule, ...] = (
    *_numbered(interpreter.RULES, settings.RULES),
    *_numbered(venv.RULES, contents.RULES),
    *_numbered(libraries.RULES, wheels.RULES),
    *_numbered(environment.RULES),
    *_numbered(flake.RULES),
)
