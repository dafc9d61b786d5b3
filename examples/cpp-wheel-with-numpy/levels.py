"""Find the lines of equal height on a hill: contourpy is C++ from PyPI, numpy comes from Nix."""

import contourpy
import numpy as np


def hill() -> np.ndarray:
    """Give the heights of a round hill, 100 metres high."""
    x, y = np.meshgrid(np.linspace(-2, 2, 81), np.linspace(-2, 2, 81))
    return 100 * np.exp(-(x**2) - y**2)


if __name__ == "__main__":
    lines = contourpy.contour_generator(z=hill())
    for height in (20, 50, 80):
        (line,) = lines.lines(height)
        print(f"{height:3} m: a line of {len(line)} points")
