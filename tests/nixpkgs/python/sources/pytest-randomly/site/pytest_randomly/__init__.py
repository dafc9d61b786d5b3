"""A plugin that says in pytest's header that it is there."""


def pytest_report_header() -> str:
    """Adds a line to the header."""
    return "pytest-randomly of tests/nixpkgs"
