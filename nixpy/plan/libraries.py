"""What the project's distributions take from nixpkgs beside Python: libraries and programs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from nixpy.config.model import Config
from nixpy.knowledge.libraries import (
    DEFAULTS,
    Needs,
    alternatives,
    brought_by_extra,
    everywhere,
    needs,
)
from nixpy.metadata.model import Kind, Project
from nixpy.plan.fitness import Fitness
from nixpy.plan.model import Attribute, Caution, Reason
from nixpy.plan.own import OwnBuild, own_build
from nixpy.plan.packages import distributions
from nixpy.plan.told import told
from nixpy.syntax.origin import Origin

# What brings playwright along, for projects without a lock.
_PLAYWRIGHT = ("playwright", "pytest-playwright", "scrapy-playwright")


@dataclass(frozen=True, slots=True)
class Natives:
    """What distributions need beside Python.

    ``runtime`` are libraries that they load, ``build`` what is in the compiler's reach, ``tools``
    programs that they run, ``typelibs`` what GObject introspection is led to.
    ``playwright`` is the minor version that the lock has of it, empty if that is not known, or
    None where the project has none.
    """

    runtime: tuple[Attribute, ...]
    build: tuple[Attribute, ...]
    tools: tuple[Attribute, ...] = ()
    typelibs: tuple[Attribute, ...] = ()
    playwright: str | None = None
    cautions: tuple[Caution, ...] = ()
    notes: tuple[str, ...] = ()


def native_libraries(
    config: Config, project: Project, provided: Iterable[str], fitness: Fitness, minor: str
) -> Natives:
    """Find the native libraries and programs that the project and its distributions need.

    ``provided`` are the normalised names that Nix provides whole, and that need nothing more;
    ``minor`` is the Python of the shell, of which ``fitness`` says what has to be built.
    """
    own = own_build(project)
    skipped = set(provided)
    wanted = {**distributions(project), **dict.fromkeys(_by_extras(project), "")}
    installed = {name: found for name in sorted(wanted) if (found := _needs(name, skipped))}
    for name in own.like:
        if name not in installed and (found := needs(name)):
            installed[name] = found
    listed = {item.text: item.origin for item in config.libraries}
    runtime: dict[str, list[str]] = {attribute: [] for attribute in (*DEFAULTS, *listed)}
    build: dict[str, list[str]] = {attribute: [] for attribute in listed}
    from_source = fitness.from_source(minor) | own.like | no_binary(project, wanted)
    unfree = config.allow_unfree or config.cuda
    for name, needed in installed.items():
        loads = needed.runtime if not {*needed.unless} & (wanted.keys() | skipped) else ()
        for attribute in (*loads, *(needed.unfree if unfree else ())):
            runtime.setdefault(attribute, []).append(name)
        # ctypes.util.find_library asks the linker `ld`, which finds what is among its inputs.
        by_name = loads if needed.by_name else ()
        built = needed.build if name in from_source or needed.sdist else ()
        for attribute in dict.fromkeys((*by_name, *built)):
            build.setdefault(attribute, []).append(name)
    for attribute, reasons in own.build.items():
        build.setdefault(attribute, []).extend(reasons)
    tools = _tools(config, project, installed, own)
    loaded, built_with = _attributes(runtime, listed, DEFAULTS), _attributes(build, listed)
    there = {item.text for item in config.tools}
    there |= {name for one in (*tools, *loaded, *built_with) for name in one.alternatives}
    cautions, notes = told(config, project, installed, wanted.keys() - skipped, there)
    return Natives(
        loaded,
        built_with,
        tools,
        _attributes(own.typelibs),
        _playwright(project, wanted),
        cautions,
        notes,
    )


def _by_extras(project: Project) -> Iterator[str]:
    """Yield what the extras of requirements bring that is compiled, where no lock says it."""
    if project.locked:
        return
    for one in project.wanted:
        for extra in one.requirement.extras:
            yield from brought_by_extra(one.name, extra)


def no_binary(project: Project, names: Iterable[str]) -> frozenset[str]:
    """Give those of some distributions of which the project wants no wheel."""
    refused = {name for facts in project.facts for name in facts.no_binary}
    return frozenset(names) if ":all:" in refused else frozenset(refused)


def _tools(
    config: Config, project: Project, installed: dict[str, Needs], own: OwnBuild
) -> tuple[Attribute, ...]:
    """Give the programs that the project needs, beside those that the user lists.

    These are what its build runs, and what the distributions run that it names itself; of those
    that others bring along it is told only. What some system has not is left to the user.
    """
    found: dict[str, list[str]] = {}
    for attribute, reasons in own.programs.items():
        found.setdefault(attribute, []).extend(reasons)
    direct = {one.name for one in project.wanted if one.kind is Kind.RUN} | own.like
    for name, needed in installed.items():
        for attribute in needed.programs if name in direct else ():
            if everywhere(attribute):
                found.setdefault(attribute, []).append(name)
    listed = {item.text for item in config.tools}
    return _attributes({name: why for name, why in found.items() if name not in listed})


def _needs(name: str, skipped: Collection[str]) -> Needs | None:
    return None if name in skipped else needs(name)


def _attributes(
    table: Mapping[str, Sequence[str]],
    listed: Mapping[str, Origin] = MappingProxyType({}),
    defaults: Collection[str] = (),
) -> tuple[Attribute, ...]:
    return tuple(
        Attribute(
            _names(attribute),
            attribute,
            Reason(
                listed=(listed[attribute],) if attribute in listed else (),
                needs=tuple(dict.fromkeys(names)),
                default=attribute in defaults,
            ),
        )
        for attribute, names in table.items()
    )


def _playwright(project: Project, wanted: Collection[str]) -> str | None:
    if not any(name in wanted for name in _PLAYWRIGHT):
        return None
    versions = {one.version for one in project.locked if one.name == "playwright" and one.version}
    return ".".join(versions.pop().split(".")[:2]) if len(versions) == 1 else ""


def _names(attribute: str) -> tuple[str, ...]:
    # nixpkgs has few majors of Node.js at a time.
    return (attribute, "nodejs") if attribute.startswith("nodejs_") else alternatives(attribute)
