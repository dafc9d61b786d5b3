"""What nixpy knows of nixpkgs and PyPI: tables, and the few functions that look things up in them.

The tables are YAML files beside the code, one row per name, sorted; ``attributes.txt`` lists every
name of nixpkgs' Python package set. All of them are read on first use only.
"""
