"""Drawing in the units of a figure rather than in pixels."""

import math

import numpy as np
from PIL import ImageDraw


class Pen:
    """Draws on an image a figure that is scaled, turned and off centre.

    Points are (x, y) from the middle of the figure, x to the right, y down.

    Args:
        image: what is drawn on.
        middle: (x, y) of the figure's middle in pixels.
        unit_pixels: how many pixels a unit of the figure is.
        angle: turn of the figure in radians.
    """

    def __init__(self, image, middle, unit_pixels, angle):
        self._draw = ImageDraw.Draw(image)
        self._middle, self._unit_pixels = middle, unit_pixels
        self._cos, self._sin = math.cos(angle), math.sin(angle)

    def polygon(self, points, fill):
        self._draw.polygon([self._pixel(*point) for point in points], fill=fill)

    def ellipse(self, x, y, half_width, half_height, fill):
        self.polygon(arc(x, y, half_width, half_height, 0, 2 * math.pi), fill)

    def stroke(self, points, width, fill):
        """A line with round joints and ends."""
        pixels = [self._pixel(*point) for point in points]
        radius = width * self._unit_pixels / 2
        self._draw.line(pixels, fill, round(2 * radius), joint="curve")
        for pixel in (pixels[0], pixels[-1]):
            self._draw.circle(pixel, radius, fill)

    def _pixel(self, x, y):
        return (
            self._middle[0] + self._unit_pixels * (x * self._cos - y * self._sin),
            self._middle[1] + self._unit_pixels * (x * self._sin + y * self._cos),
        )


def arc(x, y, half_width, half_height, start, end):
    """Points of an ellipse around (x, y); radians, clockwise from the right."""
    angles = np.linspace(start, end, 40)
    return [
        (x + half_width * math.cos(angle), y + half_height * math.sin(angle))
        for angle in angles
    ]


def bow(x, y, half_width, rise):
    """Points of a parabola, left to right, its ends `rise` above its middle."""
    return [
        (x + half_width * u, y + rise * (0.5 - u * u)) for u in np.linspace(-1, 1, 25)
    ]
