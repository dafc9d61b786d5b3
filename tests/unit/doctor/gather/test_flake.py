"""Looking at flakes, git and Nix, without judging them."""

from __future__ import annotations

import json
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


@pytest.mark.parametrize(
    ("flake", "checkout", "said"),
    [
        (Flake(exists=True, dev_shell=True), Git("/checkout"), "no flake.lock yet"),
        (Flake(exists=True, inputs=False), Git(None, megabytes=25), "copy the whole folder"),
        (Flake(exists=True, inputs=False), Git(None, secrets=(".env",)), "copy the whole folder"),
        (Flake(exists=True), Git("/checkout", untracked=("flake.nix",)), None),
        (Flake(), Git("/checkout"), None),
    ],
)
def test_what_is_not_evaluated_is_said(flake, checkout, said, tmp_path):
    """Nix would fetch, or copy much or secrets into the store; F1 tells of untracked files."""
    able = Nix("/no/such/nix", "2.31", ("flakes", "nix-command"))
    evaluation, kept = nix.evaluate(tmp_path, able, flake, checkout, Machine().system)
    assert not evaluation.good
    assert kept is None if said is None else said in (kept or "")


def test_without_nix_that_is_said(tmp_path):
    """A flake of which Nix was not asked is no good flake."""
    flake = Flake(exists=True, inputs=False, dev_shell=True)
    _, kept = nix.evaluate(tmp_path, Nix(), flake, Git("/checkout"), Machine().system)
    assert kept == "there is no Nix on this machine"


def fake_nix(folder, text):
    """Make a program that fails as Nix would."""
    program = folder / "nix"
    (folder / "said").write_text(text)
    program.write_text(f"#!/bin/sh\ncat {folder}/said >&2\nexit 1\n")
    program.chmod(0o755)
    return Nix(str(program), "2.31", ("flakes", "nix-command"))


OLD = """\
error: the database is asked first

       at /nix/store/00000000000000000000000000000000-source/flake.nix:7:9:

            6|   x = 1;
            7|         throw "the database is asked first"
             |         ^
"""
NEW = """\
error:
       … while evaluating the attribute 'drvPath'
         at «internal»:1:1:

       … while calling the 'throw' builtin
         at /nix/store/00000000000000000000000000000000-source/flake.nix:7:9:
            7|         throw "the database is asked first"

       error: the database is asked first
"""


@pytest.mark.parametrize("text", [OLD, NEW])
def test_nixs_own_message_is_kept(text, tmp_path):
    """Old and new Nix: the last error and the place in the user's flake."""
    flake = Flake(exists=True, inputs=False, dev_shell=True)
    able = fake_nix(tmp_path, text)
    found, kept = nix.evaluate(tmp_path, able, flake, Git(None), "x86_64-linux")
    assert kept is None
    assert found.error == ("the database is asked first",)
    assert found.where == "flake.nix:7"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("error: unable to download 'https://x': Could not connect to server", "nothing is fetch"),
        (
            "error: cannot build '/nix/store/x.drv' during evaluation because the option"
            " 'allow-import-from-derivation' is disabled",
            "import from derivation",
        ),
    ],
)
def test_what_was_forbidden_to_nix_is_no_fault_of_the_flake(text, said, tmp_path):
    """Nothing is fetched or built, so nothing is known of such a flake; that is said."""
    flake = Flake(exists=True, inputs=False, dev_shell=True)
    able = fake_nix(tmp_path, text)
    found, kept = nix.evaluate(tmp_path, able, flake, Git(None), "x86_64-linux")
    assert not found.error
    assert said in (kept or "")


def test_a_nixpkgs_that_follows_another_input(tmp_path):
    """`inputs.nixpkgs.follows` is a path of names in flake.lock, not a name."""
    node = {
        "locked": {"type": "github", "lastModified": 1_800_000_000},
        "original": {"type": "github", "owner": "NixOS", "repo": "nixpkgs", "ref": "nixos-25.11"},
    }
    nodes = {
        "root": {"inputs": {"nixpkgs": ["tools", "nixpkgs"], "tools": "tools"}},
        "tools": {"inputs": {"nixpkgs": "inner"}},
        "inner": node,
    }
    lock = {"nodes": nodes, "root": "root", "version": 7}
    (tmp_path / "flake.lock").write_text(json.dumps(lock))
    (tmp_path / "flake.nix").write_text("{ outputs = _: { }; }\n")
    assert flake.look(tmp_path, ()).nixpkgs == "github:NixOS/nixpkgs/nixos-25.11"
