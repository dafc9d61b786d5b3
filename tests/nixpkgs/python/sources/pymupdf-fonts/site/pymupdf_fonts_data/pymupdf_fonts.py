"""A module that only a .pth file makes importable."""

NAME = "pymupdf-fonts"
