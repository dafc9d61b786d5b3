"""What a project has already for entering a shell, and what becomes of it. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nixpy.flake.inputs import Input
from nixpy.flake.render import FLAKE, MODULE
from nixpy.metadata.markers import PROJECT_FILES
from nixpy.syntax.tree import Tree

_DEVENV = ("devenv.nix", "devenv.yaml")
# What others keep their packages in, and the command that enters it.
_NOT_READ = {"pixi.toml": "pixi shell", ".flox/env/manifest.toml": "flox activate"}
_NIX_SHELL = ("shell.nix", "default.nix")

_NO_PROJECT = frozenset(
    {"build", "dist", "docs", "examples", "node_modules", "templates", "test", "tests", "vendor"}
)

_EACH_SYSTEM = re.compile(r"^[^#\n]*\beach(?:Default)?System\b", re.MULTILINE)
# `forAllSystems = nixpkgs.lib.genAttrs systems;`, by whatever name: a function of a function of a
# system. Where a function follows, what it hands on is anybody's guess.
_GEN_ATTRS = re.compile(
    r"^\s*([A-Za-z_][\w'-]*)\s*=\s*(?:[\w.-]+\.)?genAttrs\s+(?:[\w.-]+|\([^()]*\)|\[[^\]]*\])\s*;",
    re.MULTILINE,
)

# Lines of an `.envrc` that enter something else (direnv-stdlib(1), devenv, devbox).
_ENTERS = re.compile(
    r"^\s*(?:use (?:nix|devenv|devbox|mamba|conda)\b"
    r"|layout (?:python[\d.]*|pyenv|uv|poetry|pipenv|pdm|hatch|anaconda)(?!\S)"
    r"|(?:source|\.) \S*activate\b|eval .*devbox)"
)


def remarks(tree: Tree) -> list[str]:
    """Say of each file that enters a shell of another kind what it does beside the flake."""
    said = []
    if tree.read("shell.nix") is not None:
        said.append(
            "shell.nix stays as it is: `nix-shell` enters it, `nixpy shell` enters the flake; "
            "`nixpy init --module` lets it import the same shell"
        )
    found = [name for name in _DEVENV if tree.read(name) is not None]
    if found:
        said.append(
            f"{found[0]} stays as it is: nixpy does not read it, and `devenv shell` still enters it"
        )
    said += [
        f"{name} stays as it is: nixpy does not read it, and `{command}` still enters it; "
        "`nixpy add --tool` and `--library` list what this shell shall have of it"
        for name, command in _NOT_READ.items()
        if tree.read(name) is not None
    ]
    if tree.read("devbox.json") is not None:
        said.append(
            "devbox.json stays as it is: its scripts, its environment and its hook are not taken "
            "over, and `devbox shell` still enters it"
        )
    return said + _envrc(tree)


def projects(tree: Tree) -> dict[str, str]:
    """Find the folders, at most two levels down, that are Python projects: {name: folder}."""
    found: dict[str, str] = {}
    for pattern in ("*", "*/*"):
        for file in PROJECT_FILES:
            for path in tree.glob(f"{pattern}/{file}"):
                folder = path.rpartition("/")[0]
                parts = folder.split("/")
                inner = any(parent in found.values() for parent in (folder, parts[0]))
                if inner or any(part.startswith(".") or part in _NO_PROJECT for part in parts):
                    continue
                name = re.sub(r"[^A-Za-z0-9_-]", "-", parts[-1])
                if name[0].isalpha() and name != "default" and name not in found:
                    found[name] = folder
    return dict(sorted(found.items()))


def _envrc(tree: Tree) -> list[str]:
    text = (tree.read(".envrc") or b"").decode(errors="replace")
    return [
        f".envrc:{number}: `{line.strip()}` enters something else than the flake; remove the line"
        for number, line in enumerate(text.splitlines(), start=1)
        if _ENTERS.match(line)
    ]


def lines_to_add(tree: Tree, inputs: Sequence[Input] = ()) -> list[tuple[str, list[str]]]:
    """Give for each way to use the module where its lines go, and the lines.

    ``inputs`` are the flake inputs that the module takes beside nixpkgs.
    """
    flake = (tree.read(FLAKE) or b"").decode(errors="replace")
    names = " ".join(one.name for one in inputs)
    taken = f"inherit pkgs; inherit (inputs) {names};" if inputs else "inherit pkgs;"
    imported = f"import ./{MODULE} {{ {taken} }}"
    further = [line for one in inputs for line in _declared(one)]
    in_parts = (
        "flake.nix, in `perSystem = { pkgs, ... }:`",
        [*further, f"devShells.default = {imported};"],
    )
    in_utils = (
        "flake.nix, in what `eachDefaultSystem` or `eachSystem` is given, where `pkgs` is nixpkgs",
        [*further, f"devShells.default = {imported};"],
    )
    in_flake = (
        "flake.nix, where `pkgs` is nixpkgs for one system",
        [*further, f"devShells.${{system}}.default = {imported};"],
    )
    fetched = "".join(f' {one.name} = builtins.getFlake "{one.url}";' for one in inputs)
    in_shell = (
        "shell.nix",
        [f"{{ pkgs ? import <nixpkgs> {{ }} }}: import ./{MODULE} {{ inherit pkgs;{fetched} }}"],
    )
    found = []
    each = _GEN_ATTRS.search(flake)
    if "flake-parts" in flake:
        found.append(in_parts)
    elif each:
        pkgs = taken.replace("inherit pkgs;", "pkgs = nixpkgs.legacyPackages.${system};")
        shell = f"{{ default = import ./{MODULE} {{ {pkgs} }}; }}"
        found.append(
            (
                f"flake.nix, beside the other uses of `{each[1]}`",
                [*further, f"devShells = {each[1]} (system: {shell});"],
            )
        )
    elif "genAttrs" not in flake and _EACH_SYSTEM.search(flake):
        # flake-utils puts the system into the attribute's path by itself.
        found.append(in_utils)
    elif flake:
        found.append(in_flake)
    if any(tree.read(name) is not None for name in _NIX_SHELL):
        found.append(in_shell)
    return found or [in_flake, in_parts, in_shell]


def _declared(one: Input) -> list[str]:
    follows = [f'inputs.{one.name}.inputs.{name}.follows = "{name}";' for name in one.follows]
    return [f'inputs.{one.name}.url = "{one.url}";', *follows]
