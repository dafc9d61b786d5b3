"""What packages of other distributors are in nixpkgs and on PyPI."""

import pytest

from nixpy.knowledge.elsewhere import Package, conda_package, system_package
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


@pytest.mark.parametrize(
    ("name", "library"),
    [
        ("libpq-dev", "libpq"),
        ("postgresql-dev", "libpq"),
        ("libffi-dev", "libffi"),
        ("libxml2-dev", "libxml2"),
        ("libxml2-devel", "libxml2"),
        ("libgl1-mesa-glx", "libGL"),
        ("libglib2.0-0t64", "glib"),
        ("libhdf5-103", "hdf5"),
        ("libicu72", "icu"),
        ("libsndfile1:amd64", "libsndfile"),
        ("libmagic1=1:5.41*", "file"),
        ("unixODBC-devel", "unixodbc"),
        ("portaudio", "portaudio"),
        ("lame-dev", "lame"),
    ],
)
def test_libraries_of_distributions(name: str, library: str) -> None:
    """What a Dockerfile installs to build or load is a library of nixpkgs."""
    assert system_package(name) == Package(libraries=(library,))


@pytest.mark.parametrize(
    ("name", "tool"),
    [
        ("ffmpeg", "ffmpeg"),
        ("tesseract-ocr", "tesseract"),
        ("poppler-utils", "poppler-utils"),
        ("postgresql-client-15", "postgresql"),
        ("postgresql@16", "postgresql"),
        ("redis=6.*", "redis"),
        ("openjdk-17-jre-headless", "jdk17"),
        ("ninja-build", "ninja"),
        ("npm", "nodejs"),
        ("chromium-driver", "chromedriver"),
        ("llvm-14", "llvm"),
    ],
)
def test_programs_of_distributions(name: str, tool: str) -> None:
    """A program that a README asks for is one of nixpkgs'."""
    assert system_package(name) == Package(tools=(tool,))


@pytest.mark.parametrize(
    "name",
    [
        "build-essential",
        "g++-12",
        "make",
        "git",
        "curl",
        "ca-certificates",
        "python3.11-dev",
        "python3-pip",
        "python3",
        "py3-pip",
        "python@3.12",
        "musl-dev",
        "fonts-liberation",
    ],
)
def test_what_every_shell_has(name: str) -> None:
    """A compiler, Python itself and what a container lacks are passed over."""
    assert system_package(name) == Package(noise=True)


def test_python_packages_of_distributions() -> None:
    """What a distribution packages of PyPI is told as such."""
    assert system_package("python3-numpy") == Package(pypi="numpy")
    assert system_package("python3-tk") == Package(pypi="tkinter")


def test_a_package_that_no_table_knows() -> None:
    """Nothing is guessed of other names."""
    assert system_package("my-company-tools") is None
    assert system_package("") is None


@pytest.mark.parametrize("file", ["conda.yaml", "system_packages.yaml"])
def test_rows_are_of_known_kinds(file: str) -> None:
    """Every row is noise, absent, or lists attributes or a distribution."""
    rows = table(file)
    for name in rows:
        row = rows.get(name)
        assert name == name.lower()
        if isinstance(row, str):
            assert row in {"noise", "absent"}, name
        else:
            assert row, name
            assert set(row) <= {"tools", "libraries", "pypi"}, name
