"""What a first nixpy.yaml takes from devbox.json and environment.yml."""

from nixpy.metadata.read import read_project
from nixpy.plan.takeover import take_over
from nixpy.syntax.tree import MemoryTree


def test_devbox():
    """Python packages, libraries and programs are sorted into their lists."""
    listed = (
        '"python@3.12", "ripgrep@latest", "openssl.dev", "libGL", "zlib", "stdenv.cc.cc.lib", '
        '"python312Packages.numpy", "python3Packages.nonesuch", "uv@0.5"'
    )
    taken = take_over(read_project(MemoryTree({"devbox.json": f'{{"packages": [{listed}]}}'})))
    assert taken.packages == ("numpy", "python3Packages.nonesuch")
    assert taken.libraries == ("openssl", "libGL")
    assert taken.tools == ("ripgrep",)


def test_conda_alone():
    """Packages that nixpkgs has come from Nix, programs too, and what is left to pip is told."""
    text = (
        "dependencies:\n  - python=3.12\n  - numpy\n  - pytorch=2\n  - nonesuch\n  - make\n"
        "  - r-base\n  - pip:\n    - humanfriendly>=10\n"
    )
    taken = take_over(read_project(MemoryTree({"environment.yml": text})))
    assert taken.packages == ("numpy", "torch")
    assert taken.tools == ("gnumake", "R")
    assert taken.notes == (
        "4 entries of environment.yml were taken over into nixpy.yaml",
        "in the shell, `uv pip install 'humanfriendly>=10'` installs the pip part",
        "environment.yml lists `nonesuch` too, which nixpy.yaml does not",
    )


def test_an_export_of_conda():
    """Of what conda exported, only what somebody may have chosen is taken."""
    names = ("_libgcc_mutex", "libgcc-ng", "gmp", "hdf5", "openssl", "ffmpeg", "libblas", "picard")
    listed = "".join(f"  - {name}=1.0=h123_0\n" for name in names)
    taken = take_over(read_project(MemoryTree({"environment.yml": f"dependencies:\n{listed}"})))
    assert (taken.packages, taken.libraries) == ((), ())
    assert taken.tools == ("ffmpeg", "picard-tools")
    assert taken.notes == ("2 entries of environment.yml were taken over into nixpy.yaml",)


def test_libraries_of_conda():
    """A library that somebody listed by hand is one of the shell's, and no distribution."""
    text = "dependencies: [gmp, gdal, kraken2, r-ggplot2, numpy]\n"
    taken = take_over(read_project(MemoryTree({"environment.yml": text})))
    assert taken.packages == ("numpy",)
    assert taken.libraries == ("gmp", "gdal")
    assert taken.tools == ("gdal",)
    assert taken.notes[-1] == (
        "environment.yml lists `kraken2`, `r-ggplot2` too, which nixpy.yaml does not"
    )


def test_versions_of_devbox():
    """nixpkgs has one version of each package, so another that is asked for is told."""
    listed = '["ripgrep@latest", "postgresql@16", "nodejs@20.1"]'
    taken = take_over(read_project(MemoryTree({"devbox.json": f'{{"packages": {listed}}}'})))
    assert taken.notes == (
        "3 entries of devbox.json were taken over into nixpy.yaml",
        "devbox.json asks for `postgresql@16`, `nodejs@20.1`: nixpkgs has one version of each "
        "package",
    )


def test_conda_beside_a_project():
    """What the project's own files list is the installer's; what they lack is taken, or told."""
    text = "dependencies: [numpy, pandas, scipy, jq, pip: [rich, humanfriendly]]\n"
    files = {
        "environment.yml": text,
        "pyproject.toml": '[project]\nname = "a"\nversion = "1"\n'
        'dependencies = ["numpy", "humanfriendly"]\n',
        "uv.lock": 'version = 1\nrequires-python = ">=3.11"\n'
        '[[package]]\nname = "scipy"\nversion = "1.14"\n'
        'source = { registry = "https://index.example/simple" }\n',
    }
    taken = take_over(read_project(MemoryTree(files)))
    assert (taken.packages, taken.tools) == (("pandas",), ("jq",))
    assert taken.notes == (
        "2 entries of environment.yml were taken over into nixpy.yaml",
        "in the shell, `uv add rich` installs the pip part",
    )


def test_nothing_to_take_over():
    """A project without such files leaves nixpy.yaml as it is."""
    taken = take_over(read_project(MemoryTree({"requirements.txt": "numpy\n"})))
    assert (taken.packages, taken.libraries, taken.tools, taken.notes) == ((), (), (), ())


def test_conda_lists_the_project_itself():
    """What is developed here is not taken from Nix, though an environment for it lists it."""
    files = {
        "pyproject.toml": '[project]\nname = "Geo-Pandas"\ndependencies = []\n',
        "environment.yml": "name: work\ndependencies: [geo_pandas, numpy]\n",
    }
    assert take_over(read_project(MemoryTree(files))).packages == ("numpy",)
