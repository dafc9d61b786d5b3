"""What coloredlogs requires."""

NAME = "humanfriendly"


def main() -> None:
    """The program `humanfriendly`."""
    print(NAME)
