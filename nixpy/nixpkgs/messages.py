"""What Nix says, in the words of somebody who knows Python better than Nix. Pure.

The texts are those of Nix 2.8 to 2.34 and of nixpkgs since 2024.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from nixpy.errors import NixpyError
from nixpy.nixpkgs.names import Context, missing_name

# Nix quotes with straight marks or curly double ones, nixpkgs with curly single ones or `'. Within
# its marks Nix 2.34 quotes a name that is no identifier: '"3.12.99"'.
_MARKS = "`'\"\u2018\u2019\u201c\u201d"
_MARK = f"[{_MARKS}]{{1,2}}"
_NAME = f"{_MARK}([^{_MARKS}\\n]+){_MARK}"
_STORE = re.compile(rf"/nix/store/[0-9a-z]{{32}}-([^\s/{_MARKS}]+)")
_SOURCE = r"/nix/store/[0-9a-z]{32}-source/"


@dataclass(frozen=True, slots=True)
class Saying:
    """A text of Nix, and what it means.

    In message and hint ``{0}`` and ``{1}`` stand for the groups of the pattern, ``{package}`` for
    the package that the first one names.
    """

    pattern: re.Pattern[str]
    message: str
    hint: str | None = None

    def meaning(self, found: re.Match[str], context: Context) -> NixpyError:
        """Fill in the names."""
        groups = [one or "" for one in found.groups()]
        package = context.spoken(groups[0]) if "{package}" in self.message else ""
        return NixpyError(
            self.message.format(*groups, package=package),
            hint=self.hint and self.hint.format(*groups),
        )


def explain(stderr: str, context: Context | None = None) -> NixpyError | None:
    """Say what an error of Nix means, or None for one that is not known.

    ``stderr`` is all that Nix wrote, without colours.
    """
    # Warnings come before, and may say the same of what was tried again with success.
    text = "\n".join(line for line in stderr.splitlines() if not line.startswith("warning:"))
    for rule in _RULES:
        pattern = rule.pattern if isinstance(rule, Saying) else rule[0]
        found = pattern.search(text)
        if found:
            meaning = rule.meaning if isinstance(rule, Saying) else rule[1]
            return meaning(found, context or Context())
    return None


def _missing(found: re.Match[str], context: Context) -> NixpyError:
    return missing_name(found[1], context)


def _removed(found: re.Match[str], context: Context) -> NixpyError:
    one = context.asked(found[1])
    said = " ".join(found[0].split()).removeprefix("error:").strip()
    return NixpyError(
        f"nixpkgs has no `{one.name if one else found[1]}` any more: {said}",
        hint="leave it to the installer, or set `nixpkgs:` to a branch that has it",
    )


def _collision(found: re.Match[str], _: Context) -> NixpyError:
    stored = [_STORE.match(path) for path in found.groups()]
    first, second = (
        one[1] if one else path for one, path in zip(stored, found.groups(), strict=True)
    )
    file = re.sub(r"^/nix/store/[^/]+/", "", found[1])
    return NixpyError(
        f"{first} and {second} both bring `{file}`, and one environment cannot hold both",
        hint="list only one of the two in nixpy.yaml, or leave one to the installer",
    )


def _no_shell(found: re.Match[str], _: Context) -> NixpyError:
    system, name = found.groups()
    if name in {None, "default"}:
        return NixpyError(
            f"the flake has no shell for this machine, {system}",
            hint=f"add `{system}` to `systems:` in nixpy.yaml and run `nixpy sync`",
        )
    return NixpyError(
        f"the flake has no shell `{name}`",
        hint="`projects:` in nixpy.yaml names the shells, and `nixpy sync` renders them",
    )


def _syntax(found: re.Match[str], _: Context) -> NixpyError:
    return NixpyError(
        f"not Nix: {found[1]}",
        file=found[2],
        line=int(found[3]),
        hint="undo the edit there, or `nixpy sync --force` writes a generated file anew",
    )


def _hash(found: re.Match[str], _: Context) -> NixpyError:
    name = _STORE.sub(r"\1", found[1]).removesuffix(".drv")
    return NixpyError(
        f"what was downloaded for `{name}` is not what nixpkgs expects",
        hint="the file changed at its source: `nix flake update` takes a newer nixpkgs",
    )


Rule = Callable[[re.Match[str], Context], NixpyError]


def _says(pattern: str, message: str, hint: str | None = None) -> Saying:
    return Saying(re.compile(pattern, re.MULTILINE), message, hint)


def _when(pattern: str, rule: Rule) -> tuple[re.Pattern[str], Rule]:
    return re.compile(pattern, re.MULTILINE), rule


_GIT_ADD = ("git does not know `{0}`, so Nix does not see it", "`git add --intent-to-add {0}`")
_OTHER_USER = (
    "the repository {0} belongs to another user, so git and Nix refuse to read it",
    "`chown` it, or `git config --global --add safe.directory {0}`",
)
_UNREACHED = (
    "`{0}` cannot be reached: there is no network, or a proxy stands in between",
    "once flake.lock is there and nixpkgs in the store, Nix works without network",
)

# The first that is found counts: what is particular comes before what others are followed by.
_RULES: tuple[Saying | tuple[re.Pattern[str], Rule], ...] = (
    _says(
        rf"experimental (?:Nix )?feature {_NAME} is disabled",
        "Nix has `{0}` switched off",
        "put `experimental-features = nix-command flakes` into ~/.config/nix/nix.conf",
    ),
    _says(
        r"cannot connect to (?:socket|daemon) at|cannot open connection to remote store",
        "the Nix daemon does not answer",
        "`sudo systemctl start nix-daemon` starts it; on macOS "
        "`sudo launchctl kickstart -k system/org.nixos.nix-daemon`",
    ),
    _says(
        r"No space left on device|database or disk is full",
        "the disk is full",
        "`nix-collect-garbage` frees what nothing uses",
    ),
    _says(rf"repository path {_NAME} is not owned by current user", *_OTHER_USER),
    _says(rf"detected dubious ownership in repository at {_NAME}", *_OTHER_USER),
    _says(
        rf"Package {_NAME} in .{{0,300}}? has an unfree license",
        "{package} has an unfree license, which Nix refuses",
        "`allow_unfree: true` in nixpy.yaml accepts it, then `nixpy sync`",
    ),
    _says(
        rf"Package {_NAME} in .{{0,300}}? is marked as broken",
        "{package} is marked as broken in nixpkgs",
        "take another branch with `nixpkgs:`, or leave the package to the installer",
    ),
    _says(
        rf"Package {_NAME} in .{{0,300}}? is marked as insecure",
        "{package} is marked as insecure in nixpkgs",
        "leave it out, or take a newer branch with `nixpkgs:`",
    ),
    _says(
        rf"Package {_NAME} in .{{0,300}}? is not (?:available|supported) on",
        "{package} is not there for this system",
        "leave it out, or leave the system out of `systems:`",
    ),
    _says(
        r"([\w.+-]+) not supported for interpreter python(\d\.\d+)",
        "{package} is not there for Python {1}",
        "choose another `python:`, or leave the package to the installer",
    ),
    _says(
        rf"{_NAME} (?:has been|was) (?:renamed|replaced|moved) (?:to|by|with|into) {_NAME}",
        "{package} has another name in nixpkgs: `{1}`",
        "list `{1}` in place of `{0}` in nixpy.yaml",
    ),
    _when(
        rf"^\s*(?:error: )?[{_MARKS}]?([\w.+-]+)[{_MARKS}]? (?:has been|was) (?:removed|dropped).*",
        _removed,
    ),
    _when(r"collision between [`'](/[^'`]+)['`] and [`'](/[^'`]+)['`]", _collision),
    _when(r"conflicting subpath:[\s>]*[`'](/[^'`]+)['`] and[\s>]*[`'](/[^'`]+)['`]", _collision),
    _says(
        r"Package duplicates found in closure|Found duplicated packages in closure",
        "two versions of one Python package come together in the environment",
        "`--verbose` shows which; list only one of the packages that bring them",
    ),
    _when(r"does not provide attribute .*?'devShells\.(\w+-\w+)(?:\.([\w-]+))?[\w.-]*'", _no_shell),
    _says(rf"[Pp]ath {_NAME} in the repository .{{0,300}}? is not tracked by Git", *_GIT_ADD),
    _says(r"does not contain a '/([^'\n]*flake\.nix)' file", *_GIT_ADD),
    _says(rf"getting status of '{_SOURCE}([^'\n]+)': No such file", *_GIT_ADD),
    _says(rf"path '{_SOURCE}([^'\n]+)' does not exist", *_GIT_ADD),
    _says(
        r"is not part of a flake|could not find a flake\.nix file",
        "there is no flake.nix in this folder",
        "`nixpy init` writes it",
    ),
    _says(
        rf"cannot find flake [{_MARKS}](?:flake:)?([^{_MARKS}\n]+)[{_MARKS}] in the flake regis",
        "Nix's registry knows no flake `{0}`",
        "set `nixpkgs:` in nixpy.yaml to a branch such as nixos-unstable",
    ),
    _says(
        r"API rate limit exceeded|HTTP error 429",
        "GitHub answers no more requests for now: its rate limit is reached",
        "wait an hour, or put `access-tokens = github.com=TOKEN` into nix.conf",
    ),
    _says(
        rf"unable to download {_NAME}: HTTP error (?:404|422)",
        "the server has no `{0}`: there is no such branch or revision",
        "correct `nixpkgs:` in nixpy.yaml; branches are nixos-unstable, nixos-25.11 and so on",
    ),
    _says(rf"unable to (?:download|access) {_NAME}: .*(?:resol|onnect|ime[d-]?out)", *_UNREACHED),
    _says(r"Could not resolve host(?:name)?:? ([\w.-]+)", *_UNREACHED),
    _says(
        rf"NAR hash mismatch in input {_NAME}",
        "the flake input `{0}` is not what flake.lock recorded",
        "`nix flake update` records it anew, if the change is wanted",
    ),
    _when(rf"hash mismatch in (?:fixed-output derivation|file downloaded from) {_NAME}", _hash),
    _when(
        r"error: (syntax error, [^\n]*?),?(?:\s+at |\s+\u2026[^\n]*\n\s+at )"
        rf"(?:{_SOURCE})?(?:[^\s:]*/)?([^\s:/]+\.nix):(\d+)",
        _syntax,
    ),
    _says(
        rf"undefined variable {_NAME}",
        "flake.nix uses `{0}`, which nothing defines",
        "`pkgs.{0}` is nixpkgs' package, `ps.{0}` the Python package",
    ),
    _says(
        rf"attribute {_MARK}((3\.\d+)\.\d+){_MARK} missing",
        "nixpkgs-python has no Python {0}",
        '`python: "{1}"` takes the release of nixpkgs; `nix flake update` brings newer ones',
    ),
    _when(rf"attribute {_NAME} missing", _missing),
)
