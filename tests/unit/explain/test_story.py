"""Why a distribution is there: the chains from the project's requirements to it."""

from nixpy.explain.story import chain_text, lines, nearest_names, story
from tests.support.explaining import entry, pyproject, row, scene, table, uv_lock

MORE = (
    '[dependency-groups]\ndev = ["pytest-numpy"]\n[project.optional-dependencies]\nml = ["jax"]\n'
)
FILES = {
    "pyproject.toml": pyproject("pandas>=2", "six", more=MORE),
    "constraints.txt": "numpy<3\n",
    "uv.lock": uv_lock(
        entry("pandas", "3.0", "numpy", "pytz"),
        entry("pytest-numpy", "1.0", "pytest", "helper"),
        entry("helper", "1.0", "pandas", "numpy"),
        entry("jax", "1.0", "jaxlib"),
        entry("jaxlib", "1.0", "numpy; sys_platform == 'linux'"),
        entry("numpy", "2.5.1"),
        entry("pytz"),
        entry("pytest"),
        entry("six"),
    ),
}


def chains(name, files=FILES):
    """Give the chains that lead to a distribution."""
    told = story(table(files), scene(files), name)
    assert told is not None
    return [chain_text(one) for one in told.chains]


def test_every_requirement_that_leads_to_it_has_its_shortest_chain():
    """Each chain starts at a line of the project and names all between, the shortest first."""
    assert chains("numpy") == [
        "pandas>=2 (pyproject.toml:5) → numpy",
        "jax (pyproject.toml:11 (ml)) → jaxlib → numpy",
        "pytest-numpy (pyproject.toml:9 (dev)) → helper → numpy",
    ]
    assert chains("six") == ["six (pyproject.toml:6)"]


def test_a_way_that_counts_here_is_preferred():
    """Where a shorter way is for other platforms only, the one that counts here is told."""
    lock = uv_lock(
        entry("a", "1.0", "c; sys_platform == 'win32'", "b"), entry("b", "1.0", "c"), entry("c")
    )
    assert chains("c", {"pyproject.toml": pyproject("a"), "uv.lock": lock}) == [
        "a (pyproject.toml:5) → b → c"
    ]


def test_requirements_that_go_round_in_circles():
    """Distributions that require each other are walked once."""
    lock = uv_lock(entry("a", "1.0", "b"), entry("b", "1.0", "a", "c"), entry("c", "1.0", "a"))
    files = {"pyproject.toml": pyproject("a"), "uv.lock": lock}
    assert chains("c", files) == ["a (pyproject.toml:5) → b → c"]
    assert row("c", files).via == ("b",)


def test_the_whole_story_of_one():
    """Lock, provider, nixpkgs' name, libraries, chains and conflicts all have their line."""
    yaml = "packages:\n  - numpy\n"
    arguments = (FILES, {"numpy": "1.26.4"}, yaml)
    told = story(table(*arguments), scene(*arguments), "NumPy")
    assert told is not None
    text = "\n".join(lines(told, scene(*arguments)))
    assert text.startswith("numpy\n  locked      2.5.1 (uv.lock:")
    assert "numpy-2.5.1-py3-none-any.whl fits Python 3.13" in text
    assert "  from        Nix, which has 1.26.4 (the nixpkgs of flake.lock)\n" in text
    assert "  nixpy.yaml  `packages:` lists it (nixpy.yaml:2)\n" in text
    assert "  nixpkgs     python3Packages.numpy\n" in text
    assert "  named in    numpy<3 (constraints.txt:1)\n" in text
    assert "  conflict    locked 2.5.1, Nix has 1.26.4\n              hint: `nixpy align" in text


def test_one_that_the_project_does_not_use():
    """What nixpkgs has can be asked about as well; what nobody knows gives the nearest names."""
    told = story(table(FILES), scene(FILES), "opencv-python")
    assert told is not None
    text = "\n".join(lines(told, scene(FILES)))
    assert "nobody: the project does not use it" in text
    assert "python3Packages.opencv-python (earlier" in text
    assert "libGL" in text
    assert story(table(FILES), scene(FILES), "pytset") is None
    assert nearest_names(table(FILES), "pytset")[0] == "pytest"
