"""Where a new project's flake lies best. Pure."""

from __future__ import annotations

from nixpy.flake.eject import ejected
from nixpy.flake.header import pristine
from nixpy.syntax.tree import Tree

# From so many bytes on, the copy that Nix makes of a checkout after each edit is felt.
LARGE = 50_000_000


def reason_for_folder(tree: Tree, *, in_git: bool, tracked: int) -> str | None:
    """Say why the flake belongs into `.nixpy`; None where it does well in the root.

    ``tracked`` is the size in bytes of what git tracks.
    """
    for name in ("flake.nix", "shell.nix"):
        text = (tree.read(name) or b"").decode(errors="replace")
        if text and pristine(text) is None and not ejected(text):
            return f"{name} is your own, and stays as it is"
    if not in_git:
        return "outside a git checkout Nix would copy the whole folder at each evaluation"
    if tracked > LARGE:
        return f"Nix would copy the checkout's {tracked // 1_000_000} MB after each edit"
    return None
