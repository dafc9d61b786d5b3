"""F: the flake, git and Nix itself."""

from __future__ import annotations

import posixpath
import re
import shlex
from collections.abc import Iterator
from fnmatch import fnmatch

from packaging.utils import canonicalize_name

from nixpy.config.model import Layout
from nixpy.doctor.model import Mend, Seen, Severity, Step, rule
from nixpy.doctor.rules import asks
from nixpy.doctor.snapshot import LARGE, Part, Snapshot
from nixpy.knowledge.libraries import unfree
from nixpy.knowledge.names import Absent, Known, Unknown, lookup, pypi_name
from nixpy.knowledge.pythons import branch_of, removed
from nixpy.workspace.layout import LARGE as LARGE_CHECKOUT


@rule("F1", Severity.ERROR, Part.FLAKE, Part.GIT)
def untracked(snapshot: Snapshot) -> Iterator[Seen]:
    """Tell if git does not track a file that the flake needs, so Nix does not see it."""
    files = snapshot.git.untracked
    if snapshot.flake.exists and files:
        yield Seen(
            f"git does not track {asks.some([f'`{one}`' for one in files])}",
            "in a git checkout Nix sees tracked files only",
            f"`git add --intent-to-add {shlex.join(files)}`",
            Mend(Step.ADD_TO_GIT, files),
        )
    inner = snapshot.git.submodules
    if snapshot.flake.exists and inner:
        yield Seen(
            f"the flake names {asks.some([f'`{one}`' for one in inner])}, in a submodule",
            "Nix leaves submodules out of the copy that it makes of the checkout",
            "`inputs.self.submodules = true;` in flake.nix (Nix 2.27), or enter it by `nix develop"
            " 'git+file:.?submodules=1'`",
        )


@rule("F2", Severity.WARNING, Part.FLAKE, Part.GIT)
def lock_ignored(snapshot: Snapshot) -> Iterator[Seen]:
    """Tell if git ignores flake.lock, so everybody gets another nixpkgs."""
    if not snapshot.flake.exists:
        return
    for one in snapshot.git.ignored:
        file = one.where.rpartition(":")[0]
        name = posixpath.basename(one.path)
        mend: Mend | None = None
        fix = f"`git add --force {one.path}`"
        if one.where.startswith(("/", "~")) or not fnmatch(name, one.pattern.lstrip("/")):
            pass  # a file of the user's own, or a folder, out of which no line takes back a file
        elif one.pattern.lstrip("/") == name:
            fix = f"remove the line from `{file}`"
            mend = Mend(Step.REMOVE_LINE, (one.where, one.pattern))
        else:
            # Other tools' lock files may be ignored on purpose.
            fix = f"write `!{name}` below the line in `{file}`"
            mend = Mend(Step.ADD_LINE, (one.where, one.pattern, f"!{name}"))
        yield Seen(
            f"{one.where} says `{one.pattern}`, so git ignores `{one.path}`",
            "Nix cannot keep the versions that it chose, and each machine gets others",
            fix,
            mend,
        )


@rule("F3", Severity.WARNING, Part.FLAKE, Part.GIT)
def no_git(snapshot: Snapshot) -> Iterator[Seen]:
    """Tell if there is no git, so Nix copies the whole folder into the store each time."""
    git = snapshot.git
    if not snapshot.flake.exists or git.root is not None:
        return
    if git.megabytes >= LARGE or git.secrets:
        with_secrets = f", with {asks.some(list(git.secrets))}" if git.secrets else ""
        yield Seen(
            f"`{snapshot.project.root}` is no git checkout and has {git.megabytes} MB"
            f"{with_secrets}",
            "Nix copies all of it, `.venv` included, into the store, where everybody can read it",
            "`git init && git add --intent-to-add flake.nix`, with `.venv/` in `.gitignore`",
        )


@rule("F4", Severity.ERROR, Part.FLAKE, Part.PROJECT, Part.EVALUATION)
def system_missing(snapshot: Snapshot) -> Iterator[Seen]:
    """Tell if the flake lists systems, and this machine's is not among them."""
    flake, system = snapshot.flake, snapshot.machine.system
    if not flake.dev_shell or flake.all_systems or not flake.systems or system in flake.systems:
        return
    choices = snapshot.project.choices
    yield Seen(
        f"flake.nix has {asks.some(list(flake.systems), 5)}; this machine is {system}",
        "the flake gives no shell for this system",
        f'add "{system}" to `systems` in {"nixpy.yaml" if choices else "flake.nix"}',
        Mend(Step.EDIT_CONFIG, (system,), "systems") if choices and choices.systems else None,
    )


@rule("F5", Severity.ERROR, Part.FLAKE, Part.NIX)
def feature_disabled(snapshot: Snapshot) -> Iterator[Seen]:
    """Tell if Nix is there, and does not know flakes."""
    nix = snapshot.nix
    if nix.program is None or nix.features is None or not snapshot.flake.exists:
        return
    off = [one for one in ("nix-command", "flakes") if one not in nix.features]
    if off:
        yield Seen(
            f"`{nix.program}` ({nix.version}) has {' and '.join(off)} disabled",
            "`nix develop` and flakes are experimental features, to be enabled once",
            "put `experimental-features = nix-command flakes` into `~/.config/nix/nix.conf`",
        )


@rule("F6", Severity.ERROR, Part.FLAKE, Part.PROJECT, Part.EVALUATION)
def unfree_refused(snapshot: Snapshot) -> Iterator[Seen]:
    """Tell if nixpy.yaml lists something with an unfree licence, and does not allow it."""
    choices = snapshot.project.choices
    if choices is None or choices.allow_unfree or snapshot.evaluation.good:
        return
    for name in (*choices.packages, *choices.libraries, *choices.tools):
        known = lookup(name) if name in choices.packages else None
        if unfree(name) or (isinstance(known, Known) and known.unfree):
            yield Seen(
                f"nixpy.yaml lists `{name}`, and `allow_unfree` is not set",
                "nixpkgs refuses packages with an unfree licence unless they are allowed",
                "`allow_unfree: true` in nixpy.yaml, then `nixpy sync`",
            )


@rule("F7", Severity.ERROR, Part.FLAKE, Part.PROJECT, Part.EVALUATION)
def python_removed(snapshot: Snapshot) -> Iterator[Seen]:
    """Tell if the flake names a Python that its nixpkgs has not."""
    flake = snapshot.flake
    if flake.nixpkgs is None or flake.overlays or snapshot.evaluation.good:
        return
    branch = branch_of(flake.nixpkgs)
    if not branch.known:
        return
    for mention in flake.pythons:
        digits = re.fullmatch(r"python(\d)(\d+)", mention.name)
        minor = f"{digits[1]}.{digits[2]}" if digits else None
        if minor and minor not in branch.minors:
            yield Seen(
                f"{mention.where} names {mention.name}; {branch.name} has not",
                removed(minor) or f"{branch.name} has {asks.some(list(branch.minors), 8)}",
                f"take one of {asks.some(list(branch.minors), 8)}, or another branch of nixpkgs",
            )


@rule("F8", Severity.ERROR, Part.FLAKE, Part.PROJECT, Part.EVALUATION)
def collision(snapshot: Snapshot) -> Iterator[Seen]:
    """Tell if one environment is to hold two versions of a package."""
    choices = snapshot.project.choices
    names = [(mention.name, mention.where) for mention in snapshot.flake.packages]
    names += [(name, "nixpy.yaml") for name in choices.packages] if choices else []
    first: dict[str, tuple[str, str]] = {}
    for name, where in names:
        known = lookup(name)
        project = pypi_name(known.attribute) if isinstance(known, Known) else None
        if project is None:
            continue
        other, there = first.setdefault(project, (name, where))
        if lookup(other) != known:
            yield Seen(
                f"{there} names `{other}`, {where} names `{name}`",
                f"both are {project}, and one environment cannot hold two versions of it",
                "keep one of them",
            )


@rule("F9", Severity.ERROR, Part.INTERPRETERS, Part.VENV, Part.FLAKE, Part.PROJECT, Part.EVALUATION)
def unknown_attribute(snapshot: Snapshot) -> Iterator[Seen]:
    """Tell if a Python package is named that nixpkgs has not, or not by that name."""
    flake, choices = snapshot.flake, snapshot.project.choices
    if flake.overlays or snapshot.evaluation.good:
        return
    provided = {one.name for env in snapshot.interpreters for one in env.distributions}
    provided |= {one.name for one in snapshot.venv.distributions if one.installer == "nixpy"}
    for mention in flake.packages:
        found = lookup(mention.name)
        if isinstance(found, Known) and mention.name not in found.alternatives:
            yield Seen(
                f"{mention.where} names `{mention.name}`",
                f"that is the name on PyPI; nixpkgs calls it `{found.attribute}`",
                f"write `{found.attribute}`",
            )
        elif not isinstance(found, Known) and canonicalize_name(mention.name) not in provided:
            yield _unknown(mention.name, mention.where, found)
    for name in choices.packages if choices else ():
        found = lookup(name)
        if not isinstance(found, Known) and canonicalize_name(name) not in provided:
            yield _unknown(name, "nixpy.yaml", found)


def _unknown(name: str, where: str, found: Absent | Unknown) -> Seen:
    near = found.nearest if isinstance(found, Unknown) else ()
    return Seen(
        f"{where} names `{name}`",
        found.reason
        if isinstance(found, Absent)
        else "nixpkgs had no Python package of that name in August 2026",
        f"perhaps {' or '.join(f'`{one}`' for one in near)}" if near else "take it from PyPI",
        severity=Severity.WARNING,
    )


@rule("F10", Severity.WARNING, Part.FLAKE)
def out_of_date(snapshot: Snapshot) -> Iterator[Seen]:
    """Tell if nixpy would render the files anew."""
    files = snapshot.flake.outdated
    if files:
        yield Seen(
            f"{asks.some([f'`{one}`' for one in files])} differ from what nixpy renders",
            "nixpy.yaml or the project's metadata changed since",
            "`nixpy sync`",
            Mend(Step.SYNC),
        )


@rule("F11", Severity.ERROR, Part.FLAKE, Part.EVALUATION)
def does_not_evaluate(snapshot: Snapshot) -> Iterator[Seen]:
    """Tell if Nix cannot evaluate the flake, with its own message."""
    evaluation = snapshot.evaluation
    if not evaluation.error:
        return
    where = evaluation.where or "flake.nix"
    yield Seen(
        f"Nix says of {where}: {' '.join(evaluation.error)}",
        "no shell can be entered as long as the flake does not evaluate",
        f"mend {where}; `nix develop --show-trace` tells how Nix came there",
    )


@rule("F12", Severity.WARNING, Part.ENVIRONMENT, Part.FLAKE)
def direnv_hindered(snapshot: Snapshot) -> Iterator[Seen]:
    """Tell if direnv does not load the shell, or lets Nix copy the whole folder for it."""
    flake = snapshot.flake
    if flake.copies:
        yield Seen(
            f"{flake.copies.where} says `{flake.copies.name}`",
            "`path:` lets Nix copy the folder as it is, `.venv` and secrets included, into the"
            " store each time something changed",
            "`use flake` alone: of a git checkout Nix copies what git tracks",
        )
    if flake.direnv and not flake.allowed and not asks.in_nix_shell(snapshot):
        yield Seen(
            ".envrc is not allowed, or was changed since it was",
            "direnv loads nothing from it, so the shell is not entered",
            "read it, then `direnv allow`",
        )


@rule("F13", Severity.WARNING, Part.FLAKE, Part.GIT, Part.PROJECT)
def large_checkout(snapshot: Snapshot) -> Iterator[Seen]:
    """Tell if Nix copies a large checkout for each edit, since the flake lies in its root."""
    flake, size = snapshot.flake, snapshot.git.edited_megabytes
    in_folder = posixpath.basename(flake.folder) == Layout.FOLDER.value
    if not flake.exists or not flake.dev_shell or in_folder or size * 1_000_000 < LARGE_CHECKOUT:
        return
    choices = snapshot.project.choices
    if choices is not None and choices.provider == "uv2nix":
        return  # needs the sources in its flake
    yield Seen(
        f"the checkout has {size} MB of tracked files, and edits that are not committed",
        "Nix copies all of them into the store after each edit, before it enters the shell",
        "`nixpy init --folder`: the flake then lies in `.nixpy`, the only folder that Nix copies",
    )


@rule("F14", Severity.WARNING, Part.FLAKE)
def venv_made_twice(snapshot: Snapshot) -> Iterator[Seen]:
    """Tell if a hook makes a venv with uv, whether or not there is one."""
    made = snapshot.flake.remakes
    if made:
        yield Seen(
            f"{made.where} runs `{made.name}` at each entry",
            "since 0.10 it fails where the venv is there already and nobody can be asked",
            f"`[ -d .venv ] || {made.name}`",
        )


RULES = (
    untracked,
    lock_ignored,
    no_git,
    system_missing,
    feature_disabled,
    unfree_refused,
    python_removed,
    collision,
    unknown_attribute,
    out_of_date,
    does_not_evaluate,
    direnv_hindered,
    large_checkout,
    venv_made_twice,
)
