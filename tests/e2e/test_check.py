"""`nixpy check` with the real Nix: what is wrong with a shell, said before anybody enters it."""

from __future__ import annotations

import shutil
import uuid

import pytest

from tests.support.project import lines

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.parametrize("standin", ["argv0"], indirect=True, ids=["argv0"]),
]

PYPROJECT = '[project]\nname = "app"\nversion = "1"\nrequires-python = ">=3.10"\n'


@pytest.fixture
def make(make_project):
    """A maker of projects whose nixpkgs is the stand-in, pinned by a flake.lock."""

    def maker(choices: str = "", *, lock: bool = True, git: bool = True):
        project = make_project({"pyproject.toml": PYPROJECT}, git=git)
        yaml = project.root / "nixpy.yaml"
        python = yaml.read_text().partition('python: "')[2].partition('"')[0]
        yaml.write_text(f'python: "{python}"\nnixpkgs: "{project.nixpkgs}"\n{choices}')
        project.nixpy("sync")
        if lock:
            project.run(["nix", "flake", "lock"])
        return project

    return maker


def check(project, *arguments):
    """Run `nixpy check`, whatever comes of it."""
    return project.nixpy("check", *arguments, check=False)


def errors(done):
    """Give the errors and hints that a command told."""
    return [line for line in done.stderr.splitlines() if line.startswith(("error:", "hint:"))]


def test_a_good_shell(make):
    """A shell that evaluates is told with system and Nix's version; nothing is written."""
    project = make("packages: [cowsay]\nlibraries: [zlib]\n", lock=False)
    before = sorted(path.name for path in project.root.iterdir())
    done = check(project)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("good: default (")
    assert sorted(path.name for path in project.root.iterdir()) == before
    project.run(["nix", "flake", "lock"])
    assert errors(check(project)) == []


def test_unknown_names_are_told_together(make):
    """Every name that nixpkgs has not is told as it is written, with its line and the nearest."""
    project = make(
        "packages:\n  - cowsay\n  - python3Packages.cowsayy\nlibraries: [zlibb]\n"
        "tools: [gti, uvv]\n"
    )
    done = check(project)
    assert done.returncode == 1
    assert errors(done) == [
        "error: nixpkgs has no `python3Packages.cowsayy`, which nixpy.yaml:5 lists",
        "hint: did you mean `cowsay`?",
        "error: nixpkgs has no `zlibb`, which nixpy.yaml:6 lists",
        "hint: did you mean `zlib` or `lib`?",
        "error: nixpkgs has no `gti`, which nixpy.yaml:7 lists",
        "hint: https://search.nixos.org/packages shows what there is",
        "error: nixpkgs has no `uvv`, which nixpy.yaml:7 lists",
        "hint: did you mean `uv`?",
    ]


def test_what_is_no_package(make):
    """A set of packages is told from a package."""
    done = check(make("tools: [lib]\n"))
    assert done.returncode == 1
    assert errors(done)[0] == "error: `tools`: `lib` of nixpkgs is no package"


def test_an_unfree_package(make):
    """An unfree licence is named with the key that accepts it; Nix's own words are at hand."""
    project = make("packages: [gurobipy]\n")
    done = check(project)
    assert done.returncode == 1
    message = (
        "error: `gurobipy`, which nixpy.yaml:3 lists, has an unfree license, which Nix refuses"
    )
    assert message in errors(done)
    assert "refusing to evaluate" not in done.stderr
    assert "refusing to evaluate" in check(project, "--verbose").stderr
    yaml = project.root / "nixpy.yaml"
    yaml.write_text(yaml.read_text() + "allow_unfree: true\n")
    project.nixpy("sync")
    assert check(project).returncode == 0


def test_two_packages_collide(make):
    """Two packages with one file are found by `--build`, and both are named."""
    project = make("packages: [python-magic, python3Packages.file-magic]\n")
    assert check(project).returncode == 0
    done = check(project, "--build")
    assert done.returncode == 1
    assert "both bring `lib/python3." in errors(done)[-2]
    assert "python-magic" in errors(done)[-2]
    assert "file-magic" in errors(done)[-2]


def test_the_build_plan(make):
    """What would be built is listed by name, the shell's own derivation left out."""
    project = make("packages: [cowsay]\nenv: {A: b}\n")
    project.enter("true")
    assert "all is in the store\n" in check(project, "--build-plan").stdout
    flake = project.root / "flake.nix"
    # Nobody has built it before.
    name = f"own-{uuid.uuid4().hex}"
    own = f'(pkgs.runCommand "{name}" {{ }} "mkdir $out")'
    text = flake.read_text()
    flake.write_text(text.replace("              python\n", f"              {own}\n", 1))
    planned = check(project, "--build-plan")
    assert planned.returncode == 0
    assert f"would be built (1):\n  {name}\n" in planned.stdout


def test_this_machine_is_not_listed(make):
    """A flake without this machine's system is told before Nix is asked."""
    done = check(make("systems: [riscv64-linux]\n", lock=False))
    assert done.returncode == 1
    assert "error: the flake has no shell for this machine, " in done.stderr
    assert "to `systems:` in nixpy.yaml" in done.stderr


def test_git_does_not_know_a_file(make):
    """A file that git does not track is named, with the command that mends it."""
    project = make()
    project.run(["git", "rm", "-q", "--cached", ".nixpy/venv.py"])
    done = check(project)
    assert done.returncode == 1
    assert errors(done) == [
        "error: .nixpy/venv.py: git does not know the file, so Nix does not see it",
        "hint: `git add --intent-to-add .nixpy/venv.py`",
    ]
    project.run(["git", "add", "--intent-to-add", ".nixpy/venv.py"])
    assert check(project).returncode == 0


def test_an_edited_flake_is_checked_as_it_is(make):
    """An edit that does not evaluate is told with its line in the user's own file."""
    project = make("packages: [cowsay]\n")
    flake = project.root / "flake.nix"
    text = flake.read_text()
    flake.write_text(text.replace("              python\n", "              python ;\n", 1))
    line = flake.read_text().splitlines().index("              python ;") + 1
    said = f"error: flake.nix:{line}: not Nix: syntax error, unexpected ';'"
    assert errors(check(project))[0] == said
    flake.write_text(text.replace("              python\n", "              pgks.uv\n", 1))
    assert "flake.nix uses `pgks`, which nothing defines" in check(project).stderr


def test_a_conflict_in_the_lock(make):
    """A flake.lock that git left with a conflict is named with its line, before Nix is asked."""
    project = make()
    lock = project.root / "flake.lock"
    text = lock.read_text()
    lock.write_text(text.replace("{\n", "{\n<<<<<<< HEAD\n=======\n>>>>>>> main\n", 1))
    assert errors(check(project)) == [
        "error: flake.lock:2: holds a merge conflict that is not solved",
        "hint: `git checkout --theirs flake.lock` (or `--ours`), then `git add flake.lock`",
    ]
    lock.write_text(text[:-10])
    assert errors(check(project))[0].startswith("error: flake.lock:")
    lock.write_text(text)


def test_features_that_the_user_has_not(make):
    """What nixpy passes to Nix by itself is told where `nix develop` would lack it."""
    project = make()
    nixpy = project.nixpy("check").args
    settings = project.environment["NIX_CONFIG"].replace(
        "experimental-features = nix-command flakes", ""
    )
    done = project.run(nixpy, environment={"NIX_CONFIG": settings})
    assert done.stdout.startswith("good: default (")
    assert "warning: Nix has `nix-command` and `flakes` switched off, so `nix dev" in done.stderr
    assert "hint: put `experimental-features = nix-command flakes` into" in done.stderr


def test_out_of_date(make):
    """Choices that were not rendered are told, and what is there is checked."""
    project = make()
    yaml = project.root / "nixpy.yaml"
    yaml.write_text(yaml.read_text() + "tools: [hello]\n")
    done = check(project)
    assert "warning: `flake.nix` is out of date with nixpy.yaml or the metadata" in done.stderr


def test_outside_of_git(make):
    """Without git there is nothing to track."""
    assert lines(check(make(git=False, lock=False)))[-1].startswith("good: default")


def test_without_nix(make, tmp_path):
    """Where Nix is not installed, only `check` needs it, and says so."""
    project = make()
    programs = tmp_path / "programs"
    programs.mkdir()
    git = shutil.which("git")
    assert git
    (programs / "git").symlink_to(git)
    bare = {"PATH": str(programs)}
    nixpy = project.nixpy("check", check=False).args
    done = project.run(nixpy, environment=bare, check=False)
    assert done.returncode == 1
    assert errors(done) == [
        "error: Nix is not installed, or not on PATH",
        "hint: see https://nixos.org/download",
    ]
    for arguments in (["add", "numpy"], ["sync"], ["remove", "numpy"], ["init"], ["explain"]):
        done = project.run([*nixpy[:-1], *arguments], environment=bare, check=False)
        assert done.returncode == 0, done.stderr


def test_add_asks_nix(make):
    """With Nix and a lock at hand, a name that nixpkgs has not is refused, and nothing written."""
    project = make("packages: [cowsay]\n")
    before = (project.root / "nixpy.yaml").read_text()
    wrong = {
        ("--tool", "gti", "hello"): "nixpkgs has no `gti`, which `--tool gti` lists",
        ("--library", "zlibb"): "nixpkgs has no `zlibb`, which `--library zlibb` lists",
        ("--tool", "lib"): "`tools`: `lib` of nixpkgs is no package",
        ("crc32c", "python3Packages.nothing-such"): "nixpkgs has no `python3Packages.nothing-such`",
        ("gurobipy",): "`gurobipy` has an unfree license, which Nix refuses",
    }
    for arguments, message in wrong.items():
        done = project.nixpy("add", *arguments, check=False)
        assert done.returncode == 1
        assert errors(done)[0] == f"error: {message}"
        assert (project.root / "nixpy.yaml").read_text() == before
    project.nixpy("add", "--tool", "hello")
    assert "Hello" in project.enter("hello").stdout


def test_add_does_not_doubt_what_nixpkgs_has(make):
    """A name that no table knows is doubted only as long as nixpkgs cannot be asked."""
    project = make(lock=False)
    doubtful = project.nixpy("add", "--dry-run", "cowsay").stderr
    assert "is not known to be in nixpkgs; taken as written" in doubtful
    project.run(["nix", "flake", "lock"])
    assert project.nixpy("add", "cowsay").stderr == ""


def test_add_asks_no_nixpkgs_of_before(make, tmp_path):
    """After a change of `nixpkgs:` the one that is locked says nothing of what there is."""
    project = make()
    yaml = project.root / "nixpy.yaml"
    yaml.write_text(yaml.read_text().replace(project.nixpkgs, f"path:{tmp_path}/newer"))
    project.nixpy("add", "--tool", "of-a-newer-nixpkgs")
    assert "of-a-newer-nixpkgs" in yaml.read_text()


def test_another_nixpkgs_is_asked_at_once(make, tmp_path):
    """After a change of `nixpkgs:`, names are looked up there, though the lock is older."""
    project = make("tools: [hello, jq]\n")
    other = tmp_path / "other"
    other.mkdir()
    (other / "flake.nix").write_text(
        '{\n  inputs.base.url = "BASE";\n  outputs = { base, ... }: base;\n}\n'.replace(
            "BASE", project.nixpkgs
        )
    )
    (other / "default.nix").write_text('{ ... }: { python312.pkgs = { }; hello.type = "x"; }\n')
    yaml = project.root / "nixpy.yaml"
    yaml.write_text(yaml.read_text().replace(project.nixpkgs, f"path:{other}"))
    project.nixpy("sync")
    assert "`hello` of nixpkgs is no package" in check(project).stderr


def test_a_nixpkgs_that_is_only_a_flake(make, tmp_path):
    """Where nixpkgs cannot be imported from its folder, the flake's evaluation says it all."""
    project = make("tools: [hello]\n", lock=False)
    (tmp_path / "flake.nix").write_text(
        f'{{\n  inputs.base.url = "{project.nixpkgs}";\n  outputs = {{ base, ... }}: base;\n}}\n'
    )
    yaml = project.root / "nixpy.yaml"
    yaml.write_text(yaml.read_text().replace(project.nixpkgs, f"path:{tmp_path}"))
    project.nixpy("sync")
    project.run(["nix", "flake", "lock"])
    assert check(project).stdout.startswith("good: default (")
    project.nixpy("add", "--tool", "gti")
    assert errors(check(project))[0] == "error: nixpkgs has no `gti`, which nixpy.yaml:3 lists"
