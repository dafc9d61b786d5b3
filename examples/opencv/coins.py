"""Draw coins on a table, and count them in the picture."""

import cv2
import numpy as np

PLACES = [(60, 60), (180, 70), (300, 90), (90, 190), (240, 200)]


def picture() -> np.ndarray:
    """Give a grey picture of a table with coins."""
    table = np.full((260, 360), 40, dtype=np.uint8)
    for number, place in enumerate(PLACES):
        cv2.circle(table, place, 25 + 4 * number, 200, thickness=-1)
    return cv2.GaussianBlur(table, (5, 5), 0)


def count(grey: np.ndarray) -> int:
    """Count what is bright and round."""
    _, bright = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    outlines, _ = cv2.findContours(bright, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    return len(outlines)


if __name__ == "__main__":
    print(f"{count(picture())} coins")
