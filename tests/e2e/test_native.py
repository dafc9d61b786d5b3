"""Native libraries, and programs in wheels, in real shells of both kinds of environment."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support import nativewheel, wheelhouse
from tests.support.hidden import hiding
from tests.support.nixpkgs import StandIn, attribute, preferred_python
from tests.support.project import lines
from tests.support.wheelhouse import Distribution

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(shutil.which("c++") is None, reason="no C++ compiler"),
]

MINOR = preferred_python()
MAPS = "maps = open('/proc/self/maps').read()"


def mapped(text: str, name: str) -> set[str]:
    """Give the paths of the mapped files of a library."""
    found = (line.split()[-1] for line in text.splitlines() if "/" in line)
    return {path for path in found if Path(path).name.startswith(name)}


@pytest.fixture
def wheel(standin: StandIn, tmp_path: Path) -> Path:
    """A wheel that needs libstdc++ and libz."""
    python = standin.build(f"pkgs.{attribute(MINOR)}") / f"bin/python{MINOR}"
    libz = standin.build("pkgs.lib.getLib pkgs.zlib") / "lib/libz.so.1"
    folder = tmp_path / "wheel"
    folder.mkdir()
    return nativewheel.build(folder, python, libz)


def test_a_wheel_in_cpp_finds_the_stores_libraries(make_project, wheel):
    """With the machine's libstdc++ and libz hidden, a wheel gets the store's, by the hook alone."""
    project = make_project({"requirements.txt": "generic\n"}, "--installer", "uv")
    project.enter(f"uv pip install -q {shlex.quote(str(wheel))}")
    hidden = shlex.join(hiding("libstdc++.so.6*", "libz.so.1*"))
    code = f"import generic; print(generic.answer()); {MAPS}; print(maps)"
    told = project.enter(f'[[ ! -v LD_LIBRARY_PATH ]]; {hidden} python -c "{code}"').stdout
    assert told.startswith("42 zlib\n")
    for library in ("libstdc++.so", "libz.so"):
        (path,) = mapped(told, library)
        assert path.startswith("/nix/store/")
    bare = project.enter(
        f"site=(.venv/lib/python*/site-packages); base=$(python -c "
        "'import sys; print(sys.base_prefix)'); "
        f'{hidden} "$base/bin/python" -c "import sys; sys.path.append(\'$site\'); {code}"',
        check=False,
    )
    assert "libz.so.1: file too short" in bare.stderr


def test_programs_of_the_host_are_left_as_they_are(make_project, wheel):
    """What Python starts has neither a variable nor a library of the store in its way."""
    project = make_project({"requirements.txt": "generic\n"}, "--installer", "uv")
    code = (
        "import generic, os, subprocess, sys\n"
        "assert not [name for name in os.environ if name.startswith('LD_')], os.environ\n"
        "for command in sys.argv[1:]:\n"
        "    done = subprocess.run(command.split(), capture_output=True, text=True, check=True)\n"
        "    print(done.stdout + done.stderr)\n"
    )
    (project.root / "start.py").write_text(code)
    programs = [shutil.which(name) for name in ("git", "ssh", "ls", "cat")]
    options = {"git": "--version", "ssh": "-V", "ls": "-d /", "cat": "/proc/self/maps"}
    commands = [f"{path} {options[Path(path).name]}" for path in programs if path]
    expected = [
        subprocess.run(command.split(), capture_output=True, text=True, check=True)
        for command in commands[:-1]
    ]
    project.enter(f"uv pip install -q {shlex.quote(str(wheel))}")
    told = project.enter(f"python start.py {shlex.join(commands)}").stdout
    for done in expected:
        assert (done.stdout + done.stderr).strip() in told
    assert "libc.so" in told
    assert "/nix/store/" not in told


def test_an_sdist_is_compiled_against_a_library(make_project, tmp_path):
    """`libraries: [libsodium]` gives headers and pkg-config to a build, and the file to Python."""
    one = Distribution("salty", "1.0", program=False, sdist=True, extension=True)
    files = wheelhouse.source_tree(one)
    files["_salty.cpp"] = (
        '#include <Python.h>\nextern "C" {\n#include <sodium.h>\n}\n'
        "static PyObject *version(PyObject *, PyObject *)\n"
        "{ return PyUnicode_FromString(sodium_version_string()); }\n"
        'static PyMethodDef methods[] = {{"version", version, METH_NOARGS, nullptr}, {}};\n'
        'static PyModuleDef module = {PyModuleDef_HEAD_INIT, "_salty", nullptr, -1, methods};\n'
        "PyMODINIT_FUNC PyInit__salty() { return PyModule_Create(&module); }\n"
    )
    files["pkg-config.txt"] = "libsodium\n"
    source = tmp_path / "salty"
    for name, text in files.items():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_text(text)
    project = make_project({"requirements.txt": ""}, "--library", "libsodium", "--installer", "uv")
    before = project.store()
    code = f"import _salty; print(_salty.version()); {MAPS}; print(maps)"
    told = project.enter(f'uv pip install -q {shlex.quote(str(source))} && python -c "{code}"')
    assert told.stdout.startswith("1.0.20\n")
    (path,) = mapped(told.stdout, "libsodium")
    assert path.startswith("/nix/store/")
    assert before.changes(project.store()) == []


def test_a_library_is_found_by_its_name(make_project):
    """`ctypes.util.find_library` works in the shell without LD_LIBRARY_PATH: by the linker.

    nixpkgs' Python asks neither ldconfig nor gcc (its patch no-ldconfig.patch); the stand-in's
    would, and finds the machine's own.
    """
    project = make_project({"requirements.txt": ""}, "--library", "libsodium")
    (project.root / "find.py").write_text(
        "import ctypes, ctypes.util\n"
        "ctypes.util._findSoname_ldconfig = ctypes.util._findLib_gcc = lambda name: None\n"
        "name = ctypes.util.find_library('sodium')\n"
        "print(name, ctypes.CDLL(name))\n"
        "print(open('/proc/self/maps').read())\n"
    )
    told = project.enter("[[ ! -v LD_LIBRARY_PATH ]]; python find.py").stdout
    assert told.startswith("libsodium.so.26 ")
    (path,) = mapped(told, "libsodium")
    assert path.startswith("/nix/store/")


def test_library_path_is_exported_on_request(make_project):
    """With `library_path: true` any program of the shell searches the libraries by name."""
    project = make_project({"nixpy.yaml": "library_path: true\nlibraries: [libsodium]\n"})
    told = lines(project.enter('echo "$LD_LIBRARY_PATH"', environment={"LD_LIBRARY_PATH": "/x"}))
    folders = told[-1].split(":")
    assert all(folder.startswith("/nix/store/") for folder in folders)
    assert any("-libsodium-" in folder for folder in folders)
    flake = (project.root / "flake.nix").read_text()
    assert "# library_path: " in flake


def test_a_tool_of_nix_precedes_the_wheels(make_project, standin, tmp_path):
    """`tools: [ruff]` runs nixpkgs' ruff, though the venv has the program of PyPI's wheel."""
    ruff = 'pkgs.lib.head (pkgs.lib.attrValues (pkgs.wheels.program "ruff"))'
    stored = standin.build(f"({ruff}).src")
    wheel = tmp_path / stored.name.partition("-")[2]
    shutil.copy(stored, wheel)
    project = make_project({"requirements.txt": "ruff\n"}, "--tool", "ruff")
    told = project.enter(
        f"uv pip install -q {shlex.quote(str(wheel))} && type -p ruff && ruff --version"
        ' && echo "$NIX_LD:$NIX_LD_LIBRARY_PATH"'
    )
    path, version, variables = lines(told)[-3:]
    assert path.startswith("/nix/store/")
    assert version.startswith("ruff ")
    program = project.venv / "bin/ruff"
    assert program.read_bytes().startswith(b"\x7fELF")
    loader, *folders = variables.split(":")
    assert Path(loader).name.startswith("ld-linux")
    assert os.access(loader, os.X_OK)
    assert folders
    assert all(folder.startswith("/nix/store/") for folder in folders)


def test_browsers_serve_the_playwright_that_they_are_for(make_project):
    """The variables are set where the versions agree; else one line says so, and none is set."""
    project = make_project({"requirements.txt": "playwright\n"})
    shown = "env | grep ^PLAYWRIGHT_ || true"
    told = project.enter(shown)
    variables = dict(line.split("=", 1) for line in lines(told))
    assert variables.keys() == {
        "PLAYWRIGHT_BROWSERS_PATH",
        "PLAYWRIGHT_NODEJS_PATH",
        "PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD",
        "PLAYWRIGHT_SKIP_VALIDATE_HOST_REQUIREMENTS",
    }
    assert list(Path(variables["PLAYWRIGHT_BROWSERS_PATH"]).glob("chromium-*"))
    assert "does not fit" not in told.stderr
    (site,) = project.venv.glob("lib/python*/site-packages")
    info = site / "playwright-1.49.1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Name: playwright\nVersion: 1.49.1\n")
    told = project.enter(shown)
    assert "playwright 1.49.1 does not fit the browsers of nixpkgs, which are for" in told.stderr
    assert "require `playwright~=1.61.0`, and install it" in told.stderr
    assert lines(told) == []


# CUDA itself, and what it and Python packages load by name.
DRIVER = (
    "libcuda.so.1",
    "libnvcuvid.so.1",
    "libnvidia-ml.so.1",
    "libnvidia-ptxjitcompiler.so.1",
    "libnvoptix.so.1",
)


@pytest.mark.parametrize(("host", "further"), [
    ("/run/opengl-driver/lib", ()),
    ("/usr/lib/x86_64-linux-gnu", ()),
    ("/usr/lib64", ()),
    ("/usr/lib/wsl/lib", ("libdxcore.so",)),
], ids=["nixos", "debian", "fedora", "wsl"])  # fmt: skip
def test_the_drivers_libraries_are_loaded(make_project, tmp_path, host, further):
    """`cuda: true` loads what the host has of the driver, and shows linkers those files alone."""
    driver, source, names = tmp_path / "driver", tmp_path / "driver.c", (*DRIVER, *further)
    driver.mkdir()
    source.write_text("int answer(void) { return 7; }\n")
    for name in names:
        command = ["c++", "-xc", "-shared", "-fPIC", f"-Wl,-soname,{name}", source, "-o"]
        subprocess.run([*map(str, command), driver / name], check=True)
    project = make_project({"nixpy.yaml": "cuda: true\n"})
    code = f"import ctypes; print(*(ctypes.CDLL(one).answer() for one in {names})); {MAPS}"
    code += "; print(*{line.split()[-1] for line in maps.splitlines() if '/libc.so' in line})"
    script = f'set -e; python -c "{code}"; ls "$TRITON_LIBCUDA_PATH"'
    develop = ["nix", "develop", *project.flake_options(), "-c", "bash", "-c"]
    hidden = hiding("libcuda.so*", driver=str(driver), host=host)
    answers, libc, *links = lines(project.run([*hidden, *develop, script]))
    assert answers == " ".join("7" for _ in names)
    assert len(libc.split()) == 1
    assert {*links} == {*names, *(name.partition(".so")[0] + ".so" for name in names)}
    gone = "echo ${TRITON_LIBCUDA_PATH-none}; ls -d .venv/lib/*"
    shown = lines(project.run([*hiding("libcuda.so*"), *develop, gone]))
    assert shown == ["none", f".venv/lib/python{MINOR}"]
