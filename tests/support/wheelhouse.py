"""A package index of own-made distributions: built in a moment, and the same on every machine.

A wheel holds one module, and a program where that is asked for. An sdist brings its own build
backend (PEP 517), so building it needs no other package; its extension, if it has one, is C++.
"""

from __future__ import annotations

import base64
import hashlib
import io
import tarfile
import threading
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

BACKEND = Path(__file__).with_name("backend.py")


@dataclass(frozen=True, slots=True)
class Distribution:
    """What the index offers: a pure wheel, or an sdist.

    ``requires`` are its Requires-Dist, ``program`` a console script that prints name and version,
    ``sdist`` says to offer source in place of a wheel, ``extension`` to give that C++ to compile.
    """

    name: str
    version: str = "1.0"
    requires: tuple[str, ...] = ()
    program: bool = True
    sdist: bool = False
    extension: bool = False

    @property
    def module(self) -> str:
        """The import name, which is also the first part of its files' names."""
        return self.name.replace("-", "_")

    @property
    def metadata(self) -> str:
        """The text of METADATA or PKG-INFO."""
        lines = ["Metadata-Version: 2.1", f"Name: {self.name}", f"Version: {self.version}"]
        lines += [f"Requires-Dist: {requirement}" for requirement in self.requires]
        return "\n".join(lines) + "\n"

    @property
    def source(self) -> str:
        """The module's text."""
        return (
            f'VERSION = "{self.version}"\n\n\ndef main():\n    print("{self.name}", VERSION)\n'
            '\n\nif __name__ == "__main__":\n    main()\n'
        )


# `moo` needs what Nix is to provide in tests; `quack` needs nothing; `cluck` has to be compiled.
USUAL = (
    Distribution("moo", "1.0", requires=("six>=1.16",)),
    Distribution("moo", "1.1", requires=("six>=1.16",)),
    Distribution("quack", "1.0"),
    Distribution("quack", "2.0"),
    Distribution("cluck", "1.0", program=False, sdist=True, extension=True),
)


def build(folder: Path, distributions: Iterable[Distribution] = USUAL) -> Path:
    """Write a simple index (PEP 503) of the distributions; give its folder."""
    index = folder / "simple"
    for one in distributions:
        place = index / one.name
        place.mkdir(parents=True, exist_ok=True)
        name, content = _sdist(one) if one.sdist else _wheel(one)
        (place / name).write_bytes(content)
    for place in [index, *filter(Path.is_dir, index.iterdir())]:
        links = "".join(
            f'<a href="{file.name}{_end_of_link(file)}">{file.name}</a><br>\n'
            for file in sorted(place.iterdir())
            if file.name != "index.html"
        )
        (place / "index.html").write_text(f"<!DOCTYPE html><html><body>\n{links}</body></html>\n")
    return index


def _end_of_link(file: Path) -> str:
    return "/" if file.is_dir() else f"#sha256={hashlib.sha256(file.read_bytes()).hexdigest()}"


@contextmanager
def serve(index: Path) -> Iterator[str]:
    """Serve the index on a free port of this machine; give its URL."""
    handler = partial(_Quiet, directory=str(index.parent))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/{index.name}"
        finally:
            server.shutdown()
            thread.join()


class _Quiet(SimpleHTTPRequestHandler):
    """A file server that keeps its log to itself."""

    def log_message(self, *args: object) -> None:
        """Say nothing."""


def _wheel(one: Distribution) -> tuple[str, bytes]:
    info = f"{one.module}-{one.version}.dist-info"
    files = {
        f"{one.module}.py": one.source,
        f"{info}/METADATA": one.metadata,
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\n"
        "Tag: py3-none-any\n",
    }
    if one.program:
        files[f"{info}/entry_points.txt"] = f"[console_scripts]\n{one.name} = {one.module}:main\n"
    record = "".join(
        f"{path},sha256={_digest(text.encode())},{len(text.encode())}\n"
        for path, text in files.items()
    )
    files[f"{info}/RECORD"] = f"{record}{info}/RECORD,,\n"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in files.items():
            archive.writestr(zipfile.ZipInfo(path, (2020, 1, 1, 0, 0, 0)), text)
    return f"{one.module}-{one.version}-py3-none-any.whl", buffer.getvalue()


def _digest(content: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()


def source_tree(one: Distribution) -> dict[str, str]:
    """Give the files of a project that any installer can build, or install as editable, offline."""
    lines = [
        "[build-system]",
        "requires = []",
        'build-backend = "backend"',
        'backend-path = ["build_backend"]',
        "",
        "[project]",
        f'name = "{one.name}"',
        f'version = "{one.version}"',
        'requires-python = ">=3.9"',
        f"dependencies = {list(one.requires)}".replace("'", '"'),
    ]
    if one.program:
        lines += ["", "[project.scripts]", f'{one.name} = "{one.module}:main"']
    files = {
        "pyproject.toml": "\n".join(lines) + "\n",
        f"{one.module}.py": one.source,
        "build_backend/backend.py": BACKEND.read_text("utf-8"),
    }
    if one.extension:
        files[f"_{one.module}.cpp"] = _EXTENSION.replace("NAME", f"_{one.module}")
    return files


# Needs libstdc++ when it is loaded, which is what wheels with C++ in them need on Nix.
_EXTENSION = """\
#include <Python.h>
#include <string>
#include <vector>

static PyObject *say(PyObject *, PyObject *) {
  std::vector<std::string> words{"compiled", "with", "C++"};
  std::string all;
  for (const auto &word : words) all += (all.empty() ? "" : " ") + word;
  return PyUnicode_FromString(all.c_str());
}

static PyMethodDef methods[] = {{"say", say, METH_NOARGS, nullptr}, {nullptr, nullptr, 0, nullptr}};
static PyModuleDef module = {PyModuleDef_HEAD_INIT, "NAME", nullptr, -1, methods};
PyMODINIT_FUNC PyInit_NAME() { return PyModule_Create(&module); }
"""


def _sdist(one: Distribution) -> tuple[str, bytes]:
    top = f"{one.module}-{one.version}"
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for path, text in {"PKG-INFO": one.metadata, **source_tree(one)}.items():
            entry = tarfile.TarInfo(f"{top}/{path}")
            entry.size = len(text.encode())
            archive.addfile(entry, io.BytesIO(text.encode()))
    return f"{top}.tar.gz", buffer.getvalue()
