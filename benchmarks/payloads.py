"""Rows as clients send them: a review, a photo and a recording."""

import io
import json
import os
import wave

import numpy as np
from PIL import Image

from mmtf.features import AUDIO, IMAGE, TEXT

_TEXT = (
    "The plot took its time, and the two leads hardly ever share a scene, but the "
    "music carries it. I would watch it again for the last half hour alone."
)
_AUDIO_SECONDS = 2.0
_IMAGE_SIDE = 256


def make_media(sample_rate_hz: int, seed: int = 0) -> dict[str, bytes]:
    """One row's raw bytes: text, a JPEG of 256 x 256 pixels, a WAV of two seconds."""
    random = np.random.default_rng(seed)
    return {
        TEXT: f"{_TEXT} {seed}".encode(),
        IMAGE: _jpeg(random),
        AUDIO: _wav(random, sample_rate_hz),
    }


def repeat(row: dict[str, bytes], count: int) -> dict[str, np.ndarray]:
    """A batch of the same row."""
    return {name: _strings([data] * count) for name, data in row.items()}


def sample_rate(version_folder: str) -> int:
    """The rate that an exported model expects, in hertz."""
    path = os.path.join(version_folder, "assets.extra", "config.json")
    with open(path, encoding="utf-8") as file:
        return json.load(file)["model"]["audio"]["sample_rate_hz"]


def _strings(values):
    array = np.empty(len(values), object)
    array[:] = values
    return array


def _jpeg(random):
    # Soft blobs with a little grain, about as large as a photo's file.
    coarse = random.integers(0, 256, (16, 16, 3), np.uint8)
    image = Image.fromarray(coarse).resize((_IMAGE_SIDE, _IMAGE_SIDE), Image.BICUBIC)
    grain = random.normal(0, 6, (_IMAGE_SIDE, _IMAGE_SIDE, 3))
    pixels = np.clip(np.asarray(image) + grain, 0, 255).astype(np.uint8)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "JPEG", quality=85)
    return file.getvalue()


def _wav(random, sample_rate_hz):
    seconds = np.arange(int(_AUDIO_SECONDS * sample_rate_hz)) / sample_rate_hz
    pitch = random.uniform(120, 240)
    samples = 0.4 * np.sin(2 * np.pi * pitch * seconds) + random.normal(
        0, 0.01, len(seconds)
    )
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(sample_rate_hz)
        writer.writeframes((samples * 32767).astype("<i2").tobytes())
    return file.getvalue()
