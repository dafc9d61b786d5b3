"""Looks at the computer and at the variables of the shell."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping
from pathlib import Path

from nixpy.doctor.snapshot import Environment, Machine, PathFacts
from nixpy.flake.render import FLAKE
from nixpy.knowledge.drivers import DRIVER_FOLDERS, LIBCUDA
from nixpy.metadata.markers import PROJECT_FILES
from nixpy.system.reading import read_head
from nixpy.venv.installed import installed

# One path each.
_SINGLE = (
    "CURL_CA_BUNDLE",
    "GIT_SSL_CAINFO",
    "PIP_CERT",
    "POETRY_VIRTUALENVS_PATH",
    "PYTHONHOME",
    "UV_CACHE_DIR",
    "DEVELOPER_DIR",
    "LOCALE_ARCHIVE",
    "LOCALE_ARCHIVE_2_27",
    "NIX_SSL_CERT_FILE",
    "PLAYWRIGHT_BROWSERS_PATH",
    "REQUESTS_CA_BUNDLE",
    "SDKROOT",
    "SSL_CERT_FILE",
    "TEMP",
    "TEMPDIR",
    "TMP",
    "TMPDIR",
    "UV_PROJECT_ENVIRONMENT",
    "UV_PYTHON",
    "VIRTUAL_ENV",
)
# Paths with colons between.
_LISTS = ("LD_LIBRARY_PATH", "PYTHONPATH", "UV_PYTHON_SEARCH_PATH")
# Nothing else of the environment enters a snapshot: what programs keep there may be secret.
VARIABLES = (
    *_SINGLE,
    *_LISTS,
    "CONDA_PREFIX",
    "HATCH_ENV",
    "PDM_IGNORE_SAVED_PYTHON",
    "PDM_PROJECT",
    "PIPENV_PIPFILE",
    "PIP_REQUIRE_VIRTUALENV",
    "PIP_ROOT",
    "PIP_USER",
    "POETRY_VIRTUALENVS_IN_PROJECT",
    "PYTHONPLATLIBDIR",
    "UV_MANAGED_PYTHON",
    "UV_PROJECT",
    "UV_PYTHON_PREFERENCE",
    "UV_SYSTEM_PYTHON",
    "UV_WORKING_DIR",
    "DEVBOX_SHELL_ENABLED",
    "DEVENV_ROOT",
    "DIRENV_DIR",
    "FLOX_ENV",
    "IN_NIX_SHELL",
    "LANG",
    "LC_ALL",
    "NIX_CFLAGS_COMPILE",
    "NIX_DIRENV_DID_FALLBACK",
    "NIX_LD",
    "NIX_LDFLAGS",
    "PIP_BREAK_SYSTEM_PACKAGES",
    "PIP_PREFIX",
    "PIP_PYTHON",
    "PIP_TARGET",
    "PKG_CONFIG_PATH",
    "PYTHONHASHSEED",
    "SOURCE_DATE_EPOCH",
    "TRITON_LIBCUDA_PATH",
    "UV_NO_SYNC",
    "UV_PYTHON_DOWNLOADS",
    "_PYTHON_SYSCONFIGDATA_NAME",
)

_WATCHED_LIBRARIES = ("libc.so.6", LIBCUDA)
_BROWSERS = ("chromium", "firefox", "webkit")
_METADATA = (*PROJECT_FILES, FLAKE)

_GPUS = ("/dev/nvidia0", "/dev/nvidiactl", "/dev/dxg")

STORE = "/nix/store"


def machine(variables: Mapping[str, str]) -> Machine:
    """Say what computer this is."""
    kernel = platform.system().lower()
    processor = {"arm64": "aarch64", "amd64": "x86_64"}.get(platform.machine(), platform.machine())
    return Machine(
        system=f"{processor}-{kernel}",
        store=variables.get("NIX_STORE_DIR") or variables.get("NIX_STORE") or STORE,
        nixos=Path("/etc/NIXOS").exists(),
        user=os.getuid(),
        home=os.path.expanduser("~"),  # noqa: PTH111 - also without a home
        ldconfig=Path("/sbin/ldconfig").exists(),
        gpu=next((one for one in _GPUS if Path(one).exists()), None),
        drivers=tuple(one for one in DRIVER_FOLDERS if Path(one, LIBCUDA).exists()),
    )


def environment(variables: Mapping[str, str], folder: Path) -> Environment:
    """Keep the variables that checks read, with facts of the paths they name.

    Relative paths are as seen from ``folder``.
    """
    kept = {name: variables[name] for name in VARIABLES if variables.get(name)}
    values = {kept[name] for name in _SINGLE if name in kept}
    for name in _LISTS:
        values |= {entry for entry in kept.get(name, "").split(":") if entry}
    return Environment(kept, {value: path_facts(value, folder) for value in sorted(values)})


def path_facts(value: str, folder: Path) -> PathFacts:
    """Look at one path."""
    path = Path(folder, value).absolute()
    resolved = os.path.realpath(path)
    if path.is_dir():
        return PathFacts(
            resolved=resolved,
            kind="folder",
            writable=os.access(path, os.W_OK),
            venv=Path(path, "pyvenv.cfg").is_file(),
            holds=_watched(path),
            distributions=tuple(one.name for one in installed(path)),
            projects=any(Path(path.parent, name).exists() for name in _METADATA),
        )
    if not path.exists():
        return PathFacts(resolved=resolved, kind="missing", writable=False)
    return PathFacts(
        resolved=resolved,
        kind="file",
        writable=os.access(path, os.W_OK),
        venv=Path(path.parent.parent, "pyvenv.cfg").is_file(),
        script=_is_script(path),
    )


def _watched(folder: Path) -> tuple[str, ...]:
    try:
        names = sorted(one.name for one in folder.iterdir())
    except OSError:
        return ()
    return tuple(
        sorted(
            name
            for name in names
            if name in _WATCHED_LIBRARIES or name.partition("-")[0] in _BROWSERS
        )
    )


def _is_script(path: Path) -> bool:
    try:
        return read_head(path, 2) == b"#!"
    except OSError:
        return False
