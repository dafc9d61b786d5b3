"""Where libcuda lies: one list, for the doctor and for the hook."""

import re
import subprocess
from pathlib import Path

from nixpy.knowledge.drivers import DRIVER_FOLDERS

TEMPLATES = Path(__file__).parents[3] / "templates"


def test_the_hook_asks_the_same_folders_in_the_same_order():
    """What the doctor names is what the shell takes."""
    texts = [one.read_text("utf-8") for one in TEMPLATES.iterdir() if one.is_file()]
    lists = [
        found[1]
        for text in texts
        for found in re.finditer(r"for driver in (.*?); do", text, re.DOTALL)
    ]
    assert lists
    for folders in lists:
        command = ["bash", "-c", f"printf '%s\\n' {folders}"]
        said = subprocess.run(command, capture_output=True, check=True, text=True).stdout
        assert tuple(said.split()) == DRIVER_FOLDERS
