"""Which wheels and markers count for the shell's Python on this machine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

_SYSTEMS = {"win": "Windows", "macosx": "macOS", "linux": "Linux", "manylinux": "Linux"}
_SYSTEMS |= {"musllinux": "Linux", "ios": "iOS", "android": "Android", "pyemscripten": "the web"}


def supported_tags(python: str) -> frozenset[str]:
    """Give the wheel tags (PEP 425) that CPython of a minor version takes on this machine."""
    from packaging.tags import compatible_tags, cpython_tags

    major, minor = (int(part) for part in python.split("."))
    version = (major, minor)
    interpreter = f"cp{major}{minor}"
    return frozenset(
        str(tag)
        for tags in (
            cpython_tags(version, [interpreter]),
            compatible_tags(version, interpreter),
        )
        for tag in tags
    )


def marker_environment(python: str) -> dict[str, str]:
    """Give the variables of PEP 508 markers for CPython of a version on this machine.

    ``python`` is ``3.12`` or ``3.12.4``. Of a minor version nixpkgs has the newest patch release,
    whichever that is.
    """
    from packaging.markers import default_environment

    major, minor, *patch = python.split(".")
    full = python if patch else f"{python}.99"
    found = {key: str(value) for key, value in default_environment().items()}
    return found | {
        "implementation_name": "cpython",
        "implementation_version": full,
        "platform_python_implementation": "CPython",
        "python_full_version": full,
        "python_version": f"{major}.{minor}",
    }


def fitting(wheels: Iterable[str], tags: frozenset[str]) -> str | None:
    """Give the first of some wheels, by file name, that one of the tags allows; None if none is.

    A file name that is not a wheel's (binary distribution format, "File name convention") fits not.
    """
    return next((wheel for wheel in wheels if any(tag in tags for tag in tags_of(wheel))), None)


def tags_of(wheel: str) -> Iterator[str]:
    """Give the tags of a wheel's file name: a compressed set such as ``py2.py3`` is spread out."""
    parts = wheel.removesuffix(".whl").split("-")
    if len(parts) < len(("name", "version", "python", "abi", "platform")):
        return
    pythons, abis, platforms = parts[-3:]
    for python in pythons.split("."):
        for abi in abis.split("."):
            for platform in platforms.split("."):
                yield f"{python}-{abi}-{platform}"


def systems(wheels: Iterable[str]) -> tuple[str, ...]:
    """Give the operating systems that some wheels are for, empty if one is for any."""
    found: dict[str, None] = {}
    for wheel in wheels:
        for tag in tags_of(wheel):
            platform = tag.rpartition("-")[2]
            if platform == "any":
                return ()
            kind = next((said for key, said in _SYSTEMS.items() if platform.startswith(key)), None)
            found[kind or platform] = None
    return tuple(found)
