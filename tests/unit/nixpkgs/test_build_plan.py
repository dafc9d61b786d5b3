"""What would be built and fetched, as Nix tells it."""

from nixpy.nixpkgs.build_plan import BuildPlan, read

HASH = "pcns6a244cjkiywzn9pdn4gm1sg2fcny"


def test_sections_and_sizes():
    """Derivations and paths are listed by name, the shell's own derivation is left out."""
    text = (
        "warning: Git tree '/p' is dirty\n"
        "these 3 derivations will be built:\n"
        f"  /nix/store/{HASH}-python3.12-pandas-2.2.3.drv\n"
        f"  /nix/store/{HASH}-python3-3.12.1-env.drv\n"
        f"  /nix/store/{HASH}-nix-shell.drv\n"
        "these 2 paths will be fetched (12.34 MiB download, 60.20 MiB unpacked):\n"
        f"  /nix/store/{HASH}-zlib-1.3.1\n"
        f"  /nix/store/{HASH}-gcc-14-lib\n"
    )
    built = ("python3-3.12.1-env", "python3.12-pandas-2.2.3")
    assert read(text) == BuildPlan(built, ("gcc-14-lib", "zlib-1.3.1"), "12.34 MiB", "60.20 MiB")


def test_a_single_one():
    """Nix speaks of one path otherwise than of several."""
    text = (
        f"this derivation will be built:\n  /nix/store/{HASH}-a.drv\n"
        "this path will be fetched (0.02 MiB download, 0.10 MiB unpacked):\n"
        f"  /nix/store/{HASH}-b\n"
    )
    assert read(text) == BuildPlan(("a",), ("b",), "0.02 MiB", "0.10 MiB")


def test_nothing_to_do():
    """Where Nix writes nothing but warnings, there is nothing to build."""
    assert read("warning: Git tree '/p' is dirty\n") == BuildPlan()
