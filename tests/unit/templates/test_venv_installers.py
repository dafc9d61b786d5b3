"""What uv and pip make of linked packages: they count as installed, and the user's wish wins."""

from __future__ import annotations

import shutil
import sysconfig
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

import pytest
from venv_project import SITE, Env, Project, package, place, run

SPAM = "[console_scripts]\nspam = spam:main\n"
BUNDLED = [
    Path(sysconfig.get_path("stdlib"), "ensurepip/_bundled"),
    Path(sysconfig.get_config_var("WHEEL_PKG_DIR") or "/nonexistent"),
]


@pytest.fixture
def wheels(tmp_path: Path) -> Path:
    """Give a folder with wheels: spam 1.0 and 2.0, and eggs, which requires spam."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    eggs = package("eggs")
    eggs["SITE/eggs-1.0.dist-info/METADATA"] += "Requires-Dist: spam>=1.0\n"
    for files in (package("spam"), package("spam", "2.0", points=SPAM), eggs):
        info = next(path.split("/")[1] for path in files if "dist-info" in path)
        name = info.replace(".dist-info", "-py3-none-any.whl")
        with zipfile.ZipFile(folder / name, "w") as archive:
            for path, text in files.items():
                if not path.endswith("INSTALLER"):
                    archive.writestr(path.removeprefix("SITE/"), text)
    return folder


@dataclass
class Installer:
    """An installer that takes packages from a folder of wheels alone."""

    command: list[object]
    wheels: Path
    always: list[object] = field(default_factory=list)
    uninstall: list[object] = field(default_factory=list)

    def __call__(self, verb: str, *arguments: object) -> str:
        """Run a subcommand that must succeed, and return all that it printed."""
        source = ["--no-index", "--find-links", self.wheels]
        options = {"install": source, "uninstall": self.uninstall}.get(verb, [])
        done = run(*self.command, verb, *arguments, *options, *self.always)
        return done.stdout + done.stderr


@pytest.fixture(params=["uv", "pip"])
def linked(
    request: pytest.FixtureRequest, project: Project, env: Env, wheels: Path
) -> tuple[Project, Installer, Path]:
    """Give a project with spam 1.0 from Nix, an installer for its venv, and Nix's folder."""
    provided = env(package("spam", points=SPAM))
    if request.param == "uv":
        uv = request.getfixturevalue("uv")
        command = [uv, "--cache-dir", project.root / "cache", "pip"]
        project.enter("--env", provided)
        venv = ["--python", project.venv / "bin/python"]
        return project, Installer(command, wheels, always=venv), provided / SITE
    if not any(list(folder.glob("pip-*.whl")) for folder in BUNDLED):
        pytest.skip("this Python carries no pip")
    project.enter("--env", provided)
    pip = Installer([project.venv / "bin/pip"], wheels, uninstall=["--yes"])
    return project, pip, provided / SITE


def versions(listing: str) -> list[str]:
    """Return the rows of a listing for spam and eggs."""
    rows = (line.split()[:2] for line in listing.splitlines())
    return [" ".join(row) for row in rows if row and row[0] in {"spam", "eggs"}]


def test_a_linked_package_is_listed_once_and_sound(linked: tuple[Project, Installer, Path]):
    """`list` shows one row and `check` finds nothing broken."""
    _, installer, _ = linked
    assert versions(installer("list")) == ["spam 1.0"]
    installer("check")


def test_what_needs_a_linked_package_is_installed_alone(linked: tuple[Project, Installer, Path]):
    """The installer takes nothing that Nix provides from the index, though it has a newer one."""
    project, installer, nix = linked
    installer("install", "eggs")
    assert versions(installer("list")) == ["eggs 1.0", "spam 1.0"]
    installer("check")
    code = "import eggs, spam; print(eggs.__file__, spam.__file__)"
    assert project.python(code) == f"{project.site}/eggs/__init__.py {nix}/spam/__init__.py"


def test_uninstalling_takes_the_link_alone(linked: tuple[Project, Installer, Path]):
    """The metadata and the program go, the folder in the store stays and can be imported."""
    project, installer, nix = linked
    installer("uninstall", "spam")
    assert not (project.site / "spam-1.0.dist-info").exists()
    assert not (project.venv / "bin/spam").exists()
    assert project.python("import spam; print(spam.__file__)") == f"{nix}/spam/__init__.py"


def test_another_version_replaces_the_link(linked: tuple[Project, Installer, Path]):
    """What the user asks for wins over Nix's, and stays when the shell is entered again."""
    project, installer, nix = linked
    installer("install", "spam==2.0")
    project.enter("--env", nix.parents[len(SITE.parts) - 1], stamp="2")
    code = "import importlib.metadata as m, spam; print(spam.version, m.version('spam'))"
    assert project.python(code) == "2.0 2.0"
    assert run(project.venv / "bin/spam").stdout.startswith("spam 2.0 ")
    assert versions(installer("list")) == ["spam 2.0"]
    installer("check")


def test_a_lock_at_nixs_version_keeps_the_link(project: Project, env: Env, wheels: Path, uv: str):
    """`uv sync` installs what Nix lacks, and leaves spam in the store."""
    provided = env(package("spam"))
    project.enter("--env", provided)
    place(project.root, {
        "pyproject.toml": '[project]\nname = "x"\nversion = "0"\nrequires-python = ">=3.10"\n'
        'dependencies = ["eggs", "spam<2"]\n[tool.uv]\npackage = false\n',
    })  # fmt: skip
    offline = ["--no-index", "--find-links", wheels, "--cache-dir", project.root / "cache"]
    done = run(uv, "sync", "--python", project.venv / "bin/python", *offline, cwd=project.root)
    assert "eggs==1.0" in done.stderr
    assert "spam" not in done.stderr
    assert project.python("import spam; print(spam.__file__)").startswith(str(provided))


def test_pip_is_there_without_a_network(project: Project):
    """Every venv has Python's own pip, which then can upgrade or remove itself."""
    if not any(list(folder.glob("pip-*.whl")) for folder in BUNDLED):
        pytest.skip("this Python carries no pip")
    project.enter()
    for program in ("pip", "pip3"):
        assert str(project.site) in run(project.venv / "bin" / program, "--version").stdout
    project.enter(stamp="2")
    assert len(list(project.site.glob("pip-*.dist-info"))) == 1
    run(project.venv / "bin/python", "-m", "pip", "uninstall", "-y", "pip")
    assert not list(project.site.glob("pip*"))
    assert not list((project.venv / "bin").glob("pip*"))


def test_a_pip_of_the_user_is_kept(project: Project):
    """Another pip, of whatever origin, is not replaced by Python's own."""
    project.enter()
    place(project.venv, package("pip", "99", installer="uv"))
    project.enter(stamp="2")
    assert project.python("import pip; print(pip.version)") == "99"


def test_a_python_without_pip_is_named(
    project: Project, program: ModuleType, monkeypatch: pytest.MonkeyPatch, capfd
):
    """Where Python carries no pip the shell says so, and what to do."""
    project.enter()
    for path in project.site.glob("pip-*"):
        shutil.rmtree(path)
    monkeypatch.setattr(program.sysconfig, "get_path", lambda name: str(project.root))
    monkeypatch.setattr(program.sysconfig, "get_config_var", lambda name: None)
    remarks: list[str] = []
    program.seed_pip(project.venv, remarks)
    assert remarks == ["this Python carries no pip, so the venv has none; add `pip` to `packages`"]
