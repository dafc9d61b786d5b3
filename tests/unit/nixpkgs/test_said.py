"""What two releases of Nix say, made with both, and what nixpy makes of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from nixpy.nixpkgs.messages import explain
from nixpy.nixpkgs.names import Context

FOLDER = Path(__file__).parent / "said"
MEANINGS = yaml.safe_load((FOLDER / "meanings.yaml").read_text("utf-8"))
RELEASES = ["2.8", "2.34"]
CONTEXT = Context(root="/home/user/project")


def said(release: str) -> dict[str, str]:
    """Return the texts of a release of Nix, by name."""
    text = (FOLDER / f"{release}.txt").read_text("utf-8")
    parts = re.split(r"^### (.+)\n", text, flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


SAID = [(release, name, text) for release in RELEASES for name, text in said(release).items()]


@pytest.mark.parametrize(
    ("release", "name", "text"), SAID, ids=[f"{release}-{name}" for release, name, _ in SAID]
)
def test_each_text_has_the_meaning_that_was_decided(release, name, text):
    """A text is told as it stands in meanings.yaml, in full: not otherwise, and not of another."""
    meaning = MEANINGS[name]
    if isinstance(meaning, dict):
        meaning = meaning[release]
    found = explain(text, CONTEXT)
    assert (str(found) if found else None) == meaning


def test_nearly_all_of_it_is_told_plainly():
    """At least nine errors in ten are told in plain words, on both releases."""
    assert set(MEANINGS) == {name for _, name, _ in SAID}
    for release in RELEASES:
        texts = said(release)
        plain = [name for name, text in texts.items() if explain(text, CONTEXT)]
        assert len(plain) >= 0.95 * len(texts)


@pytest.mark.parametrize(("release", "name", "text"), SAID)
def test_what_stands_around_a_place_is_not_read(release, name, text):
    """The lines of source that Nix prints name neighbours: other text in them changes nothing."""
    del release, name
    neighbour = "# 'torch' has been renamed to 'pytorch'; undefined variable 'x'; HTTP error 404"
    other = re.sub(r"^(\s*\d+\|)(?!.*cowsayy).*$", rf"\1 {neighbour}", text, flags=re.MULTILINE)
    was, found = explain(text, CONTEXT), explain(other, CONTEXT)
    assert str(found) == str(was)
