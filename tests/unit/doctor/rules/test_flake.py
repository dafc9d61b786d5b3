"""F: the flake, git and Nix, judged from snapshots."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nixpy.doctor.gather.flake import look
from nixpy.doctor.model import Step
from nixpy.doctor.run import findings, select
from nixpy.doctor.snapshot import Choices, Evaluation, Flake, Git, Ignored, Machine, Mention, Nix
from tests.support.snapshots import ROOT, changed, found, healthy, text


def test_untracked_files_are_added():
    """F1 gives the command, with names quoted for a shell, and the mend."""
    snapshot = replace(healthy(), git=Git(ROOT, untracked=("flake.nix", "nix/my shell.nix")))
    (one,) = findings(snapshot, select(["F1"]))
    assert one.fix == "`git add --intent-to-add flake.nix 'nix/my shell.nix'`"
    assert one.mend is not None
    assert one.mend.step is Step.ADD_TO_GIT


def test_a_global_ignore_file_is_not_edited():
    """F2 for the user's global ignore file adds the lock by force and offers no mend."""
    own = Ignored("flake.lock", ".gitignore:3", "*.lock")
    (one,) = findings(replace(healthy(), git=Git(ROOT, ignored=(own,))), select(["F2"]))
    assert one.mend is not None
    others = replace(own, where="/home/user/.config/git/ignore:1")
    (one,) = findings(replace(healthy(), git=Git(ROOT, ignored=(others,))), select(["F2"]))
    assert one.mend is None
    assert "git add --force flake.lock" in one.fix


@pytest.mark.parametrize(
    ("git", "expected"),
    [
        (Git(None, megabytes=300), ["F3"]),
        (Git(None, megabytes=1), []),
        (Git(None, megabytes=1, secrets=(".env",)), ["F3"]),
        (Git(ROOT, megabytes=300), []),
    ],
)
def test_folders_outside_of_git(git, expected):
    """F3 is told for large folders and for those with secrets."""
    assert found(replace(healthy(), git=git), "F3") == expected


@pytest.mark.parametrize(
    ("size", "folder", "provider", "expected"),
    [
        (60, ROOT, "nixpkgs", ["F13"]),
        (40, ROOT, "nixpkgs", []),
        (60, f"{ROOT}/.nixpy", "nixpkgs", []),
        (60, ROOT, "uv2nix", []),
    ],
)
def test_a_root_flake_in_a_large_checkout(size, folder, provider, expected):
    """F13 tells the size and the command, where the flake could lie in a folder."""
    healthy_one = healthy()
    choices = replace(healthy_one.project.choices or Choices(), provider=provider)
    snapshot = replace(
        healthy_one,
        git=Git(ROOT, edited_megabytes=size),
        flake=replace(healthy_one.flake, folder=folder),
        project=replace(healthy_one.project, choices=choices),
    )
    assert found(snapshot, "F13") == expected
    for one in findings(snapshot, select(["F13"])):
        assert "60 MB" in one.seen
        assert "`nixpy init --folder`" in one.fix


def test_without_a_flake_git_does_not_matter():
    """A project without flake.nix is not copied anywhere."""
    snapshot = replace(healthy(), flake=Flake(), git=Git(None, megabytes=300, untracked=("a",)))
    assert found(snapshot, "F1", "F2", "F3", "F5") == []


def test_a_system_that_is_missing():
    """F4 names the systems there are, and adds this one to nixpy.yaml."""
    snapshot = replace(healthy(), machine=Machine("aarch64-linux"))
    (one,) = findings(snapshot, select(["F4"]))
    assert "flake.nix has x86_64-linux, aarch64-darwin; this machine is aarch64-linux" in one.seen
    assert one.mend is not None
    assert one.mend.values == ("aarch64-linux",)


def test_a_function_that_knows_all_systems():
    """`eachDefaultSystem` and the like are for this system too."""
    snapshot = replace(healthy(), machine=Machine("aarch64-linux"))
    assert found(changed("flake", snapshot, all_systems=True), "F4") == []


@pytest.mark.parametrize(
    ("features", "said"),
    [(("nix-command",), "flakes disabled"), ((), "nix-command and flakes disabled")],
)
def test_features_that_are_disabled(features, said):
    """F5 names the features and the version of Nix."""
    snapshot = replace(healthy(), nix=Nix("/bin/nix", "2.18.1", features))
    assert said in text(snapshot, "F5")


def test_nix_that_is_not_there_or_does_not_answer():
    """Without Nix, or with one that says nothing, F5 is silent."""
    for nix in (Nix(), Nix("/bin/nix", "2.18.1", None)):
        assert found(replace(healthy(), nix=nix), "F5") == []


def test_an_unfree_library_in_nixpy_yaml():
    """F6 is told before Nix refuses, and not once it is allowed or Nix agreed."""
    choices = replace(healthy().project.choices, libraries=("cudaPackages.cudnn",))
    snapshot = changed("project", choices=choices)
    assert "nixpy.yaml lists `cudaPackages.cudnn`" in text(snapshot, "F6")
    allowed = changed("project", choices=replace(choices, allow_unfree=True))
    assert found(allowed, "F6") == []
    assert found(replace(snapshot, evaluation=Evaluation(good=True)), "F6") == []


PYTHON39 = (Mention("python39", "flake.nix:8"),)


@pytest.mark.parametrize(
    ("nixpkgs", "expected"),
    [
        ("github:NixOS/nixpkgs/nixos-25.11", ["F7"]),
        ("github:NixOS/nixpkgs/nixos-24.11", []),
        (f"github:NixOS/nixpkgs/{'0' * 40}", []),
        (None, []),
    ],
)
def test_pythons_that_a_branch_has_not(nixpkgs, expected):
    """F7 asks the table of the branch; of a revision no table knows."""
    assert found(changed("flake", pythons=PYTHON39, nixpkgs=nixpkgs), "F7") == expected


def test_an_overlay_may_bring_a_python_and_packages():
    """With overlays no table knows what there is."""
    packages = (Mention("nosuchthing", "flake.nix:9"),)
    snapshot = changed("flake", pythons=PYTHON39, packages=packages, overlays=True)
    assert found(snapshot, "F") == []


def test_two_attributes_of_one_project():
    """F8 sees that two names are one package at two versions."""
    choices = replace(healthy().project.choices, packages=("django", "requests", "django_5"))
    assert "both are django" in text(changed("project", choices=choices), "F8")


def test_the_name_of_pypi_where_nixpkgs_has_another():
    """F9 gives nixpkgs' name."""
    snapshot = changed("flake", packages=(Mention("bs4", "flake.nix:9"),))
    assert "write `beautifulsoup4`" in text(snapshot, "F9")


def test_an_unknown_name_is_a_warning_with_the_nearest_ones():
    """F9 of a name that no table has may be a newer package, so it is a warning."""
    snapshot = changed("flake", packages=(Mention("nump", "flake.nix:9"),))
    said = text(snapshot, "F9")
    assert said.startswith("warning: flake.nix:9 names `nump`")
    assert "`numpy`" in said


def test_a_package_that_the_env_provides_exists():
    """A name that no table has, and that is in the env all the same, is no mistake."""
    choices = replace(healthy().project.choices, packages=("numpy", "cowsay"))
    snapshot = changed("project", choices=choices)
    assert found(snapshot, "F9") == ["F9"]
    env = snapshot.interpreters[-1]
    cowsay = replace(env.distributions[0], name="cowsay")
    env = replace(env, distributions=(*env.distributions, cowsay))
    assert found(replace(snapshot, interpreters=(*snapshot.interpreters[:-1], env)), "F9") == []


def test_what_nix_says_is_reported_under_its_id():
    """Nix's own error is recognised, without colours, where no check saw the matter."""
    complaint = "\x1b[31;1merror:\x1b[0m attribute 'opencv-python' missing"
    snapshot = replace(healthy(), evaluation=Evaluation(complaints=(complaint,)))
    (one,) = findings(snapshot, select(["F"]))
    assert (one.id, one.seen) == ("F9", "error: attribute 'opencv-python' missing")


def test_outdated_files_are_synced():
    """F10 names the files and carries the mend."""
    (one,) = findings(changed("flake", outdated=("flake.nix",)), select(["F10"]))
    assert one.mend is not None
    assert one.mend.step is Step.SYNC


@pytest.mark.parametrize(
    ("hook", "expected"),
    [
        ("uv venv", ["F14"]),
        ("uv venv --python 3.12 .venv", ["F14"]),
        ("test -d .venv || uv venv", []),
        ("if [ ! -d .venv ]; then\n  uv venv\nfi", []),
        ("[ -d .venv ] ||\n  uv venv", []),
        ("uv venv --clear", []),
        ("uv venv --allow-existing --quiet", []),
        ("# uv venv", []),
        ("echo uv venv", []),
    ],
)
def test_a_hook_that_makes_a_venv(tmp_path, hook, expected):
    """F14 is told where the venv may be there already, and nothing looks or allows it."""
    text = f"{{ outputs = _: {{ devShells.x.shellHook = ''\n{hook}\n''; }}; }}\n"
    (tmp_path / "flake.nix").write_text(text)
    snapshot = replace(healthy(), flake=look(tmp_path, ()))
    assert found(snapshot, "F14") == expected
