"""What the tests of commands that change a project have in common."""

import subprocess
from pathlib import Path

PYPROJECT = '[project]\nname = "app"\nversion = "1"\nrequires-python = ">=3.11"\n'
CHOICES = """\
# Why these: see the wiki
packages:
  - numpy  # arrays
  # and soon pandas

tools: [jq]  # for the scripts
libraries: []
"""


def git(folder: Path, *arguments: str) -> str:
    """Run git as somebody, and give what it prints."""
    who = ["-c", "user.name=a", "-c", "user.email=a@b.example", "-c", "protocol.file.allow=always"]
    done = subprocess.run(
        ["git", *who, "-C", str(folder), *arguments], capture_output=True, check=True, text=True
    )
    return done.stdout


def contents(folder: Path) -> dict[str, bytes]:
    """Give all files below a folder, but those of git."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".git" not in path.relative_to(folder).parts
    }
