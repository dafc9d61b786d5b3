"""nixpy.yaml: what is read, and how each mistake is told."""

import pytest

from nixpy.config.model import DEFAULT_NIXPKGS, Config, Layout
from nixpy.config.parse import nixpkgs_reference, parse
from nixpy.errors import NixpyError, NixpyErrors
from nixpy.metadata.model import Installer

EVERY_KEY = """\
python: 3.10
installer: poetry
packages: [numpy, opencv-python]
libraries: [libGL, stdenv.cc.cc.lib]
tools:
  - ruff
  - postgresql
env: {DJANGO_DEBUG: 1, GREETING: "a b"}
shell_hook: |
  echo hello
nixpkgs: nixos-25.11
systems: [x86_64-linux]
venv: build/venv
allow_unfree: true
pythons: ["3.11"]
library_path: yes
cuda: false
shell: fhs
provider: uv2nix
projects: {api: services/api}
flake: ./.nixpy/
"""


def test_every_key_is_read():
    """All documented keys are taken over with the value that is written."""
    config = parse(EVERY_KEY)
    assert config.python is not None
    assert (config.python.text, str(config.python.origin)) == ("3.10", "nixpy.yaml:1")
    assert config.installer is Installer.POETRY
    assert [item.text for item in config.packages] == ["numpy", "opencv-python"]
    assert [item.text for item in config.libraries] == ["libGL", "stdenv.cc.cc.lib"]
    assert [(item.text, str(item.origin)) for item in config.tools] == [
        ("ruff", "nixpy.yaml:6"),
        ("postgresql", "nixpy.yaml:7"),
    ]
    assert config.env == {"DJANGO_DEBUG": "1", "GREETING": "a b"}
    assert config.shell_hook == "echo hello\n"
    assert config.nixpkgs == "github:NixOS/nixpkgs/nixos-25.11"
    assert config.systems == ("x86_64-linux",)
    assert config.venv == "build/venv"
    assert config.allow_unfree
    assert config.library_path
    assert not config.cuda
    assert [item.text for item in config.pythons] == ["3.11"]
    assert (config.shell, config.provider) == ("fhs", "uv2nix")
    assert config.projects == {"api": "services/api"}
    assert config.flake is Layout.FOLDER


@pytest.mark.parametrize("text", ["", "# nothing but a comment\n", "---\n", "null\n", "\ufeff"])
def test_a_file_without_content_means_the_defaults(text):
    """An empty nixpy.yaml is as good as none."""
    assert parse(text) == Config()


def test_an_empty_list_key_means_an_empty_list():
    """A key without a value, as people leave it, is an empty list."""
    assert parse("packages:\ntools:\n").packages == ()


@pytest.mark.parametrize(
    ("text", "said", "hint"),
    [
        ("pakages: [numpy]", "nixpy.yaml:1:1: `pakages`: unknown key", "did you mean `packages`?"),
        ("a: 1\nenv:\n\tx: 1", "nixpy.yaml:3:1: not YAML", "indent with spaces, not tabs"),
        ("packages: numpy", "nixpy.yaml:1:11: `packages`: expected a list", "[numpy]"),
        ("packages: [numpy, NumPy]", "nixpy.yaml:1:19: `packages`: `NumPy` is listed twice", None),
        ("packages: ['numpy==1.26']", "names a version", "write `numpy`"),
        ("packages: ['a b']", "not a package's name", None),
        ("packages: [requests[socks]]", "not YAML", None),
        ("packages: ['requests[socks]']", "names extras", "write `requests`"),
        ("tools: [[x]]", "expected a single value, found a list", None),
        ("python: three", "`three` is not a Python version", 'write it as "3.12"'),
        ("python:", "expected a single value, found nothing", None),
        ("installer: conda", "not one of uv, pip, poetry", None),
        ("installer: uv==0.7.12", "`uv==0.7.12` names a version", None),
        ("env: {A-B: 1}", "`A-B` is not the name of an environment variable", None),
        ("env: {A: 1, A: 2}", "`A` is set twice", None),
        ('env: {A: "x\\0y"}', "NUL", None),
        ("venv: ../elsewhere", "not a folder inside the project", "`.venv`"),
        ("venv: /nix/store/x", "not a folder inside the project", "`.venv`"),
        ("venv: .", "not a folder inside the project", "`.venv`"),
        ("systems: []", "the list is empty", None),
        ("systems: [linux]", "`linux` is not a system", None),
        ("allow_unfree: maybe", "expected true or false, found `maybe`", None),
        ("nixpkgs: 'a b'", "not a flake reference", DEFAULT_NIXPKGS),
        ("pythons: [3.11.4]", "`3.11.4` is not a minor Python version", None),
        ("projects: {default: api}", "cannot be the name of a shell", None),
        ("projects: {api: ../api}", "not a folder inside the project", None),
        ("python: '3.12'\npython: '3.13'", "the key stands twice, first on line 1", None),
        ("- numpy", "expected `key: value` lines, found a list", None),
        ("packages: [numpy", "not YAML", None),
        ("x: \x01", "not YAML", None),
        ("a: " + "[" * 90_000, "nested too deeply", None),
        ("<<<<<<< ours\npython: 3.12\n=======\n>>>>>>> theirs\n", "merge conflict", "sides"),
    ],
)
def test_a_mistake_is_told_with_its_place(text, said, hint):
    """Each mistake names file, line and key, and says what to do where that is known."""
    with pytest.raises(NixpyError) as caught:
        parse(text)
    assert said in str(caught.value)
    if hint:
        assert hint in (caught.value.hint or "")
    if "not YAML" not in said and "nested" not in said:
        assert caught.value.line


def test_all_mistakes_are_told_at_once():
    """Two mistakes in two keys are reported together."""
    with pytest.raises(NixpyErrors) as caught:
        parse("pakages: []\nvenv: /tmp\n")
    assert [error.line for error in caught.value.errors] == [1, 2]


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("nixos-25.11", "github:NixOS/nixpkgs/nixos-25.11"),
        ("nixpkgs-unstable", "github:NixOS/nixpkgs/nixpkgs-unstable"),
        ("0" * 40, "github:NixOS/nixpkgs/" + "0" * 40),
        ("nixpkgs", "nixpkgs"),
        ("git+https://example.org/n?ref=x&dir=a", "git+https://example.org/n?ref=x&dir=a"),
        ('"; evil', None),
        ("", None),
    ],
)
def test_nixpkgs_takes_a_branch_a_revision_or_a_reference(text, reference):
    """A branch or a revision alone means nixpkgs' own repository."""
    assert nixpkgs_reference(text) == reference
