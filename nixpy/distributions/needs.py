"""What a distribution takes from the shell beside Python."""

from __future__ import annotations

from collections.abc import Iterator

from packaging.utils import canonicalize_name

from nixpy.distributions.case import Case
from nixpy.distributions.model import Code, Remark
from nixpy.knowledge.libraries import Needs, accepts, needs
from nixpy.knowledge.names import Known
from nixpy.knowledge.programs import program


def from_nix_instead(case: Case) -> str | None:
    """Say how to have Nix provide it in the installer's place, if nixpkgs has it."""
    if case.from_nix or not isinstance(case.known, Known) or case.known.conflict:
        return None
    return f"`packages: [{case.row.name}]` in nixpy.yaml takes it from Nix"


def needs_of(case: Case) -> Iterator[Remark]:
    """Say what it takes from the shell beside Python."""
    scene, name = case.scene, case.row.name
    if case.elsewhere or not case.installed_anew or scene.environment["sys_platform"] != "linux":
        return
    needed = needs(name) or Needs()
    if needed.runtime:
        yield Remark(Code.LIBRARY, f"loads {', '.join(needed.runtime)}: in the shell")
    if needed.sdist and not any(entry.wheels or entry.sdist for entry in case.row.locked):
        took = f"; that takes {', '.join(needed.build)}" if needed.build else ""
        text = f"built from source: has no Linux wheels{took}"
        yield Remark(Code.FROM_SOURCE, text, hint=from_nix_instead(case))
    if needed.unfree and not (scene.config.allow_unfree or scene.config.cuda):
        hint = f"`{accepts(needed.unfree[0])}: true` in nixpy.yaml accepts the license"
        yield Remark(Code.UNFREE, f"can load {', '.join(needed.unfree)}: unfree", hint=hint)
    listed = {canonicalize_name(item.text) for item in scene.config.packages}
    for package in needed.packages:
        if package not in listed:
            hint = f"`nixpy add {package}`"
            yield Remark(Code.FURTHER, f"imports `{package}`, which PyPI has not", hint=hint)
    yield from _programs(needed, name, {item.text for item in scene.config.tools})


def _programs(needed: Needs, name: str, tools: set[str]) -> Iterator[Remark]:
    for attribute in needed.programs:
        if attribute not in tools:
            hint = f"`tools: [{attribute}]` in nixpy.yaml puts them on PATH"
            yield Remark(Code.PROGRAM, f"runs programs of `{attribute}`", hint=hint)
    brought = program(name)
    if brought and brought.attribute in tools:
        yield Remark(Code.PROGRAM, f"`{brought.attribute}` of `tools:` comes first on PATH")
    elif brought:
        text = f"brings programs that NixOS cannot start: {', '.join(brought.programs)}"
        hint = f"`tools: [{brought.attribute}]` in nixpy.yaml puts nixpkgs' own on PATH first"
        yield Remark(Code.PROGRAM, text, hint=hint if brought.attribute else None)
    for note in (needed.note, brought.note if brought else None):
        if note:
            yield Remark(Code.FURTHER, note)
