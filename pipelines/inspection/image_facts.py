"""What is to know of an image, from a small version of it.

Pillow reads the headers here, not `pipelines.image_header`: workers do without
TensorFlow, and the file is open anyway. Legend: H, W pixels.
"""

import io
import warnings
from typing import Any

import numpy as np
from PIL import Image

from pipelines.inspection.facts import (
    EMPTY,
    IMAGE_SKETCH,
    SOUND,
    UNREADABLE,
    digest,
    pack_code,
)

# Pixels of the short side that a JPEG is decoded to at least: an eighth, a quarter
# or half of its size costs as much less.
_DECODED_SIDE = 128
# Standard deviation of the grey levels (0 to 255) below which nothing is to be seen.
BLANK_DEVIATION = 2.0
# A step between neighbouring cells counts from so many levels: smaller ones come
# and go when an image is encoded anew.
_STEP_LEVELS = 3
_CELLS = IMAGE_SKETCH[0]


def image_facts(data: bytes) -> tuple[dict[str, Any], Image.Image | None]:
    """Measures and hashes of an image file.

    Returns:
        The `image_` fields of `FACTS`, and the small version in RGB; None if the
        file cannot be read.
    """
    facts = {"image_state": UNREADABLE, "image_same": digest(data)}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data)) as image:
                facts["image_format"] = image.format
                facts["image_width"], facts["image_height"] = image.size
                image.draft("RGB", (_DECODED_SIDE, _DECODED_SIDE))
                small = image.convert("RGB")
    except Exception:  # Damaged files make Pillow raise nearly anything.
        return facts, None
    grey = small.convert("L")
    blank = float(np.std(np.asarray(grey))) < BLANK_DEVIATION
    facts["image_state"] = EMPTY if blank else SOUND
    facts["image_code"] = difference_code(grey)
    facts["image_sketch"] = shrink(small, _CELLS, _CELLS)
    return facts, small


def difference_code(grey: Image.Image) -> np.ndarray:
    """A perceptual hash: where brightness rises from cell to cell.

    Source: N. Krawetz, "Kind of Like That" (2013), dHash; here in both directions,
    and only steps of `_STEP_LEVELS` count.

    Args:
        grey: an image of mode L.

    Returns:
        uint8 (16,), 64 steps to the right and 64 steps down.
    """
    right = np.diff(shrink(grey, _CELLS + 1, _CELLS).astype("int16"), axis=1)
    down = np.diff(shrink(grey, _CELLS, _CELLS + 1).astype("int16"), axis=0)
    return pack_code(np.stack([right.ravel(), down.ravel()]) > _STEP_LEVELS)


def shrink(image: Image.Image, width: int, height: int) -> np.ndarray:
    """Means over the cells of a grid, uint8 (height, width) or with channels."""
    return np.asarray(image.resize((width, height), Image.Resampling.BOX))
