"""Faces with a mood, drawn with Pillow.

A face is drawn four times too large and then reduced, which smooths its edges.
Mouth, brows and eyes carry the mood. All else varies without it: colours, hair,
pose, what covers a part of the face, light and noise. Lengths are in units of
half the height of the face.
"""

import math

import numpy as np
from PIL import Image, ImageColor, ImageDraw, ImageFilter

from pipelines.demo.oracle import NEGATIVE, NEUTRAL, POSITIVE
from pipelines.demo.pen import Pen, arc, bow

MIN_SIDE, MAX_SIDE = 128, 160
OVERSAMPLING = 4

INK = "#2d2024"
SKINS = ("#f6d7bd", "#e8b894", "#cf9468", "#a86d45", "#8a5a3a", "#f3c9a5",
         "#ffd84d", "#8fce6b", "#7fb8f0", "#c79bea", "#ff9d7e")  # fmt: skip
HAIRS = ("#2b1d17", "#5a3620", "#8a5a2b", "#d8b25a", "#b4532a", "#9a9a9a", "#7d3c98")
CLOTHES = ("#34558b", "#8d3b4a", "#3f7d5a", "#d08c2f", "#5d4a7e", "#4a4f57", "#e5e0d5")
IRISES = ("#4a2f1b", "#2f5d8a", "#3e7a4b", "#222222")

# Heights of the outer end, the middle and the inner end of a brow.
BROWS = {
    NEGATIVE: ((-0.26, -0.36, -0.47), (-0.47, -0.36, -0.25)),  # sad, angry
    NEUTRAL: ((-0.35, -0.36, -0.35),),
    POSITIVE: ((-0.38, -0.50, -0.42),),
}
MOUTH_RISES = {NEGATIVE: (-0.46, -0.34), NEUTRAL: (-0.03, 0.03), POSITIVE: (0.34, 0.46)}


def draw_face(mood: str, rng: np.random.Generator) -> Image.Image:
    """A face that shows a mood.

    Args:
        mood: one of `oracle.MOODS`.
        rng: source of all choices.

    Returns:
        RGB image, each side 128 to 160 pixels.
    """
    width, height = OVERSAMPLING * rng.integers(MIN_SIDE, MAX_SIDE + 1, 2)
    image = _background(int(width), int(height), rng)
    middle = np.array([width, height]) * rng.uniform(0.47, 0.53, 2)
    pen = Pen(image, middle, OVERSAMPLING * rng.uniform(50, 58), rng.normal(0, 0.07))
    skin = rng.choice(SKINS)
    _draw_head(pen, skin, rng)
    _draw_eyes(pen, mood, skin, rng)
    _draw_mouth(pen, mood, rng)
    if rng.random() < COVER_SHARE:
        rng.choice(COVERS)(pen, rng)
    return _photograph(image, rng)


def _background(width, height, rng):
    """Two colours that run into each other, with a few discs."""
    left, right = rng.uniform(95, 215, (2, 1, 1, 3))
    ramp = np.linspace(0, 1, width)[None, :, None]
    pixels = np.broadcast_to(left + (right - left) * ramp, (height, width, 3))
    image = Image.fromarray(pixels.astype("uint8"))
    for _ in range(rng.integers(4)):
        middle, radius = rng.uniform(0, (width, height)), rng.uniform(0.05, 0.2) * width
        colour = tuple(int(value) for value in rng.uniform(95, 215, 3))
        ImageDraw.Draw(image).circle(tuple(middle), radius, colour)
    return image


def _draw_head(pen, skin, rng):
    hair, half_width = rng.choice(HAIRS), rng.uniform(0.74, 0.86)
    fringe = rng.choice((None, -0.1, 0.05, 0.12))
    if fringe and rng.random() < 0.4:  # long hair, behind all else
        pen.ellipse(0, 0.15, half_width + 0.22, 1.15, hair)
    pen.ellipse(0, 1.85, 1.15, 0.75, rng.choice(CLOTHES))
    pen.ellipse(0, 1.02, 0.3, 0.32, _shaded(skin, 0.85))
    for side in (-1, 1):
        pen.ellipse(side * half_width, 0.02, 0.11, 0.17, _shaded(skin, 0.92))
    pen.ellipse(0, 0, half_width, 1, skin)
    if fringe:
        crown = arc(0, -0.02, half_width + 0.03, 1.03, 1.13 * math.pi, 1.87 * math.pi)
        pen.polygon(crown + arc(0, -0.5, half_width - 0.08, fringe, 0, math.pi), hair)
    pen.stroke(bow(0, 0.2, 0.09, 0.1), 0.045, _shaded(skin, 0.7))


def _draw_eyes(pen, mood, skin, rng):
    spread, size, look = rng.uniform((0.3, 0.14, -0.04), (0.37, 0.17, 0.04))
    iris, heights = rng.choice(IRISES), rng.choice(BROWS[mood])
    laughing = mood == POSITIVE and rng.random() < 0.4
    for side in (-1, 1):
        x = side * spread
        if laughing:
            pen.stroke(bow(x, -0.08, size, -0.2), 0.06, INK)
        else:
            pen.ellipse(x, -0.08, size, size * 0.85, "#fbfbf7")
            pen.ellipse(x + look, -0.07, size * 0.55, size * 0.6, iris)
            pen.ellipse(x + look + 0.03, -0.11, size * 0.16, size * 0.16, "white")
        if mood == NEGATIVE:  # a heavy upper lid
            lid = arc(x, -0.1, size, size, math.pi, 2 * math.pi)
            pen.polygon(lid, _shaded(skin, 0.8))
        places = (x + side * 0.18, x, x - side * 0.17)
        pen.stroke(list(zip(places, heights, strict=True)), 0.1, INK)


def _draw_mouth(pen, mood, rng):
    half_width, rise = rng.uniform(0.4, 0.5), rng.uniform(*MOUTH_RISES[mood])
    lips = rng.choice((INK, "#5e1f2b", "#4a1d1d"))
    line = bow(0, 0.47, half_width, rise)
    if mood != NEUTRAL and rng.random() < 0.5:  # open
        pen.polygon(line, lips)
        pen.stroke([line[0], line[-1]], 0.09, "#f4efe6")
    pen.stroke(line, 0.11, lips)


def _glasses(pen, rng):
    frame = rng.choice(("#1c1c1c", "#7a2230", "#244a7a"))
    for side in (-1, 1):
        pen.stroke(arc(side * 0.34, -0.07, 0.24, 0.21, 0, 2 * math.pi), 0.045, frame)
    pen.stroke([(-0.1, -0.1), (0.1, -0.1)], 0.045, frame)


def _sunglasses(pen, rng):
    for side in (-1, 1):
        pen.ellipse(side * 0.34, -0.06, 0.25, 0.2, "#191919")
    pen.stroke([(-0.75, -0.14), (0.75, -0.14)], 0.06, "#191919")


def _hat(pen, rng):
    colour = rng.choice(CLOTHES)
    pen.polygon(arc(0, -0.52, 0.82, 0.72, math.pi, 2 * math.pi), colour)
    pen.stroke([(-1.0, -0.56), (1.0, -0.56)], 0.13, _shaded(colour, 0.75))


def _bar(pen, rng):
    """Something that stands before the face, over one side of it."""
    left, slant = rng.choice((-0.75, 0.4)), rng.uniform(-0.15, 0.15)
    top, bottom = left + slant, left - slant
    corners = [(top, -3), (top + 0.3, -3), (bottom + 0.3, 3), (bottom, 3)]
    pen.polygon(corners, rng.choice(CLOTHES))


COVER_SHARE = 0.4
COVERS = (_glasses, _sunglasses, _hat, _bar)


def _photograph(image, rng):
    """The picture at its size, in some light, with the noise of a camera."""
    image = image.reduce(OVERSAMPLING)
    image = image.filter(ImageFilter.GaussianBlur(max(0.0, rng.uniform(-1, 0.6))))
    light = rng.uniform(0.8, 1.08) * rng.uniform(0.95, 1.05, 3)
    noise = rng.uniform(2, 6) * rng.standard_normal((image.height, image.width, 1))
    pixels = np.asarray(image) * light + noise
    return Image.fromarray(np.clip(pixels, 0, 255).astype("uint8"))


def _shaded(colour, factor):
    return tuple(int(value * factor) for value in ImageColor.getrgb(colour))
