"""Small features of media, for the linear models that look for wrong labels.

Legend: F frames, M mel bands.
"""

import numpy as np
from PIL import Image

from pipelines.inspection.image_facts import shrink
from pipelines.inspection.spectrum import NUM_BANDS, means_over_parts

_PIXELS = 16
_EDGE_PIXELS = 64
_EDGE_CELLS = 8
_ORIENTATIONS = 8
_PARTS = 16

NUM_IMAGE_FEATURES = 3 * _PIXELS**2 + _ORIENTATIONS * _EDGE_CELLS**2
NUM_AUDIO_FEATURES = (_PARTS + 3) * NUM_BANDS + 1


def image_features(small: Image.Image) -> np.ndarray:
    """Colours of 16 x 16 cells, and how strong edges of 8 directions are in 8 x 8.

    After N. Dalal and B. Triggs, "Histograms of Oriented Gradients for Human
    Detection" (CVPR 2005), without overlapping blocks.

    Returns:
        float16 (NUM_IMAGE_FEATURES,), all from 0 to 1.
    """
    colours = shrink(small, _PIXELS, _PIXELS).astype("float32") / 255
    grey = shrink(small.convert("L"), _EDGE_PIXELS, _EDGE_PIXELS).astype("float32")
    down, right = np.gradient(grey)
    turn = np.arctan2(down, right) / (2 * np.pi) % 1.0
    orientation = (turn * _ORIENTATIONS).astype(int) % _ORIENTATIONS
    cell = np.arange(_EDGE_PIXELS) * _EDGE_CELLS // _EDGE_PIXELS
    place = (cell[:, np.newaxis] * _EDGE_CELLS + cell) * _ORIENTATIONS + orientation
    edges = np.bincount(
        place.ravel(), np.hypot(down, right).ravel(), _ORIENTATIONS * _EDGE_CELLS**2
    )
    edges = np.sqrt(edges / max(edges.max(), 1.0))
    return np.concatenate([colours.ravel(), edges]).astype("float16")


def audio_features(spectrum: np.ndarray) -> np.ndarray:
    """The course of the spectrum, its mean, spread and restlessness, and its length.

    Args:
        spectrum: (F, M) in decibels.

    Returns:
        float16 (NUM_AUDIO_FEATURES,).
    """
    course = means_over_parts(spectrum, _PARTS)
    steps = np.diff(spectrum, axis=0, prepend=spectrum[:1])
    return np.concatenate(
        [
            (course - course.mean(axis=0)).ravel(),
            course.mean(axis=0),
            spectrum.std(axis=0),
            steps.std(axis=0),
            [np.log(len(spectrum))],
        ]
    ).astype("float16")
