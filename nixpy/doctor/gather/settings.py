"""Reads the settings of uv, pip and pdm that steer which Python is taken, and where things go."""

from __future__ import annotations

import configparser
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from nixpy.doctor.snapshot import Setting
from nixpy.errors import NixpyError
from nixpy.syntax.toml import parse_toml
from nixpy.system.reading import read_head_text

_UV = ("python-preference", "python-downloads", "required-version")
_PIP = ("user", "target", "prefix", "root", "break-system-packages", "python")
_MOST_BYTES = 1_000_000


def settings(
    root: Path, venv: Path, variables: Mapping[str, str], home: str, errors: list[str]
) -> tuple[Setting, ...]:
    """Give the settings that checks read, of the project's files and the user's.

    ``errors`` is told of files that cannot be read.
    """
    config = Path(variables.get("XDG_CONFIG_HOME") or Path(home, ".config"))
    found = [
        *_uv(root / "pyproject.toml", "pyproject.toml", errors, table=("tool", "uv")),
        *_uv(root / "uv.toml", "uv.toml", errors),
        *_uv(config / "uv/uv.toml", str(config / "uv/uv.toml"), errors),
    ]
    named = variables.get("PIP_CONFIG_FILE")
    places = [Path("/etc/pip.conf"), Path(home, ".pip/pip.conf"), config / "pip/pip.conf"]
    places += [venv / "pip.conf"]
    found += _pip([Path(named)] if named else places, errors)
    text = _read(root / ".pdm-python")
    if text and text.strip():
        found.append(Setting("pdm", "python", text.strip()[:400], ".pdm-python"))
    return tuple(found)


def _read(file: Path) -> str | None:
    try:
        return read_head_text(file, _MOST_BYTES)
    except OSError:
        return None


def _uv(file: Path, where: str, errors: list[str], table: Iterable[str] = ()) -> Iterator[Setting]:
    text = _read(file)
    if text is None or (table and "uv" not in text):
        return
    wrong: list[NixpyError] = []
    data: object = parse_toml(text, where, wrong).data
    if where.startswith("/"):  # the project's own are told of by those who read its metadata
        errors += [str(one) for one in wrong]
    for name in table:
        data = data.get(name) if isinstance(data, Mapping) else None
    if isinstance(data, Mapping):
        for name in _UV:
            if isinstance(data.get(name), str):
                yield Setting("uv", name, data[name], where)


def _pip(files: Iterable[Path], errors: list[str]) -> Iterator[Setting]:
    for file in files:
        text = _read(file) if os.path.isfile(file) else None  # noqa: PTH113 - raises nothing
        if text is None:
            continue
        parser = configparser.RawConfigParser(strict=False)
        try:
            parser.read_string(text)
        except configparser.Error as error:
            errors.append(f"{file}: {str(error).splitlines()[0]}")
            continue
        for section in ("global", "install"):
            for name in _PIP:
                value = parser.get(section, name, fallback="").strip()
                if value and value.lower() not in {"false", "no", "off", "0"}:
                    yield Setting("pip", name, value, str(file))
