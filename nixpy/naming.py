"""Names of distributions."""

from packaging.utils import canonicalize_name


def normalise(name: str) -> str:
    """Give a distribution's name in its normal form (PEP 503)."""
    return canonicalize_name(name)
