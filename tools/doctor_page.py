"""The page of the documentation with all ids, made of the texts that ``--explain`` shows.

Run as ``python -m tools.doctor_page > docs/doctor.md``.
"""

from __future__ import annotations

import sys
from importlib import resources

from nixpy.doctor.rules.registry import RULES
from nixpy.doctor.texts import FAMILIES, texts


def page() -> str:
    """Give the page as Markdown."""
    severities = {one.id: one.severity.value for one in RULES}
    known = texts()
    parts = [_file("introduction").strip(), "", "| id | severity | finding |", "|---|---|---|"]
    for identifier, text in known.items():
        anchor = f"{identifier}: {text.title}".lower().replace(" ", "-")
        anchor = "".join(char for char in anchor if char.isalnum() or char in "-_")
        parts.append(f"| [{identifier}](#{anchor}) | {severities[identifier]} | {text.title} |")
    for family in FAMILIES:
        heading, _, _ = _file(family).partition("\n")
        parts += ["", heading.replace("# ", "## ", 1)]
        for identifier, text in known.items():
            if f"\n## {identifier}: " in _file(family):
                parts += ["", f"### {identifier}: {text.title}", "", text.body]
    return "\n".join(parts) + "\n"


def _file(name: str) -> str:
    return (resources.files("nixpy.doctor") / "pages" / f"{name}.md").read_text("utf-8")


if __name__ == "__main__":
    sys.stdout.write(page())
