"""What is to know of a recording.

Legend: T samples, F frames, M mel bands.
"""

import io
import wave
from typing import Any

import numpy as np

from pipelines.inspection.facts import (
    AUDIO_SKETCH,
    EMPTY,
    SOUND,
    UNREADABLE,
    digest,
    pack_code,
)
from pipelines.inspection.spectrum import log_mel, means_over_parts

SILENCE_DECIBELS = -50.0
"""A frame of 20 ms is silent below this, relative to full scale."""
_SILENCE_FRAME_SECONDS = 0.02
_FULL_SCALE = 2**15
# Frames measured at once, which bounds memory for recordings of hours.
_BLOCK_FRAMES = 4096
# Below the loudest cell of a sketch nothing counts: it is noise, or an encoder's.
_SKETCH_RANGE_DECIBELS = 40.0
# A rise from one part of the duration to the next counts from so much on.
_STEP_DECIBELS = 2.0
HALF_DECIBELS = 2


def audio_facts(data: bytes) -> tuple[dict[str, Any], np.ndarray | None]:
    """Measures and hashes of a mono 16-bit WAV file.

    Returns:
        The `audio_` fields of `FACTS`, and the log-mel spectrum (F, M) in decibels;
        None if the file is no such file, or has no sample or no rate.
    """
    pcm, rate_hz = _read_pcm(data)
    if not (len(pcm) and rate_hz):
        return {"audio_state": UNREADABLE, "audio_same": digest(data)}, None
    silence = silent_share(pcm, rate_hz)
    spectrum = log_mel(pcm.astype("float32") / _FULL_SCALE, rate_hz)
    sketch = _sketch(spectrum)
    facts = {
        "audio_state": EMPTY if silence == 1 else SOUND,
        "audio_same": digest(pcm.tobytes()),
        "audio_rate_hz": rate_hz,
        "audio_seconds": len(pcm) / rate_hz,
        "audio_silence": silence,
        "audio_clipped": clipped_share(pcm),
        "audio_code": _rise_code(sketch),
        "audio_sketch": np.rint(HALF_DECIBELS * sketch),
    }
    return facts, spectrum


def _read_pcm(data):
    try:
        with wave.open(io.BytesIO(data)) as reader:
            if (reader.getnchannels(), reader.getsampwidth()) != (1, 2):
                return np.empty(0, "<i2"), 0
            frames = reader.readframes(reader.getnframes())
            rate_hz = reader.getframerate()
    except (wave.Error, EOFError):
        return np.empty(0, "<i2"), 0
    return np.frombuffer(frames[: len(frames) // 2 * 2], "<i2"), rate_hz


def silent_share(pcm: np.ndarray, rate_hz: int) -> float:
    """Share of the frames of 20 ms whose level is below `SILENCE_DECIBELS`.

    Args:
        pcm: int16 (T,), T being 1 or more.
        rate_hz: their rate.
    """
    length = min(max(int(rate_hz * _SILENCE_FRAME_SECONDS), 1), len(pcm))
    frames = pcm[: len(pcm) // length * length].reshape(-1, length)
    limit = (_FULL_SCALE * 10 ** (SILENCE_DECIBELS / 20)) ** 2
    silent = 0
    for start in range(0, len(frames), _BLOCK_FRAMES):
        block = frames[start : start + _BLOCK_FRAMES].astype("float32")
        silent += int(np.sum(np.mean(block**2, axis=1) < limit))
    return silent / len(frames)


def clipped_share(pcm: np.ndarray) -> float:
    """Share of int16 samples (T,) at either end of their range."""
    return float(np.mean((pcm >= _FULL_SCALE - 1) | (pcm <= 1 - _FULL_SCALE)))


def _sketch(spectrum):
    """Levels (16, 8) relative to their mean, so that loudness does not matter."""
    parts, bands = AUDIO_SKETCH
    levels = means_over_parts(spectrum, parts).reshape(parts, bands, -1).mean(axis=2)
    levels = np.maximum(levels, levels.max() - _SKETCH_RANGE_DECIBELS)
    return levels - levels.mean()


def _rise_code(sketch):
    """Where the level of a band rises from one part to the next, the last to the
    first; after J. Haitsma and T. Kalker, "A Highly Robust Audio Fingerprinting
    System" (ISMIR 2002), section 4.2, but over the whole recording."""
    rises = np.diff(sketch, axis=0, append=sketch[:1])
    return pack_code(rises > _STEP_DECIBELS)
