"""Which names the top level of nixpkgs has, for programs and libraries, without asking Nix."""

import re
from dataclasses import dataclass
from functools import cache
from itertools import chain

from nixpy.knowledge.libraries import alternatives, soname_provider
from nixpy.knowledge.names import attributes
from nixpy.knowledge.programs import programs
from nixpy.knowledge.table import table, text

_SYSTEMS = {
    "x": "x86_64-linux",
    "a": "aarch64-linux",
    "X": "x86_64-darwin",
    "A": "aarch64-darwin",
}

# Sets of packages at the top level: whether `NAME.x` is there, only Nix can say.
_SET = re.compile(
    r"\w+Packages(?:_[\d_]+)?|pkgs\w*|lib|gst_all_1|kdePackages|libsForQt5|qt[56]|xorg|texlive|darwin"
    r"|gnome|nodePackages_latest|androidenv|beam|dockerTools|jetbrains|vimPlugins|vscode-extensions"
    r"|poetryPlugins|tree-sitter-grammars|unixodbcDrivers|unixODBCDrivers|hunspellDicts|aspellDicts"
)
_NUMBER = re.compile(r"\d+")
_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789-_"


@dataclass(frozen=True, slots=True)
class TopLevel:
    """An attribute of nixpkgs' top level.

    ``systems`` are the platforms that have it. ``refused`` tells that nixpkgs gives it only where
    unfree, insecure or broken packages are allowed, ``broken`` that it is marked as broken.
    """

    name: str
    systems: tuple[str, ...] = tuple(_SYSTEMS.values())
    refused: bool = False
    broken: bool = False


def known_attribute(name: str) -> TopLevel | None:
    """Return what the table says of a top-level attribute or a path below one, or None.

    None means that nixos-unstable had no such name in September 2025: it is a mistake, or newer.
    Known too are what lies below a set of packages (``xorg.libX11``) or an output of a package
    (``openssl.dev``), other versions of a package (``postgresql_19``), libraries by their name on
    another branch (``poppler_utils``) and programs of the Python package set (``black``).
    """
    first, dot, _ = name.partition(".")
    flags = _names().get(first)
    if flags is not None:
        letters = flags.lstrip("!")
        systems = tuple(_SYSTEMS[letter] for letter in letters) or tuple(_SYSTEMS.values())
        return TopLevel(name, systems, "!" in flags, flags.startswith("!!"))
    if _SET.fullmatch(first) or (not dot and _elsewhere(first)):
        return TopLevel(name)
    return None


def names() -> frozenset[str]:
    """Return the attributes of the top level that are no sets."""
    return frozenset(_names())


def is_library(name: str) -> bool:
    """Tell whether a top-level attribute is known for what it lets programs load."""
    sonames = table("sonames.yaml")
    return name in map(sonames.get, sonames) or (name.startswith("lib") and name in _names())


def is_program(name: str) -> bool:
    """Tell whether a top-level attribute is known for the commands that it has."""
    commands = table("commands.yaml")
    return name in map(commands.get, commands)


def nearest_attribute(name: str) -> tuple[str, ...]:
    """Return at most three top-level attributes that a name may stand for, the likeliest first.

    These are the package of a command (``psql``) or of a library (``liblzma``), the same word in
    another spelling (``libGl``), words with one letter missing, added, swapped or wrong, and words
    that look alike. Takes some fifty milliseconds.
    """
    from nixpy.knowledge.nearest import nearest  # few need it, and difflib is slow to import

    names = _names()
    command: str | None = table("commands.yaml").get(name) or _of_conda(name) or _of_soname(name)
    plain, spellings, common = _plain(name), _spellings(), _common()
    slips = chain.from_iterable(spellings.get(slip, ()) for slip in _slips(plain))
    alike = sorted((*slips, *nearest(name, names, limit=9)), key=lambda one: one not in common)
    found = dict.fromkeys((command or name, *spellings.get(plain, ()), *alike))
    return tuple(one for one in found if one != name)[:3]


def _elsewhere(name: str) -> bool:
    """Whether another branch, or the Python package set, has what is not at this top level."""
    if name in attributes() or alternatives(name) != (name,):
        return True
    return bool(_NUMBER.search(name)) and _NUMBER.sub("#", name) in _numbered()


def _of_conda(name: str) -> str | None:
    """Give the first attribute that a row of conda's names, or None if there is none."""
    row = table("conda.yaml").get(name)
    if not isinstance(row, dict):
        return None
    return next(chain(row.get("tools", ()), row.get("libraries", ())), None)


def _of_soname(name: str) -> str | None:
    """Give the attribute that has the library of a name without its suffix, or None."""
    sonames = table("sonames.yaml") if name.startswith("lib") else ()
    soname = next((one for one in sonames if one.partition(".so")[0] == name), None)
    return soname_provider(soname) if soname else None


def _slips(word: str) -> list[str]:
    """Give the words that are one slip of the finger away, the commonest kinds first."""
    cuts = range(len(word) + 1)
    swapped = [word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in cuts[:-2]]
    missing = [word[:at] + letter + word[at:] for at in cuts for letter in _LETTERS]
    added = [word[:at] + word[at + 1 :] for at in cuts[:-1]]
    wrong = [word[:at] + letter + word[at + 1 :] for at in cuts[:-1] for letter in _LETTERS]
    return [*swapped, *missing, *added, *wrong]


def _plain(name: str) -> str:
    return name.lower().replace("_", "").replace("-", "")


@cache
def _names() -> dict[str, str]:
    """Read the list: the flags of each name."""
    lines = (line for line in text("top_level.txt").splitlines() if line[:1] != "#")
    return {name: flags for name, _, flags in (line.partition(" ") for line in lines)}


@cache
def _spellings() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in _names():
        found.setdefault(_plain(name), []).append(name)
    return found


@cache
def _common() -> frozenset[str]:
    """Give the attributes that other tables name: more likely meant than their neighbours."""
    tables = (table("commands.yaml"), table("sonames.yaml"))
    named = (program.attribute for program in programs() if program.attribute)
    of_conda = filter(None, map(_of_conda, table("conda.yaml")))
    return frozenset(chain(*(map(rows.get, rows) for rows in tables), named, of_conda))


@cache
def _numbered() -> frozenset[str]:
    return frozenset(_NUMBER.sub("#", name) for name in _names() if _NUMBER.search(name))
