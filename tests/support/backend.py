"""A build backend (PEP 517, PEP 660) without requirements, for projects that tests make.

It runs inside the project that it builds: a module, an optional `_NAME.cpp` beside it, and what
that asks pkg-config for in an optional `pkg-config.txt`.
"""

from __future__ import annotations

import io
import os
import re
import subprocess
import sysconfig
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path


def _project() -> tuple[str, str, list[str], str]:
    text = Path("pyproject.toml").read_text(encoding="utf-8")
    # The project's own come first: an index of pdm's has a name too.
    name = re.findall(r'^name = "(.+)"$', text, re.MULTILINE)[0]
    version = re.findall(r'^version = "(.+)"$', text, re.MULTILINE)[0]
    requires = re.search(r"^dependencies = \[(.*)\]$", text, re.MULTILINE)
    script = re.search(r"^\[project\.scripts\]\n(.+)$", text, re.MULTILINE)
    return (
        name,
        version,
        re.findall(r'"([^"]+)"', requires[1]) if requires else [],
        script[1].replace('"', "") if script else "",
    )


def _compile(module: str, folder: Path) -> Path:
    source, suffix = Path(f"_{module}.cpp"), sysconfig.get_config_var("EXT_SUFFIX")
    target = folder / f"_{module}{suffix}"
    include = sysconfig.get_paths()["include"]
    command = [os.environ.get("CXX", "g++"), "-shared", "-fPIC", f"-I{include}", str(source)]
    wanted = Path("pkg-config.txt")
    if wanted.exists():
        asked = ["pkg-config", "--cflags", "--libs", *wanted.read_text(encoding="utf-8").split()]
        command += subprocess.run(asked, check=True, capture_output=True, text=True).stdout.split()
    subprocess.run([*command, "-o", str(target)], check=True)
    return target


def _build(wheel_directory: str, files: Mapping[str, str | bytes]) -> str:
    name, version, requires, script = _project()
    module = name.replace("-", "_")
    info, tag = f"{module}-{version}.dist-info", "py3-none-any"
    contents = dict(files)
    if Path(f"_{module}.cpp").exists():
        library = _compile(module, Path(wheel_directory))
        contents[library.name] = library.read_bytes()
        library.unlink()
        tag = f"py3-none-{sysconfig.get_platform().replace('-', '_').replace('.', '_')}"
    lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
    lines += [f"Requires-Dist: {requirement}" for requirement in requires]
    contents[f"{info}/METADATA"] = "\n".join(lines) + "\n"
    contents[f"{info}/WHEEL"] = f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {tag}\n"
    if script:
        contents[f"{info}/entry_points.txt"] = f"[console_scripts]\n{script}\n"
    contents[f"{info}/RECORD"] = "".join(f"{path},,\n" for path in [*contents, f"{info}/RECORD"])
    wheel = f"{module}-{version}-{tag}.whl"
    with zipfile.ZipFile(Path(wheel_directory, wheel), "w") as archive:
        for path, content in contents.items():
            archive.writestr(path, content)
    return wheel


def build_wheel(
    wheel_directory: str, config_settings: object = None, metadata_directory: str | None = None
) -> str:
    """Build a wheel of the module and what is compiled; give its name (PEP 517)."""
    module = _project()[0].replace("-", "_")
    return _build(wheel_directory, {f"{module}.py": Path(f"{module}.py").read_bytes()})


def build_editable(
    wheel_directory: str, config_settings: object = None, metadata_directory: str | None = None
) -> str:
    """Build a wheel that adds the project's folder to `sys.path`; give its name (PEP 660)."""
    module = _project()[0].replace("-", "_")
    return _build(wheel_directory, {f"_editable_{module}.pth": f"{Path.cwd()}\n"})


def build_sdist(sdist_directory: str, config_settings: object = None) -> str:
    """Pack the project's own files; give the archive's name (PEP 517)."""
    name, version, *_ = _project()
    module = name.replace("-", "_")
    top = f"{module}-{version}"
    files = ["pyproject.toml", f"{module}.py", f"_{module}.cpp", str(Path(__file__).resolve())]
    with tarfile.open(Path(sdist_directory, f"{top}.tar.gz"), "w:gz") as archive:
        for file in map(Path, files):
            if file.exists():
                inside = "build_backend/backend.py" if file.is_absolute() else file.name
                archive.add(file, f"{top}/{inside}")
        information = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n".encode()
        entry = tarfile.TarInfo(f"{top}/PKG-INFO")
        entry.size = len(information)
        archive.addfile(entry, io.BytesIO(information))
    return f"{top}.tar.gz"
