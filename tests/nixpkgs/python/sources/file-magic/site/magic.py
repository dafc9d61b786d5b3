"""The module that python-magic and file-magic both call theirs."""

NAME = "file-magic"
