"""What the project's distributions take from nixpkgs beside Python, and for whom."""

import pytest
from packaging.requirements import Requirement

from nixpy.config.model import Config
from nixpy.config.parse import parse
from nixpy.metadata.model import Kind, Locked, Project, Wanted
from nixpy.plan.libraries import native_libraries
from nixpy.plan.model import Attribute
from nixpy.syntax.origin import Origin

HERE = Origin("pyproject.toml")
LOCK = Origin("uv.lock")


def wanting(*names: str, kind: Kind = Kind.RUN) -> Project:
    """Give a project that requires some distributions."""
    return Project(
        wanted=tuple(Wanted(name, name, Requirement(name), HERE, kind) for name in names)
    )


def names(attributes: tuple[Attribute, ...]) -> list[str]:
    """Give what attributes are called on the newest branch."""
    return [one.alternatives[0] for one in attributes]


def test_libraries_come_with_the_distributions_that_load_them():
    """opencv-python loads libGL and glib; the reason names it."""
    found = native_libraries(Config(), wanting("opencv-python"), [])
    reasons = {one.alternatives[0]: one.because for one in found.runtime}
    assert reasons["libGL"] == reasons["glib"] == "opencv-python"
    assert reasons["zlib"] == reasons["stdenv.cc.cc.lib"] == "wheels"


def test_what_nix_provides_whole_needs_no_library():
    """A distribution from Nix brings its own libraries."""
    found = native_libraries(Config(), wanting("opencv-python"), ["opencv-python"])
    assert names(found.runtime) == ["stdenv.cc.cc.lib", "zlib"]


@pytest.mark.parametrize("kind", [Kind.BUILD, Kind.CONSTRAINT])
def test_what_is_not_installed_needs_no_library(kind):
    """Constraints and build requirements put nothing into the venv."""
    found = native_libraries(Config(), wanting("opencv-python", kind=kind), [])
    assert names(found.runtime) == ["stdenv.cc.cc.lib", "zlib"]


def test_headers_come_for_what_is_built_from_source():
    """A distribution that the lock has as sdist alone gets what its build needs."""
    locked = Locked("h5py", "3.0", Origin("uv.lock"), sdist=True)
    found = native_libraries(Config(), Project(locked=(locked,)), [])
    assert "hdf5" in names(found.build)
    wheel = Locked("h5py", "3.0", Origin("uv.lock"), sdist=True, wheels=("h5py-3.0-x.whl",))
    assert native_libraries(Config(), Project(locked=(wheel,)), []).build == ()


def test_the_users_libraries_are_loaded_and_built_with():
    """`libraries:` serves wheels and builds alike."""
    found = native_libraries(parse("libraries: [libsodium]"), Project(), [])
    assert "libsodium" in names(found.runtime)
    assert "libsodium" in names(found.build)


@pytest.mark.parametrize(("name", "brings", "library"), [
    ("psycopg", "psycopg-binary", "libpq"),
    ("pyvips", "pyvips-binary", "vips"),
])  # fmt: skip
def test_a_wheel_that_brings_the_library_makes_it_needless(name, brings, library):
    """No libpq is loaded for psycopg where psycopg-binary brings one."""
    assert library in names(native_libraries(Config(), wanting(name), []).runtime)
    assert library not in names(native_libraries(Config(), wanting(name, brings), []).runtime)
    assert library not in names(native_libraries(Config(), wanting(name), [brings]).runtime)


def test_what_is_looked_up_by_name_is_in_the_linkers_reach():
    """`ctypes.util.find_library` asks the linker, so zbar is a build input as well."""
    found = native_libraries(Config(), wanting("pyzbar"), [])
    assert "zbar" in names(found.runtime)
    assert names(found.build) == ["zbar"]


def test_unfree_libraries_wait_for_the_users_word():
    """cupy's CUDA libraries are rendered with `cuda: true`, and told of without."""
    refused = native_libraries(Config(), wanting("cupy-cuda12x"), [])
    assert not any("cuda" in name for name in names(refused.runtime))
    (note,) = refused.notes
    assert "`cuda: true`" in note
    allowed = native_libraries(parse("cuda: true"), wanting("cupy-cuda12x"), [])
    assert "cudaPackages.libcublas" in names(allowed.runtime)
    assert allowed.notes == ()


def test_other_unfree_libraries_take_allow_unfree():
    """Oracle's client has nothing to do with CUDA."""
    notes = native_libraries(Config(), wanting("cx-oracle"), []).notes
    assert any(
        "`oracle-instantclient`" in note and "`allow_unfree: true`" in note for note in notes
    )
    allowed = native_libraries(parse("allow_unfree: true"), wanting("cx-oracle"), [])
    assert "oracle-instantclient" in names(allowed.runtime)


@pytest.mark.parametrize(("text", "key"), [
    ("libraries: [cudaPackages.cudnn]", "cuda"),
    ("tools: [unrar]", "allow_unfree"),
])  # fmt: skip
def test_an_unfree_library_or_tool_is_told_before_anything_is_built(text, key):
    """Nix would refuse what the user lists: the key that accepts it is named."""
    (caution,) = native_libraries(parse(text), Project(), []).cautions
    assert "(nixpy.yaml:1) has an unfree license" in caution.text
    assert f"`{key}: true`" in (caution.hint or "")
    assert native_libraries(parse(f"{text}\n{key}: true"), Project(), []).cautions == ()


def test_what_only_nixpkgs_has_is_asked_for():
    """customtkinter imports tkinter, which no installer can get: the command to run is named."""
    (caution,) = native_libraries(Config(), wanting("customtkinter", "ttkbootstrap"), []).cautions
    assert caution.text.startswith("`customtkinter`, `ttkbootstrap` import `tkinter`")
    assert "`nixpy add tkinter`" in (caution.hint or "")
    listed = native_libraries(parse("packages: [tkinter]"), wanting("customtkinter"), ["tkinter"])
    assert listed.cautions == ()


def test_programs_that_it_runs_are_named_once():
    """pydub and ffmpy both run ffmpeg; with ffmpeg among the tools nothing is said."""
    notes = native_libraries(Config(), wanting("pydub", "ffmpy"), []).notes
    assert notes == ("ffmpy, pydub run programs of `ffmpeg`: `tools: [ffmpeg]` puts them on PATH",)
    assert native_libraries(parse("tools: [ffmpeg]"), wanting("pydub"), []).notes == ()


def test_programs_in_wheels_are_told_of():
    """ruff's wheel is a program for other Linux systems; nixpkgs' ruff is the way out."""
    found = native_libraries(Config(), wanting("ruff", "requests"), [])
    assert found.wheel_programs == ("ruff",)
    assert found.notes == (
        "ruff brings programs that NixOS starts only with nix-ld: "
        "`tools: [ruff]` puts nixpkgs' own first on PATH",
    )
    assert native_libraries(parse("tools: [ruff]"), wanting("ruff"), []).notes == ()
    assert native_libraries(Config(), wanting("ruff"), ["ruff"]).wheel_programs == ()


def test_what_may_be_fetched_is_told_of_where_it_is_asked_for():
    """nodeenv comes with pre-commit and seldom fetches a node: in a lock it is no news."""
    locked = Project(locked=(Locked("nodeenv", "1.9", LOCK),))
    assert native_libraries(Config(), locked, []).notes == ()
    assert "tools: [nodejs]" in native_libraries(Config(), wanting("nodeenv"), []).notes[0]


def test_notes_are_for_what_the_user_names():
    """A requirement's note is told; one of the hundreds that a lock adds is `explain`'s to tell."""
    assert any(
        note.startswith("gdal: ") for note in native_libraries(Config(), wanting("gdal"), []).notes
    )
    locked = Project(locked=(Locked("gdal", "3.9", LOCK),))
    assert not any(
        note.startswith("gdal: ") for note in native_libraries(Config(), locked, []).notes
    )


def test_wheels_of_cuda_bring_up_the_driver():
    """A lock with CUDA's wheels works on a GPU once the driver's library is loaded."""
    locked = Project(locked=(Locked("nvidia-cublas-cu12", "12.4", LOCK),))
    assert any("`cuda: true`" in note for note in native_libraries(Config(), locked, []).notes)
    assert native_libraries(parse("cuda: true"), locked, []).notes == ()


@pytest.mark.parametrize(("project", "version"), [
    (wanting("requests"), None),
    (wanting("pytest-playwright"), ""),
    (Project(locked=(Locked("playwright", "1.49.1", LOCK),)), "1.49"),
])  # fmt: skip
def test_the_version_of_playwright_is_the_locks(project, version):
    """Its browsers have to be of the same minor version, so that is what the shell compares."""
    assert native_libraries(Config(), project, []).playwright == version
