"""Which versions Nix has, by evaluating the nixpkgs of flake.lock."""

from nixpy.distributions.rows import listed_packages
from nixpy.nixpkgs.lock import locked_nixpkgs
from nixpy.nixpkgs.versions import expression, versions_of
from tests.support.explaining import flake_lock, scene

LOCKED = {"type": "github", "owner": "NixOS", "repo": "nixpkgs", "rev": "0" * 40, "narHash": "s"}


def test_names_in_the_expression_are_quoted():
    """No name can leave its string, and both names of a renamed attribute are tried."""
    source = locked_nixpkgs(flake_lock({"nixpkgs": "n"}, n={"locked": LOCKED}))
    assert source is not None
    listed = listed_packages(scene({}, yaml="packages: [discordpy, bloodhound]\n").config)
    text = expression(source, "x86_64-linux", "3.13", listed)
    assert r"\"system\": \"x86_64-linux\"" in text
    assert r"\"python\": \"python313\"" in text
    assert r"[[[\"discordpy\"]], [[\"bloodhound\"], [\"bloodhound-py\"]]]" in text


def test_versions_have_pypis_names():
    """Listed packages keep the project's name for them; a missing one has no version."""
    listed = listed_packages(scene({}, yaml="packages: [discordpy, numpy]\n").config)
    value = {
        "listed": [{"name": "discord.py", "version": "2.4.0"}, None],
        "all": [
            {"name": "discord.py", "version": "2.4.0"},
            {"name": "typing_extensions", "version": "4.12.2"},
        ],
    }
    assert versions_of(value, listed) == {"discord-py": "2.4.0", "typing-extensions": "4.12.2"}
