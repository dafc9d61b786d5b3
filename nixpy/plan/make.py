"""From what the project says and what the user chose to what the shell shall be.

Pure: the same project and configuration give the same plan, and every decision has its reason.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence
from dataclasses import replace

from packaging.utils import canonicalize_name

from nixpy.config.model import FILE, Config, Layout
from nixpy.errors import NixpyError
from nixpy.installers.registry import spec
from nixpy.knowledge.pythons import branch_of
from nixpy.metadata.model import Installer, Kind, Project
from nixpy.plan.fitness import Fitness
from nixpy.plan.installer import choose_installer
from nixpy.plan.kept import cannot_keep, installs_the_rest, kept
from nixpy.plan.libraries import native_libraries
from nixpy.plan.made_from import made_from
from nixpy.plan.model import UNTITLED, Attribute, Caution, Decision, Part, Plan, Reason, Shell
from nixpy.plan.packages import listed_tools, provided_packages, unknown_attributes
from nixpy.plan.python import choose_python
from nixpy.plan.uv_version import other_uv


def make_plan(parts: Sequence[Part]) -> Plan:
    """Decide everything.

    The first part's configuration says what is common to all: nixpkgs, systems, licences.
    Raises NixpyError where a choice cannot be met.
    """
    main = parts[0].config
    _check_layout(parts)
    shells = []
    decisions: list[Decision] = []
    cautions: list[Caution] = []
    notes: list[str] = []
    sources: dict[str, None] = {}
    for part in parts:
        shell, said, odd, hints = _shell(part, main.nixpkgs)
        shells.append(shell)
        prefix = f"{part.name}: " if len(parts) > 1 else ""
        decisions += [Decision(prefix + one.subject, one.value, one.reason) for one in said]
        cautions += [replace(one, text=prefix + one.text) for one in odd]
        notes += hints
        own = (FILE,) if part.config.lines else ()
        for file in (*own, *part.project.files):
            sources[posixpath.normpath(f"{part.folder}/{file}")] = None
    decisions.append(
        Decision(
            "nixpkgs",
            main.nixpkgs,
            str(main.origin("nixpkgs")) if main.lines.get("nixpkgs") else "the default",
        )
    )
    chosen = (part.config.file for part in parts if part.config.lines)
    watch = dict.fromkeys((FILE, *chosen, *sources))
    return Plan(
        shells=tuple(shells),
        nixpkgs=main.nixpkgs,
        systems=_systems(main),
        allow_unfree=any(part.config.allow_unfree or part.config.cuda for part in parts),
        sources=tuple(sources),
        watch=tuple(watch),
        layout=main.flake,
        decisions=tuple(decisions),
        cautions=tuple(dict.fromkeys(cautions)),
        notes=tuple(dict.fromkeys(notes)),
    )


def _systems(main: Config) -> tuple[str, ...]:
    """Give the systems that the user names, else those of the usual ones that nixpkgs still has."""
    if "systems" in main.lines:
        return main.systems
    return tuple(one for one in main.systems if one in branch_of(main.nixpkgs).systems)


def _shell(part: Part, nixpkgs: str) -> tuple[Shell, list[Decision], list[Caution], list[str]]:
    project, config = part.project, part.config
    branch = branch_of(nixpkgs)
    python = choose_python(project, config, branch)
    installer = choose_installer(project, config)
    packages, odd = provided_packages(config, python.minor)
    fitness = Fitness(project, tuple(dict.fromkeys((*branch.stable, python.minor))))
    needed = native_libraries(config, project, _provided(packages), fitness, python.minor)
    first, after = listed_tools(config, project)
    _check_provider(part, installer.installer)
    for item in config.pythons:
        if item.text == python.minor:
            message = f"Python {item.text} is the project's own already"
            raise NixpyError(message, file=FILE, key="pythons", hint="remove it from `pythons:`")
    reinstall = spec(installer.installer).reinstall(_installable(project))
    keeps = config.keep == "nix"
    shell = Shell(
        name=part.name,
        folder=part.folder,
        title=project.name or (part.name if part.name != "default" else UNTITLED),
        made_from=made_from(part),
        python=python,
        installer=installer.installer,
        installer_reason=installer.reason,
        reinstall=installs_the_rest(installer.installer, reinstall, packages)
        if keeps
        else reinstall,
        kept=kept(project, installer.installer, reinstall, despite_lock=keeps)
        if packages
        else None,
        no_sync=keeps and installer.installer is Installer.UV,
        packages=packages,
        libraries=needed.runtime,
        build_inputs=needed.build,
        first_tools=first,
        tools=(*after, *needed.tools),
        typelibs=needed.typelibs,
        playwright=needed.playwright,
        pythons=tuple(item.text for item in config.pythons),
        env=config.env,
        shell_hook=config.shell_hook,
        venv=config.venv,
        library_path=config.library_path,
        cuda=config.cuda,
        kind=config.shell,
        provider=config.provider,
        by_hatchling=_by_hatchling(project),
    )
    said = [
        Decision("python", python.exact or python.minor, python.reason),
        Decision("installer", installer.installer.value, installer.reason),
        *_kind(config),
        *_grouped("packages", packages),
        *_grouped("libraries", needed.runtime),
        *_grouped("build inputs", needed.build),
        *_grouped("tools", (*first, *after, *needed.tools)),
        *_grouped("typelibs", needed.typelibs),
    ]
    notes = [Caution(f"{note.origin}: {note.text}") for note in project.notes]
    cautions = [
        *python.warnings,
        *odd,
        *cannot_keep(config, installer.installer),
        *other_uv(project, installer.installer, branch, python.minor),
        *unknown_attributes(config),
        *needed.cautions,
        *notes,
    ]
    return shell, said, cautions, list(needed.notes)


def _installable(project: Project) -> list[str]:
    """Give the files by which a project can be installed.

    Of those that only hold the settings of other tools none is: a pyproject.toml without [project]
    beside a setup.py, a setup.cfg without a name.
    """
    named = {one.file for one in project.facts if one.name}
    legacy = "setup.py" in project.files or "setup.cfg" in named
    tables = {one.file for one in project.facts if one.dynamic is not None}
    without = {
        *({"pyproject.toml"} - tables if legacy else ()),
        *({"setup.cfg"} - named),
    }
    return [file for file in project.files if file not in without]


def _by_hatchling(project: Project) -> tuple[str, ...]:
    """Give the names of the project and its members whose build backend is hatchling."""
    found = {
        canonicalize_name(facts.name)
        for facts in project.facts
        for wanted in facts.wanted
        if facts.name and wanted.kind is Kind.BUILD and wanted.name == "hatchling"
    }
    return tuple(sorted(found))


def _kind(config: Config) -> list[Decision]:
    """Say what is not as usual: who provides the packages, and what is entered."""
    said = []
    if config.provider != "nixpkgs":
        said.append(Decision("provider", config.provider, str(config.origin("provider"))))
    if config.shell != "venv":
        said.append(Decision("shell", config.shell, str(config.origin("shell"))))
    return said


def _check_provider(part: Part, installer: Installer) -> None:
    """Raise NixpyError where uv2nix cannot be what the project or nixpy.yaml asks for."""
    config, files = part.config, part.project.files
    if config.provider != "uv2nix":
        return
    wrong: tuple[str, str] | None = None
    if installer is not Installer.UV:
        wrong = f"uv2nix builds what uv locks, not {installer.value}", "remove `provider:`"
    elif "uv.lock" not in files:
        wrong = "uv2nix builds what uv.lock says, and there is none", "run `uv lock` before"
    elif config.packages:
        wrong = (
            "with uv2nix all packages come from uv.lock",
            "remove `packages:`, and `uv add` what the project needs",
        )
    elif config.shell == "fhs":
        wrong = "`provider: uv2nix` and `shell: fhs` exclude each other", "remove one of them"
    elif config.pythons:
        wrong = "with uv2nix a shell has one Python", "remove `pythons:`"
    if wrong:
        message, hint = wrong
        line = config.lines.get("provider")
        raise NixpyError(message, file=config.file, line=line, key="provider", hint=hint)


def _check_layout(parts: Sequence[Part]) -> None:
    """Raise NixpyError for what a flake cannot refer to that lies in a folder of its own."""
    main = parts[0].config
    if main.flake is not Layout.FOLDER:
        return
    for part in parts:
        if part.config.provider == "uv2nix":
            raise NixpyError(
                "uv2nix reads the project's sources, which a flake in `.nixpy` does not see",
                file=part.config.file,
                line=part.config.lines.get("provider"),
                key="provider",
                hint="`flake: .` puts the flake into the project's root",
            )
    if re.match(r"(path:)?\.", main.nixpkgs):
        raise NixpyError(
            f"`{main.nixpkgs}` leads out of `.nixpy`, and a flake there sees nothing else",
            file=main.file,
            line=main.lines.get("nixpkgs"),
            key="nixpkgs",
            hint="write an absolute path, or `flake: .`",
        )


def _provided(packages: Sequence[Attribute]) -> list[str]:
    from nixpy.knowledge.names import pypi_name

    names = [canonicalize_name(one.name) for one in packages]
    return names + [name for one in packages if (name := pypi_name(one.alternatives[0]))]


def _grouped(subject: str, attributes: Sequence[Attribute]) -> list[Decision]:
    """Tell what has one reason in one line."""
    groups: dict[Reason, list[str]] = {}
    for one in attributes:
        groups.setdefault(one.reason, []).append(one.alternatives[0])
    return [
        Decision(subject, ", ".join(names), str(reason) if reason.listed else f"for {reason}")
        for reason, names in groups.items()
    ]
