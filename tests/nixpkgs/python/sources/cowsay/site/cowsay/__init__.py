"""Draws a cow that says something."""

from importlib.resources import files

__version__ = "6.1"


def get_output_string(char: str, text: str) -> str:
    """Returns a picture of a character (only `cow`) that says a text."""
    if char != "cow":
        raise ValueError(f"no such character: {char}")
    picture = files(__name__).joinpath("cow.txt").read_text(encoding="utf-8")
    edge = "-" * (len(text) + 2)
    return f" {edge}\n< {text} >\n {edge}\n{picture}"


def cow(text: str) -> None:
    """Prints a cow that says a text."""
    print(get_output_string("cow", text))
