"""Write docs/commands.md: what each command says of itself by ``--help``.

Run as ``python -m tools.commands_page``; a test compares the page with the commands.
"""

from pathlib import Path

from click.testing import CliRunner

from nixpy.cli import COMMANDS, cli

PAGE = Path(__file__).parents[1] / "docs/commands.md"
_WIDTH = 80


def text() -> str:
    """Give the text of the page."""
    parts = ["# All commands\n\nWhat `--help` says.\n"]
    for name in COMMANDS:
        shown = CliRunner().invoke(cli, [name, "--help"], prog_name="nixpy", terminal_width=_WIDTH)
        parts.append(f"\n## nixpy {name}\n\n```text\n{shown.output.strip()}\n```\n")
    return "".join(parts)


if __name__ == "__main__":
    PAGE.write_text(text(), encoding="utf-8")
