"""Run by the Python that is examined, with ``-I -c``: says what it is, as one line of JSON.

Standard library only, and any Python from 3.6 on. ``sys.argv[1]`` is the mark that begins the line,
since start-up files may print too; the rest are names for ``ctypes.util.find_library``.
"""

import sys


def _loaded() -> "list[str]":
    # Before any import, which may load libraries of its own.
    try:
        with open("/proc/self/maps") as maps:  # noqa: PTH123
            lines = [line.rstrip("\n").split(None, 5) for line in maps]
    except OSError:
        return []
    return sorted({line[5] for line in lines if len(line) == 6 and ".so" in line[5]})


def _spec(name: str) -> "str | None":
    from importlib.util import find_spec

    try:
        found = find_spec(name)
    except (ImportError, ValueError):
        return None
    return (found.origin or name) if found else None


def _sysconfig() -> "tuple[object, str | None]":
    import sysconfig

    try:
        return sysconfig.get_config_var("SOABI"), None
    except Exception as error:  # noqa: BLE001 - whatever a foreign module does is the answer
        return None, type(error).__name__ + ": " + str(error)


def _unfound(names: "list[str]") -> "list[str]":
    if not names:
        return []
    from ctypes.util import find_library

    return [name for name in names if not find_library(name)]


def _answer() -> "dict[str, object]":
    loaded = _loaded()
    import os

    soabi, broken = _sysconfig()
    managed = os.path.join(os.path.dirname(os.__file__), "EXTERNALLY-MANAGED")  # noqa: PTH118, PTH120
    try:
        running = os.readlink("/proc/self/exe")  # noqa: PTH115
    except OSError:
        running = ""
    return {
        "base_executable": getattr(sys, "_base_executable", None) or "",
        "base_prefix": sys.base_prefix,
        "executable": sys.executable or "",
        "implementation": sys.implementation.name,
        "library_path": os.environ.get("LD_LIBRARY_PATH", ""),
        "loaded": loaded,
        "managed": managed if os.path.exists(managed) else None,  # noqa: PTH110
        "manylinux": _spec("_manylinux"),
        "pip": _spec("pip") is not None,
        "prefix": sys.prefix,
        "running": running,
        "soabi": soabi,
        "sys_path": sys.path,
        "sysconfig_error": broken,
        "tkinter": _spec("_tkinter") is not None,
        "unfound": _unfound(sys.argv[2:]),
        "version": ".".join(map(str, sys.version_info[:3])),
    }


def _say(answer: "dict[str, object]") -> None:
    import json

    sys.stdout.write("\n" + sys.argv[1] + json.dumps(answer) + "\n")


_say(_answer())
