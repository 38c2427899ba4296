"""Spectra by NumPy, for workers that have no TensorFlow.

Legend: T samples, F frames, M mel bands, P parts of the duration.
"""

from functools import lru_cache

import numpy as np

NUM_BANDS = 24
_FRAME_SECONDS = 0.032
_LOWEST_HZ = 100.0
# Of half the sampling rate; converters cut off what is above.
_HIGHEST_SHARE = 0.9
_FLOOR = 1e-4
# Frames transformed at once, which bounds memory for recordings of hours.
_BLOCK_FRAMES = 4096


def log_mel(samples: np.ndarray, rate_hz: int) -> np.ndarray:
    """Levels of mel bands over time.

    Source: D. O'Shaughnessy, Speech Communication (1987), for the mel scale.

    Args:
        samples: float32 (T,) in [-1, 1], T being 1 or more.
        rate_hz: their rate.

    Returns:
        float32 (F, M) in decibels, of frames of 32 ms that overlap by half.
    """
    hop = max(int(rate_hz * _FRAME_SECONDS / 2), 8)
    length = 2 * hop
    padded = np.pad(samples, (0, max(0, length - len(samples))))
    frames = np.lib.stride_tricks.sliding_window_view(padded, length)[::hop]
    window = np.hanning(length).astype("float32")
    bands = _mel_bands(rate_hz, length)
    blocks = [
        _power(frames[start : start + _BLOCK_FRAMES] * window) @ bands
        for start in range(0, len(frames), _BLOCK_FRAMES)
    ]
    return 10 * np.log10(np.concatenate(blocks) + np.float32(_FLOOR))


def _power(frames):
    return np.abs(np.fft.rfft(frames, axis=1)).astype("float32") ** 2


@lru_cache(maxsize=8)
def _mel_bands(rate_hz, length):
    """Triangles (length // 2 + 1, M), evenly spaced on the mel scale."""
    ends_mel = 2595 * np.log10(
        1 + np.array([_LOWEST_HZ, _HIGHEST_SHARE * rate_hz / 2]) / 700
    )
    edges_hz = 700 * (10 ** (np.linspace(*ends_mel, NUM_BANDS + 2) / 2595) - 1)
    frequencies_hz = np.fft.rfftfreq(length, 1 / rate_hz)[:, np.newaxis]
    low, peak, high = edges_hz[:-2], edges_hz[1:-1], edges_hz[2:]
    rise = (frequencies_hz - low) / (peak - low)
    fall = (high - frequencies_hz) / (high - peak)
    return np.clip(np.minimum(rise, fall), 0, None).astype("float32")


def means_over_parts(values: np.ndarray, num_parts: int) -> np.ndarray:
    """Means (P, M) over equal parts of the frames of (F, M); a frame on an edge
    belongs to both sides in proportion."""
    edges = np.linspace(0, len(values), num_parts + 1)
    sums = np.concatenate(
        [np.zeros((1, values.shape[1])), np.cumsum(values, axis=0, dtype="float64")]
    )
    before = np.minimum(edges.astype(int), len(values) - 1)
    at_edges = sums[before] + (edges - before)[:, np.newaxis] * values[before]
    return np.diff(at_edges, axis=0) / (len(values) / num_parts)
