"""Small media made on the spot, for tests."""

import io

import numpy as np
import soundfile
from PIL import Image


def image_bytes(pixels, *, format="PNG", **options) -> bytes:
    """Encodes a uint8 (H, W, 3) array."""
    buffer = io.BytesIO()
    Image.fromarray(np.asarray(pixels, "uint8")).save(buffer, format, **options)
    return buffer.getvalue()


def wav_bytes(samples, *, sample_rate_hz=16000, subtype="PCM_16") -> bytes:
    """Encodes float samples, (T,) or (T, channels)."""
    buffer = io.BytesIO()
    soundfile.write(
        buffer, np.asarray(samples), sample_rate_hz, format="WAV", subtype=subtype
    )
    return buffer.getvalue()
