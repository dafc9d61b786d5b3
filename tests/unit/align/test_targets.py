"""What is to move, and what forbids it."""

import pytest

from nixpy.align.targets import find_targets, missed, moves, pinned
from nixpy.errors import NixpyError, NixpyErrors
from tests.support.explaining import entry, pyproject, scene, table, uv_lock

FILES = {
    "pyproject.toml": pyproject("pandas"),
    "uv.lock": uv_lock(
        entry("pandas", "3.1", "numpy"), entry("numpy", "2.5.1"), entry("six", "1.17")
    ),
}
NIX = {"pandas": "3.1", "numpy": "2.1", "six": "1.16"}
YAML = "packages: [pandas, six]\n"


def pins(names=(), files=FILES, nix=NIX, yaml=YAML):
    """Give the pins of what is to move."""
    return [one.pin for one in find_targets(table(files, nix, yaml), names)]


def test_all_that_nix_provides_and_that_differs():
    """Without names, what Nix brings along moves too; what agrees does not."""
    assert pins() == ["numpy==2.1", "six==1.16"]


def test_names_choose():
    """Names in any spelling choose; one that agrees already leaves nothing to do."""
    assert pins(["NumPy"]) == ["numpy==2.1"]
    assert pins(["pandas"]) == []


def test_a_requirement_that_forbids_is_named():
    """Each requirement and constraint that forbids Nix's version is an error with its line."""
    more = '[tool.uv]\nconstraint-dependencies = ["numpy>2.2"]\n'
    files = {**FILES, "pyproject.toml": pyproject("pandas", "numpy>=2.3", more=more)}
    with pytest.raises(NixpyErrors) as raised:
        pins(files=files)
    assert [str(one) for one in raised.value.errors] == [
        "pyproject.toml:6: `project.dependencies[1]`: asks for numpy>=2.3, which forbids Nix's 2.1",
        (
            "pyproject.toml:9: `tool.uv.constraint-dependencies[0]`: asks for numpy>2.2, which "
            "forbids Nix's 2.1"
        ),
    ]
    assert raised.value.errors[0].hint == "let it allow 2.1; nothing was changed"


@pytest.mark.parametrize(
    ("name", "message", "hint"),
    [
        ("six2", "Nix does not provide `six2`", "did you mean `six`?"),
        ("flask", "Nix does not provide `flask`", "`packages: [flask]` in nixpy.yaml"),
    ],
)
def test_names_that_nix_does_not_provide(name, message, hint):
    """A slip gives the nearest name; what the project uses can be added."""
    files = {**FILES, "pyproject.toml": pyproject("pandas", "flask")}
    with pytest.raises(NixpyError, match=message) as raised:
        pins([name], files)
    assert hint in (raised.value.hint or "")


def test_a_version_that_no_installer_knows():
    """Snapshots in nixpkgs have versions that no index has: by name that is an error, else left."""
    nix = {**NIX, "six": "0-unstable-2026-01-01"}
    with pytest.raises(NixpyError, match="which is no version on PyPI"):
        pins(["six"], nix=nix)
    assert pins(nix=nix) == ["numpy==2.1"]


def test_what_is_locked_from_git_cannot_be_aligned():
    """The lock's line is named."""
    git = entry("six", "1.17").replace("registry", "git")
    files = {**FILES, "uv.lock": uv_lock(git)}
    with pytest.raises(NixpyError, match="is from git, so its version cannot be chosen"):
        pins(["six"], files)


def test_without_a_lock_all_that_nix_provides_is_held():
    """What the project's dependencies require is not known, so nothing is left out."""
    files = {"requirements.txt": "pandas\nsix\n"}
    found = pinned(table(files, {**NIX, "attrs": "25.1"}, YAML), [])
    assert [one.pin for one in found] == ["attrs==25.1", "numpy==2.1", "pandas==3.1", "six==1.16"]


def test_what_moved():
    """Distributions that changed, came or went are told; those that did not are not."""
    before = scene(FILES).project.locked
    lock = uv_lock(entry("pandas", "3.1", "numpy"), entry("numpy", "2.1"), entry("tzdata", "1"))
    after = table({**FILES, "uv.lock": lock}, NIX, YAML)
    told = moves(before, scene({**FILES, "uv.lock": lock}).project.locked)
    assert [(one.name, one.before, one.after) for one in told] == [
        ("numpy", ("2.5.1",), ("2.1",)),
        ("six", ("1.17",), ()),
        ("tzdata", (), ("1",)),
    ]
    targets = find_targets(table(FILES, NIX, YAML), ["numpy"])
    assert missed(targets, after.rows) == []
    assert missed(targets, table(FILES, NIX, YAML).rows) == targets
    without_files = lock.replace("numpy-2.1-py3-none-any.whl", "numpy-2.1.egg")
    assert missed(targets, table({**FILES, "uv.lock": without_files}, NIX, YAML).rows) == targets
