"""A snapshot as JSON and back, so that a bug report can be replayed."""

from __future__ import annotations

import dataclasses
import json
import types
import typing
from collections.abc import Mapping
from enum import Enum
from functools import cache
from typing import Any

from nixpy.doctor import snapshot as facts
from nixpy.doctor.snapshot import Snapshot
from nixpy.errors import NixpyError
from nixpy.syntax.shown import as_json

# Raised when a field is renamed, removed or changes its meaning; a new field needs no new number.
SCHEMA = 1


def dump(snapshot: Snapshot) -> str:
    """Give the snapshot as JSON text. Fields that have their default value are left out."""
    data = {"nixpy_doctor_snapshot": SCHEMA, **_encode(snapshot)}
    return as_json(data, indent=1) + "\n"


def load(text: str, file: str | None = None) -> Snapshot:
    """Read a snapshot; ``file`` is what errors call it.

    Raises NixpyError for what is not a snapshot, or is one of another schema.
    """
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise NixpyError(f"not JSON: {error.msg}", file=file, line=error.lineno) from None
    except (ValueError, RecursionError):  # an integer of thousands of digits, say
        raise NixpyError("not a snapshot that can be read", file=file) from None
    schema = data.pop("nixpy_doctor_snapshot", None) if isinstance(data, dict) else None
    if schema is None:
        raise NixpyError(
            "not a snapshot of `nixpy doctor`",
            file=file,
            hint="`nixpy doctor --save-snapshot FILE` makes one",
        )
    if schema != SCHEMA:
        raise NixpyError(
            f"a snapshot of schema {schema}; this nixpy reads {SCHEMA}",
            file=file,
            hint="use the version of nixpy that made it",
        )
    try:
        snapshot: Snapshot = _decode(Snapshot, data, "")
    except _WrongError as error:
        message = f"expected {error.expected}"
        raise NixpyError(message, file=file, key=error.where or None) from None
    return snapshot


class _WrongError(Exception):
    def __init__(self, where: str, expected: str) -> None:
        super().__init__(where)
        self.where = where
        self.expected = expected


def _encode(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        encoded = {}
        for one in dataclasses.fields(value):
            item = getattr(value, one.name)
            if _default(one) != item:
                encoded[one.name] = _encode(item)
        return encoded
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {key: _encode(item) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return [_encode(item) for item in value]
    return value


def _default(one: dataclasses.Field[Any]) -> Any:
    if one.default is not dataclasses.MISSING:
        return one.default
    if one.default_factory is not dataclasses.MISSING:
        return one.default_factory()
    return dataclasses.MISSING


@cache
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind, vars(facts))


def _decode(kind: Any, data: Any, where: str) -> Any:
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if dataclasses.is_dataclass(kind):
        return _decode_dataclass(kind, data, where)
    if origin in {types.UnionType, typing.Union}:
        if data is None and type(None) in arguments:
            return None
        return _decode(next(one for one in arguments if one is not type(None)), data, where)
    if origin is tuple:
        if not isinstance(data, list):
            raise _WrongError(where, "a list")
        return tuple(_decode(arguments[0], one, f"{where}[{n}]") for n, one in enumerate(data))
    if origin is Mapping:
        if not isinstance(data, dict):
            raise _WrongError(where, "an object")
        return {key: _decode(arguments[1], one, f"{where}.{key}") for key, one in data.items()}
    if isinstance(kind, type) and issubclass(kind, Enum):
        try:
            return kind(data)
        except ValueError:
            raise _WrongError(where, f"one of {', '.join(one.value for one in kind)}") from None
    if type(data) is not kind:
        raise _WrongError(where, f"a value of type {kind.__name__}")
    return data


def _decode_dataclass(kind: Any, data: Any, where: str) -> Any:
    if not isinstance(data, dict):
        raise _WrongError(where, "an object")
    # Fields that this version does not know are a newer nixpy's, and no check here reads them.
    values = {
        name: _decode(hint, data[name], f"{where}.{name}" if where else name)
        for name, hint in _hints(kind).items()
        if name in data
    }
    try:
        return kind(**values)
    except TypeError:
        raise _WrongError(where, "all the fields that have no default") from None
