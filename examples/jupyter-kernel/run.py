"""Run a notebook: nbclient is from PyPI, the kernel and its kernelspec come from Nix."""

import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

if __name__ == "__main__":
    name = sys.argv[1] if len(sys.argv) > 1 else "sums.ipynb"
    notebook = nbformat.read(Path(__file__).parent / name, as_version=4)
    NotebookClient(notebook, timeout=60).execute()
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            print((output.get("text") or data.get("text/plain", "")).rstrip())
