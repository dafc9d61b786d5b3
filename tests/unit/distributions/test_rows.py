"""Which rows there are, who provides each, and what is said of it."""

import pytest

from nixpy.distributions.model import Code, Provider
from nixpy.distributions.rows import listed_packages
from nixpy.metadata.model import Installer
from tests.support.explaining import SDIST, entry, pyproject, row, said, scene, table, uv_lock

NUMPY = {"pyproject.toml": pyproject("numpy"), "uv.lock": uv_lock(entry("numpy", "2.5.1"))}
LISTED = "packages: [numpy]\n"


def test_lock_and_nix_have_different_versions():
    """It is a conflict that names both versions and the command that ends it."""
    one = row("numpy", NUMPY, {"numpy": "1.26.4"}, LISTED)
    assert one.provider is Provider.NIX
    assert one.version == "1.26.4"
    assert said(one) == ["! locked 2.5.1, Nix has 1.26.4"]
    assert one.conflicts[0].hint == (
        "`nixpy align numpy` brings them together; until then uv puts its own over Nix's"
    )


@pytest.mark.parametrize("version", ["2.5.1", "2.5.1.0", "0-unstable-2026-01-01"])
def test_versions_that_agree_or_cannot_be_compared(version):
    """What PEP 440 takes for the same version is no conflict, nor what is no version at all."""
    assert said(row("numpy", NUMPY, {"numpy": version}, LISTED)) == []


def test_a_requirement_that_forbids_nixs_version():
    """The requirement's line is named, and aligning is not offered, since it would not help."""
    files = {"pyproject.toml": pyproject("six", "numpy>=2"), "uv.lock": NUMPY["uv.lock"]}
    one = row("numpy", files, {"numpy": "1.26.4"}, LISTED)
    assert said(one) == [
        "! pyproject.toml:6 asks for numpy>=2, Nix has 1.26.4",
        "! locked 2.5.1, Nix has 1.26.4",
    ]
    assert one.conflicts[0].hint == "let it allow 1.26.4, or leave `numpy` to uv"
    assert one.conflicts[1].hint == "uv puts its own over Nix's"


def test_a_requirement_for_other_platforms_forbids_nothing():
    """A requirement whose marker does not hold here is not held against Nix's version."""
    files = {"pyproject.toml": pyproject("numpy>=2; sys_platform == 'win32'", "numpy")}
    assert said(row("numpy", files, {"numpy": "1.26.4"}, LISTED)) == []


def test_two_requirements_for_one_name():
    """Both stand in the row, and the one that Nix's version does not meet is named."""
    more = '[dependency-groups]\ndev = ["numpy<2"]\n'
    one = row("numpy", {"pyproject.toml": pyproject("numpy>=2", more=more)}, {"numpy": "2.1"})
    assert [wanted.text for wanted in one.wanted] == ["numpy>=2", "numpy<2"]
    assert said(one) == ["! pyproject.toml:8 asks for numpy<2, Nix has 2.1"]


def test_a_lock_older_than_its_requirement():
    """A lock that does not meet pyproject.toml is told, with both lines."""
    files = {"pyproject.toml": pyproject("numpy>=3"), "uv.lock": NUMPY["uv.lock"]}
    one = row("numpy", files)
    assert said(one) == ["! pyproject.toml:5 asks for numpy>=3, uv.lock:4 has 2.5.1"]


def test_an_override_sets_a_requirement_aside():
    """With uv's overrides a lock may hold what a requirement forbids; that is no conflict."""
    more = '[tool.uv]\noverride-dependencies = ["numpy==2.5.1"]\n'
    files = {"pyproject.toml": pyproject("numpy>=3", more=more), "uv.lock": NUMPY["uv.lock"]}
    assert said(row("numpy", files)) == []


def test_extras_urls_and_local_paths():
    """Names with extras count as the name; what comes from elsewhere says from where."""
    files = {
        "pyproject.toml": pyproject(
            "Requests[socks]>=2",
            "here @ git+https://git.example/here",
            "there @ https://files.example/there-1.0.tar.gz",
        ),
        "requirements.txt": "-e ./plugins/ours\n",
        "plugins/ours/pyproject.toml": '[project]\nname = "our.plugin"\nversion = "1"\n',
    }
    providers = {one.name: one.provider.value for one in table(files).rows}
    assert providers == {
        "requests": "PyPI",
        "here": "git",
        "there": "URL",
        "our-plugin": "project",
    }


def test_listed_in_nixpy_yaml_but_taken_from_git():
    """What the project takes from elsewhere replaces Nix's, which is a conflict."""
    files = {"pyproject.toml": pyproject("numpy @ git+https://git.example/numpy")}
    one = row("numpy", files, {"numpy": "2.1"}, LISTED)
    assert said(one) == [
        "! pyproject.toml:5 takes it from `git+https://git.example/numpy`, not from Nix"
    ]


def test_a_package_that_the_project_does_not_use():
    """It is a note, not a conflict."""
    one = row("numpy", {"pyproject.toml": pyproject("six")}, {"numpy": "2.1"}, LISTED)
    assert said(one) == ["nothing of the project asks for it"]
    assert one.conflicts == ()


def test_what_nix_brings_along_is_provided_by_nix_too():
    """A dependency of a listed package is compared with the lock as well."""
    files = {
        "pyproject.toml": pyproject("pandas"),
        "uv.lock": uv_lock(entry("pandas", "3.0", "numpy"), entry("numpy", "2.5.1")),
    }
    one = row("numpy", files, {"pandas": "3.0", "numpy": "2.1"}, "packages: [pandas]\n")
    assert one.provider is Provider.NIX
    assert said(one) == ["! locked 2.5.1, Nix has 2.1"]


def test_no_lock_at_all():
    """Without a lock the rows are those of the requirements, and no version is made up."""
    rows = table({"pyproject.toml": pyproject("six", "numpy")}, {"numpy": "2.1"}, LISTED).rows
    assert [(one.name, one.locked_versions, one.version) for one in rows] == [
        ("numpy", (), "2.1"),
        ("six", (), None),
    ]


def test_nixs_versions_are_not_known():
    """The row says that Nix provides it, and nothing of versions."""
    one = row("numpy", NUMPY, None, LISTED)
    assert (one.provider, one.version, said(one)) == (Provider.NIX, None, [])


def test_an_attribute_is_the_distribution_that_pypi_calls_otherwise():
    """The attribute in nixpy.yaml and PyPI's name in the project are one row."""
    files = {"pyproject.toml": pyproject("discord.py", "PyGObject")}
    yaml = "packages: [discordpy, python3Packages.pygobject3]\n"
    assert [one.name for one in listed_packages(scene(files, yaml=yaml).config)] == [
        "discord-py",
        "pygobject",
    ]
    rows = table(files, {"discord-py": "2.0", "pygobject": "3.50"}, yaml).rows
    assert [(one.name, one.provider.value) for one in rows] == [
        ("discord-py", "Nix"),
        ("pygobject", "Nix"),
    ]


def test_what_the_installer_has_put_into_the_venv_is_told():
    """The version in the venv is that of what the installer provides."""
    assert row("numpy", NUMPY, installed={"numpy": "2.5.0"}).version == "2.5.0"


def test_wheels_that_do_not_fit_this_python():
    """With an sdist it is built, and Nix is offered; without one nothing can be installed."""
    wheels = "cp312-cp312-manylinux_2_17_x86_64 cp312-cp312-win_amd64"
    files = {
        "pyproject.toml": pyproject("numpy", "ours"),
        "uv.lock": uv_lock(
            entry("numpy", "2.5.1", more=SDIST, wheels=wheels), entry("ours", wheels=wheels)
        ),
    }
    built = row("numpy", files, python="3.14")
    assert said(built)[0].startswith("built from source: no wheel of 2.5.1 fits Python 3.14")
    assert built.conflicts == ()
    assert built.remarks[0].hint == "`packages: [numpy]` in nixpy.yaml takes it from Nix"
    without = row("ours", files, python="3.14")
    assert said(without)[0] == "! no wheel of 1.0 fits Python 3.14, and there is no sdist"
    assert said(row("ours", files, python="3.12")) == ["not in nixpkgs"]


def test_wheels_for_another_system_only():
    """The systems are named, since no change of Python would help."""
    files = {
        "pyproject.toml": pyproject("psycopg2"),
        "uv.lock": uv_lock(entry("psycopg2", more=SDIST, wheels="cp313-cp313-win_amd64")),
    }
    texts = said(row("psycopg2", files))
    assert texts[0].startswith("built from source: 1.0 has wheels for Windows only; that takes")


def test_only_an_sdist():
    """What has no wheels at all is built from source."""
    files = {
        "pyproject.toml": pyproject("ours"),
        "uv.lock": uv_lock(entry("ours", more=SDIST, wheels="-")),
    }
    assert said(row("ours", files))[0] == "built from source: has no wheels"


def test_files_do_not_matter_where_nix_provides_it():
    """A wheel that does not fit is nobody's trouble if Nix has the locked version."""
    files = {
        "pyproject.toml": pyproject("numpy"),
        "uv.lock": uv_lock(entry("numpy", "2.1", wheels="cp39-cp39-win_amd64")),
    }
    assert said(row("numpy", files, {"numpy": "2.1"}, LISTED)) == []


def test_what_other_platforms_or_pythons_need_is_told_apart():
    """What a marker excludes here has no conflict, whatever its files are."""
    files = {
        "pyproject.toml": pyproject("ours"),
        "uv.lock": uv_lock(
            entry(
                "ours",
                "1.0",
                "pywin32; sys_platform == 'win32'",
                "tomli; python_full_version < '3.11'",
                "six",
            ),
            entry("pywin32", "300", wheels="cp313-cp313-win_amd64"),
            entry("tomli"),
            entry("six"),
        ),
    }
    elsewhere = [
        one.name for one in table(files).rows if Code.ELSEWHERE in {r.code for r in one.remarks}
    ]
    assert elsewhere == ["pywin32", "tomli"]
    assert row("pywin32", files).conflicts == ()
    assert Code.ELSEWHERE not in {r.code for r in row("tomli", files, python="3.10").remarks}


def test_markers_of_poetrys_dependencies():
    """A dependency with several markers counts where any of them holds."""
    lock = """\
[[package]]
name = "ours"
version = "1.0"
files = [{file = "ours-1.0-py3-none-any.whl", hash = "sha256:00"}]

[package.dependencies]
colorama = {version = "*", markers = "sys_platform == \\"win32\\""}
tomli = [
    {version = ">=1", markers = "python_version < \\"3.11\\""},
    {version = ">=2", markers = "sys_platform == \\"linux\\""},
]

[[package]]
name = "colorama"
version = "0.4"

[[package]]
name = "tomli"
version = "2.0"

[metadata]
lock-version = "2.1"
"""
    files = {"pyproject.toml": pyproject("ours"), "poetry.lock": lock}
    codes = {one.name: {r.code for r in one.remarks} for one in table(files).rows}
    assert Code.ELSEWHERE in codes["colorama"]
    assert Code.ELSEWHERE not in codes["tomli"]


def test_pipenv_cannot_align():
    """Where `nixpy align` has no way, it is not offered."""
    one = row("numpy", NUMPY, {"numpy": "2.1"}, LISTED, installer=Installer.PIPENV)
    assert one.conflicts[0].hint == "pipenv puts its own over Nix's"


def test_a_fork_of_the_lock_is_taken_by_its_marker():
    """Of two locked versions the one for this Python counts."""
    old = "resolution-markers = [\"python_full_version < '3.12'\"]\n"
    new = "resolution-markers = [\"python_full_version >= '3.12'\"]\n"
    files = {
        "pyproject.toml": pyproject("numpy"),
        "uv.lock": uv_lock(entry("numpy", "1.26.4", more=old), entry("numpy", "2.5.1", more=new)),
    }
    assert row("numpy", files, python="3.11").locked_versions == ("1.26.4",)
    assert said(row("numpy", files, {"numpy": "2.5.1"}, LISTED)) == []
    assert said(row("numpy", files, {"numpy": "1.26.4"}, LISTED)) == [
        "! locked 2.5.1, Nix has 1.26.4"
    ]


def test_libraries_programs_and_build_needs():
    """Native libraries are told, and programs that NixOS cannot start, with what to do."""
    files = {"pyproject.toml": pyproject("opencv-python", "ruff")}
    assert "loads glib, libGL" in said(row("opencv-python", files))[0]
    ruff = row("ruff", files)
    assert "brings programs that NixOS cannot start: ruff" in said(ruff)
    assert any("`tools: [ruff]`" in (one.hint or "") for one in ruff.remarks)
    settled = row("ruff", files, None, "tools: [ruff]\n")
    assert "`ruff` of `tools:` comes first on PATH" in said(settled)
    assert said(row("opencv-python", files, system="darwin")) == []


def test_what_only_nixpkgs_has_or_has_to_be_accepted():
    """cupy's unfree libraries and customtkinter's tkinter are told, with what brings them."""
    files = {"pyproject.toml": pyproject("cupy-cuda12x", "customtkinter")}
    cupy, custom = row("cupy-cuda12x", files), row("customtkinter", files)
    assert said(cupy)[0].startswith("can load cudaPackages.cuda_cudart, ")
    assert cupy.remarks[0].hint == "`cuda: true` in nixpy.yaml accepts the license"
    assert said(custom) == ["imports `tkinter`, which PyPI has not"]
    assert said(row("cupy-cuda12x", files, None, "cuda: true\n")) == []
    assert said(row("customtkinter", files, None, "packages: [tkinter]\n")) == []


def test_unfree_and_compiled():
    """An unfree licence and a missing build in the cache are told before anything is built."""
    files = {"pyproject.toml": pyproject("torch", "mkl")}
    yaml = "nixpkgs: nixos-unstable\npackages: [torch-bin]\n"
    unfree = table(files, None, yaml).row("torch")
    assert unfree is not None
    assert "! has an unfree license, which Nix refuses" in said(unfree)
    allowed = table(files, None, yaml + "allow_unfree: true\n").row("torch")
    assert allowed is not None
    assert not any("unfree" in text for text in said(allowed))
    old = row("torch", files, None, "packages: [torch]\n", python="3.12")
    assert said(old) == ["! would be compiled"]
    assert old.conflicts[0].hint == (
        "nixos-unstable has no packages built for Python 3.12; nixos-25.11 has: "
        "set `nixpkgs: github:NixOS/nixpkgs/nixos-25.11` in nixpy.yaml"
    )


def test_listed_but_not_in_nixpkgs():
    """A listed name that nixpkgs has not is a conflict; of others it is a note."""
    files = {"pyproject.toml": pyproject("aerich", "scipyy")}
    yaml = "packages: [aerich, nunpy]\n"
    rows = {one.name: one for one in table(files, None, yaml).rows}
    assert said(rows["aerich"]) == ["! not in nixpkgs"]
    assert rows["aerich"].provider is Provider.PYPI
    assert said(rows["nunpy"])[0] == "! not known to be in nixpkgs"
    assert "`numpy`" in (rows["nunpy"].conflicts[0].hint or "")
    assert said(rows["scipyy"]) == ["not in nixpkgs"]


def test_a_lock_without_dependencies_needs_everything():
    """Of a lock that does not say who requires what, nothing is taken to be for elsewhere."""
    files = {
        "Pipfile": '[packages]\nflask = "*"\n',
        "Pipfile.lock": '{"_meta": {"pipfile-spec": 6}, "default": {"flask": {"version": "==3.0"},'
        ' "jinja2": {"version": "==3.1"}}, "develop": {}}',
    }
    one = row("jinja2", files, installer=Installer.PIPENV)
    assert one.locked_versions == ("3.1",)
    assert said(one) == []


def test_the_pins_of_a_compiled_file_are_its_lock():
    """What pip-compile pinned is a locked version, not a requirement that forbids another."""
    files = {
        "requirements.in": "numpy\n",
        "requirements.txt": "# This file is autogenerated by pip-compile with Python 3.13\n"
        "numpy==2.5.1\n    # via -r requirements.in\n",
    }
    one = row("numpy", files, {"numpy": "1.26.4"}, LISTED, installer=Installer.PIP)
    assert said(one) == ["! locked 2.5.1, Nix has 1.26.4"]
