"""Whatever is put into a flake stays data: the real Nix and bash give it back unchanged."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess

from hypothesis import given
from hypothesis import strategies as st

from nixpy.config.parse import parse
from nixpy.flake import render
from nixpy.metadata.model import Project
from nixpy.plan.make import make_plan
from nixpy.plan.model import Part
from tests.support import fuzz
from tests.support.lacking import lacking

# As much of nixpkgs as the shell of an empty project asks for.
_SHELL = """
let
  lib = {
    genAttrs = names: f: builtins.listToAttrs (map (name: { inherit name; value = f name; }) names);
    optionals = condition: list: if condition then list else [ ];
    concatMapStringsSep = mark: f: list: builtins.concatStringsSep mark (map f list);
    getLib = package: package;
    makeBinPath = builtins.concatStringsSep ":";
    makeLibraryPath = builtins.concatStringsSep ":";
  };
  pkgs = {
    inherit lib;
    stdenv = { hostPlatform.isLinux = true; cc.cc.lib = "/cc"; };
    python312 = { outPath = "/python"; interpreter = "/python"; withPackages = _: "/env"; };
    zlib = "/zlib";
    uv = "/uv";
    mkShell = arguments: arguments;
  };
  nixpkgs = { inherit lib; legacyPackages.x86_64-linux = pkgs; };
  flake = FLAKE;
in
(flake.outputs { inherit nixpkgs; self = { }; }).devShells.x86_64-linux.default.shellHook
"""
_VALUE = fuzz.TEXT.map(lambda text: text.replace("\0", ""))
_NAME = st.from_regex(r"[A-Z][A-Z0-9]{0,5}_", fullmatch=True)


def shell_hook(choices: dict[str, object]) -> str:
    """Render the shell of an empty project, and let Nix evaluate its hook."""
    if not shutil.which("nix-instantiate"):
        lacking("nix-instantiate is missing")
    text = "".join(f"{key}: {_yaml(value)}\n" for key, value in choices.items())
    part = Part("default", ".", Project(), parse(text))
    flake = render.render(make_plan([part]))[render.FLAKE]
    flake = re.sub(r"\$\{\./[\w./]+\}", "/store/file", flake)
    done = subprocess.run(
        ["nix-instantiate", "--eval", "--strict", "--json", "-"],
        input=_SHELL.replace("FLAKE", flake),
        capture_output=True,
        env={**os.environ, "NIX_REMOTE": "dummy://"},
        text=True,
    )
    assert done.returncode == 0, done.stderr + flake
    return str(json.loads(done.stdout))


def _yaml(value: object) -> str:
    """Write JSON in which only what prints stands as it is: YAML takes more for line breaks."""
    text = json.dumps(value, ensure_ascii=False)
    return "".join(one if one.isprintable() else f"\\u{ord(one):04x}" for one in text)


@given(variables=st.dictionaries(_NAME, _VALUE, max_size=3), own=_VALUE)
def test_variables_and_own_lines_arrive_unchanged(variables: dict[str, str], own: str) -> None:
    """A variable has the very value in bash; the user's own lines stand last, as they are."""
    framed = f"true\n{own}\ntrue"
    choices = {"python": "3.12", "installer": "uv", "systems": ["x86_64-linux"], "env": variables}
    hook = shell_hook({**choices, "shell_hook": framed})
    last = hook.partition("source /store/file")[2].partition("--library /zlib\n")[2].rstrip("\n")
    assert last.endswith(framed)
    exports = last.removesuffix(framed)
    shown = "".join(f'printf "%s\\0" "${name}"\n' for name in variables)
    done = subprocess.run(
        ["bash", "--norc", "-c", f"{exports}\n{shown}"], capture_output=True, env={}, check=True
    )
    assert done.stdout.decode().split("\0")[:-1] == list(variables.values())
