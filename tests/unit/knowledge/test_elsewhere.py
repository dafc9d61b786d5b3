"""What packages of other distributors are in nixpkgs and on PyPI."""

import pytest

from nixpy.knowledge.elsewhere import Package, conda_package
from nixpy.knowledge.table import table


@pytest.mark.parametrize(
    ("conda", "pypi"),
    [
        ("numpy", "numpy"),
        ("IPython", "ipython"),
        ("pytorch", "torch"),
        ("matplotlib-base", "matplotlib"),
        ("opencv", "opencv-python"),
        ("python-graphviz", "graphviz"),
        ("python-duckdb", "duckdb"),
        ("tiledb-py", "tiledb"),
        ("python-xxhash", "xxhash"),
        ("ruamel.yaml", "ruamel-yaml"),
        ("librosa", "librosa"),
        ("libcst", "libcst"),
        ("nobody-knows-this", "nobody-knows-this"),
    ],
)
def test_python_packages_of_conda(conda: str, pypi: str) -> None:
    """What conda names otherwise gets PyPI's name; what nobody knows is taken for PyPI's."""
    assert conda_package(conda) == Package(pypi=pypi)


@pytest.mark.parametrize(
    ("conda", "tool"),
    [
        ("gatk4", "gatk"),
        ("samtools", "samtools"),
        ("nextflow", "nextflow"),
        ("ffmpeg", "ffmpeg"),
        ("graphviz", "graphviz"),
        ("postgresql", "postgresql"),
        ("openjdk", "jdk"),
        ("r-base", "R"),
        ("sambamba", "sambamba"),
        ("lazygit", "lazygit"),
    ],
)
def test_programs_of_conda(conda: str, tool: str) -> None:
    """A program is none of PyPI's distributions, although PyPI may have one of its name."""
    assert conda_package(conda) == Package(tools=(tool,))


@pytest.mark.parametrize(
    ("conda", "library"),
    [("pcre2", "pcre2"), ("gmp", "gmp"), ("hdf5", "hdf5"), ("boost-cpp", "boost")],
)
def test_libraries_of_conda(conda: str, library: str) -> None:
    """A library is told from programs and distributions."""
    assert conda_package(conda) == Package(libraries=(library,))


@pytest.mark.parametrize(
    "name",
    [
        "_libgcc_mutex",
        "libgcc-ng",
        "libstdcxx-ng",
        "blas",
        "mkl",
        "ca-certificates",
        "cudatoolkit",
        "cuda-nvtx",
        "gcc_linux-64",
        "ld_impl_linux-64",
        "libwhatever",
        "xorg-libxau",
    ],
)
def test_what_conda_brings_for_itself(name: str) -> None:
    """What an export lists beside what was asked for is passed over."""
    assert conda_package(name) == Package(noise=True)


@pytest.mark.parametrize("name", ["kraken2", "r-ggplot2", "bioconductor-deseq2", "perl-json"])
def test_what_nixpkgs_has_not(name: str) -> None:
    """A program that nixpkgs has not, or a package of another language, stands for nothing."""
    assert conda_package(name) == Package()


def test_rows_of_conda_are_of_known_kinds() -> None:
    """Every row is noise, absent, or lists attributes or a distribution."""
    rows = table("conda.yaml")
    for name in rows:
        row = rows.get(name)
        assert name == name.lower()
        if isinstance(row, str):
            assert row in {"noise", "absent"}, name
        else:
            assert row, name
            assert set(row) <= {"tools", "libraries", "pypi"}, name
