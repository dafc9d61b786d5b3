"""The documentation: pages of today's commands, no broken link, and nothing forgotten."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

from tools import commands_page

ROOT = Path(__file__).parents[2]


def test_the_page_of_commands_is_current():
    """`python -m tools.commands_page` writes it anew."""
    assert commands_page.PAGE.read_text(encoding="utf-8") == commands_page.text()


def test_the_site_is_built_without_a_warning(tmp_path):
    """A link to a page or a heading that is not there ends it."""
    shutil.copytree(ROOT / "docs", tmp_path / "docs")
    shutil.copy(ROOT / "mkdocs.yml", tmp_path)
    done = subprocess.run(
        [Path(sys.executable).with_name("zensical"), "build", "--strict"],
        capture_output=True, check=False, cwd=tmp_path, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "build/site/tutorial/index.html").is_file()


def test_every_page_is_reached():
    """What no menu names nobody finds."""
    pages = {path.relative_to(ROOT / "docs").as_posix() for path in ROOT.glob("docs/**/*.md")}
    named = {*re.findall(r"([\w/-]+\.md)", (ROOT / "mkdocs.yml").read_text(encoding="utf-8"))}
    assert pages == named
