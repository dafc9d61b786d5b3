"""Bring a lock to the versions that Nix has: ``nixpy align``.

Pure: rows of :mod:`nixpy.explain` go in; targets, commands and texts come out.
"""
