"""What this machine must have for a test: in CI, which installs all of it, a lack is a failure."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest


def lacking(what: str) -> NoReturn:
    """Skip the test for what this machine lacks; in CI, which installs all of it, let it fail."""
    if os.environ.get("CI"):
        pytest.fail(what)
    pytest.skip(what)
