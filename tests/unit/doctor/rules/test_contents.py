"""V, second half: links and leftovers in a venv, judged from snapshots and from files."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest

from nixpy.doctor.gather import contents, flake, project, venv
from nixpy.doctor.gather.machine import machine
from nixpy.doctor.snapshot import LockedWheels, Mention, PathFacts, Venv
from nixpy.venv.installed import Distribution
from tests.support.scene import Scene
from tests.support.snapshots import (
    ENV,
    SITE,
    STORE,
    VENV,
    VENV_PYTHON,
    changed,
    entry,
    found,
    healthy,
    text,
    with_variables,
)

LINKED = {"env": f"{ENV}/{SITE}", "env_distributions": (Distribution("numpy", "1.26.4"),)}


def test_links_to_an_env_that_is_gone():
    """V10: nothing of Nix can be imported any more."""
    said = text(changed("venv", **LINKED, env_exists=False), "V10")
    assert said.startswith("error: ")
    assert "which is gone" in said


def test_links_that_uv_sync_removed():
    """V10 names what the env has and the venv no longer shows as installed."""
    assert found(changed("venv", **LINKED), "V10") == []
    lost = changed("venv", **LINKED, distributions=(Distribution("requests", "2.32.3", "uv"),))
    assert "numpy is not linked" in text(lost, "V10")
    assert "enter the shell again" in text(lost, "V10")


def test_a_package_that_was_listed_since():
    """V10: nixpy.yaml lists it, and nobody has entered the shell."""
    choices = healthy().project.choices
    assert choices is not None
    more = changed("project", choices=replace(choices, packages=("numpy", "pandas", "tkinter")))
    assert "lists pandas; the venv has no link to it" in text(more, "V10")


def test_damage_in_the_venv():
    """V11: twice, without metadata, with sources that are gone."""
    twice = (Distribution("quack", "1.0"), Distribution("quack", "2.0"))
    assert "quack is there 2 times: 1.0 and 2.0" in text(
        changed("venv", distributions=twice), "V11"
    )
    broken = changed("venv", damaged=("quack-1.0.dist-info",))
    assert "there is no METADATA" in text(broken, "V11")
    dead = changed("venv", dead=(Mention("/old/src", "__editable__.app.pth:1"),))
    assert "__editable__.app.pth:1 names `/old/src`, which is gone" in text(dead, "V11")


@pytest.mark.parametrize(
    ("tag", "ids"),
    [
        ("cp312-cp312-manylinux_2_17_x86_64", []),
        ("cp39-abi3-manylinux2014_x86_64", []),
        ("py3-none-manylinux_2_17_x86_64", []),
        ("cp311-cp311-manylinux_2_17_x86_64", ["V11"]),
        ("cp312-cp312-manylinux_2_17_aarch64", ["V11"]),
        ("cp312-cp312-musllinux_1_2_x86_64", ["V11"]),
        ("cp312-cp312-macosx_11_0_arm64", ["V11"]),
    ],
)
def test_wheels_for_another_machine(tag, ids):
    """V11 compares the tags of a wheel with the Python and the system; links are Nix's own."""
    assert found(changed("venv", tags={"requests": (tag,)}), "V11") == ids
    assert found(changed("venv", tags={"numpy": (tag,)}), "V11") == []


def test_musl_wheels_on_musl():
    """On Alpine the Python says that it is for musl."""
    musl = replace(VENV_PYTHON, soabi="cpython-312-x86_64-linux-musl")
    shell = changed("venv", tags={"requests": ("cp312-cp312-musllinux_1_2_x86_64",)})
    assert found(replace(shell, interpreters=(musl,)), "V11") == []


def test_what_is_read_of_site_packages(tmp_path: Path) -> None:
    """Metadata folders, .pth files and editable installs; secrets in direct_url.json stay there."""
    scene = Scene.make(tmp_path)
    scene.make_venv()
    site = scene.site_packages
    scene.install("quack")
    (site / "quack-1.0.dist-info/WHEEL").write_text(
        "Wheel-Version: 1.0\nTag: cp312-cp312-linux_x\n"
    )
    (site / "half-1.0.dist-info").mkdir()
    (site / "old.pth").write_text("# one\nimport x\n/gone/src\n.\n")
    for name, url in {"a": "file:///gone/a%20b", "b": "https://user:hunter2@x/b.zip"}.items():
        scene.install(name)
        said = {"url": url, "dir_info": {"editable": True}}
        (site / f"{name}-1.0.dist-info/direct_url.json").write_text(json.dumps(said))
    (site / "b-1.0.dist-info/WHEEL").write_text("Tag: py3-none-any\n")
    read = venv.look(scene.venv, machine({}), {})
    assert read.damaged == ("half-1.0.dist-info",)
    assert read.dead == (
        Mention("/gone/src", "old.pth:3"),
        Mention("/gone/a b", "a-1.0.dist-info/direct_url.json"),
    )
    assert read.tags == {"quack": ("cp312-cp312-linux_x",)}
    assert read.env is None


def test_the_env_that_is_linked(tmp_path: Path) -> None:
    """`zz_nixpy.pth` names it in its first line with a path."""
    env = tmp_path / "env"
    (env / "numpy-1.0.dist-info").mkdir(parents=True)
    (tmp_path / "zz_nixpy.pth").write_text(f"{env}\nimport _nixpy\n")
    assert contents.linked_env(tmp_path) == str(env)
    assert contents.dead(tmp_path) == ()


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (Venv(VENV, kind="file"), "`.venv` is a file"),
        (Venv(VENV, kind="folder", empty=True), "`.venv` is empty"),
        (Venv(VENV, kind="folder"), "`.venv` is without pyvenv.cfg"),
        (Venv(VENV, kind="folder", config={"home": "/x"}), "has a pyvenv.cfg, and no Python"),
    ],
)
def test_what_stands_in_the_place_of_a_venv(facts, said):
    """V1 also tells of what is no venv at all."""
    assert said in text(replace(healthy(), venv=facts), "V1")
    assert found(replace(healthy(), venv=Venv(VENV)), "V1") == []


def test_the_hosts_glibc_for_programs_of_the_store():
    """L8; a Python that aborts for it is not gone (V1)."""
    host = PathFacts("/usr/lib/x86_64-linux-gnu", holds=("libc.so.6",))
    shell = with_variables(LD_LIBRARY_PATH=host)
    assert "holds the host's glibc" in text(shell, "L8")
    broken = replace(VENV_PYTHON, error="ended by signal 6")
    assert found(replace(shell, interpreters=(broken,)), "V1", "L8") == ["L8"]


def test_certificates_of_pip_and_git():
    """E6 knows further variables that programs read."""
    for name in ("PIP_CERT", "GIT_SSL_CAINFO"):
        gone = PathFacts("/gone.crt", kind="missing")
        assert f"{name}=/gone.crt" in text(with_variables(**{name: gone}), "E6")


def test_an_sdist_without_a_compiler():
    """L11: with the headers there, the compiler may still be missing."""
    cairo = LockedWheels("pycairo", "1.0", (), sdist=True)
    flags = "-I/nix/store/x-cairo-1.2/include -I/nix/store/x-pkg-config-1.2/include"
    shell = with_variables(changed("project", locked=(cairo,)), NIX_CFLAGS_COMPILE=flags)
    tools = entry(f"{STORE}/tools/bin", "pkg-config", "meson", "ninja")
    shell = replace(shell, search=(*shell.search, tools))
    assert "no C compiler is on PATH" in text(shell, "L11")


def test_direnv_that_loads_nothing(tmp_path, monkeypatch):
    """F12: .envrc is not among those that were allowed; who has no direnv is not asked."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    (tmp_path / ".envrc").write_text("use flake\n")
    assert flake.look(tmp_path, ()).allowed
    allow = tmp_path / "data/direnv/allow"
    allow.mkdir(parents=True)
    assert not flake.look(tmp_path, ()).allowed
    text_of = f"{tmp_path.resolve()}/.envrc\nuse flake\n".encode()
    (allow / hashlib.sha256(text_of).hexdigest()).touch()
    assert flake.look(tmp_path, ()).allowed
    shell = changed("flake", with_variables(IN_NIX_SHELL=""), allowed=False)
    assert "`direnv allow`" in text(shell, "F12")
    assert found(changed("flake", allowed=False), "F12") == []


@pytest.mark.parametrize(
    ("line", "copies"),
    [("use flake path:.", True), ('use flake "path:$PWD"', True), ("use flake", False),
     ("use flake path:.nixpy", False), ("# use flake path:.", False)],
)  # fmt: skip
def test_a_flake_by_path(line, copies, tmp_path):
    """`path:.` copies everything; the folder `.nixpy` alone is small, and meant so."""
    (tmp_path / ".envrc").write_text(f"{line}\n")
    assert (flake.look(tmp_path, ()).copies is not None) == copies


def test_files_of_editors_that_name_what_is_gone(tmp_path):
    """PyCharm, pyright and the debugger: a path that was collected from the store."""
    gone = f"/nix/store/{'a' * 32}-python3-3.12/bin/python"
    (tmp_path / ".idea").mkdir()
    (tmp_path / ".idea/misc.xml").write_text(f'<option value="{gone}" />\n')
    (tmp_path / "pyrightconfig.json").write_text(f'{{"venvPath": "{gone}"}}')
    seen = project.look(tmp_path, None, [], tmp_path / ".venv").editors
    assert sorted(one.where for one in seen) == [".idea/misc.xml", "pyrightconfig.json"]
    assert found(changed("project", editors=seen), "E10") == ["E10", "E10"]
