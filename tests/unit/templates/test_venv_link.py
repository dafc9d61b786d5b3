"""Linking what Nix provides: what Python and the programs in the venv see of it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from venv_project import PYTHON, SITE, Env, Project, package, place, run

SPAM = "[console_scripts]\nspam = spam:main\n"


def infos(project: Project) -> set[str]:
    """Return the names of the .dist-info folders in the venv, but for pip's."""
    return {path.name for path in project.site.glob("*.dist-info") if path.name[:4] != "pip-"}


def test_a_package_of_nix_is_imported_from_the_store(project: Project, env: Env):
    """The module comes from the store, the program from the venv, and the version is right."""
    provided = env(package("spam", "1.2", points=SPAM))
    done = project.enter("--env", provided)
    assert done.stderr.endswith("with 1 package from Nix\n")
    code = "import importlib.metadata as m, spam; print(m.version('spam'), spam.__file__)"
    assert project.python(code) == f"1.2 {provided / SITE}/spam/__init__.py"
    assert run(project.venv / "bin/spam").stdout == f"spam 1.2 {provided / SITE}/spam/__init__.py\n"


def test_a_record_lists_what_was_written_and_nothing_else(project: Project, env: Env):
    """By its RECORD an installer removes the link, the program too, and nothing in the store."""
    project.enter("--env", env(package("spam", points=SPAM)))
    info = project.site / "spam-1.0.dist-info"
    record = [line.split(",")[0] for line in (info / "RECORD").read_text().splitlines()]
    listed = {Path(os.path.normpath(project.site / path)) for path in record}
    assert listed == {*info.iterdir(), project.venv / "bin/spam"}
    assert (info / "INSTALLER").read_text() == "nixpy\n"


@pytest.mark.parametrize(
    ("points", "names"),
    [
        ("[console_scripts]\na = spam:main\n[gui_scripts]\nb = spam:main\n", {"a", "b"}),
        ("[ console_scripts ]\na = spam:main\n", set()),
        ("# a comment\n[console_scripts]\n; another\n\n a=spam:main\n", {"a"}),
        ("[console_scripts]\na = spam:main [extra]\nb = spam : main\n", {"a", "b"}),
        ("[console_scripts]\na-b.c = spam:version.upper\n", {"a-b.c"}),
        ("[console_scripts]\n../a = spam:main\nb = spam\nc = os;x:y\n= spam:main\n", set()),
        ("[pytest11]\nspam = spam:main\n", set()),
    ],
)
def test_programs_are_those_that_entry_points_name(
    project: Project, env: Env, points: str, names: set[str]
):
    """Console and GUI scripts become programs that run; what names no function does not."""
    project.enter()
    before = {path.name for path in (project.venv / "bin").iterdir()}
    project.enter("--env", env(package("spam", points=points)), stamp="2")
    assert {path.name for path in (project.venv / "bin").iterdir()} - before == names
    for name in names:
        run(
            sys.executable,
            "-c",
            "import sys; compile(open(sys.argv[1]).read(), '', 'exec')",
            project.venv / "bin" / name,
        )


def test_the_users_package_comes_first(project: Project, env: Env):
    """What an installer put there is neither replaced nor hidden, under any spelling."""
    project.enter()
    place(project.venv, package("Spam_Eggs", "2.0", installer="uv"))
    place(project.venv, {"bin/eggs": "#!/bin/sh\necho mine\n"})
    provided = env(package("Spam_Eggs", "1.0", points="[console_scripts]\neggs = Spam_Eggs:main\n"))
    (provided / SITE / "Spam_Eggs-1.0.dist-info").rename(provided / SITE / "x")
    (provided / SITE / "x").rename(provided / SITE / "spam.eggs-1.0.dist-info")
    env({})  # seal it as it is now
    project.enter("--env", provided, stamp="2")
    code = (
        "import importlib.metadata as m, Spam_Eggs as s; print(m.version('spam-eggs'), s.version)"
    )
    assert project.python(code) == "2.0 2.0"
    assert infos(project) == {"Spam_Eggs-2.0.dist-info"}
    assert (project.venv / "bin/eggs").read_text() == "#!/bin/sh\necho mine\n"


def test_a_program_of_the_user_is_not_replaced(project: Project, env: Env):
    """A file that the user put into `bin` stays, and the link does not claim it."""
    project.enter()
    place(project.venv, {"bin/spam": "mine"})
    project.enter("--env", env(package("spam", points=SPAM)), stamp="2")
    assert (project.venv / "bin/spam").read_text() == "mine"
    assert "bin/spam" not in (project.site / "spam-1.0.dist-info/RECORD").read_text()


def test_links_follow_the_env(project: Project, env: Env):
    """A package that left or changed its version leaves neither metadata nor programs behind."""
    old = {
        **package("spam", points=SPAM),
        **package("ham", "1.0", points="[console_scripts]\nham = ham:main\nh = ham:main\n"),
    }
    new = {**package("ham", "2.0", points="[console_scripts]\nham = ham:main\n"), **package("eggs")}
    project.enter("--env", env(old, "old"))
    place(project.venv, package("mine", installer="uv"))
    done = project.enter("--env", env(new, "new"), stamp="2")
    assert done.stderr == f"nixpy: linked 2 packages from Nix into `{project.venv}`\n"
    assert infos(project) == {"ham-2.0.dist-info", "eggs-1.0.dist-info", "mine-1.0.dist-info"}
    assert not (project.venv / "bin/spam").exists()
    assert not (project.venv / "bin/h").exists()
    assert run(project.venv / "bin/ham").stdout.startswith("ham 2.0 ")
    assert "/old" not in project.python("import sys; print(sys.path)")
    project.enter(stamp="3")
    rest = {path.name for path in project.site.iterdir() if not path.name.startswith("pip")}
    assert rest - {"__pycache__"} == {"_nixpy.py", "mine", "mine-1.0.dist-info"}


def test_a_link_that_was_left_half_written_is_completed(project: Project, env: Env):
    """A killed shell leaves no distribution that counts as the user's."""
    provided = env(package("spam"))
    project.enter("--env", provided)
    (project.site / "spam-1.0.dist-info/METADATA").unlink()
    (project.venv / ".nixpy-stamp").unlink()
    project.enter("--env", provided)
    assert project.python("import importlib.metadata as m; print(m.version('spam'))") == "1.0"


@pytest.mark.parametrize(
    "left",
    [
        {},
        {"INSTALLER": "nixpy\n"},
        {"INSTALLER": "nixpy\n", ".nixpy-4711": "Metadata-Ver"},
        {"METADATA": "Metadata-Version: 2.1\nName: spam\n", ".nixpy-4711": ""},
    ],
)
def test_a_link_that_was_interrupted_is_no_package(
    project: Project, env: Env, uv: str, left: dict[str, str]
):
    """A .dist-info that cannot be an installer's is swept; uv would stop at it."""
    project.enter()
    for version in ("1.0", "0.9"):  # of what is linked now, and of what is not any more
        (project.site / f"spam-{version}.dist-info").mkdir()
        place(project.site / f"spam-{version}.dist-info", left)
    project.enter("--env", env(package("spam")), stamp="2")
    assert infos(project) == {"spam-1.0.dist-info"}
    listed = run(uv, "pip", "list", "--python", project.venv / "bin/python", "--format=freeze")
    assert "spam==1.0" in listed.stdout.splitlines()


def test_an_install_that_is_going_on_is_left_alone(project: Project):
    """A folder that an installer has just begun has no METADATA yet, and is not ours to sweep."""
    project.enter()
    place(project.site, {"spam-1.0.dist-info/LICENSE": "text"})
    project.enter(stamp="2")
    assert (project.site / "spam-1.0.dist-info/LICENSE").exists()


@pytest.mark.parametrize(
    "files",
    [
        {"SITE/odd.egg-info": ""},
        {"SITE/odd.egg-info": "Name: odd\n\nVersion: 1.0\n"},
        {"SITE/odd.egg-info/PKG-INFO": "Name: ../odd\nVersion: 1/0\n"},
        {"SITE/odd-1.0.dist-info/METADATA": "\0\n"},
        {
            "SITE/odd.egg-info/PKG-INFO": "Name: odd\nVersion: 1.0\n",
            "SITE/odd.egg-info/requires.txt": "[a\n]b]:[\n",
        },
    ],
)
def test_odd_metadata_of_nix_is_left_out_and_said_once(
    project: Project, env: Env, files: dict[str, str]
):
    """One package that makes no sense costs no other, and is told again only when it changed."""
    provided = env({**package("spam"), **files})
    done = project.enter("--env", provided)
    assert done.returncode == 0
    assert "spam-1.0.dist-info" in infos(project)
    said = [line for line in done.stderr.splitlines() if "made" not in line]
    if "odd-1.0.dist-info" not in infos(project):
        (info,) = provided.glob("lib/python*/site-packages/odd*")
        assert said == [f"nixpy: left out `{info}`: its metadata is not to be understood"]
    assert project.enter("--env", provided, stamp="2").stderr == ""


def test_a_python_that_runs_keeps_working_while_links_change(project: Project, env: Env):
    """A program that was started before an update still finds metadata and modules after it."""
    provided = env(package("spam"))
    project.enter("--env", provided)
    code = (
        "import importlib.metadata as m, subprocess, sys\n"
        f"subprocess.run({project.command('--env', provided, stamp='2')!r}, check=True)\n"
        "import spam; print(m.version('spam'), spam.version)"
    )
    assert project.python(code) == "1.0 1.0"


@pytest.mark.parametrize("form", ["folder", "file"])
def test_older_metadata_counts_too(project: Project, env: Env, form: str):
    """An .egg-info of setuptools or distutils is linked with its requirements."""
    info = {"PKG-INFO": "Metadata-Version: 1.1\nName: old.spam\nVersion: 1.5\n\nText\n"}
    files = {"SITE/old_spam.py": "version = 1.5"}
    if form == "folder":
        info["requires.txt"] = "eggs>=2\n\n[fast:python_version>'3']\nham\n"
        info["entry_points.txt"] = "[console_scripts]\nspam = os:getcwd\n"
        files |= {f"SITE/old.spam-1.5-py3.12.egg-info/{name}": text for name, text in info.items()}
    else:
        files["SITE/old.spam-1.5.egg-info"] = info["PKG-INFO"]
    project.enter("--env", env(files))
    # isolated from the env's own folder, as uv looks at it
    code = (
        "import importlib.metadata as m\n"
        f"found, = m.distributions(name='old-spam', path=[{str(project.site)!r}])\n"
        "print(found.version, found.metadata['Name'], *found.requires or ())"
    )
    requires = """ eggs>=2 ham; (python_version>'3') and extra == 'fast'"""
    told = project.python(code).replace('"', "'")
    assert told == f"1.5 old.spam{requires if form == 'folder' else ''}"
    assert (project.venv / "bin/spam").exists() is (form == "folder")


def test_a_package_without_metadata_is_imported(project: Project, env: Env):
    """A package like Nix's tkinter, which has no metadata, works through its path alone."""
    done = project.enter("--env", env({"SITE/spam/__init__.py": "here = __file__"}))
    assert "from Nix" not in done.stderr
    assert "/store/" in project.python("import spam; print(spam.here)")


def test_a_namespace_spans_both_places(project: Project, env: Env):
    """Parts of one namespace from Nix and from PyPI are found together, in every style."""
    pkgutil = "__path__ = __import__('pkgutil').extend_path(__path__, __name__)\n"
    project.enter(
        "--env",
        env({
            "SITE/native/nix.py": "",
            "SITE/old/__init__.py": pkgutil, "SITE/old/nix.py": "",
        }),
    )  # fmt: skip
    place(
        project.venv,
        {
            "SITE/native/pypi.py": "",
            "SITE/old/__init__.py": pkgutil, "SITE/old/pypi.py": "",
        },
    )  # fmt: skip
    project.python("import native.nix, native.pypi, old.nix, old.pypi")


NSPKG = (
    "import sys, types, os;p = os.path.join(sys._getframe(1).f_locals['sitedir'], *('zoo',));"
    "importlib = __import__('importlib.util');__import__('importlib.machinery');"
    "m = sys.modules.setdefault('zoo', importlib.util.module_from_spec("
    "importlib.machinery.PathFinder.find_spec('zoo', [os.path.dirname(p)])));"
    "m = m or sys.modules.setdefault('zoo', types.ModuleType('zoo'));"
    "mp = (m or []) and m.__dict__.setdefault('__path__',[]);(p not in mp) and mp.append(p)\n"
)


def test_a_namespace_made_by_setuptools_is_found(project: Project, env: Env):
    """The -nspkg.pth files of setuptools, which ask for the folder they lie in, do their work."""
    project.enter("--env", env({"SITE/zoo-nspkg.pth": NSPKG, "SITE/zoo/nix.py": "x = __file__"}))
    place(project.venv, {"SITE/zoo/pypi.py": ""})
    assert "/store/" in project.python("import zoo.nix, zoo.pypi; print(zoo.nix.x)")


def test_pth_files_of_the_env_have_their_effect_in_their_order(project: Project, env: Env):
    """Folders are added and lines run as if the env's site-packages were Python's own."""
    see = "import sys; sys.order.append(sys.path[-1])\n"
    provided = env({
        "SITE/a.pth": "# comment\n\nsub\n/nonexistent\nimport sys; sys.order = [sys.path[-1]]\n",
        "SITE/b.pth": f"{see}../other\n{see}",
        "SITE/.hidden.pth": "import sys; sys.order.append('hidden')\n",
        "SITE/sub/inner.py": "",
        str(SITE.parent / "other/outer.py"): "",
    })  # fmt: skip
    project.enter("--env", provided)
    site = provided / SITE
    expected = [f"{site}/sub", f"{site}/sub", f"{site.parent}/other"]
    assert project.python("import sys, inner, outer; print(sys.order)") == str(expected)
    reference = (
        f"import site, sys; sys.path.append({str(site)!r}); site.addsitedir({str(site)!r}); "
        "print(sys.order)"
    )
    assert run(PYTHON, "-I", "-c", reference).stdout.strip() == str(expected)


def test_a_failing_line_stops_neither_python_nor_the_next_line(project: Project, env: Env):
    """An error in a .pth line of Nix's is told once, and what follows has its effect."""
    provided = env({"SITE/a.pth": "import nothing\nsub\n", "SITE/sub/inner.py": ""})
    project.enter("--env", provided)
    done = run(project.venv / "bin/python", "-c", "import inner; print('fine')")
    assert done.stdout == "fine\n"
    assert done.stderr == (
        f"{provided / SITE}/a.pth:1: ModuleNotFoundError(\"No module named 'nothing'\")\n"
    )


@pytest.mark.parametrize("pth", ["_spam.pth", "__editable__.spam.pth", "spam.pth", "zope.pth"])
def test_an_editable_install_precedes_nix(project: Project, env: Env, pth: str):
    """Who works on a package that Nix also provides runs the working copy."""
    project.enter("--env", env(package("spam", "1.0")))
    place(project.root, {"src/spam/__init__.py": "version = 'mine'"})
    place(project.venv, {f"SITE/{pth}": f"{project.root}/src\n"})
    assert project.python("import spam; print(spam.version)") == "mine"


def test_plugins_are_found_in_both_places_and_once(project: Project, env: Env):
    """Entry points of Nix's and of the user's packages are listed together, without doubles."""
    project.enter("--env", env(package("spam", points="[zoo]\nspam = spam:version\n")))
    place(project.venv, package("eggs", "2.0", points="[zoo]\neggs = eggs:version\n"))
    code = (
        "import importlib.metadata as m\n"
        "print(sorted((e.name, e.load()) for e in m.entry_points(group='zoo')))"
    )
    assert project.python(code) == "[('eggs', '2.0'), ('spam', '1.0')]"


def test_resources_are_found(project: Project, env: Env):
    """importlib.resources reads a data file of a package from Nix."""
    project.enter("--env", env({**package("spam"), "SITE/spam/data.txt": "hello"}))
    code = (
        "import importlib.resources as r; print(r.files('spam').joinpath('data.txt').read_text())"
    )
    assert project.python(code) == "hello"


def test_isolated_mode_sees_the_packages(project: Project, env: Env):
    """`python -I` and `python -E`, which tools use, see what Nix provides."""
    project.enter("--env", env(package("spam")))
    assert project.python("import spam; print(spam.version)", "-I") == "1.0"
    assert project.python("import spam; print(spam.version)", "-E") == "1.0"


def test_a_program_that_is_no_entry_point_runs_from_the_venv(project: Project, env: Env):
    """What the env alone has is there, as no link to the store, but for Pythons and installers."""
    names = ["pip", "pip3.12", "uv", "python3-config", "virtualenv-3", ".hid"]
    files = {"bin/gdal2tiles": '#!/bin/sh\necho "tiles $*"\n', **{f"bin/{n}": "" for n in names}}
    provided = env({**package("spam", points=SPAM), **files})
    for program in (provided / "bin").iterdir():
        program.chmod(0o755)
    project.enter()
    before = {path.name for path in (project.venv / "bin").iterdir()}
    project.enter("--env", provided, stamp="2")
    after = {path.name for path in (project.venv / "bin").iterdir()}
    assert after - before == {"gdal2tiles", "spam"}
    assert run(project.venv / "bin/gdal2tiles", "a  b").stdout == "tiles a  b\n"
    (project.venv / "bin/gdal2tiles").write_text("an installer's")
    assert (provided / "bin/gdal2tiles").read_text() == files["bin/gdal2tiles"]
    project.enter("--env", env(package("eggs"), "other-env"), stamp="3")
    assert {path.name for path in (project.venv / "bin").iterdir()} == before | {"gdal2tiles"}


def test_a_program_that_the_env_has_no_more_goes(project: Project, env: Env):
    """What starts a program of an env goes with it."""
    provided = env({**package("spam"), "bin/tiles": ""})
    (provided / "bin/tiles").chmod(0o755)
    project.enter("--env", provided)
    assert (project.venv / "bin/tiles").exists()
    project.enter("--env", env(package("eggs"), "other-env"), stamp="2")
    assert not (project.venv / "bin/tiles").exists()


def test_a_program_of_the_users_stays(project: Project, env: Env):
    """A file of that name is an installer's or the user's own."""
    provided = env({**package("spam"), "bin/tiles": ""})
    (provided / "bin/tiles").chmod(0o755)
    project.enter()
    mine = project.venv / "bin/tiles"
    mine.write_text("mine")
    project.enter("--env", provided, stamp="2")
    assert mine.read_text() == "mine"
