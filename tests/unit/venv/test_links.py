"""What a venv of nixpy's says of its links."""

from nixpy.venv.links import linked_environment


def test_the_environment_that_a_stamp_names():
    """It is read from the arguments that the venv was made with."""
    assert linked_environment("/p /v /x/.venv --env /nix/store/a-env --library /l") == (
        "/nix/store/a-env"
    )
    assert linked_environment("/p /v /x/.venv --library /l") is None
