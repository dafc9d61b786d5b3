"""Python projects that work on Nix.

:func:`plan_project` and :func:`render` are for other programs; what is not named here may change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nixpy.api import NixpyError, Plan, plan_project, render

__all__ = ["NixpyError", "Plan", "__version__", "plan_project", "render"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """Import what is asked for when it is: `nixpy --version` takes no longer for it."""
    if name in __all__:
        # By name, as every module imports this one: they do not depend on the whole for it.
        from importlib import import_module

        return getattr(import_module("nixpy.api"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
