"""What the project's distributions take from nixpkgs beside Python, and for whom."""

from collections.abc import Sequence

import pytest
from packaging.requirements import Requirement

from nixpy.config.model import Config
from nixpy.config.parse import parse
from nixpy.metadata.model import Kind, Locked, Project, Wanted
from nixpy.metadata.read import read_project
from nixpy.plan.fitness import Fitness
from nixpy.plan.libraries import Natives, native_libraries
from nixpy.plan.model import Attribute
from nixpy.syntax.origin import Origin
from nixpy.syntax.tree import MemoryTree

MINORS = ("3.11", "3.12", "3.13", "3.14")
HERE = Origin("pyproject.toml")
LOCK = Origin("uv.lock")


def wanting(*names: str, kind: Kind = Kind.RUN) -> Project:
    """Give a project that requires some distributions."""
    return Project(
        wanted=tuple(Wanted(name, name, Requirement(name), HERE, kind) for name in names)
    )


def natives(config: Config, project: Project, provided: Sequence[str]) -> Natives:
    """Find what a project needs on Python 3.13."""
    return native_libraries(config, project, provided, Fitness(project, MINORS), "3.13")


def names(attributes: tuple[Attribute, ...]) -> list[str]:
    """Give what attributes are called on the newest branch."""
    return [one.alternatives[0] for one in attributes]


def test_libraries_come_with_the_distributions_that_load_them():
    """opencv-python loads libGL and glib; the reason names it."""
    found = natives(Config(), wanting("opencv-python"), [])
    reasons = {one.alternatives[0]: str(one.reason) for one in found.runtime}
    assert reasons["libGL"] == reasons["glib"] == "opencv-python"
    assert reasons["zlib"] == reasons["stdenv.cc.cc.lib"] == "wheels"


def test_what_nix_provides_whole_needs_no_library():
    """A distribution from Nix brings its own libraries."""
    found = natives(Config(), wanting("opencv-python"), ["opencv-python"])
    assert names(found.runtime) == ["stdenv.cc.cc.lib", "zlib"]


@pytest.mark.parametrize("kind", [Kind.BUILD, Kind.CONSTRAINT])
def test_what_is_not_installed_needs_no_library(kind):
    """Constraints and build requirements put nothing into the venv."""
    found = natives(Config(), wanting("opencv-python", kind=kind), [])
    assert names(found.runtime) == ["stdenv.cc.cc.lib", "zlib"]


def test_headers_come_for_what_is_built_from_source():
    """A distribution that the lock has as sdist alone gets what its build needs."""
    locked = Locked("h5py", "3.0", Origin("uv.lock"), sdist=True)
    found = natives(Config(), Project(locked=(locked,)), [])
    assert "hdf5" in names(found.build)
    for minor, built in (("313", False), ("312", True)):
        file = f"h5py-3.0-cp{minor}-cp{minor}-manylinux_2_17_x86_64.whl"
        wheel = Locked("h5py", "3.0", LOCK, sdist=True, wheels=(file,))
        found = natives(Config(), Project(locked=(wheel,)), [])
        assert ("hdf5" in names(found.build)) is built


def test_a_pin_without_a_wheel_for_the_python_is_built():
    """Without a lock the table says that there is no wheel of this release."""
    pinned = Wanted("h5py", "h5py==3.11.0", Requirement("h5py==3.11.0"), HERE)
    assert "hdf5" in names(natives(Config(), Project(wanted=(pinned,)), []).build)
    assert natives(Config(), wanting("h5py"), []).build == ()


def test_what_an_extra_brings_is_built_as_well():
    """psycopg[c] compiles psycopg-c, which no line of requirements.txt names."""
    wanted = Wanted("psycopg", "psycopg[c]", Requirement("psycopg[c]"), HERE)
    assert "libpq.pg_config" in names(natives(Config(), Project(wanted=(wanted,)), []).build)


@pytest.mark.parametrize("setting", ['no-binary-package = ["h5py"]', "no-binary = true"])
def test_what_the_project_wants_no_wheel_of_is_built(setting):
    """[tool.uv] no-binary-package makes uv build it, whatever wheels there are."""
    text = f'[project]\nname = "app"\ndependencies = ["h5py"]\n[tool.uv]\n{setting}\n'
    project = read_project(MemoryTree({"pyproject.toml": text}))
    assert "hdf5" in names(natives(Config(), project, []).build)


@pytest.mark.parametrize("name", ["torch", "tensorflow", "jax"])
def test_who_may_want_a_gpu_is_told_once(name):
    """The note names the one key, and not for builds that have no CUDA."""
    (note,) = natives(Config(), wanting(name, "torchvision"), []).notes
    assert note == (
        f"{name} works on a GPU by the driver's libraries: `cuda: true` in nixpy.yaml loads them"
    )
    assert natives(parse("cuda: true"), wanting(name), []).notes == ()
    cpu = Project(locked=(Locked("torch", "2.9.0+cpu", LOCK),))
    assert natives(Config(), cpu, []).notes == ()


def test_the_users_libraries_are_loaded_and_built_with():
    """`libraries:` serves wheels and builds alike."""
    found = natives(parse("libraries: [libsodium]"), Project(), [])
    assert "libsodium" in names(found.runtime)
    assert "libsodium" in names(found.build)


@pytest.mark.parametrize(("name", "brings", "library"), [
    ("psycopg", "psycopg-binary", "libpq"),
    ("pyvips", "pyvips-binary", "vips"),
])  # fmt: skip
def test_a_wheel_that_brings_the_library_makes_it_needless(name, brings, library):
    """No libpq is loaded for psycopg where psycopg-binary brings one."""
    assert library in names(natives(Config(), wanting(name), []).runtime)
    assert library not in names(natives(Config(), wanting(name, brings), []).runtime)
    assert library not in names(natives(Config(), wanting(name), [brings]).runtime)


def test_what_is_looked_up_by_name_is_in_the_linkers_reach():
    """`ctypes.util.find_library` asks the linker, so zbar is a build input as well."""
    found = natives(Config(), wanting("pyzbar"), [])
    assert "zbar" in names(found.runtime)
    assert names(found.build) == ["zbar"]


@pytest.mark.parametrize("key", ["cuda", "library_path"])
def test_what_does_nothing_on_macos_is_told(key):
    """Where the flake is for macOS alone; with Linux among its systems the key has its use."""
    text = f"{key}: true\nsystems: [aarch64-darwin]"
    (caution,) = natives(parse(text), Project(), []).cautions
    assert caution.text.startswith(f"`{key}: true` does nothing on macOS")
    both = text.replace("]", ", aarch64-linux]")
    assert natives(parse(both), Project(), []).cautions == ()


def test_unfree_libraries_wait_for_the_users_word():
    """cupy's CUDA libraries are rendered with `cuda: true`, and told of without."""
    refused = natives(Config(), wanting("cupy-cuda12x"), [])
    assert not any("cuda" in name for name in names(refused.runtime))
    (note,) = refused.notes
    assert "`cuda: true`" in note
    allowed = natives(parse("cuda: true"), wanting("cupy-cuda12x"), [])
    assert "cudaPackages.libcublas" in names(allowed.runtime)
    assert allowed.notes == ()


def test_other_unfree_libraries_take_allow_unfree():
    """Oracle's client has nothing to do with CUDA."""
    notes = natives(Config(), wanting("cx-oracle"), []).notes
    assert any(
        "`oracle-instantclient`" in note and "`allow_unfree: true`" in note for note in notes
    )
    allowed = natives(parse("allow_unfree: true"), wanting("cx-oracle"), [])
    assert "oracle-instantclient" in names(allowed.runtime)


@pytest.mark.parametrize(("text", "key"), [
    ("libraries: [cudaPackages.cudnn]", "cuda"),
    ("tools: [unrar]", "allow_unfree"),
])  # fmt: skip
def test_an_unfree_library_or_tool_is_told_before_anything_is_built(text, key):
    """Nix would refuse what the user lists: the key that accepts it is named."""
    (caution,) = natives(parse(text), Project(), []).cautions
    assert "(nixpy.yaml:1) has an unfree license" in caution.text
    assert f"`{key}: true`" in (caution.hint or "")
    assert natives(parse(f"{text}\n{key}: true"), Project(), []).cautions == ()


def test_what_only_nixpkgs_has_is_asked_for():
    """customtkinter imports tkinter, which no installer can get: the command to run is named."""
    (caution,) = natives(Config(), wanting("customtkinter", "ttkbootstrap"), []).cautions
    assert caution.text.startswith("`customtkinter`, `ttkbootstrap` import `tkinter`")
    assert "`nixpy add tkinter`" in (caution.hint or "")
    listed = natives(parse("packages: [tkinter]"), wanting("customtkinter"), ["tkinter"])
    assert listed.cautions == ()


def test_programs_that_a_requirement_runs_are_on_path():
    """pydub and ffmpy both run ffmpeg: it is taken once, unless the user lists it."""
    (tool,) = natives(Config(), wanting("pydub", "ffmpy"), []).tools
    assert (tool.name, str(tool.reason)) == ("ffmpeg", "ffmpy, pydub")
    assert natives(parse("tools: [ffmpeg]"), wanting("pydub"), []).tools == ()


def test_programs_that_others_bring_along_are_named_once():
    """Of what only the lock has, it is told: few run such a part of what they depend on."""
    locked = Project(locked=(Locked("pydub", "1", LOCK), Locked("ffmpy", "1", LOCK)))
    found = natives(Config(), locked, [])
    assert found.tools == ()
    assert found.notes == (
        "the project may use ffmpeg (ffmpy, pydub): `nixpy add --tool ffmpeg` brings it",
    )


def test_a_program_that_some_system_lacks_is_left_to_the_user():
    """chromium is not there on macOS, where the flake would fail for it."""
    found = natives(Config(), wanting("pyppeteer"), [])
    assert found.tools == ()
    assert "`nixpy add --tool chromium`" in found.notes[0]


def test_programs_in_wheels_are_no_news():
    """The locked ruff runs, on NixOS too: the entry mends it."""
    assert natives(Config(), wanting("ruff", "requests"), []).notes == ()


def test_what_may_be_fetched_is_told_of_where_it_is_asked_for():
    """nodeenv comes with pre-commit and seldom fetches a node: in a lock it is no news."""
    locked = Project(locked=(Locked("nodeenv", "1.9", LOCK),))
    assert natives(Config(), locked, []).notes == ()
    assert "tools: [nodejs]" in natives(Config(), wanting("nodeenv"), []).notes[0]


def test_notes_are_for_what_the_user_names():
    """A requirement's note is told; one of the hundreds that a lock adds is `explain`'s to tell."""
    assert any(note.startswith("gdal: ") for note in natives(Config(), wanting("gdal"), []).notes)
    locked = Project(locked=(Locked("gdal", "3.9", LOCK),))
    assert not any(note.startswith("gdal: ") for note in natives(Config(), locked, []).notes)


@pytest.mark.parametrize(
    "name",
    ["nvidia-cublas-cu12", "nvidia-ml-py", "nvidia-nccl-cu12", "cuda-python", "onnxruntime-gpu"],
)
def test_wheels_of_cuda_bring_up_the_driver(name):
    """CUDA's wheels work on a GPU once the driver's libraries are loaded, lock or none."""
    for project in Project(locked=(Locked(name, "12.4", LOCK),)), wanting(name):
        assert any("`cuda: true`" in note for note in natives(Config(), project, []).notes)
        assert natives(parse("cuda: true"), project, []).notes == ()


@pytest.mark.parametrize(("project", "version"), [
    (wanting("requests"), None),
    (wanting("pytest-playwright"), ""),
    (Project(locked=(Locked("playwright", "1.49.1", LOCK),)), "1.49"),
])  # fmt: skip
def test_the_version_of_playwright_is_the_locks(project, version):
    """Its browsers have to be of the same minor version, so that is what the shell compares."""
    assert natives(Config(), project, []).playwright == version
