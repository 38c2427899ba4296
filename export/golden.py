"""Rows to compare answers on: every subset of the modalities, and none."""

import io
import wave

import numpy as np
import tensorflow as tf

from mmtf.features import AUDIO, IMAGE, MODALITIES, SUBSETS, TEXT, subset_name

_TEXT = "The plot was slow, but the acting & music were not bad at all — 8/10."


def golden_rows(*, sample_rate_hz: int) -> tuple[list[str], dict[str, np.ndarray]]:
    """Synthetic rows, the same on every machine.

    Args:
        sample_rate_hz: rate of the audio.

    Returns:
        The name of each row, and by modality its raw bytes, an array of objects
        (8,) in which b"" stands for absent.
    """
    media = {
        TEXT: _TEXT.encode(),
        IMAGE: _png(),
        AUDIO: _wav(sample_rate_hz),
    }
    subsets = (*SUBSETS, ())
    inputs = {
        modality: np.array(
            [media[modality] if modality in subset else b"" for subset in subsets],
            object,
        )
        for modality in MODALITIES
    }
    return [subset_name(subset) or "none" for subset in subsets], inputs


def _png():
    # Lossless, so that no decoder's rounding enters the comparison.
    height, width = 48, 64
    y, x = np.mgrid[:height, :width]
    pixels = np.stack([4 * x, 5 * y, x * y], axis=-1).astype(np.uint8)
    return tf.io.encode_png(pixels).numpy()


def _wav(sample_rate_hz):
    seconds = np.arange(sample_rate_hz // 4) / sample_rate_hz
    samples = 0.4 * np.sin(2 * np.pi * (180 + 200 * seconds) * seconds)
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(sample_rate_hz)
        writer.writeframes((samples * 32767).astype("<i2").tobytes())
    return file.getvalue()
