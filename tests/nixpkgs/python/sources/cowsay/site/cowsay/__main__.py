"""The program `cowsay`."""

import argparse

from . import __version__, get_output_string


def cli() -> None:
    """Says what `-t` holds."""
    parser = argparse.ArgumentParser(prog="cowsay")
    parser.add_argument("-t", "--text", required=True)
    parser.add_argument("-c", "--character", default="cow")
    parser.add_argument("--version", action="version", version=__version__)
    arguments = parser.parse_args()
    print(get_output_string(arguments.character, arguments.text))


if __name__ == "__main__":
    cli()
