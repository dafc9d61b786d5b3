"""Short forms for tests of `nixpy explain`: give files and Nix's versions, get rows and remarks."""

from __future__ import annotations

import json
from collections.abc import Mapping

from nixpy.config.parse import parse
from nixpy.distributions.model import NixPackages, Remark, Row, Scene
from nixpy.distributions.platform import marker_environment
from nixpy.distributions.rows import Table, make_table
from nixpy.metadata.model import Installer
from nixpy.metadata.read import read_project
from nixpy.syntax.tree import MemoryTree

INDEX = 'source = { registry = "https://index.example/simple" }'
LINUX = {"os_name": "posix", "platform_machine": "x86_64", "platform_system": "Linux"}
# CPython on x86_64 Linux, as far as tests need it; the machine's own tags are no part of them.
PLATFORM = ("manylinux_2_17_x86_64", "manylinux2014_x86_64", "manylinux_2_28_x86_64")


def tags(python: str) -> frozenset[str]:
    """Give wheel tags for x86_64 Linux."""
    here = f"cp{python.replace('.', '')}"
    return frozenset(
        {f"{here}-{here}-{one}" for one in PLATFORM}
        | {f"cp38-abi3-{one}" for one in PLATFORM}
        | {f"py3-none-{one}" for one in (*PLATFORM, "any")}
        | {"py2.py3-none-any", "py2-none-any"}
    )


def scene(
    files: Mapping[str, str],
    nix: Mapping[str, str] | None = None,
    yaml: str = "",
    *,
    python: str = "3.13",
    system: str = "linux",
    installer: Installer = Installer.UV,
    installed: Mapping[str, str] | None = None,
) -> Scene:
    """Make a scene on x86_64 Linux; ``nix`` are the versions that Nix has, None: not known."""
    known = NixPackages(nix, "the nixpkgs of flake.lock") if nix else NixPackages()
    return Scene(
        project=read_project(MemoryTree(files)),
        config=parse(yaml),
        python=python,
        installer=installer,
        tags=tags(python),
        environment={**marker_environment(python), **LINUX, "sys_platform": system},
        nix=known,
        installed=installed or {},
    )


def table(*arguments: object, **further: object) -> Table:
    """Make the table of a scene."""
    return make_table(scene(*arguments, **further))  # type: ignore[arg-type]


def row(name: str, *arguments: object, **further: object) -> Row:
    """Make the row of one distribution."""
    found = table(*arguments, **further).row(name)
    assert found is not None
    return found


def said(one: Row) -> list[str]:
    """Give a row's remarks as one text each, conflicts marked."""
    return [_text(remark) for remark in one.remarks]


def _text(one: Remark) -> str:
    return f"! {one.text}" if one.conflict else one.text


def pyproject(*dependencies: str, more: str = "") -> str:
    """Give a pyproject.toml."""
    listed = "".join(f'  "{one}",\n' for one in dependencies)
    return f'[project]\nname = "app"\nversion = "1"\ndependencies = [\n{listed}]\n{more}'


def uv_lock(*entries: str) -> str:
    """Give a uv.lock of some entries."""
    return 'version = 1\nrequires-python = ">=3.10"\n' + "".join(entries)


def entry(name: str, version: str = "1.0", *requires: str, more: str = "", wheels: str = "") -> str:
    """Give an entry of a uv.lock: ``requires`` as ``name`` or ``name; marker``.

    ``wheels`` are the tags of its wheels, apart by blanks; one for any platform if none is given,
    none at all if it is `-`.
    """
    needs = "".join(_edge(one) for one in requires)
    stem = f"{name.replace('-', '_')}-{version}"
    listed = "" if wheels == "-" else wheels or "py3-none-any"
    files = "".join(
        f'    {{ url = "https://index.example/{stem}-{tag}.whl", hash = "sha256:00" }},\n'
        for tag in listed.split()
    )
    return (
        f'\n[[package]]\nname = "{name}"\nversion = "{version}"\n{INDEX}\n{more}'
        f"dependencies = [\n{needs}]\nwheels = [\n{files}]\n"
    )


SDIST = 'sdist = { url = "https://index.example/some-1.0.tar.gz", hash = "sha256:00" }\n'


def _edge(text: str) -> str:
    name, _, marker = text.partition("; ")
    said_marker = f', marker = "{marker}"' if marker else ""
    return f'    {{ name = "{name}"{said_marker} }},\n'


def flake_lock(inputs: Mapping[str, object], **nodes: object) -> str:
    """Give a flake.lock of some nodes."""
    return json.dumps({"nodes": {"root": {"inputs": inputs}, **nodes}, "root": "root"})
