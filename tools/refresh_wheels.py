"""Rewrite the table of wheels from a package index.

Run as ``python -m tools.refresh_wheels --index URL``: every row of ``wheels.yaml`` is made anew, or
those of the names that are given, which get a row if they have none. The index is asked for one
page a distribution, in the JSON form of PEP 691.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.request import Request, urlopen

import click
from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename

from nixpy.errors import NixpyError
from nixpy.knowledge import table as tables
from nixpy.knowledge.wheels import MINORS
from nixpy.system.console import say, tell, tell_error
from nixpy.system.files import write_all

if TYPE_CHECKING:
    from packaging.tags import Tag
    from packaging.version import Version

_FILE = "wheels.yaml"
_JSON = "application/vnd.pypi.simple.v1+json"

# The tags of a row, with the number of the minor that each stands for; abi3 for all that come.
_TAGS = {**{"cp" + minor.replace(".", ""): int(minor[2:]) for minor in MINORS}, "abi3": 99}


def row(files: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Return a row of the table, by tag, from the files of a distribution as PEP 691 lists them.

    Pre-releases, yanked files and what is not a wheel for Linux on x86_64 do not count. The row is
    empty where one span holds for all Pythons, or there are no wheels.
    """
    releases: dict[Version, set[Tag]] = {}
    for file in files:
        try:
            _, version, _, tags = parse_wheel_filename(file["filename"])
        except InvalidWheelFilename:
            continue
        linux = {tag for tag in tags if _is_linux(tag.platform)}
        if linux and not file.get("yanked") and not version.is_prerelease:
            releases.setdefault(version, set()).update(linux)
    spans = {}
    for key, minor in _TAGS.items():
        having = [one for one, tags in releases.items() if any(_fits(tag, minor) for tag in tags)]
        if having:
            last = "" if max(having) == max(releases) else str(max(having))
            spans[key] = f"{min(having)}..{last}"
    every = spans.get("abi3")
    own = {key: span for key, span in spans.items() if key == "abi3" or span != every}
    return {} if own.keys() <= {"abi3"} else own


def render(rows: Mapping[str, Mapping[str, str]], before: str) -> str:
    """Return the text of the table: the header of ``before``, then the rows, sorted."""
    lines = [line for line in before.splitlines() if line.startswith("#")]
    for name in sorted(rows):
        spans = ", ".join(f"{key}: {span}" for key, span in rows[name].items())
        lines.append(f"{name}: {{{spans}}}")
    return "\n".join(lines) + "\n"


def fetch(index: str, name: str) -> list[dict[str, Any]]:
    """Return the files that an index lists of a distribution. Raises NixpyError if it does not."""
    url = f"{index.rstrip('/')}/{name}/"
    if not url.startswith(("https://", "http://")):
        raise NixpyError(f"`{index}` is not the URL of an index")
    try:
        # S310: the scheme was looked at.
        with urlopen(Request(url, headers={"Accept": _JSON}), timeout=60) as answer:  # noqa: S310
            page: dict[str, Any] = json.load(answer)
    except (OSError, ValueError) as error:
        raise NixpyError(f"{url}: {error}") from None
    files: list[dict[str, Any]] = page["files"]
    return files


def refresh(index: str, folder: Path, names: Iterable[str]) -> list[str]:
    """Rewrite rows of the table in a folder, all of them where no names are given.

    Returns what was not written, a line each. Raises NixpyError if the index cannot be asked.
    """
    before = (folder / _FILE).read_text(encoding="utf-8")
    table = tables.Table(before)
    rows: dict[str, dict[str, str]] = {name: table.get(name) for name in table}
    said = []
    chosen: list[str] = [canonicalize_name(name) for name in names]
    for name in chosen or list(rows):
        if found := row(fetch(index, name)):
            rows[name] = found
        else:
            rows.pop(name, None)
            said.append(f"{name} needs no row: its wheels work on every Python, or it has none")
    write_all(folder, {_FILE: render(rows, before)})
    return said


def _is_linux(platform: str) -> bool:
    return platform == "any" or (
        "linux" in platform and "musl" not in platform and "x86" in platform
    )


def _fits(tag: Tag, minor: int) -> bool:
    """Whether a wheel works on a minor of CPython 3: its own, a limited ABI's or plain Python's."""
    if tag.interpreter == f"cp3{minor}":
        return tag.abi in {f"cp3{minor}", "abi3", "none"}
    if tag.interpreter == "py3":
        return tag.abi == "none"
    kind, number = tag.interpreter[:3], tag.interpreter[3:]
    if not number.isdigit() or int(number) > minor:
        return False
    return (kind, tag.abi) in {("cp3", "abi3"), ("py3", "none")}


@click.command()
@click.option("--index", required=True, help="URL of a package index, without a name.")
@click.option(
    "--tables",
    "folder",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=Path(tables.__file__).parent,
    help="Folder with the tables.",
)
@click.argument("names", nargs=-1)
@click.pass_context
def main(context: click.Context, index: str, folder: Path, names: tuple[str, ...]) -> None:
    """Rewrite the table of wheels, or the rows of NAMES."""
    try:
        lines = refresh(index, folder, names)
    except NixpyError as error:
        tell_error(error)
        context.exit(1)
    for line in lines:
        tell("warning", line)
    say(f"wrote {folder / _FILE}")


if __name__ == "__main__":
    main()
