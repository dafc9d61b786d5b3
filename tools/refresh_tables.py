"""Rewrite the list of attributes from a nixpkgs, and tell which rows of the tables it outdates.

Run as ``python -m tools.refresh_tables --nixpkgs REF``. ``attributes.txt`` is rewritten; the
other tables hold what no evaluation can tell, so their rows are reported and mended by hand.
"""

import json
import re
from collections.abc import Iterable
from pathlib import Path

import click

from nixpy.errors import NixpyError
from nixpy.knowledge import table as tables_module
from nixpy.knowledge.libraries import alternatives
from nixpy.knowledge.names import Absent, Known, Why, lookup
from nixpy.knowledge.table import table
from nixpy.system import process
from nixpy.system.console import say, tell, tell_error
from nixpy.system.files import write_all

_LIST = "attributes.txt"

# What python3Packages has beside packages: functions, hooks and its own machinery.
_MACHINERY = re.compile(
    r"_.*|\w+Hook|bootstrappedPip|buildPython\w+|buildEnv|callPackages?|disabled(?:If)?|f|fetchPypi"
    r"|has(?:PythonModule|DistutilsBuild)|isPy\w*|lib|makePythonPath|mkPython\w+|newScope"
    r"|override(?:Attrs|Derivation|PythonAttrs|Scope)?|packages|pkgs"
    r"|python(?:AtLeast|Older|OnBuild\w+|Packages)?|recurseForDerivations|recursivePthLoader"
    r"|removePythonPrefix|requiredPythonModules|sitePackages|stdenv|toPython(?:Application|Module)"
    r"|wrapPython"
)

# Applied to nixpkgs' folder without aliases: names that were changed or removed only throw.
_EXPRESSION = """
let
  pkgs = import %s { config.allowAliases = false; };
  has = path: builtins.foldl'
    (found: name:
      if found.ok && builtins.isAttrs found.value && found.value ? ${name}
      then { ok = true; value = found.value.${name}; }
      else { ok = false; value = null; })
    { ok = true; value = pkgs; }
    path;
  groups = builtins.fromJSON %s;
in
{
  python = builtins.attrNames pkgs.python3Packages;
  absent = builtins.filter (group: !(builtins.any (path: (has path).ok) group)) groups;
}
"""


def packages(names: Iterable[str], listed: Iterable[str]) -> list[str]:
    """Give the packages among the names of a Python package set, sorted.

    Names that the list has already stay, however they look (``pytest7CheckHook``).
    """
    known = frozenset(listed)
    return sorted(name for name in names if name in known or not _MACHINERY.fullmatch(name))


def outdated(names: Iterable[str]) -> list[str]:
    """Say which rows of the tables disagree with the names of a Python package set, a line each."""
    now = frozenset(names)
    lines = []
    for key in table("names.yaml"):
        found = lookup(key)
        target = found.attribute if isinstance(found, Known) else key
        if target.partition(".")[0] not in now:
            lines.append(f"names.yaml: {key}: nixpkgs no longer has `{target}`")
        if key in now:
            lines.append(f"names.yaml: {key}: nixpkgs has an attribute of this name now")
    lines += [
        f"attributes.yaml: {key}: nixpkgs no longer has it"
        for key in table("attributes.yaml")
        if key not in now
    ]
    for key in table("absent.yaml"):
        found = lookup(key)
        if key in now and isinstance(found, Absent) and found.why is not Why.STDLIB:
            lines.append(f"absent.yaml: {key}: nixpkgs has it now")
    return lines


def top_level() -> list[tuple[str, ...]]:
    """Give the top-level attributes that the tables name, each with its names on other branches."""
    libraries = table("libraries.yaml")
    wanted: set[str] = set()
    for key in libraries:
        row = libraries.get(key)
        for column in ("runtime", "build", "programs", "unfree"):
            wanted.update(row.get(column, ()))
    sonames, programs = table("sonames.yaml"), table("programs.yaml")
    wanted.update(sonames.get(key) for key in sonames)
    wanted.update(programs.get(key).get("attribute") or "stdenv" for key in programs)
    return sorted({alternatives(attribute) for attribute in wanted})


def render(names: Iterable[str], before: str, source: str) -> str:
    """Give the text of ``attributes.txt``: the header of ``before`` with its source, then names."""
    header = [line for line in before.splitlines() if line.startswith("#")]
    header = [line for line in header if not line.startswith("# Source: ")]
    return "\n".join([*header, f"# Source: python3Packages of {source}", *names]) + "\n"


def evaluate(ref: str) -> tuple[str, list[str], list[str]]:
    """Evaluate a nixpkgs.

    Returns its locked flake reference, the names of its Python package set, and those top-level
    attributes of the tables of which it has none of the names. Raises NixpyError if Nix fails.
    """
    metadata = json.loads(_nix("flake", "metadata", "--json", ref))
    groups = [[attribute.split(".") for attribute in group] for group in top_level()]
    text = json.dumps(json.dumps(groups)).replace("${", r"\${")
    expression = _EXPRESSION % (metadata["path"], text)
    found = json.loads(_nix("eval", "--impure", "--json", "--expr", expression))
    absent = [".".join(group[0]) for group in found["absent"]]
    return metadata["url"], found["python"], absent


def refresh(ref: str, folder: Path) -> list[str]:
    """Rewrite ``attributes.txt`` in a folder from the nixpkgs of a flake reference.

    Returns what no longer holds in the other tables, a line each. Raises NixpyError if Nix fails.
    """
    before = (folder / _LIST).read_text(encoding="utf-8")
    url, names, absent = evaluate(ref)
    kept = packages(names, before.splitlines())
    write_all(folder, {_LIST: render(kept, before, url)})
    gone = (f"nixpkgs has `{attribute}` under no name that the tables know" for attribute in absent)
    return [*outdated(kept), *gone]


def _nix(*arguments: str) -> str:
    program = process.find("nix")
    if program is None:
        raise NixpyError("Nix is not installed", hint="install Nix, then run this again")
    features = ["--extra-experimental-features", "nix-command flakes"]
    done = process.run([program, *features, *arguments])
    if done.status:
        said = [line for line in done.err.splitlines() if "error:" in line]
        raise NixpyError(said[-1].strip() if said else "Nix failed without a word")
    return done.out


@click.command()
@click.option("--nixpkgs", "ref", required=True, help="Flake reference of the nixpkgs to evaluate.")
@click.option(
    "--tables",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=Path(tables_module.__file__).parent,
    help="Folder with the tables.",
)
@click.pass_context
def main(context: click.Context, ref: str, tables: Path) -> None:
    """Rewrite the list of attributes, and report the rows of the tables that it outdates."""
    try:
        lines = refresh(ref, tables)
    except NixpyError as error:
        tell_error(error)
        context.exit(1)
    for line in lines:
        tell("warning", line)
    say(f"wrote {tables / _LIST}")


if __name__ == "__main__":
    main()
