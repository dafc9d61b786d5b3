"""What the project's distributions take from nixpkgs beside Python: libraries and programs."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from packaging.utils import canonicalize_name

from nixpy.config.model import Config
from nixpy.knowledge.libraries import DEFAULTS, Needs, accepts, alternatives, needs
from nixpy.knowledge.libraries import unfree as is_unfree
from nixpy.knowledge.programs import program
from nixpy.metadata.model import Project
from nixpy.plan.model import Attribute, Caution
from nixpy.plan.packages import distributions

# What brings playwright along, for projects without a lock.
_PLAYWRIGHT = ("playwright", "pytest-playwright", "scrapy-playwright")

# Wheels of CUDA's own libraries, which ask the driver's libcuda.
_CUDA_WHEELS = ("nvidia-cuda-runtime", "nvidia-cublas", "jax-cuda", "tensorrt")


@dataclass(frozen=True, slots=True)
class Natives:
    """What distributions need beside Python.

    ``runtime`` are libraries that they load, ``build`` what is in the compiler's reach,
    ``wheel_programs`` the distributions whose programs are built for a generic Linux.
    ``playwright`` is the minor version that the lock has of it, empty if that is not known, or
    None where the project has none.
    """

    runtime: tuple[Attribute, ...]
    build: tuple[Attribute, ...]
    wheel_programs: tuple[str, ...] = ()
    playwright: str | None = None
    cautions: tuple[Caution, ...] = ()
    notes: tuple[str, ...] = ()


def native_libraries(config: Config, project: Project, provided: Iterable[str]) -> Natives:
    """Find the native libraries and programs that the project's distributions need.

    ``provided`` are the normalised names that Nix provides whole, and that need nothing more.
    """
    wanted = distributions(project)
    skipped = set(provided)
    installed = {name: found for name in sorted(wanted) if (found := _needs(name, skipped))}
    runtime: dict[str, list[str]] = {attribute: ["wheels"] for attribute in DEFAULTS}
    build: dict[str, list[str]] = {}
    for item in config.libraries:
        runtime.setdefault(item.text, []).append(item.where)
        build.setdefault(item.text, []).append(item.where)
    from_source = {
        locked.name
        for locked in project.locked
        if locked.sdist and not locked.wheels and locked.source == "registry"
    }
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
    cautions, notes = _told(config, project, installed, wanted.keys() - skipped)
    return Natives(
        _attributes(runtime),
        _attributes(build),
        tuple(name for name in sorted(wanted.keys() - skipped) if program(name)),
        _playwright(project, wanted),
        cautions,
        notes,
    )


def _needs(name: str, skipped: Collection[str]) -> Needs | None:
    return None if name in skipped else needs(name)


def _attributes(table: dict[str, list[str]]) -> tuple[Attribute, ...]:
    return tuple(
        Attribute(alternatives(attribute), attribute, ", ".join(dict.fromkeys(names)))
        for attribute, names in table.items()
    )


def _playwright(project: Project, wanted: Collection[str]) -> str | None:
    if not any(name in wanted for name in _PLAYWRIGHT):
        return None
    versions = {one.version for one in project.locked if one.name == "playwright" and one.version}
    return ".".join(versions.pop().split(".")[:2]) if len(versions) == 1 else ""


def _told(
    config: Config, project: Project, installed: Mapping[str, Needs], names: Collection[str]
) -> tuple[tuple[Caution, ...], tuple[str, ...]]:
    """Say what the user has to decide, each thing once for all distributions that need it."""
    listed = {canonicalize_name(item.text) for item in config.packages}
    tools = {item.text for item in config.tools}
    packages = _grouped(
        installed, lambda one: (name for name in one.packages if name not in listed)
    )
    cautions = [
        Caution(
            f"{', '.join(f'`{one}`' for one in users)} {_verb(users, 'import')} `{package}`, which "
            "nixpkgs keeps apart from Python, and PyPI has not",
            f"`nixpy add {package}` puts it under `packages:` in nixpy.yaml",
        )
        for package, users in packages.items()
    ]
    if not (config.allow_unfree or config.cuda):
        cautions += [
            Caution(
                f"`{item.text}` ({item.where}) has an unfree license, which Nix refuses",
                f"set `{accepts(item.text)}: true` in nixpy.yaml to accept it",
            )
            for item in (*config.libraries, *config.tools)
            if is_unfree(item.text)
        ]
    notes = [
        f"{', '.join(users)} {_verb(users, 'run')} programs of `{attribute}`: "
        f"`tools: [{attribute}]` puts them on PATH"
        for attribute, users in _grouped(installed, lambda one: one.programs).items()
        if attribute not in tools
    ]
    direct = {one.name for one in project.wanted}
    notes += _wheel_programs(names, direct, tools)
    if not (config.allow_unfree or config.cuda):
        notes += [
            f"{', '.join(users)} can load {', '.join(f'`{one}`' for one in attributes)}, which has "
            f"an unfree license: `{key}: true` in nixpy.yaml accepts it"
            for key, attributes, users in _unfree(installed)
        ]
    if not config.cuda and (cuda := [name for name in sorted(names) if _asks_driver(name)]):
        notes.append(
            f"{cuda[0]} works on a GPU by the driver's libcuda: `cuda: true` in nixpy.yaml loads it"
        )
    notes += [
        f"{name}: {one.note}" for name, one in installed.items() if one.note and name in direct
    ]
    return tuple(cautions), tuple(notes)


def _verb(users: Collection[str], verb: str) -> str:
    return verb if len(users) > 1 else f"{verb}s"


def _grouped(
    installed: Mapping[str, Needs], wants: Callable[[Needs], Iterable[str]]
) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, needed in installed.items():
        for attribute in wants(needed):
            found.setdefault(attribute, []).append(name)
    return found


def _unfree(installed: Mapping[str, Needs]) -> list[tuple[str, tuple[str, ...], list[str]]]:
    groups: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for name, needed in installed.items():
        cuda = [one for one in needed.unfree if accepts(one) == "cuda"]
        others = tuple(one for one in needed.unfree if one not in cuda)
        if cuda:
            groups.setdefault(("cuda", ("cudaPackages",)), []).append(name)
        if others:
            groups.setdefault(("allow_unfree", others), []).append(name)
    return [(key, attributes, users) for (key, attributes), users in groups.items()]


def _asks_driver(name: str) -> bool:
    return name.startswith(_CUDA_WHEELS)


def _wheel_programs(
    names: Collection[str], direct: Collection[str], tools: Collection[str]
) -> list[str]:
    """Name nixpkgs' own programs for those of wheels that NixOS cannot start as it is."""
    brought = {
        found.attribute: name
        for name in sorted(names)
        if (found := program(name)) and found.attribute and found.attribute not in tools
        if name in direct or not found.fetched
    }
    if not brought:
        return []
    users, attributes = ", ".join(sorted(brought.values())), ", ".join(sorted(brought))
    said = f"{users} {_verb(brought, 'bring')} programs that NixOS starts only with nix-ld"
    return [f"{said}: `tools: [{attributes}]` puts nixpkgs' own first on PATH"]
