"""Readers of a project's files: ``read(tree, path) -> Facts``, one metadata format a module."""
