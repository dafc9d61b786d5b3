"""Nix's errors in plain words: texts as Nix 2.8 to 2.34 and nixpkgs write them."""
# ruff: noqa: RUF001 - nixpkgs quotes with curly marks

import pytest

from nixpy.nixpkgs.messages import explain
from nixpy.nixpkgs.names import Context
from nixpy.plan.model import Attribute

CONTEXT = Context(
    listed=(
        Attribute(("cowsayy",), "python3Packages.cowsayy", "nixpy.yaml:4"),
        Attribute(("torch",), "torch", "nixpy.yaml:5"),
        Attribute(("libx11", "xorg.libX11"), "libx11", "opencv-python"),
        Attribute(("typing-extensions",), "typing_extensions", "nixpy.yaml"),
    ),
    names=("cowsay", "numpy"),
)
STORE = "/nix/store/pcns6a244cjkiywzn9pdn4gm1sg2fcny"

TEXTS = [
    (
        f"error: attribute 'cowsayy' missing\n\n       at {STORE}-source/flake.nix:31:15:\n\n"
        "           31|               ps.cowsayy # nixpy.yaml\n       Did you mean cowsay?\n",
        "nixpkgs has no `python3Packages.cowsayy`, which nixpy.yaml:4 lists",
        "did you mean `cowsay`?",
    ),
    (
        "error:\n       … while evaluating the attribute 'libX11'\n\n"
        "       error: attribute 'libX11' missing\n",
        "nixpkgs has no `libx11`, which opencv-python needs",
        "https://search.nixos.org/packages shows what there is",
    ),
    (
        "error: attribute 'zzz' missing\n",
        "nixpkgs has no `zzz`, which flake.nix lists",
        "https://search.nixos.org/packages shows what there is",
    ),
    (
        "error: attribute '\"3.12.99\"' missing\n",  # Nix 2.34
        "nixpkgs-python has no Python 3.12.99",
        '`python: "3.12"` takes the release of nixpkgs; `nix flake update` brings newer ones',
    ),
    (
        "error: undefined variable 'pkgz'\n\n       at /nix/store/x/flake.nix:43:15:\n",
        "flake.nix uses `pkgz`, which nothing defines",
        "`pkgs.pkgz` is nixpkgs' package, `ps.pkgz` the Python package",
    ),
    (
        "error: Package ‘python3.12-torch-2.5.1’ in /nix/store/x/pkgs/y.nix:12 has an unfree "
        "license (‘unfree’), refusing to evaluate.\n",
        "`torch`, which nixpy.yaml:5 lists, has an unfree license, which Nix refuses",
        "`allow_unfree: true` in nixpy.yaml accepts it, then `nixpy sync`",
    ),
    (
        "error: Package ‘foo-1.0’ in /nix/store/x is marked as broken, refusing to evaluate.",
        "`foo-1.0` is marked as broken in nixpkgs",
        "take another branch with `nixpkgs:`, or leave the package to the installer",
    ),
    (
        "error: Package ‘foo-1.0’ in x is marked as insecure, refusing to evaluate.",
        "`foo-1.0` is marked as insecure in nixpkgs",
        "leave it out, or take a newer branch with `nixpkgs:`",
    ),
    (
        "error: Package ‘busybox-1.34.1’ in /nix/store/x/default.nix:143 is not supported on "
        "‘aarch64-darwin’, refusing to evaluate.",
        "`busybox-1.34.1` is not there for this system",
        "leave it out, or leave the system out of `systems:`",
    ),
    (
        "error: Package ‘glibc-2.40’ in /x.nix:1 is not available on the requested hostPlatform:\n",
        "`glibc-2.40` is not there for this system",
        "leave it out, or leave the system out of `systems:`",
    ),
    (
        "error: typing_extensions-4.1 not supported for interpreter python3.14\n",
        "`typing_extensions`, which nixpy.yaml lists, is not there for Python 3.14",
        "choose another `python:`, or leave the package to the installer",
    ),
    (
        "error: 'torch' has been renamed to 'pytorch'",
        "`torch`, which nixpy.yaml:5 lists, has another name in nixpkgs: `pytorch`",
        "list `pytorch` in place of `torch` in nixpy.yaml",
    ),
    (
        "error:\n       … while calling the 'throw' builtin\n\n"
        "       error: torch was removed because it is unmaintained\n",
        "nixpkgs has no `torch` any more: torch was removed because it is unmaintained",
        "leave it to the installer, or set `nixpkgs:` to a branch that has it",
    ),
    (
        f"error: builder for '{STORE}-env.drv' failed with exit code 25;\n"
        "       last 2 log lines:\n"
        f"       > error: collision between `{STORE}-python3.12-python-magic-0.4/lib/magic.py' and "
        f"`{STORE}-python3.12-file-magic-5/lib/magic.py'\n",
        "python3.12-python-magic-0.4 and python3.12-file-magic-5 both bring `lib/magic.py`, and "
        "one environment cannot hold both",
        "list only one of the two in nixpy.yaml, or leave one to the installer",
    ),
    (
        "       > pkgs.buildEnv error: two given paths contain a conflicting subpath:\n"
        f"       >   `{STORE}-hello-2.12.2/bin/hello' and\n"
        f"       >   `{STORE}-hello-2.13/bin/hello'\n",
        "hello-2.12.2 and hello-2.13 both bring `bin/hello`, and one environment cannot hold both",
        "list only one of the two in nixpy.yaml, or leave one to the installer",
    ),
    (
        "error: flake 'git+file:///p' does not provide attribute 'packages.aarch64-darwin.devShells"
        ".aarch64-darwin', 'legacyPackages.aarch64-darwin.devShells.aarch64-darwin' or "
        "'devShells.aarch64-darwin'",
        "the flake has no shell for this machine, aarch64-darwin",
        "add `aarch64-darwin` to `systems:` in nixpy.yaml and run `nixpy sync`",
    ),
    (
        "error: flake 'git+file:///p' does not provide attribute 'devShells.x86_64-linux.api', "
        "'packages.x86_64-linux.api', 'legacyPackages.x86_64-linux.api' or 'api'",
        "the flake has no shell `api`",
        "`projects:` in nixpy.yaml names the shells, and `nixpy sync` renders them",
    ),
    (
        f"error: getting status of '{STORE}-source/.nixpy': No such file or directory",
        "git does not know `.nixpy`, so Nix does not see it",
        "`git add --intent-to-add .nixpy`",
    ),
    (
        f"error: path '{STORE}-source/.nixpy/venv.py' does not exist",
        "git does not know `.nixpy/venv.py`, so Nix does not see it",
        "`git add --intent-to-add .nixpy/venv.py`",
    ),
    (
        "error: source tree referenced by 'git+file:///p' does not contain a '/flake.nix' file",
        "git does not know `flake.nix`, so Nix does not see it",
        "`git add --intent-to-add flake.nix`",
    ),
    (
        "error: Path 'flake.nix' in the repository \"/p\" is not tracked by Git.\n\n"
        "       To make it visible to Nix, run:\n",
        "git does not know `flake.nix`, so Nix does not see it",
        "`git add --intent-to-add flake.nix`",
    ),
    (
        "error: path '/tmp/x' is not part of a flake (neither it nor its parent directories "
        "contain a 'flake.nix' file)",
        "there is no flake.nix in this folder",
        "`nixpy init` writes it",
    ),
    (
        "error: experimental Nix feature 'nix-command' is disabled; use "
        "'--extra-experimental-features nix-command' to override",
        "Nix has `nix-command` switched off",
        "put `experimental-features = nix-command flakes` into ~/.config/nix/nix.conf",
    ),
    (
        "warning: error: unable to download 'https://api.github.com/a': HTTP error 404; retrying\n"
        "error: unable to download 'https://api.github.com/b': Couldn't resolve host name (6)",
        "`https://api.github.com/b` cannot be reached: there is no network, or a proxy stands in "
        "between",
        "once flake.lock is there and nixpkgs in the store, Nix works without network",
    ),
    (
        "error: unable to download 'https://api.github.com/repos/NixOS/nixpkgs/commits/nixos-99.99'"
        ": HTTP error 422\n\n       response body:\n",
        "the server has no `https://api.github.com/repos/NixOS/nixpkgs/commits/nixos-99.99`: there "
        "is no such branch or revision",
        "correct `nixpkgs:` in nixpy.yaml; branches are nixos-unstable, nixos-25.11 and so on",
    ),
    (
        "error: unable to download 'https://api.github.com/repos/NixOS/nixpkgs': HTTP error 403\n"
        '       {"message":"API rate limit exceeded for 1.2.3.4."}',
        "GitHub answers no more requests for now: its rate limit is reached",
        "wait an hour, or put `access-tokens = github.com=TOKEN` into nix.conf",
    ),
    (
        "fatal: unable to access 'https://github.com/a/b/': Could not resolve host: github.com",
        "`https://github.com/a/b/` cannot be reached: there is no network, or a proxy stands in "
        "between",
        "once flake.lock is there and nixpkgs in the store, Nix works without network",
    ),
    (
        "error: NAR hash mismatch in input 'github:NixOS/nixpkgs/abc' (/nix/store/x), expected "
        "'sha256-a', got 'sha256-b'",
        "the flake input `github:NixOS/nixpkgs/abc` is not what flake.lock recorded",
        "`nix flake update` records it anew, if the change is wanted",
    ),
    (
        f"error: hash mismatch in fixed-output derivation '{STORE}-numpy-2.0.tar.gz.drv':\n"
        "         specified: sha256-a\n            got:    sha256-b",
        "what was downloaded for `numpy-2.0.tar.gz` is not what nixpkgs expects",
        "the file changed at its source: `nix flake update` takes a newer nixpkgs",
    ),
    (
        "error: cannot find flake 'flake:nixpkgz' in the flake registries",
        "Nix's registry knows no flake `nixpkgz`",
        "set `nixpkgs:` in nixpy.yaml to a branch such as nixos-unstable",
    ),
    (
        "error: cannot connect to socket at '/nix/var/nix/daemon-socket/socket': No such file",
        "the Nix daemon does not answer",
        "`sudo systemctl start nix-daemon` starts it; on macOS "
        "`sudo launchctl kickstart -k system/org.nixos.nix-daemon`",
    ),
    (
        "error: writing to file: No space left on device",
        "the disk is full",
        "`nix-collect-garbage` frees what nothing uses",
    ),
    (
        "error: repository path '/p' is not owned by current user",
        "the repository /p belongs to another user, so git and Nix refuse to read it",
        "`chown` it, or `git config --global --add safe.directory /p`",
    ),
]


@pytest.mark.parametrize(("stderr", "message", "hint"), TEXTS)
def test_what_nix_says_is_told_plainly(stderr, message, hint):
    """Each text becomes one sentence in the user's words, and what to do about it."""
    found = explain(stderr, CONTEXT)
    assert found is not None
    assert (found.message, found.hint) == (message, hint)


@pytest.mark.parametrize(
    "stderr",
    [
        f"error: syntax error, unexpected ';'\n\n       at {STORE}-source/flake.nix:32:15:\n",
        f"error: syntax error, unexpected ';', at {STORE}-source/nix/flake.nix:32:15\n",
    ],
)
def test_a_syntax_error_has_its_place(stderr):
    """File and line are the user's own, not those in the store."""
    found = explain(stderr)
    assert found is not None
    assert (found.file, found.line) == ("flake.nix", 32)
    assert found.message == "not Nix: syntax error, unexpected ';'"


@pytest.mark.parametrize("stderr", ["", "error: infinite recursion encountered", "warning: x\n"])
def test_what_is_not_known_is_left_to_nix(stderr):
    """A text that no rule knows is not guessed at."""
    assert explain(stderr, CONTEXT) is None


def test_braces_in_a_name_are_text():
    """What Nix quotes may hold braces."""
    found = explain("error: attribute '{x}' missing")
    assert found is not None
    assert "`{x}`" in found.message
