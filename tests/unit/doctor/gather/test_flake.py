"""Looking at flakes, git and Nix, without judging them."""

from __future__ import annotations

import subprocess

import pytest

from nixpy.doctor.gather import flake, git, nix
from nixpy.doctor.snapshot import Flake, Git, Machine, Nix

FLAKE = """\
{
  # "riscv64-linux" and python39 in a comment do not count
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-24.11";
  outputs = { nixpkgs, ... }: {
    devShells."x86_64-linux".default = mkShell {
      packages = [
        (pkgs.python312.withPackages (ps: with ps; [ numpy scikit-learn ]))
        (pkgs.python3.withPackages (p: [ p.requests p.buildPythonPackage ]))
        pkgs.python312Packages.black
      ];
      src = ./src/main.nix;
      shellHook = ''
        alias ll='ls -l'
        serve() {
          true
        }
        hidden() {
          true
        }
        unset -f hidden
      '';
    };
  };
}
"""


def test_what_a_flakes_text_says(tmp_path):
    """Systems, Pythons, packages, local files and functions are read with their lines."""
    (tmp_path / "flake.nix").write_text(FLAKE)
    (tmp_path / "src").mkdir()
    (tmp_path / "src/main.nix").touch()
    found = flake.look(tmp_path, ())
    assert found.systems == ("x86_64-linux",)
    assert found.nixpkgs == "github:NixOS/nixpkgs/nixos-24.11"
    assert [one.name for one in found.pythons] == ["python312", "python312Packages"]
    assert [one.name for one in found.packages] == ["numpy", "scikit-learn", "requests", "black"]
    assert [one.where for one in found.packages] == [f"flake.nix:{n}" for n in (7, 7, 8, 9)]
    assert [(one.name, one.where) for one in found.functions] == [
        ("ll", "flake.nix:13"),
        ("serve", "flake.nix:14"),
    ]
    assert found.names == ("src/main.nix",)
    assert not found.generated


@pytest.mark.parametrize(
    ("original", "modified", "expected"),
    [
        (
            '{"type":"github","owner":"NixOS","repo":"nixpkgs","ref":"nixos-25.05"}',
            1,
            "nixos-25.05",
        ),
        ('{"type":"github","owner":"NixOS","repo":"nixpkgs"}', 1_600_000_000, None),
        ('{"type":"indirect","id":"nixpkgs"}', 1_900_000_000, "nixpkgs"),
        (
            '{"type":"tarball","url":"https://channels.example/nixos-25.11.tar.xz"}',
            1,
            "nixos-25.11",
        ),
    ],
)
def test_what_the_lock_says_of_nixpkgs(original, modified, expected, tmp_path):
    """A rolling branch that was locked long ago had other Pythons than the table knows."""
    (tmp_path / "flake.nix").write_text(FLAKE)
    (tmp_path / "flake.lock").write_text(
        '{"root":"root","nodes":{"root":{"inputs":{"nixpkgs":"n"}},'
        f'"n":{{"original":{original},"locked":{{"lastModified":{modified}}}}}}}}}'
    )
    found = flake.look(tmp_path, ()).nixpkgs
    assert (expected in found) if expected else found is None


def test_git_tells_untracked_and_ignored_files(tmp_path):
    """Only files that are there can be untracked; a negated pattern ignores nothing."""
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    (tmp_path / "flake.nix").touch()
    (tmp_path / "a b.nix").touch()
    (tmp_path / ".gitignore").write_text("*.lock\n")
    found = git.look(tmp_path, ["flake.nix", "a b.nix", "gone.nix"])
    assert found.untracked == ("flake.nix", "a b.nix")
    assert [(one.path, one.where, one.pattern) for one in found.ignored] == [
        ("flake.lock", ".gitignore:1", "*.lock")
    ]
    (tmp_path / ".gitignore").write_text("*.lock\n!flake.lock\n")
    assert git.look(tmp_path, []).ignored == ()


def test_flakes_are_no_experiment_in_determinate_nix(tmp_path, monkeypatch):
    """Its version says that it is Determinate's, where flakes need no switch."""
    (tmp_path / "nix").write_text('#!/bin/sh\necho "nix (Determinate Nix 3.6.2) 2.29.0"\n')
    (tmp_path / "nix").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    found = nix.look()
    assert (found.version, found.features) == ("2.29.0", ("flakes", "nix-command"))


def test_without_a_lock_or_git_nothing_is_evaluated(tmp_path):
    """Nix would fetch, or copy the folder into the store."""
    able = Nix("/no/such/nix", "2.31", ("flakes", "nix-command"))
    shell = Flake(exists=True, dev_shell=True)
    for inputs, checkout in ((True, Git(str(tmp_path))), (False, Git(None))):
        one = Flake(exists=True, dev_shell=shell.dev_shell, inputs=inputs)
        assert not nix.evaluate(tmp_path, able, one, checkout, Machine().system).good
