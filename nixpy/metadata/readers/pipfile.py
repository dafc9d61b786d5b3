"""Pipfile, pipenv's TOML file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from packaging.utils import canonicalize_name

from nixpy.errors import NixpyError
from nixpy.metadata.model import Facts, Installer, Kind, Strength
from nixpy.metadata.notation.requirement import name_in_url
from nixpy.metadata.readers.findings import Findings
from nixpy.metadata.readers.pins.version import parse_pin
from nixpy.syntax.origin import Origin
from nixpy.syntax.table import Table, kind_of
from nixpy.syntax.toml import load_toml

if TYPE_CHECKING:
    from nixpy.syntax.tree import Tree

_NOT_CATEGORIES = {"source", "requires", "pipenv", "scripts", "pipfile"}
_MARKERS = (
    "os_name",
    "sys_platform",
    "platform_machine",
    "platform_python_implementation",
    "platform_release",
    "platform_system",
    "platform_version",
    "python_version",
    "python_full_version",
    "implementation_name",
    "implementation_version",
)
_VCS = ("git", "hg", "svn", "bzr")


def read(tree: Tree, path: str) -> Facts:
    """Read a Pipfile: its packages, the groups that pipenv calls categories, and the Python.

    Raises NixpyError for broken TOML, wrong types and what is not a version specifier.
    """
    found = Findings(path)
    root = load_toml(tree, path, found.errors)
    found.sign(Installer.PIPENV, Strength.TABLE, root.origin())
    required_python(root.table("requires"), found)
    for key in root.data:
        if key not in _NOT_CATEGORIES:
            _category(key, root.table(key), found)
    return found.facts()


def required_python(requires: Table, found: Findings) -> None:
    """Take over the Python that pipenv is told: a minor as a range, a full version as a pin."""
    minor, full = requires.string("python_version"), requires.string("python_full_version")
    if minor and minor != "*":
        pin = parse_pin(minor, requires.origin("python_version"))
        if pin and pin.version and pin.version.count(".") > 1:
            found.pins.append(pin)
        elif pin and pin.version:
            found.allow(f"=={pin.version}.*", requires.origin("python_version"))
        else:
            found.allow(minor, requires.origin("python_version"))
    pin = parse_pin(full, requires.origin("python_full_version")) if full else None
    if pin:
        found.pins.append(pin)


def _category(key: str, table: Table, found: Findings) -> None:
    kind = Kind.RUN if key == "packages" else Kind.GROUP
    group = None if key == "packages" else canonicalize_name(key.removesuffix("-packages"))
    for name, value in table.data.items():
        origin = table.origin(name)
        try:
            _want(name, value, origin, found, kind, group)
        except ValueError as error:
            found.errors.append(
                NixpyError(
                    str(error),
                    file=origin.file,
                    line=origin.line,
                    key=origin.key,
                    hint=f'write it as `{name} = ">=1.2"` or `{name} = "*"`',
                )
            )


def _want(
    name: str, value: object, origin: Origin, found: Findings, kind: Kind, group: str | None
) -> None:
    entry = {"version": value} if isinstance(value, str) else value
    if not isinstance(entry, dict):
        raise ValueError(f"must be a string or a table, but it is {kind_of(value)}")  # noqa: TRY004 - told as one
    source = _source(entry)
    if source is None and entry.get("editable") and entry.get("path") == ".":
        return
    version = _text(entry, "version") or "*"
    extras = entry.get("extras", [])
    if not isinstance(extras, list) or not all(isinstance(one, str) for one in extras):
        raise ValueError("`extras` must be an array of strings")
    text = name + (f"[{','.join(extras)}]" if extras else "")
    if version != "*" and source is None:
        text += version if version.strip()[:1] in "<>=!~" else f"=={version}"
    tests = [_text(entry, "markers"), *(_test(entry, one) for one in _MARKERS)]
    given = [test for test in tests if test]
    if given:
        text += " ; " + (" and ".join(f"({one})" for one in given) if given[1:] else given[0])
    found.want(text, origin, kind, group, source, shown=f"{name} {version}")


def _text(entry: dict[str, Any], key: str) -> str | None:
    value = entry.get(key)
    if value is not None and not isinstance(value, str):
        raise ValueError(f"`{key}` must be a string, but it is {kind_of(value)}")
    return value


def _test(entry: dict[str, Any], name: str) -> str | None:
    value = _text(entry, name)
    return f"{name} {value}" if value else None


def _source(entry: dict[str, Any]) -> str | None:
    for vcs in _VCS:
        address = _text(entry, vcs)
        if address:
            revision = _text(entry, "ref")
            return f"{vcs}+{address.removeprefix(vcs + '+')}{'@' + revision if revision else ''}"
    place = _text(entry, "file") or _text(entry, "path") or _text(entry, "uri")
    if place == ".":
        return None
    if place and "://" not in place and not (name_in_url(place) or set(place) <= {".", "/"}):
        raise ValueError(f"`{place}` is not a path")
    return place.removeprefix("./") if place else None
