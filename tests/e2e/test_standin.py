"""The stand-in for nixpkgs behaves as nixpkgs does where nixpy depends on it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.support.nixpkgs import (
    KINDS,
    StandIn,
    attribute,
    available_pythons,
    nix_environment,
    preferred_python,
    stand_in,
    system,
)
from tests.support.store import closure, snapshot, writable

pytestmark = pytest.mark.e2e

PYTHON = attribute(preferred_python())

FLAKE = """\
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";
  outputs =
    { nixpkgs, ... }:
    {
      devShells.SYSTEM.default =
        let
          pkgs = nixpkgs.legacyPackages.SYSTEM;
          python = pkgs.PYTHON;
          env = python.withPackages (ps: [ ps.cowsay ]);
        in
        SHELL;
    };
}
"""

FACTS = """
import json, os, sys
print(json.dumps({
    "prefix": sys.prefix, "base_prefix": sys.base_prefix, "executable": sys.executable,
    "base_executable": sys._base_executable,
    "left": sorted(name for name in os.environ if name.startswith("NIX_PYTHON")),
    "path": sys.path,
}))
"""


def shell(standin: StandIn, project: Path, nix_shell: str, *command: str) -> str:
    """Enters a shell of a flake that is written for it, and returns what a command prints there."""
    text = FLAKE.replace("SHELL", nix_shell).replace("PYTHON", PYTHON).replace("SYSTEM", system())
    (project / "flake.nix").write_text(text, encoding="utf-8")
    result = subprocess.run(
        ["nix", "develop", f"path:{project}", "--no-write-lock-file",
         "--override-input", "nixpkgs", standin.ref, "-c", *command],
        capture_output=True, text=True, check=False, cwd=project, env=nix_environment(),
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    return result.stdout


def facts(program: str | Path) -> dict[str, object]:
    """Returns what an interpreter says of itself."""
    output = subprocess.run([program, "-c", FACTS], capture_output=True, text=True, check=True)
    found: dict[str, object] = json.loads(output.stdout)
    return found


@pytest.fixture(scope="module", params=KINDS)
def every_kind(
    request: pytest.FixtureRequest, nix_config: str, tmp_path_factory: pytest.TempPathFactory
) -> StandIn:
    """The stand-in, once for each of the three kinds of Python environment."""
    return stand_in(tmp_path_factory.mktemp("nixpkgs"), request.param)


@pytest.mark.parametrize("name", ["python", "python3", "python{version}"])
def test_prefixes_of_an_env(every_kind: StandIn, name: str) -> None:
    """In a legacy env, sys.prefix differs from the base's; in the newer ones, both are the env.

    `python` links to `python3`, by which the newer wrappers do not know the interpreter: they wrap
    it as they wrap all other programs, which is the older way.
    """
    env = every_kind.build(f"pkgs.{PYTHON}.withPackages (ps: [ ps.cowsay ])")
    clean = every_kind.build(f"pkgs.{PYTHON}")

    found = facts(env / "bin" / name.format(version=preferred_python()))

    older = every_kind.kind == "legacy" or name == "python"
    assert found["prefix"] == str(env)
    assert found["base_prefix"] == str(clean if older else env)
    assert str(found["executable"]).startswith(f"{env}/bin/python")
    # Not the wrapper, in no nixpkgs: what makes a venv from the older kind takes the clean Python.
    base = clean if older else env
    assert str(found["base_executable"]).startswith(f"{base}/bin/python")
    assert found["left"] == []
    assert f"{env}/lib/python{preferred_python()}/site-packages" in found["path"]  # type: ignore[operator]


def test_a_name_that_was_found_on_path(every_kind: StandIn) -> None:
    """Only the newest wrapper tells the interpreter the full path of the name it was called by."""
    env = every_kind.build(f"pkgs.{PYTHON}.withPackages (ps: [ ps.cowsay ])")
    command = ["python3", "-c", "import sys; print(sys.orig_argv[0])"]

    told = subprocess.run(
        command, env={"PATH": f"{env}/bin"}, capture_output=True, text=True, check=True
    )

    clean = every_kind.build(f"pkgs.{PYTHON}")
    expected = {"legacy": f"{clean}/bin/python3", "argv0": "python3"}
    assert told.stdout.strip() == expected.get(every_kind.kind, f"{env}/bin/python3")


def test_every_program_of_an_env_is_wrapped(every_kind: StandIn) -> None:
    """pip of an env runs as the env, and uv of an env makes even the clean Python say so."""
    env = every_kind.build(f"pkgs.{PYTHON}.withPackages (ps: [ ps.pip ps.uv ])")
    clean = every_kind.build(f"pkgs.{PYTHON}")

    pip = subprocess.run([env / "bin/pip", "--version"], capture_output=True, text=True, check=True)
    find = [env / "bin/uv", "python", "find", "--no-cache", f"{clean}/bin/python3"]
    found = subprocess.run(find, capture_output=True, text=True, check=True)

    assert f"{env}/lib/" in pip.stdout
    assert found.stdout.startswith(f"{env}/bin/python")


def test_the_clean_interpreter(standin: StandIn) -> None:
    """The interpreter without packages is a base: its own prefix, no pip, marked as managed."""
    clean = standin.build(f"pkgs.{PYTHON}")
    program = clean / "bin" / f"python{preferred_python()}"

    found = facts(program)
    pip = subprocess.run([program, "-m", "pip"], capture_output=True, text=True, check=False)

    assert found["prefix"] == found["base_prefix"] == str(clean)
    assert "No module named pip" in pip.stderr
    library = clean / "lib" / f"python{preferred_python()}"
    assert (library / "EXTERNALLY-MANAGED").is_file()
    assert (library / "site-packages" / "sitecustomize.py").is_file()
    assert not (library / "tkinter").exists()


def test_a_venv_of_the_clean_interpreter(standin: StandIn, tmp_path: Path) -> None:
    """`python -m venv` works, and its python is in the venv with the store's as its base."""
    clean = standin.build(f"pkgs.{PYTHON}")
    venv = tmp_path / "venv"
    command = [clean / "bin" / "python3", "-m", "venv", "--without-pip", venv]
    subprocess.run(command, check=True)

    found = facts(venv / "bin" / "python")

    assert found["prefix"] == str(venv)
    assert found["base_prefix"] == str(clean)


def test_a_distribution_s_patched_python(nix_config: str, tmp_path: Path) -> None:
    """Debian's Python, which looks for packages in places of its own, becomes like nixpkgs'."""
    program = Path("/usr/bin/python3").resolve()
    listed = subprocess.run(
        [program, "-c", "import site; print(site.getsitepackages())"],
        capture_output=True,
        text=True,
    )
    if "dist-packages" not in listed.stdout:
        pytest.skip("/usr/bin/python3 is not Debian's")
    version = program.name.removeprefix("python")

    for kind in KINDS:
        standin = stand_in(tmp_path, kind, pythons=[str(program)])
        env = standin.build(f"pkgs.{attribute(version)}.withPackages (ps: [ ps.cowsay ])")
        found = facts(env / "bin" / "python3")
        code = "import cowsay, sysconfig; print(sysconfig.get_path('purelib'))"
        purelib = subprocess.run(
            [env / "bin" / "python3", "-c", code], capture_output=True, text=True
        )

        assert found["prefix"] == str(env)
        assert not any("dist-packages" in folder for folder in found["path"])  # type: ignore[attr-defined]
        assert purelib.stdout.strip() == f"{env}/lib/python{version}/site-packages", purelib.stderr


def test_what_setup_hooks_leave_behind(standin: StandIn, tmp_path: Path) -> None:
    """A plain mkShell with Python in it exports the variables that nixpkgs' hooks export."""
    printed = shell(standin, tmp_path, "pkgs.mkShell { packages = [ python env ]; }", "env")

    exported = dict(line.split("=", 1) for line in printed.splitlines() if "=" in line)
    clean = standin.build(f"pkgs.{PYTHON}")
    assert exported["PYTHONHASHSEED"] == "0"
    assert exported["DETERMINISTIC_BUILD"] == "1"
    assert exported["PYTHONNOUSERSITE"] == "1"
    assert exported["SOURCE_DATE_EPOCH"] == "315532800"
    assert exported["_PYTHON_HOST_PLATFORM"].startswith("linux-")
    assert exported["_PYTHON_SYSCONFIGDATA_NAME"].startswith("_sysconfigdata__linux_")
    search = exported["PYTHONPATH"].split(":")
    assert search[0] == f"{clean}/lib/python{preferred_python()}/site-packages"
    assert "-env/lib/" in search[1]


def test_attributes_of_mkshell(standin: StandIn, tmp_path: Path) -> None:
    """MkShell exports `env` and other attributes, and runs the hook with packages on PATH."""
    printed = shell(
        standin,
        tmp_path,
        """pkgs.mkShell {
          packages = [ env ];
          env.ONE = "1 and a 'quote'";
          TWO = "2";
          shellHook = ''export HOOKED=$(cowsay -t moo | head -n 2 | tail -n 1)'';
        }""",
        "bash", "-c", 'printf "%s|" "$ONE" "$TWO" "$HOOKED"',
    )  # fmt: skip

    assert printed == "1 and a 'quote'|2|< moo >|"


def test_programs_of_an_env_find_it(standin: StandIn) -> None:
    """A console script works from the package itself, and from the env with the env's prefix."""
    package = standin.build(f"pkgs.{PYTHON}.pkgs.cowsay")
    env = standin.build(f"pkgs.{PYTHON}.withPackages (ps: [ ps.cowsay ps.crc32c ])")
    (env_script, own_script) = (env / "bin" / "cowsay", package / "bin" / "cowsay")

    for script in (env_script, own_script):
        said = subprocess.run([script, "-t", "moo"], capture_output=True, text=True, check=True)
        assert "< moo >" in said.stdout


def test_the_store_is_as_nix_leaves_it(standin: StandIn) -> None:
    """The stand-in's files cannot be written, are of 1970, and do not change when they are used."""
    env = standin.build(f"pkgs.{PYTHON}.withPackages (ps: [ ps.cowsay ])")
    paths = closure(env)
    before = snapshot(paths)

    subprocess.run([env / "bin" / "cowsay", "-t", "moo"], check=True, capture_output=True)

    assert before.changes(snapshot(paths)) == []
    assert writable(paths) == []
    assert {entry.split()[-1] for entry in before.entries.values() if entry.startswith("4")} == {
        "1000000000"
    }


def test_building_against_a_library(standin: StandIn, tmp_path: Path) -> None:
    """The compiler, pkg-config and the loader find a library that is among the build inputs."""
    (tmp_path / "version.c").write_text(
        "#include <sodium.h>\n#include <stdio.h>\n"
        "int main(void) { return puts(sodium_version_string()) < 0; }\n",
        encoding="utf-8",
    )

    printed = shell(
        standin,
        tmp_path,
        "pkgs.mkShell { packages = [ pkgs.pkg-config ]; buildInputs = [ pkgs.libsodium ]; }",
        "bash", "-c",
        "pkg-config --modversion libsodium && $CC version.c -lsodium -o version && ./version",
    )  # fmt: skip

    assert printed == "1.0.20\n1.0.20\n"


def test_what_an_application_propagates(standin: StandIn, tmp_path: Path) -> None:
    """A program written in Python brings its own Python and modules into a plain mkShell."""
    nix_shell = """pkgs.mkShell {
      packages = [ (python.pkgs.toPythonApplication python.pkgs.coloredlogs) ];
    }"""

    printed = shell(standin, tmp_path, nix_shell, "bash", "-c", "echo $PYTHONPATH; type -P python3")

    search, program = printed.split()
    assert "coloredlogs" in search.split(":")[0]
    assert any("humanfriendly" in folder for folder in search.split(":"))
    assert program.startswith("/nix/store/")


def test_an_unfree_package(standin: StandIn) -> None:
    """An unfree package is refused, unless the package set is imported with leave for it."""
    with pytest.raises(RuntimeError, match=r"unfree license .*refusing to evaluate"):
        standin.build(f"pkgs.{PYTHON}.withPackages (ps: [ ps.gurobipy ])")

    allowed = f'(import {standin.folder} {{ system = "{system()}"; config.allowUnfree = true; }})'
    env = standin.build(f"{allowed}.{PYTHON}.withPackages (ps: [ ps.gurobipy ])")

    assert (env / "lib" / f"python{preferred_python()}/site-packages/gurobipy").exists()


def test_two_packages_with_one_file(standin: StandIn) -> None:
    """Packages that hold the same file with other contents cannot be in one environment."""
    with pytest.raises(RuntimeError, match=r"collision between .*magic"):
        standin.build(f"pkgs.{PYTHON}.withPackages (ps: [ ps.file-magic ps.python-magic ])")


def test_namespaces_and_pth_files_of_an_env(standin: StandIn) -> None:
    """Packages that share a namespace, and those that .pth files announce, can be imported."""
    env = standin.build(
        f"pkgs.{PYTHON}.withPackages (ps: [ ps.sphinxcontrib-jsmath ps.sphinxcontrib-qthelp "
        "ps.pastedeploy ps.pymupdf-fonts ps.coloredlogs ])"
    )
    code = (
        "import sys, sphinxcontrib.jsmath, sphinxcontrib.qthelp, paste.request, paste.deploy, "
        "pymupdf_fonts, coloredlogs; print(sys.coloredlogs_pth)"
    )

    result = subprocess.run([env / "bin" / "python3", "-c", code], capture_output=True, text=True)

    assert result.stdout == "not asked for\n", result.stderr


@pytest.mark.network
def test_a_wheel_from_pypi(any_standin: StandIn) -> None:
    """numpy, which comes from PyPI once, has its compiled parts and its programs."""
    env = any_standin.build(f"pkgs.{PYTHON}.withPackages (ps: [ ps.numpy ])")

    code = "import numpy; print(numpy.ones(3).sum(), numpy.__file__)"
    result = subprocess.run([env / "bin" / "python3", "-c", code], capture_output=True, text=True)

    assert result.stdout.startswith(f"3.0 {env}/lib/"), result.stderr
    assert (env / "bin" / "f2py").is_file()


@pytest.mark.parametrize("target", ["x86_64-linux", "aarch64-linux", "aarch64-darwin"])
def test_other_systems_can_be_evaluated(any_standin: StandIn, target: str) -> None:
    """A shell for another system evaluates, as `nix flake check` does for all of them."""
    expression = (
        f'let pkgs = (builtins.getFlake "{any_standin.ref}").legacyPackages.{target}; '
        f"in (pkgs.mkShell {{ packages = [ pkgs.uv (pkgs.{PYTHON}.withPackages (p: [ p.cowsay ]))"
        " ]; }).drvPath"
    )

    result = subprocess.run(
        ["nix", "eval", "--impure", "--raw", "--expr", expression],
        capture_output=True, text=True, check=False, env=nix_environment(),
    )  # fmt: skip

    assert result.returncode == 0, result.stderr
    assert result.stdout.startswith("/nix/store/")


def test_a_python_that_the_machine_lacks(any_standin: StandIn) -> None:
    """A Python that this machine has none of fails to build, and the log says what to do."""
    missing = sorted({"3.10", "3.11", "3.12", "3.13", "3.14", "3.15"} - set(available_pythons()))
    if not missing:
        pytest.skip("this machine has every Python")

    with pytest.raises(RuntimeError, match=rf"no CPython {missing[0]}.*[\s\S]*hint: install one"):
        any_standin.build(f"pkgs.{attribute(missing[0])}")
