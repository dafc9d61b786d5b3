"""V, second half: what lies in a venv, links of nixpy's and what installers left behind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from packaging.utils import canonicalize_name

from nixpy.doctor.model import Seen, Severity, rule
from nixpy.doctor.rules import asks
from nixpy.doctor.rules.wheels import fits
from nixpy.doctor.snapshot import Part, Snapshot
from nixpy.knowledge.names import Known, lookup, pypi_name

# Of an env, what makes venvs and installs into them is not missed.
_TOOLS = frozenset({"pip", "setuptools", "wheel"})
_ENTER = "enter the shell again, which links them anew"


@rule("V10", Severity.WARNING, Part.VENV, Part.PROJECT)
def links_are_gone(snapshot: Snapshot) -> Iterator[Seen]:
    """Tell if what Nix provides is not, or no longer, linked into a venv of nixpy's."""
    venv, choices = snapshot.venv, snapshot.project.choices
    if not venv.exists or not venv.nixpy:
        return
    if not venv.env_exists:
        yield Seen(
            f"`{asks.relative(snapshot, venv.path)}` is linked to `{venv.env}`, which is gone",
            "the env was collected from the store, so nothing of it can be imported",
            asks.AGAIN + ", which builds it and links it anew",
            severity=Severity.ERROR,
        )
        return
    have = {one.name for one in venv.distributions}
    lost = [one.name for one in venv.env_distributions if one.name not in have | _TOOLS]
    if lost:
        yield Seen(
            f"of `{venv.env}`, {asks.some(lost)} {'is' if len(lost) == 1 else 'are'} not linked",
            "an exact `uv sync` removes links that the lock does not name: installers then fetch"
            " what Nix has",
            _ENTER,
        )
    listed = [
        name
        for name in (choices.packages if choices and choices.provider == "nixpkgs" else ())
        if (project := _project(name)) and project not in have and project not in lost
    ]
    if listed:
        yield Seen(
            f"nixpy.yaml lists {asks.some(listed)}; the venv has no link to it",
            "the shell was not entered since, or from a flake of before",
            f"`nixpy sync`, then {_ENTER}",
        )


def _project(name: str) -> str | None:
    """Give the distribution that a package of nixpy.yaml brings, where that is certain."""
    known = lookup(name)
    if not isinstance(known, Known) or known.attribute == "tkinter":
        return None
    found = pypi_name(known.attribute)
    return canonicalize_name(found) if found else None


@rule("V11", Severity.WARNING, Part.INTERPRETERS, Part.VENV)
def damaged(snapshot: Snapshot) -> Iterator[Seen]:
    """Tell if metadata in the venv is double or incomplete, or names what is gone."""
    venv = snapshot.venv
    if not venv.exists:
        return
    twice = [name for name, count in Counter(one.name for one in venv.distributions).items()
             if count > 1]  # fmt: skip
    if twice:
        versions = [one.version for one in venv.distributions if one.name == twice[0]]
        yield Seen(
            f"{twice[0]} is there {len(versions)} times: {' and '.join(versions)}",
            "an install or removal was cut short; which of them counts is chance",
            f"remove the folders `{twice[0].replace('-', '_')}-*.dist-info` in"
            f" `{asks.relative(snapshot, venv.site_packages or '')}`, and install it again",
        )
    if venv.damaged:
        yield Seen(
            f"{asks.some([f'`{name}`' for name in venv.damaged])}: there is no METADATA",
            "an install was cut short; uv stops at it, and pip warns",
            "remove the folder, and install the package again",
            severity=Severity.ERROR,
        )
    if venv.dead:
        one = venv.dead[0]
        yield Seen(
            f"{one.where} names `{one.name}`, which is gone",
            "the sources of an editable install were moved or removed, so it cannot be imported",
            "install it again from where it lies now, or uninstall it",
        )
    yield from _foreign(snapshot)


def _foreign(snapshot: Snapshot) -> Iterator[Seen]:
    """Tell of wheels that were built for another Python or machine."""
    python, venv = asks.venv_python(snapshot), snapshot.venv
    if python is None or python.implementation != "cpython" or "musl" in (python.soabi or ""):
        return
    links = {one.name for one in venv.distributions if one.installer == "nixpy"}
    for name, tags in venv.tags.items():
        named = [f"x-1-{tag}.whl" for tag in tags]
        if name in links or any(fits(one, python.minor, snapshot.machine.system) for one in named):
            continue
        yield Seen(
            f"{name} was built for `{tags[0]}`; this is Python {python.minor} on"
            f" {snapshot.machine.system}",
            "the venv was copied, or filled for another machine, so it cannot be imported",
            f"install {name} again in this shell",
            severity=Severity.ERROR,
        )
        return


RULES = (links_are_gone, damaged)
