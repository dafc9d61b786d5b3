"""What the user has to decide about the distributions of a project, each thing said once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping

from packaging.utils import canonicalize_name

from nixpy.config.model import Config
from nixpy.knowledge.libraries import Needs, accepts
from nixpy.knowledge.libraries import unfree as is_unfree
from nixpy.knowledge.programs import program
from nixpy.metadata.model import Project, Topic
from nixpy.plan.model import Caution
from nixpy.plan.offers import offers

# Wheels of CUDA's own libraries, and what is built for it: they ask the driver's libraries.
_CUDA_WHEELS = ("nvidia-", "cuda-", "cupy-cuda", "jax-cuda", "tensorrt")
# What most people run on a GPU, the best known first.
_ON_GPU = ("torch", "jax", "jaxlib", "tensorflow", "cupy", "onnxruntime-gpu", "vllm", "pynvml")


def told(
    config: Config,
    project: Project,
    installed: Mapping[str, Needs],
    names: Collection[str],
    there: Collection[str],
) -> tuple[tuple[Caution, ...], tuple[str, ...]]:
    """Say what the user has to decide, each thing once for all distributions that need it.

    ``names`` are the distributions that the installer gets, ``there`` the attributes of the shell.
    Every note names what to do.
    """
    listed = {canonicalize_name(item.text) for item in config.packages}
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
                f"`{item.text}` ({item.origin}) has an unfree license, which Nix refuses",
                f"set `{accepts(item.text)}: true` in nixpy.yaml to accept it",
            )
            for item in (*config.libraries, *config.tools)
            if is_unfree(item.text)
        ]
    cautions += [
        Caution(
            f"`{key}: true` does nothing on macOS, and `systems:` names nothing else",
            f"remove it from nixpy.yaml{instead}",
        )
        for key, set_, instead in (
            ("cuda", config.cuda, ""),
            ("library_path", config.library_path, ": macOS finds `libraries:` without it"),
        )
        if set_ and all(one.endswith("-darwin") for one in config.systems)
    ]
    notes = offers(project, installed, there)
    direct = {one.name for one in project.wanted}
    notes += _fetched_programs(names, direct, there)
    if not (config.allow_unfree or config.cuda):
        notes += [
            f"{', '.join(users)} can load {', '.join(f'`{one}`' for one in attributes)}, which has "
            f"an unfree license: `{key}: true` in nixpy.yaml accepts it"
            for key, attributes, users in _unfree(installed)
        ]
    cuda_told = any("`cuda: true`" in note for note in notes)
    if not (config.cuda or cuda_told) and (user := _gpu_user(project, names)):
        notes.append(
            f"{user} works on a GPU by the driver's libraries: "
            "`cuda: true` in nixpy.yaml loads them"
        )
    notes += [
        f"{name}: {one.note}"
        for name, one in installed.items()
        if one.note and one.advice and name in direct
    ]
    notes += [
        f"{one.origin} asks for Rust {one.text}; nixpkgs has one stable release: "
        "`tools: [rustup]` gets the one that the file names"
        for one in project.evidence
        if one.topic is Topic.TOOLCHAIN and one.text != "stable" and "rustup" not in there
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


def _gpu_user(project: Project, names: Collection[str]) -> str | None:
    """Give the distribution for whose sake people want the driver's libraries, or None."""
    for name in _ON_GPU:
        builds = {one.version or "" for one in project.locked if one.name == name}
        if name in names and not (builds and all(one.endswith("+cpu") for one in builds)):
            return name
    return next((name for name in sorted(names) if name.startswith(_CUDA_WHEELS)), None)


def _fetched_programs(
    names: Collection[str], direct: Collection[str], tools: Collection[str]
) -> list[str]:
    """Name nixpkgs' own programs for those that are fetched past the venv, where none is mended."""
    brought = {
        found.attribute: name
        for name in sorted({*names} & {*direct})
        if (found := program(name)) and found.attribute and found.attribute not in tools
        if found.fetched
    }
    if not brought:
        return []
    users, attributes = ", ".join(sorted(brought.values())), ", ".join(sorted(brought))
    said = f"{users} {_verb(brought, 'download')} programs that NixOS starts only with nix-ld"
    return [f"{said}: `tools: [{attributes}]` puts nixpkgs' own first on PATH"]
