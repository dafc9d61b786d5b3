"""A kernel of Jupyter in name only: what matters is where its kernel.json is."""

NAME = "bash-kernel"
