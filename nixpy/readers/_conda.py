"""Conda's match specs, and what conda calls the distributions of PyPI.

Follows https://docs.conda.io/projects/conda-build/en/stable/resources/package-spec.html.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from nixpy.readers import _poetry, _spans
from nixpy.readers._requirement import parse_specifiers

_SPEC = re.compile(
    r"""^(?:(?P<channel>[^\s:\[\]=<>!~]+)::)?
    (?P<name>[A-Za-z0-9_][A-Za-z0-9_.-]*)
    \s*(?P<version>[^\[\]]*?)\s*
    (?:\[(?P<bracket>[^\]]*)\])?$""",
    re.VERBOSE,
)
_KEY = re.compile(r"(\w+)\s*=\s*(?:'([^']*)'|\"([^\"]*)\"|([^,\s]+))")

# conda's name -> PyPI's, where they differ by more than PEP 503 evens out
_PYPI = {
    "bokeh-base": "bokeh",
    "brotli-python": "brotli",
    "conda-forge-pinning": None,
    "cupy-core": "cupy",
    "dask-core": "dask",
    "faiss": "faiss-cpu",
    "ipython-genutils": "ipython-genutils",
    "jupyter-core": "jupyter-core",
    "matplotlib-base": "matplotlib",
    "msgpack-python": "msgpack",
    "opencv": "opencv-python",
    "openpyxl": "openpyxl",
    "py-opencv": "opencv-python",
    "py-xgboost": "xgboost",
    "py-xgboost-cpu": "xgboost",
    "py-xgboost-gpu": "xgboost",
    "pyqt": "pyqt5",
    "pytables": "tables",
    "python-graphviz": "graphviz",
    "python-kaleido": "kaleido",
    "pytorch": "torch",
    "pytorch-cpu": "torch",
    "pytorch-gpu": "torch",
    "ray-default": "ray",
    "seaborn-base": "seaborn",
    "snakemake-minimal": "snakemake",
    "sqlalchemy-base": "sqlalchemy",
    "streamlit-base": "streamlit",
    "tensorflow-base": "tensorflow",
    "tensorflow-cpu": "tensorflow",
    "tensorflow-gpu": "tensorflow",
    "uvicorn-standard": "uvicorn",
}
_NOT_PYTHON = re.compile(
    r"""^(?:
    _.*|r|r-.*|perl|perl-.*|bioconductor-.*|lib(?!rosa$|cst$|sass$|tmux$|clang$|archive-c$|pysal$).*|.*-dev(?:el)?|.*_linux-.*|.*_osx-.*|
    cuda|cuda-.*|cudatoolkit.*|cudnn|nccl|pytorch-cuda|pytorch-mutex|cutensor|magma.*|
    gcc|gxx|gfortran|gcc-.*|gxx-.*|gfortran-.*|clang|clangxx|clang-.*|llvm.*|c-compiler|cxx-compiler|
    fortran-compiler|compilers|binutils.*|sysroot.*|make|automake|autoconf|libtool|pkg-config|bison|
    flex|m4|gdb|valgrind|ccache|sccache|go|go-.*|rust|rustc|openjdk|maven|nodejs|yarn|npm|pnpm|ruby|
    git|git-lfs|gh|curl|wget|unzip|zip|tar|gzip|bzip2|xz|zstd|zlib|lz4-c|snappy|rsync|tree|vim|tmux|
    htop|parallel|jq|pandoc|graphviz|imagemagick|ghostscript|poppler|tesseract|ffmpeg|sox|x264|
    texlive-core|tectonic|doxygen|swig|nasm|yasm|bash|coreutils|sed|grep|findutils|gawk|openssh|
    openssl|ca-certificates|sqlite|postgresql|mysql|mysql-.*|mariadb.*|redis|redis-server|mongodb|
    rabbitmq.*|nginx|hdf4|hdf5|netcdf.*|geos|proj|proj4|eigen|boost|boost-cpp|mkl|mkl-.*|blas|blas-.*|
    openblas|lapack|fftw|gsl|suitesparse|metis|openmpi|mpich|mpi|ucx|tbb|tbb-.*|glib|gtk\d?|cairo|
    pango|freetype|fontconfig|harfbuzz|jpeg|giflib|openjpeg|icu|expat|ncurses|readline|tk|qt|
    qt-main|mesa.*|mesalib|xorg-.*|xvfb.*|samtools|bcftools|htslib|bedtools|bwa|bowtie2?|blast|
    hmmer|mafft|muscle|fasttree|iqtree|raxml.*|star|salmon|kallisto|fastqc|minimap2|seqtk|
    trimmomatic|cmake-.*|conda|mamba|micromamba|conda-build|boa|geckodriver|firefox|chromium|
    docker.*|kubectl|terraform|awscli-v2|gnuplot|octave|julia|scala|sbt|protoc|nomkl|tini
    )$""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Match:
    """A match spec: ``name`` is conda's, ``specifiers`` PEP 440, empty if PEP 440 cannot say it."""

    name: str
    specifiers: str


def parse_match(spec: str) -> Match | None:
    """Parse a match spec; None for what is none."""
    found = _SPEC.match(re.sub(r"\s+#.*", "", spec).strip())
    if not found:
        return None
    version = found["version"]
    for key, *values in _KEY.findall(found["bracket"] or ""):
        if key == "version":
            version = next(value for value in values if value)
    return Match(found["name"].lower(), _specifiers(version))


def pypi_name(name: str) -> str | None:
    """Give what PyPI calls a package of conda; None for what is not a Python package."""
    name = name.lower()
    if name in _PYPI:
        return _PYPI[name]
    return None if _NOT_PYTHON.match(name) else name


def _specifiers(version: str) -> str:
    """Translate the version part, with its build string left out."""
    version = version.strip()
    if not version or version == "*":
        return ""
    match = re.match(r"^(=?)\s*([^=<>!~\s,|]+)(?:\s+|=)[^=<>!~\s,|]+$", version)
    if match:  # `=1.2=build`, `1.2 build`
        version = match[1] + match[2]
    try:
        parts = [
            [_one(one) for one in part.split(",") if one.strip()] for part in version.split("|")
        ]
        alternatives = [[one for one in part if one] for part in parts]
        if len(alternatives) == 1:
            text = ",".join(alternatives[0])
        else:
            text = _spans.union(alternatives) if all(alternatives) else ""
        parse_specifiers(text)
    except ValueError:  # `9e`, `1.1.1k`: versions of programs that PEP 440 has not
        return ""
    return text


def _one(text: str) -> str:
    text = text.strip()
    if text == "*":
        return ""
    match = re.match(r"^(==|!=|>=|<=|~=|>|<|=)?\s*(\S+)$", text)
    if not match:
        raise ValueError(text)
    operator, version = match[1] or "", match[2]
    star = version.endswith("*")
    version = version.rstrip("*").rstrip(".")
    if operator == "=" or (operator in ("", "==") and star):
        return f"=={version}.*"
    if operator == "!=" and star:
        return f"!={version}.*"
    return _poetry.pep440((operator or "==") + version)
