"""Wheels with code for a generic Linux, compiled when a test runs."""

from __future__ import annotations

import subprocess
import zipfile
from pathlib import Path

# It takes libstdc++ and libz from wherever its process finds them, as manylinux wheels may.
_SOURCE = """\
#include <Python.h>
#include <sstream>

extern "C" const char *zlibVersion(void);

static PyObject *answer(PyObject *, PyObject *) {
  std::ostringstream text;
  text << 42 << (zlibVersion() ? " zlib" : "");
  return PyUnicode_FromString(text.str().c_str());
}

static PyMethodDef methods[] = {
    {"answer", answer, METH_NOARGS, nullptr}, {nullptr, nullptr, 0, nullptr}};
static PyModuleDef module = {PyModuleDef_HEAD_INIT, "generic", nullptr, -1, methods};
PyMODINIT_FUNC PyInit_generic() { return PyModule_Create(&module); }
"""


def build(folder: Path, python: Path, libz: Path) -> Path:
    """Build a wheel `generic` whose extension needs libstdc++.so.6 and libz.so.1; give its path.

    ``python`` is the interpreter that it is for, by its headers; ``libz`` a libz.so.1 to link with.
    """
    asked = "import sysconfig as s; print(s.get_path('include'), s.get_config_var('EXT_SUFFIX'), "
    asked += "s.get_config_var('py_version_nodot'), s.get_platform().replace('-', '_'))"
    told = subprocess.run([python, "-c", asked], capture_output=True, check=True, text=True)
    include, suffix, version, platform = told.stdout.split()
    source, library = folder / "generic.cpp", folder / f"generic{suffix}"
    source.write_text(_SOURCE)
    command = ["c++", "-shared", "-fPIC", f"-I{include}", source, libz, "-o", library]
    subprocess.run([*map(str, command)], capture_output=True, check=True)
    tag = f"cp{version}-cp{version}-{platform.replace('linux', 'manylinux_2_28')}"
    info = "generic-1.0.dist-info"
    files = {
        library.name: library.read_bytes(),
        f"{info}/METADATA": b"Metadata-Version: 2.1\nName: generic\nVersion: 1.0\n",
        f"{info}/WHEEL": f"Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: {tag}\n".encode(),
    }
    files[f"{info}/RECORD"] = "".join(f"{name},,\n" for name in [*files, f"{info}/RECORD"]).encode()
    wheel = folder / f"generic-1.0-{tag}.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return wheel
