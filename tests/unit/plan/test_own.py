"""What building and running the project's own code takes is in the shell, with the reason."""

import pytest

from nixpy.config.model import Config
from nixpy.flake.render import render
from nixpy.metadata.read import read_project
from nixpy.plan.make import make_plan
from nixpy.plan.model import Part, Plan
from nixpy.syntax.tree import MemoryTree


def plan(files: dict[str, str], config: Config | None = None) -> Plan:
    project = read_project(MemoryTree(files))
    return make_plan([Part("default", ".", project, config or Config())])


def has(planned: Plan) -> dict[str, str]:
    shell = planned.shells[0]
    lists = (shell.libraries, shell.build_inputs, shell.tools, shell.typelibs)
    return {one.alternatives[0]: str(one.reason) for several in lists for one in several}


def built_by(*requires: str, name: str = "app") -> dict[str, str]:
    text = f'[build-system]\nrequires = {list(requires)}\n[project]\nname = "{name}"\n'
    return {"pyproject.toml": text.replace("'", '"')}


@pytest.mark.parametrize(
    ("requires", "programs"),
    [
        ("maturin>=1,<2", ["cargo", "rustc"]),
        ("setuptools-rust", ["cargo", "rustc"]),
        ("meson-python", ["meson", "ninja", "pkg-config"]),
        ("scikit-build-core[pyproject]", ["cmake", "ninja"]),
        ("hatch-jupyter-builder", ["nodejs"]),
    ],
)
def test_a_build_backend_brings_the_programs_that_it_runs(requires, programs):
    """`uv sync` builds the project, by the programs of its backend."""
    found = has(plan(built_by(requires)))
    assert set(programs) <= set(found)
    assert {found[name] for name in programs} == {requires.split("[")[0].split(">")[0]}


def test_hatchling_takes_nothing():
    """A pure project gets no compiler for its backend's sake."""
    assert set(has(plan(built_by("hatchling")))) == {"stdenv.cc.cc.lib", "zlib"}


@pytest.mark.parametrize(
    ("name", "library"),
    [("mysqlclient", "libmysqlclient"), ("h5py", "hdf5"), ("Pillow", "libjpeg")],
)
def test_the_projects_own_name_tells_what_it_is_built_with(name, library):
    """Who develops h5py needs hdf5, as those do who build it from its sdist."""
    assert library in has(plan(built_by("setuptools", name=name)))


def test_a_members_name_tells_it_too():
    """In a workspace each member is built."""
    root = '[project]\nname = "root"\n[tool.uv.workspace]\nmembers = ["native"]\n'
    files = {"pyproject.toml": root, "native/pyproject.toml": '[project]\nname = "h5py"\n'}
    assert "hdf5" in has(plan(files))


def test_programs_that_the_project_itself_runs_are_on_path():
    """Who develops auditwheel needs patchelf."""
    assert "patchelf" in has(plan(built_by("setuptools", name="auditwheel")))


@pytest.mark.parametrize(
    ("file", "text", "wanted", "left"),
    [
        ("meson.build", "project('x', 'c', 'fortran')\n", {"gfortran"}, set()),
        ("x/meson.build", "add_languages('fortran', native: false)\n", {"gfortran"}, set()),
        ("meson.build", "h = dependency('hdf5')\ndependency('gtk4', required: false)\n",
         {"hdf5"}, {"gtk4"}),
        ("CMakeLists.txt", "project(x LANGUAGES C Fortran)\nfind_package(LAPACK)\n",
         {"gfortran", "lapack"}, set()),
        ("CMakeLists.txt", "find_package(Eigen3 REQUIRED)\nfind_package(HDF5)\n",
         {"eigen"}, {"hdf5"}),
        ("package.json", "{}", {"nodejs"}, set()),
        ("package.json", '{"engines": {"node": "22.x"}}', {"nodejs_22"}, {"nodejs"}),
        ("package.json", '{"engines": {"node": "^22.1 || ^24"}}', {"nodejs_24"}, {"nodejs"}),
        ("package.json", '{"engines": {"node": ">=14"}}', {"nodejs"}, {"nodejs_14"}),
        ("package.json", '{"engines": {"node": "18.x"}}', {"nodejs"}, {"nodejs_18"}),
        ("package.json", '{"engines": {"node": ">= 20.0.0 < 25"}}', {"nodejs"}, {"nodejs_20"}),
        (".nvmrc", "v22.11.0\n", {"nodejs_22"}, {"nodejs"}),
        (".nvmrc", "lts/*\n", {"nodejs"}, set()),
        (".node-version", "18\n", {"nodejs"}, {"nodejs_18"}),
        ("hatch_build.py", "subprocess.run(['npm', 'ci'])\n", {"nodejs"}, set()),
    ],
)  # fmt: skip
def test_build_files_name_compilers_libraries_and_nodejs(file, text, wanted, left):
    """What the build cannot do without is there; what it can, is not."""
    found = has(plan({**built_by("setuptools"), file: text}))
    assert wanted <= set(found)
    assert left.isdisjoint(found)
    assert all(found[name].startswith(file) for name in wanted)


def test_a_rust_that_nixpkgs_has_not_is_told():
    """rustup would get a nightly; nixpkgs has one stable release."""
    files = {**built_by("maturin"), "rust-toolchain.toml": '[toolchain]\nchannel = "nightly"\n'}
    (note,) = plan(files).notes
    assert note.startswith("rust-toolchain.toml:2 asks for Rust nightly")
    assert "`tools: [rustup]`" in note
    files["rust-toolchain.toml"] = '[toolchain]\nchannel = "stable"\n'
    assert plan(files).notes == ()


GTK = "import gi\ngi.require_version('Gtk', '4.0')\ngi.require_versions({'Adw': '1'})\n"


def test_typelibs_that_the_sources_ask_for_are_found():
    """gi.require_version finds Gtk, and what its typelib asks for in turn."""
    planned = plan({**built_by("setuptools"), "app/__init__.py": GTK})
    found = has(planned)
    assert {"gtk4", "libadwaita", "pango", "gobject-introspection", "cairo"} <= set(found)
    assert found["libadwaita"] == "app/__init__.py"
    flake = render(planned)["flake.nix"]
    assert "GI_TYPELIB_PATH = lib.makeSearchPathOutput" in flake
    listed = flake.partition("typelibs =")[2].partition("pkgs.libadwaita")[0]
    assert "              # app/__init__.py\n" in listed


def test_without_introspection_nothing_is_set():
    """Most projects have no typelibs."""
    assert "TYPELIB" not in render(plan(built_by("setuptools")))["flake.nix"]
