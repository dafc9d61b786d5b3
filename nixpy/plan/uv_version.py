"""Whether nixpkgs' uv is one that the project accepts."""

from __future__ import annotations

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import Version

from nixpy.knowledge.pythons import Branch, branches
from nixpy.metadata.model import Installer, Project
from nixpy.plan.model import Caution


def other_uv(project: Project, installer: Installer, branch: Branch, minor: str) -> list[Caution]:
    """Tell where uv would refuse to run: ``required-version`` names another than the branch has.

    ``minor`` is the chosen Python, which a branch that has the right uv needs to have, too. Follows
    https://docs.astral.sh/uv/reference/settings/#required-version.
    """
    if installer is not Installer.UV or branch.uv is None or not branch.known:
        return []
    found = []
    for text, origin in project.uv_versions:
        try:
            wanted = SpecifierSet(text if text[:1] in "<>=!~" else f"=={text}")
        except InvalidSpecifier:
            continue  # uv tells that itself
        rolling = branch is branches()[0]
        if wanted.contains(branch.uv) or (rolling and _newer(wanted, branch.uv)):
            continue
        fits = next(
            (
                one
                for one in branches()
                if one.uv and wanted.contains(one.uv) and minor in one.stable
            ),
            None,
        )
        had = f"{branch.name} {'had' if rolling else 'has'} uv {branch.uv}"
        found.append(
            Caution(
                f"uv will refuse to run: {origin} asks for `{text}`, and {had}",
                f"`nixpkgs: {fits.name}` in nixpy.yaml has uv {fits.uv}"
                if fits
                else "let `required-version` allow it, or name a revision of nixpkgs that has it",
            )
        )
    return found


def _newer(wanted: SpecifierSet, version: str) -> bool:
    """Tell whether a range speaks of newer versions, which a branch that moves may have by now."""
    bounds = (one.version.removesuffix(".*") for one in wanted if one.operator not in {"<", "!="})
    return any(Version(bound) > Version(version) for bound in bounds)
