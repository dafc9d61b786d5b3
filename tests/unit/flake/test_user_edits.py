"""What is said of an edited flake: where the edit is, and what does the same and lasts."""

import pytest

from nixpy.config.parse import parse
from nixpy.flake.render import FLAKE, render
from nixpy.flake.user_edits import edits
from nixpy.metadata.model import Project
from nixpy.plan.make import make_plan
from nixpy.plan.model import Part

CHOICES = "python: '3.13'\npackages: [numpy]\ntools: [jq]\nlibraries: [libGL]\nenv: {A: b}\n"


@pytest.fixture(scope="module")
def flake():
    """A generated flake with one entry of each kind."""
    return render(make_plan([Part("default", ".", Project(), parse(CHOICES))]))[FLAKE]


@pytest.mark.parametrize(
    ("old", "new", "instead"),
    [
        ("pkgs.jq # nixpy.yaml", "pkgs.jq\n              pkgs.fd", "`nixpy add --tool fd`"),
        ("              pkgs.jq # nixpy.yaml\n", "", "`nixpy remove --tool jq`"),
        ("pkgs.jq # nixpy.yaml", "pkgs.fd", "`nixpy add --tool fd` and `nixpy remove --tool jq`"),
        ("ps.numpy #", "ps.scipy\n              ps.numpy #", "`nixpy add scipy`"),
        ("pkgs.zlib\n", "pkgs.zlib\npkgs.glib\n", "`nixpy add --library glib`"),
        ('UV_PYTHON = "3.13";', 'UV_PYTHON = "3.13";\n B = "c";', "`env: {B: …}`"),
        ("export A=b\n", "export A=b\nexport B=c\n", "`env: {B: …}`"),
        ("export A=b", "export A=b\necho [ { hi", "`shell_hook:`"),
        ("pkgs.python313", "pkgs.python312", '`python: "3.12"`'),
        ("nixos-unstable", "nixos-25.11", "`nixpkgs: github:NixOS/nixpkgs/nixos-25.11`"),
        ('"x86_64-linux"\n', '"x86_64-linux"\n"riscv64-linux"\n', "`systems:`"),
        (
            "inherit (pkgs) lib stdenv;",
            "inherit (pkgs) lib stdenv;\nx = { config.allowUnfree = true; };",
            "`allow_unfree: true`",
        ),
        ("export A=b", "export LD_LIBRARY_PATH=x", "`library_path: true`"),
    ],
)
def test_an_edit_is_traced_to_its_key(flake, old, new, instead):
    """The hint names the command or the key of nixpy.yaml that does what the edit does."""
    assert old in flake
    after = flake.replace(old, new, 1)
    said = [one.instead for one in edits(flake, after) if one.instead]
    assert instead in " ".join(said)


def test_an_edit_without_a_key_is_told_with_its_line(flake):
    """Where no key does the same, the line and what stands there are told all the same."""
    after = flake.replace("      formatter =", "      packages = { };\n      formatter =", 1)
    (edit,) = edits(flake, after)
    assert edit.instead is None
    assert after.splitlines()[edit.line - 1] == "      packages = { };"
    assert str(edit) == "added: `packages = { };`"


def test_nothing_is_told_of_the_same_text(flake):
    """A file that was not edited has no edits."""
    assert edits(flake, flake) == []
