"""The elements of a generated flake."""

from nixpy.flake.elements import select
from nixpy.plan.model import Attribute


def test_alternatives_fall_back_to_the_older_name():
    """Where branches differ in a name, the expression tries one after the other."""
    one = Attribute(("libx11", "xorg.libX11"), "libx11")
    assert select("pkgs", one) == "(pkgs.libx11 or pkgs.xorg.libX11)"
