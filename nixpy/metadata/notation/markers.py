"""PEP 508 markers, evaluated for one Python on one platform."""

from __future__ import annotations

from collections.abc import Iterable, Mapping


class Markers:
    """Evaluates PEP 508 markers in one environment, each text once."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = {**environment, "extra": ""}
        self._known: dict[str, bool] = {}

    def hold(self, marker: str) -> bool:
        """Whether a marker holds; one that asks for extras, or that is none, is taken to hold.

        uv writes ``extra == 'extra-4-proj-cpu'`` for extras that exclude each other: which of them
        the user installs is not known.
        """
        known = self._known.get(marker)
        if known is None:
            known = self._known[marker] = self._evaluate(marker)
        return known

    def any(self, markers: Iterable[str]) -> bool:
        """Whether any of some markers holds, or there is none."""
        markers = tuple(markers)
        return not markers or any(map(self.hold, markers))

    def _evaluate(self, marker: str) -> bool:
        from packaging.markers import InvalidMarker, Marker, UndefinedEnvironmentName

        if "extra" in marker or "dependency_groups" in marker:
            return True
        try:
            return Marker(marker).evaluate(self._environment)
        except (InvalidMarker, UndefinedEnvironmentName):
            return True
