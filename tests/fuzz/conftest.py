"""A moment of fuzzing in `make test`; as many examples as NIXPY_FUZZ says in `make fuzz`."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

settings.register_profile(
    "nixpy",
    max_examples=int(os.environ.get("NIXPY_FUZZ", "25")),
    deadline=None,
    derandomize="NIXPY_FUZZ" not in os.environ,
    suppress_health_check=list(HealthCheck),
)
settings.load_profile("nixpy")
