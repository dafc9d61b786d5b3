"""Half of the namespace `sphinxcontrib`, which has no __init__.py."""

NAME = "jsmath"
