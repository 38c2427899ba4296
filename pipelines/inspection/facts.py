"""What is kept of each row: a few measures and hashes, never the media.

Half a kilobyte a row, however large its media: it is all that an inspection's
memory grows by.
"""

from hashlib import blake2b

import numpy as np

from mmtf.features import MODALITIES

STATES = ABSENT, SOUND, EMPTY, UNREADABLE = range(4)
"""What there is of a modality. Empty is a text without a letter or digit, a blank
image, a silent recording; such media resemble each other without being copies."""

CODE_BYTES = 16
"""Bytes of the code that near copies share most bits of."""
IMAGE_SKETCH = (8, 8, 3)
"""Mean colours of the cells of a grid, uint8."""
AUDIO_SKETCH = (16, 8)
"""Levels of parts of the duration by bands, int8, in half decibels."""

FACTS = np.dtype(
    [
        *((f"{modality}_state", "u1") for modality in MODALITIES),
        # Equal for equal content: of the text, the image file, the samples.
        *((f"{modality}_same", "u8") for modality in MODALITIES),
        ("text_near", "u8"),
        ("text_characters", "i4"),
        ("text_words", "i4"),
        ("image_format", "U5"),
        ("image_width", "i4"),
        ("image_height", "i4"),
        ("image_code", "u1", CODE_BYTES),
        ("image_sketch", "u1", IMAGE_SKETCH),
        ("audio_rate_hz", "i4"),
        ("audio_seconds", "f4"),
        ("audio_silence", "f4"),
        ("audio_clipped", "f4"),
        ("audio_code", "u1", CODE_BYTES),
        ("audio_sketch", "i1", AUDIO_SKETCH),
    ]
)
"""One row. Shares (`audio_silence`, `audio_clipped`) are from 0 to 1; what is
absent or cannot be read is zero."""


def digest(content: bytes) -> int:
    """64 bits that only equal contents share: among a million rows, two others do
    by a chance of 1 in 30 million."""
    return int.from_bytes(blake2b(content, digest_size=8).digest(), "little")


def pack_code(bits: np.ndarray) -> np.ndarray:
    """128 booleans of any shape as `CODE_BYTES` bytes."""
    return np.packbits(bits.ravel())
