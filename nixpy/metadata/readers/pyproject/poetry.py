"""``[tool.poetry]`` of a pyproject.toml: dependencies and groups in poetry's notation."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from packaging.utils import canonicalize_name

from nixpy.errors import NixpyError
from nixpy.metadata.model import Installer, Kind, PythonRange, Strength
from nixpy.metadata.notation import poetry as _poetry
from nixpy.metadata.readers.findings import Findings
from nixpy.syntax.origin import Origin
from nixpy.syntax.table import Table, kind_of

# What only poetry-core reads: a project of another installer may build with it.
_BACKEND_KEYS = {"build", "exclude", "include", "packages", "version"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One dependency in poetry's notation, translated."""

    name: str
    requirement: str  # PEP 508
    text: str
    origin: Origin
    source: str | None
    optional: bool


def read_tool(poetry: Table, project: Table, folder: str, found: Findings) -> None:
    """Take over poetry's dependencies.

    Where ``[project]`` has dependencies, poetry (2.0 and later) only takes from its own table
    where those come from, so this does as well; but for what ``[project]`` calls dynamic.
    """
    if not poetry:
        return
    backend_only = bool(project) and not set(poetry.data) - _BACKEND_KEYS
    strength = Strength.BACKEND if backend_only else Strength.TABLE
    found.sign(Installer.POETRY, strength, poetry.origin())
    found.name = found.name or poetry.string("name")
    dependencies = poetry.table("dependencies")
    python = dependencies.data.get("python")
    if isinstance(python, dict):
        python = python.get("version")
    if python is not None:
        _python(python, dependencies, found)
    entries = list(_entries(dependencies, folder, found))
    if "dependencies" in project or "optional-dependencies" in project:
        sources = {entry.name: entry.source for entry in entries if entry.source}
        found.wanted = [
            replace(one, source=sources.get(one.name)) if not one.source else one
            for one in found.wanted
        ]
        dynamic = {field for field, _ in project.strings("dynamic")}
        entries = [
            entry
            for entry in entries
            if ("optional-dependencies" if entry.optional else "dependencies") in dynamic
        ]
    if entries:
        extras = _extras(poetry.table("extras"))
        for entry in entries:
            groups = extras.get(entry.name, [None]) if entry.optional else [None]
            kind = Kind.EXTRA if entry.optional else Kind.RUN
            for group in () if found.is_full() else groups:
                _want(entry, found, kind, group)
    for entry in _entries(poetry.table("dev-dependencies"), folder, found):
        _want(entry, found, Kind.GROUP, "dev")
    for name, group_table in poetry.table("group").subtables():
        for entry in _entries(group_table.table("dependencies"), folder, found):
            _want(entry, found, Kind.GROUP, canonicalize_name(name))


def _want(entry: Entry, found: Findings, kind: Kind, group: str | None) -> None:
    found.want(entry.requirement, entry.origin, kind, group, entry.source, shown=entry.text)


def _python(value: object, dependencies: Table, found: Findings) -> None:
    if not isinstance(value, str):
        hint = f'put it in quotes: `python = "^{value}"`' if isinstance(value, float) else None
        dependencies.wrong("a string", value, "python", hint=hint)
        return
    try:
        specifiers = _poetry.specifiers(value, python=True)
    except ValueError:
        dependencies.fail(
            f"`{value}` is not a version constraint",
            "python",
            hint='write it as `python = "^3.10"`',
        )
        return
    found.ranges.append(PythonRange(specifiers, value, dependencies.origin("python")))


def _extras(extras: Table) -> dict[str, list[str | None]]:
    """Give for each distribution the extras that bring it."""
    found: dict[str, list[str | None]] = {}
    for extra, items in extras.lists():
        for name, _ in items:
            brought = canonicalize_name(name.partition("[")[0].strip())
            found.setdefault(brought, []).append(canonicalize_name(extra))
    return found


def _entries(table: Table, folder: str, found: Findings) -> Iterator[Entry]:
    for key, value in table.data.items():
        if key == "python":
            continue
        for index, item in enumerate(value if isinstance(value, list) else [value]):
            keys = (key, index) if isinstance(value, list) else (key,)
            origin = table.origin(*keys)
            if isinstance(item, str):
                item = {"version": item}  # noqa: PLW2901 - the short form of the same
            if not isinstance(item, dict):
                hint = f'put it in quotes: `{key} = "^{item}"`' if isinstance(item, float) else None
                table.wrong("a version constraint or a table", item, *keys, hint=hint)
                continue
            try:
                yield translate(key, item, origin, folder)
            except ValueError as error:
                found.errors.append(
                    NixpyError(
                        str(error), file=origin.file, line=origin.line, key=origin.key,
                        hint=f'write it as `{key} = "^1.2"` or `{key} = ">=1.2,<2.0"`',
                    )
                )  # fmt: skip


def translate(name: str, item: dict[str, Any], origin: Origin, folder: str = "") -> Entry:
    """Translate a dependency's table into PEP 508.

    Raises ValueError for wrong types and what is not a constraint.
    """
    version = _text(item, "version")
    markers = [_text(item, "markers"), _python_test(_text(item, "python")), _platform(item)]
    tests = [marker for marker in markers if marker]
    extras = item.get("extras", [])
    if not isinstance(extras, list) or not all(isinstance(extra, str) for extra in extras):
        raise ValueError("`extras` must be an array of strings")
    text = name + (f"[{','.join(extras)}]" if extras else "")
    source = _source(item, folder)
    if version and not source:
        try:
            text += _poetry.pep440(version)
        except ValueError:
            raise ValueError(f"`{version}` is not a version constraint") from None
    if tests:
        text += "; " + (" and ".join(f"({test})" for test in tests) if tests[1:] else tests[0])
    shown = f"{name} {version}" if version else name
    return Entry(canonicalize_name(name), text, shown, origin, source, item.get("optional") is True)


def _text(item: dict[str, Any], key: str) -> str | None:
    value = item.get(key)
    if value is not None and not isinstance(value, str):
        raise ValueError(f"`{key}` must be a string, but it is {kind_of(value)}")
    return value


def _python_test(constraint: str | None) -> str | None:
    return _poetry.python_marker(constraint) if constraint else None


def _platform(item: dict[str, Any]) -> str | None:
    platform = _text(item, "platform")
    return f'sys_platform == "{platform}"' if platform else None


def _source(item: dict[str, Any], folder: str) -> str | None:
    git, url = _text(item, "git"), _text(item, "url")
    path = _text(item, "path") or _text(item, "file")
    if git:
        revision = next((item[key] for key in ("rev", "tag", "branch") if item.get(key)), None)
        return f"git+{git.removeprefix('git+')}{f'@{revision}' if revision else ''}"
    if url:
        return url
    return posixpath.normpath(posixpath.join(folder, path)) if path else None


def python_versions(text: str, origin: Origin, found: Findings) -> None:
    """Add the range that a lock file of poetry names, ``||`` and all."""
    try:
        specifiers = _poetry.specifiers(text, python=True)
    except ValueError:
        found.errors.append(
            NixpyError(
                f"`{text}` is not a version constraint", file=origin.file, key=origin.key,
                line=origin.line, hint="run `poetry lock` to write the file anew",
            )
        )  # fmt: skip
        return
    found.ranges.append(PythonRange(specifiers, text, origin))
