"""Nix's errors in plain words: texts as Nix 2.8 to 2.34 and nixpkgs write them."""
# ruff: noqa: RUF001 - nixpkgs quotes with curly marks

import pytest

from nixpy.nixpkgs.messages import explain
from nixpy.nixpkgs.names import Context
from nixpy.plan.model import Attribute, Reason
from nixpy.syntax.origin import Origin

CONTEXT = Context(
    listed=(
        Attribute(("cowsayy",), "python3Packages.cowsayy", Reason((Origin("nixpy.yaml", line=4),))),
        Attribute(("torch",), "torch", Reason((Origin("nixpy.yaml", line=5),))),
        Attribute(("libx11", "xorg.libX11"), "libx11", Reason(needs=("opencv-python",))),
        Attribute(("typing-extensions",), "typing_extensions", Reason((Origin("nixpy.yaml"),))),
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
        "there is no `zzz` where it is looked for",
        "look at the spelling; `pkgs` has nixpkgs' packages, `ps` those for Python",
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
        "`torch`, which nixpy.yaml:5 lists, is not in nixpkgs any more: torch was removed because "
        "it is unmaintained",
        "leave it out or to the installer, or set `nixpkgs:` to a branch that has it",
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
        "Nix does not see `.nixpy`: it is not there, or git does not know it",
        "`git add --intent-to-add .nixpy` if it is there",
    ),
    (
        f"error: path '{STORE}-source/.nixpy/venv.py' does not exist",
        "Nix does not see `.nixpy/venv.py`: it is not there, or git does not know it",
        "`git add --intent-to-add .nixpy/venv.py` if it is there",
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
        "correct `nixpkgs:` in nixpy.yaml; branches are nixos-unstable, nixos-26.05 and so on",
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
        "set `nixpkgs:` in nixpy.yaml to a branch such as nixos-unstable; what `outputs` takes "
        "needs an input",
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
        "error: Refusing to evaluate package 'python3.14-torch-2.9.1' in /nix/store/x/p/y.nix:1 "
        "because it has an unfree license (‘unfree’)\n       a) To temporarily allow them",
        "`torch`, which nixpy.yaml:5 lists, has an unfree license, which Nix refuses",
        "`allow_unfree: true` in nixpy.yaml accepts it, then `nixpy sync`",
    ),
    (
        "error: Refusing to evaluate package 'foo-1.0' in .../pkgs/y.nix:42\n"
        "       because it has problems:\n       - broken: This package is broken.\n",
        "`foo-1.0` is marked as broken in nixpkgs",
        "take another branch with `nixpkgs:`, or leave the package to the installer",
    ),
    (
        "error: Refusing to evaluate package 'foo-1.0' in y.nix:1 because it has problems:\n"
        "       - removal: it is unmaintained\n",
        "`foo-1.0` has a problem in nixpkgs: removal: it is unmaintained",
        "take another branch with `nixpkgs:`, or leave the package to the installer",
    ),
    (
        "error: Refusing to evaluate package 'foo-1.0' in y.nix:1 because it is marked as insecure",
        "`foo-1.0` is marked as insecure in nixpkgs",
        "leave it out, or take a newer branch with `nixpkgs:`",
    ),
    (
        "error: Refusing to evaluate package 'foo-1.0' in y.nix:1 because it is not available on "
        'the requested hostPlatform:\n           hostPlatform.system = "aarch64-darwin"\n',
        "`foo-1.0` is not there for this system",
        "leave it out, or leave the system out of `systems:`",
    ),
    (
        "error: Nixpkgs 26.11 has dropped support for x86_64-darwin.",
        "nixpkgs 26.11 has no packages for x86_64-darwin any more",
        "`nixpkgs: github:NixOS/nixpkgs/nixpkgs-26.05-darwin` still has, or leave the system out "
        "of `systems:`",
    ),
    (
        "error: evaluation aborted with the following error message: '\n       This version of "
        "Nixpkgs requires an implementation of Nix with the following features:\n       - `builtins"
        ".nixVersion` reports at least 2.18\n\n       You are evaluating with Nix 2.16.1",
        "this nixpkgs needs Nix 2.18 or newer",
        "upgrade Nix, or take an older branch with `nixpkgs:`",
    ),
    (
        "error: do not use python3Packages when building Python packages, specify each used "
        "package as a separate argument",
        "`python3Packages` is no Python package of nixpkgs",
        "list the packages themselves in nixpy.yaml",
    ),
    (
        "error: cached failure of attribute 'devShells.x86_64-linux.default'",
        "Nix remembers that `devShells.x86_64-linux.default` failed before, and does not say why",
        "`nix develop --option eval-cache false` says it",
    ),
    (
        f"error: cannot add path '{STORE}-x' because it lacks a signature by a trusted key",
        "what a cache sent is not signed by a key that this Nix trusts",
        "add the cache's key to `trusted-public-keys` in nix.conf, or leave that cache out",
    ),
    (
        f"error: path '{STORE}-x' was modified! expected hash 'sha256:a', got 'sha256:b'",
        "the Nix store is damaged",
        "`nix-store --verify --check-contents --repair` finds and mends it",
    ),
    (
        "error: creating directory '/home/ada/.cache/nix': Permission denied",
        "Nix cannot write `/home/ada/.cache/nix`",
        '`sudo chown -R "$USER"` gives it back; a `sudo nix` may have made it',
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
    ("stderr", "file"),
    [
        (
            f"error: syntax error, unexpected ';'\n\n       at {STORE}-source/flake.nix:32:15:\n",
            "flake.nix",
        ),
        (
            f"error: syntax error, unexpected ';', at {STORE}-source/nix/flake.nix:32:15\n",
            "nix/flake.nix",
        ),
    ],
)
def test_a_syntax_error_has_its_place(stderr, file):
    """File and line are the user's own, not those in the store."""
    found = explain(stderr)
    assert found is not None
    assert (found.file, found.line) == (file, 32)
    assert found.message == "not Nix: syntax error, unexpected ';'"


@pytest.mark.parametrize("stderr", ["", "error: the moon is full", "warning: x\n"])
def test_what_is_not_known_is_left_to_nix(stderr):
    """A text that no rule knows is not guessed at."""
    assert explain(stderr, CONTEXT) is None


def test_a_warning_is_not_the_error():
    """What nixpkgs only warns of, before the error, is not told in its place."""
    found = explain(
        "evaluation warning: 'spam' has been renamed to 'eggs'\n"
        "trace: warning: torch has been removed\nerror: infinite recursion encountered\n"
    )
    assert found is not None
    assert found.message == "a value is defined by itself: Nix runs in a circle"


def test_the_log_of_a_build_is_not_taken_for_an_error_of_nix():
    """A build may print what an error of Nix would say."""
    found = explain(
        f"error: builder for '{STORE}-python3.12-torch-2.1.drv' failed with exit code 1;\n"
        "       last 2 log lines:\n       > error: attribute 'x' missing\n"
        "       > error: option --foo has been removed\n",
        CONTEXT,
    )
    assert found is not None
    assert found.message == (
        "`torch`, which nixpy.yaml:5 lists, does not build (exit code 1); its log ends with\n"
        "    error: attribute 'x' missing\n    error: option --foo has been removed"
    )


@pytest.mark.parametrize(
    "stderr",
    [
        f"error: only one user of it is left\n\n       … while evaluating the attribute 'spam'\n\n"
        f"       at {STORE}-source/pkgs/top-level/python-packages.nix:177:3:\n\n"
        '          177|   spam = throw "only";\n             |   ^\n\n'
        f"       … while evaluating 'f'\n\n       at {STORE}-source/flake.nix:13:21:\n",
        "error:\n       … while evaluating attribute 'default'\n"
        f"         at {STORE}-source/flake.nix:13:21:\n\n"
        "       … while evaluating the attribute 'spam'\n"
        f"         at {STORE}-source/pkgs/top-level/python-packages.nix:177:3:\n"
        '          177|   spam = throw "only";\n             |   ^\n\n'
        "       … while calling the 'throw' builtin\n"
        f"         at {STORE}-source/pkgs/top-level/python-packages.nix:177:10:\n"
        '          177|   spam = throw "only";\n             |          ^\n\n'
        "       error: only one user of it is left\n",
    ],
    ids=["2.8", "2.34"],
)
def test_what_an_attribute_of_nixpkgs_throws(stderr):
    """A long trace names the attribute that throws, whatever it says."""
    found = explain(stderr, CONTEXT)
    assert found is not None
    assert found.message == "nixpkgs refuses `spam`: only one user of it is left"


@pytest.mark.parametrize(
    "stderr",
    [
        f"error: cannot coerce a set to a string\n\n       at {STORE}-source/pkgs/x.nix:9:1:\n\n"
        f"       … while evaluating 'f'\n\n       at {STORE}-source/flake.nix:55:3:\n\n"
        f"       … while evaluating 'g'\n\n       at {STORE}-source/flake.nix:20:3:\n",
        f"error:\n       … while evaluating 'g'\n         at {STORE}-source/flake.nix:20:3:\n\n"
        f"       … while evaluating 'f'\n         at {STORE}-source/flake.nix:55:3:\n\n"
        "       … while evaluating 'h'\n"
        "         at «github:NixOS/nixpkgs/0bb7ec5?narHash=sha256-x»/lib/attrsets.nix:9:1:\n\n"
        "       error: cannot coerce a set to a string: { a = 1; }\n",
    ],
    ids=["2.8", "2.34"],
)
def test_the_line_of_the_project_that_is_nearest_to_the_error(stderr):
    """Older Nix tells the way from the error outwards, newer Nix towards it."""
    found = explain(stderr, CONTEXT)
    assert found is not None
    assert (found.file, found.line) == ("flake.nix", 55)


def test_braces_in_a_name_are_text():
    """What Nix quotes may hold braces."""
    found = explain("error: attribute '{x}' missing")
    assert found is not None
    assert "`{x}`" in found.message
