"""Which wheels and markers count for the shell's Python."""

import pytest

from nixpy.distributions.platform import (
    fitting,
    marker_environment,
    supported_tags,
    systems,
    tags_of,
)
from nixpy.metadata.notation.markers import Markers


def test_a_compressed_set_of_tags_is_spread_out():
    """`py2.py3` and several platforms stand for each of their combinations."""
    assert list(tags_of("a_b-1.0-1build-py2.py3-none-win32.win_amd64.whl")) == [
        "py2-none-win32",
        "py2-none-win_amd64",
        "py3-none-win32",
        "py3-none-win_amd64",
    ]


@pytest.mark.parametrize("name", ["", "x.whl", "a-1.0-any.whl", "a-1.0.tar.gz"])
def test_what_is_no_wheel_fits_not(name):
    """A name with too few parts is no wheel."""
    assert fitting([name], frozenset({"py3-none-any"})) is None


def test_tags_are_those_of_the_shells_python():
    """They are for the minor version asked for, whichever runs nixpy; stable ABIs count."""
    tags = supported_tags("3.13")
    assert "py3-none-any" in tags
    assert "py313-none-any" in tags
    assert any(tag.startswith("cp313-cp313-") for tag in tags)
    assert any(tag.startswith("cp38-abi3-") for tag in tags)
    assert not any(tag.startswith(("cp312-cp312-", "cp314-")) for tag in tags)


def test_systems_of_wheels():
    """Systems are named as people do; a wheel for any leaves none to name."""
    wheels = ["a-1-cp313-cp313-macosx_11_0_arm64.whl", "a-1-cp313-cp313-win_arm64.whl"]
    assert systems(wheels) == ("macOS", "Windows")
    assert systems([*wheels, "a-1-py3-none-any.whl"]) == ()


def test_markers_of_another_python():
    """Markers see the shell's Python; of a minor version, its newest patch release."""
    markers = Markers(marker_environment("3.12"))
    assert markers.hold("python_full_version >= '3.12.7' and python_version == '3.12'")
    assert not markers.hold("python_version < '3.12'")
    assert not Markers(marker_environment("3.12.4")).hold("python_full_version >= '3.12.7'")


@pytest.mark.parametrize("marker", ["extra == 'extra-4-app-cpu'", "no marker at all", "a == 'b'"])
def test_markers_that_say_nothing_hold(marker):
    """One on extras that exclude each other, or that cannot be read, excludes nothing."""
    assert Markers(marker_environment("3.12")).hold(marker)
