"""What Nix provides is as good as installed: seen from inside the shell, on both kinds of env."""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from tests.support.lacking import lacking
from tests.support.nixpkgs import StandIn, preferred_python, prefetch
from tests.support.project import lines
from tests.support.store import closure, dead

pytestmark = pytest.mark.e2e

MINOR = preferred_python()


def listing(*packages: str) -> dict[str, str]:
    """Give a project whose nixpy.yaml lists packages, and whose installer is uv."""
    return {"nixpy.yaml": f"packages: [{', '.join(packages)}]\n", "requirements.txt": ""}


def test_packages_of_every_form_are_imported(make_project):
    """Namespaces of both sorts, .pth files, a module without metadata, data files, versions."""
    project = make_project(listing(
        "cowsay", "sphinxcontrib-jsmath", "sphinxcontrib-qthelp", "paste", "pastedeploy",
        "coloredlogs", "pymupdf-fonts", "humanfriendly", "tkinter",
    ))  # fmt: skip
    (project.root / "look.py").write_text(
        "import sys, importlib.metadata as m, importlib.resources as r, json\n"
        "import sphinxcontrib.jsmath, sphinxcontrib.qthelp, paste.deploy, coloredlogs\n"
        "import pymupdf_fonts, tkinter, cowsay\n"
        "print(json.dumps({\n"
        "    'pth': sys.coloredlogs_pth,\n"
        "    'version': m.version('cowsay'),\n"
        "    'files': [f.name for f in m.files('cowsay') if not f.locate().exists()],\n"
        "    'resource': bool((r.files('cowsay') / 'cow.txt').read_text()),\n"
        "    'places': [x.__file__ for x in (coloredlogs, pymupdf_fonts, tkinter, cowsay)],\n"
        "    'linked': sorted({d.metadata['Name'] for d in m.distributions()}),\n"
        "}))\n"
    )
    told = json.loads(lines(project.enter("python look.py"))[-1])
    assert told["pth"] == "not asked for"
    assert told["version"] == "6.1"
    assert told["files"] == []
    assert told["resource"] is True
    assert all(place.startswith("/nix/store/") for place in told["places"])
    assert {"paste", "pastedeploy", "coloredlogs", "cowsay"} <= {*told["linked"]}
    for program in ("cowsay -t moo", "humanfriendly"):
        assert lines(project.enter(f"type -p {program.split()[0]}; {program}"))[0].startswith(
            f"{project.venv}/bin/"
        )


def test_half_a_namespace_from_pypi_joins_nixs_half(make_project, tmp_path):
    """A part of a PEP 420 namespace that an installer gets is imported beside Nix's."""
    wheel = make_wheel(tmp_path, "sphinxcontrib-moo", {"sphinxcontrib/moo.py": "NAME = 'moo'\n"})
    project = make_project(listing("sphinxcontrib-jsmath"))
    code = "import sphinxcontrib.jsmath as a, sphinxcontrib.moo as b; print(a.__file__, b.__file__)"
    told = project.enter(f'uv pip install -q {shlex.quote(str(wheel))} && python -c "{code}"')
    stored, own = lines(told)[-1].split()
    assert stored.startswith("/nix/store/")
    assert own.startswith(f"{project.venv}/")


def test_a_manual_page_is_found(make_project):
    """`man` derives its path from PATH, so a linked package's page is shown inside the shell."""
    man = shutil.which("man")
    if man is None or subprocess.run([man, "-w", "ls"], capture_output=True).returncode:
        lacking("this machine has no manual")
    project = make_project(listing("cowsay"))
    shown = lines(project.enter("unset MANPATH; man -w cowsay"))[-1]
    assert shown == str(project.venv / "share/man/man1/cowsay.1")


def test_a_kernel_of_nix_is_listed(make_project):
    """Kernels that packages of Nix bring are those of the venv, and start the venv's Python."""
    prefetch("ipykernel", python=MINOR)
    project = make_project(listing("ipykernel", "bash-kernel"))
    told = project.enter("jupyter kernelspec list --json || jupyter-kernelspec list --json")
    specs = json.loads(told.stdout)["kernelspecs"]
    assert {"bash", "python3"} <= specs.keys()
    for spec in specs.values():
        assert spec["resource_dir"].startswith(str(project.venv))
    python = shlex.split(specs["python3"]["spec"]["argv"][0])[0]
    where = lines(project.enter(f"type -p {shlex.quote(python)} || echo {shlex.quote(python)}"))
    assert where[-1].startswith(f"{project.venv}/bin/python")


PLUGIN = {
    "pytest_moo.py": "def pytest_report_header(config):\n    return 'moo plugin here'\n",
    "pytest_moo-1.0.dist-info/entry_points.txt": "[pytest11]\nmoo = pytest_moo\n",
}
TEST = "def test_sum():\n    assert 1 + 1 == 2\n"


def test_nixs_pytest_sees_a_plugin_from_pypi(make_project, tmp_path):
    """A plugin in .venv is loaded by the pytest that Nix provides, beside Nix's own plugins."""
    prefetch("pytest", python=MINOR)
    wheel = make_wheel(tmp_path, "pytest-moo", PLUGIN)
    project = make_project({**listing("pytest", "pytest-randomly"), "test_a.py": TEST})
    told = project.enter(f"uv pip install -q {shlex.quote(str(wheel))} && pytest test_a.py")
    assert "moo plugin here" in told.stdout
    assert "randomly-" in told.stdout
    assert "1 passed" in told.stdout


def test_pypis_pytest_sees_a_plugin_of_nix(make_project, standin, tmp_path):
    """A pytest that an installer got loads the plugins that Nix provides."""
    prefetch("pytest", python=MINOR)
    wheels = wheels_of(standin, tmp_path, "pytest")
    project = make_project({**listing("pytest-randomly"), "test_a.py": TEST})
    # Nix's plugin brings Nix's pytest, which the wheel of the same version replaces.
    install = f"uv pip install -q --no-deps --reinstall {shlex.join(map(str, wheels))}"
    code = "import pytest; print(pytest.__file__)"
    told = project.enter(f'{install} && python -c "{code}" && pytest test_a.py')
    assert lines(told)[0].startswith(f"{project.venv}/")
    assert "randomly-" in told.stdout
    assert "1 passed" in told.stdout


def test_the_garbage_collector_keeps_what_the_venv_points_to(make_project):
    """The env and the interpreter are alive by the venv alone; a new env brings new roots."""
    project = make_project(listing("cowsay"))
    project.enter("true")
    roots = sorted(project.venv.glob(".nixpy-gcroot*"))
    targets = {path.resolve() for path in roots}
    envs = [path for path in targets if path.name.endswith("-env")]
    assert len(envs) == 1
    # The lines of what nobody needs are counted in whole closures: what is alive is in none.
    assert not {*closure(*targets)} & dead()
    before = [path.lstat().st_mtime_ns for path in roots]
    (project.venv / ".nixpy-stamp").unlink()
    project.enter("true")
    assert [path.lstat().st_mtime_ns for path in roots] == before, "unchanged, so left alone"
    project.nixpy("add", "crc32c")
    project.enter("true")
    now = {path.resolve() for path in project.venv.glob(".nixpy-gcroot*")}
    assert now - targets, "the new env is a root"
    assert envs[0] not in now, "the old one is not"


def make_wheel(folder: Path, name: str, files: dict[str, str]) -> Path:
    """Write a pure wheel of version 1.0 that holds some files; give its path."""
    module = name.replace("-", "_")
    info = f"{module}-1.0.dist-info"
    files = {
        **files,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    files[f"{info}/RECORD"] = "".join(f"{path},,\n" for path in [*files, f"{info}/RECORD"])
    wheel = folder / f"{module}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    return wheel


def wheels_of(standin: StandIn, folder: Path, name: str) -> list[Path]:
    """Copy the wheel of a distribution of PyPI out of the store, by its right name."""
    stored = standin.build(f'(pkgs.wheels.forPython "{MINOR}").{name}.src')
    wheel = folder / stored.name.partition("-")[2]
    shutil.copy(stored, wheel)
    return [wheel]
