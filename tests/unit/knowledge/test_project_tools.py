"""Which programs stand behind a project's builds, services, hooks and version managers."""

import pytest
from packaging.utils import canonicalize_name

from nixpy.knowledge.libraries import brought_by_extra, needs
from nixpy.knowledge.project_tools import (
    Hooks,
    build_programs,
    hooks_of_language,
    hooks_of_repository,
    managed_tool,
    service_clients,
    typelib,
)
from nixpy.knowledge.table import table


@pytest.mark.parametrize(
    ("requirements", "programs"),
    [
        (["maturin"], ("cargo", "rustc")),
        (["setuptools", "Setuptools_Rust"], ("cargo", "rustc")),
        (["meson-python", "Cython", "numpy"], ("meson", "ninja", "pkg-config")),
        (["scikit-build-core", "pybind11"], ("cmake", "ninja")),
        (["hatchling", "hatch-vcs"], ()),
    ],
)
def test_a_build_backend_runs_programs(requirements: list[str], programs: tuple[str, ...]) -> None:
    """What a project's own build runs is known from its build requirements."""
    assert build_programs(requirements) == programs


@pytest.mark.parametrize(
    ("image", "clients"),
    [
        ("postgres", ("postgresql",)),
        ("docker.io/library/postgres:16-alpine", ("postgresql",)),
        ("postgis/postgis:16-3.4", ("postgresql",)),
        ("registry.example.org:5000/mirror/redis@sha256:0123", ("redis",)),
        ("mysql:8", ("mariadb",)),
        ("mcr.microsoft.com/mssql/server:2022-latest", ("sqlcmd",)),
        ("mycompany/api", ()),
    ],
)
def test_a_service_has_a_client(image: str, clients: tuple[str, ...]) -> None:
    """The client of a service is known by its image, whatever registry and tag it has."""
    assert service_clients(image) == clients


def test_hooks_that_fetch_an_interpreter() -> None:
    """Hooks in node, Go or Rust take nixpkgs' where it is on PATH, and Python's take nothing."""
    prettier = hooks_of_repository("https://github.com/pre-commit/mirrors-prettier")
    assert prettier == Hooks("node", ("nodejs",))
    assert hooks_of_repository("git@github.com:rhysd/actionlint.git") == Hooks("golang", ("go",))
    assert hooks_of_repository("https://github.com/astral-sh/ruff-pre-commit") is None
    assert hooks_of_language("rust").tools == ("cargo", "rustc")
    assert hooks_of_language("python").tools == ()


@pytest.mark.parametrize(
    ("name", "attributes"),
    [
        ("node", ("nodejs",)),
        ("golang", ("go",)),
        ("terraform", ("terraform",)),
        ("helm", ("kubernetes-helm",)),
        ("pipx:ruff", ("ruff",)),
        ("ubi:casey/just", ("just",)),
        ("no-such-tool", ()),
    ],
)
def test_tools_of_version_managers(name: str, attributes: tuple[str, ...]) -> None:
    """What mise and asdf install is in nixpkgs, often by the same name."""
    assert managed_tool(name) == attributes


@pytest.mark.parametrize(
    ("namespace", "version", "attribute"),
    [
        ("Gtk", "4.0", "gtk4"),
        ("Gtk", "3.0", "gtk3"),
        ("Gtk", None, "gtk4"),
        ("Gst", "1.0", "gst_all_1.gstreamer"),
        ("Adw", "1", "libadwaita"),
        ("Mine", "1.0", None),
        ("Mine", None, None),
    ],
)
def test_typelibs(namespace: str, version: str | None, attribute: str | None) -> None:
    """What `gi.require_version` asks for is found in a library of nixpkgs."""
    assert typelib(namespace, version) == attribute


def test_extras_bring_what_is_built() -> None:
    """An extra that pulls in a C build is known without a lock."""
    assert brought_by_extra("psycopg", "c") == ("psycopg-c",)
    assert brought_by_extra("uvicorn", "standard") == ("httptools", "uvloop", "watchfiles")
    assert brought_by_extra("SQLAlchemy", "postgresql_psycopg2binary") == ("psycopg2-binary",)
    assert brought_by_extra("requests", "socks") == ()


@pytest.mark.parametrize(
    "name", ["jiter", "watchfiles", "tokenizers", "tiktoken", "safetensors", "polars", "ormsgpack"]
)
def test_what_is_built_by_rust(name: str) -> None:
    """A distribution in Rust is built with cargo where no wheel fits."""
    found = needs(name)
    assert found is not None
    assert {"cargo", "rustc"} <= set(found.build)


@pytest.mark.parametrize(
    ("name", "program"),
    [
        ("auditwheel", "patchelf"),
        ("SpeechRecognition", "flac"),
        ("TTS", "espeak-ng"),
        ("django", "gettext"),
    ],
)
def test_programs_that_distributions_run(name: str, program: str) -> None:
    """A distribution that runs a program names it."""
    found = needs(name)
    assert found is not None
    assert found.programs == (program,)


@pytest.mark.parametrize("file", ["build_requirements.yaml", "extras.yaml"])
def test_rows_are_asked_by_normalised_names(file: str) -> None:
    """Names and extras are spelt as lock files spell them."""
    for name in table(file):
        row = table(file).get(name)
        assert name == canonicalize_name(name)
        assert [extra for extra in row if extra != canonicalize_name(extra)] == []
