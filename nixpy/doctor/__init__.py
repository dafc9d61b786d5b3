"""``nixpy doctor``: what is wrong with a Python on Nix, why, and what mends it.

``gather`` looks at the machine once and gives a :class:`~nixpy.doctor.snapshot.Snapshot`; the
checks (one family a module) are pure functions of it; ``texts`` holds what is said of each.
"""
