"""Synthetic media, the same on every machine, of the kinds that clients send."""

import struct

import numpy as np
import tensorflow as tf

TEXT = "The plot was slow, but the acting & music were not bad at all — 8/10."
ODD_TEXT = (
    "na\u00efve\u200b cafe\u0301 \u6f22\U0001f642".encode() + b" \xff\xfe\x00 text"
)
"""With accents, wide and invisible characters, and malformed bytes."""
GIF = bytes.fromhex(
    "474946383761 03000200810000 ff80000040c0000000000000"
    "2c000000000300020000 08 07 00010410383020 00 3b"
)
"""3 x 2 pixels of two colours."""

_GUID_TAIL = bytes.fromhex("000000001000800000aa00389b71")
_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE


def picture(height: int, width: int) -> np.ndarray:
    """Flat patches, uint8 (height, width, 3): large ones are small files."""
    y, x = np.mgrid[:height, :width] // 16 * 16
    return np.stack([4 * x, 5 * y, x * y // 16], axis=-1).astype(np.uint8)


def photograph() -> np.ndarray:
    """As much detail as a photograph has, uint8 (320, 427, 3)."""
    random = np.random.default_rng(0)
    noise = random.normal(size=(320, 427, 3)).cumsum(axis=0).cumsum(axis=1)
    return (127.5 + 127.5 * np.sin(noise / 40)).astype(np.uint8)


def png(pixels: np.ndarray) -> bytes:
    """A PNG, of which no decoder's rounding enters a comparison."""
    return tf.io.encode_png(pixels).numpy()


def jpeg(pixels: np.ndarray) -> bytes:
    """A JPEG of quality 95."""
    return tf.io.encode_jpeg(pixels).numpy()


def bmp(pixels: np.ndarray) -> bytes:
    """An uncompressed bitmap."""
    height, width, _ = pixels.shape
    rows = np.pad(
        pixels[::-1, :, ::-1].reshape(height, -1), [(0, 0), (0, -3 * width % 4)]
    )
    body = rows.tobytes()
    header = struct.pack(
        "<IiiHHIIiiII", 40, width, height, 1, 24, 0, len(body), 0, 0, 0, 0
    )
    return b"BM" + struct.pack("<IHHI", 54 + len(body), 0, 0, 54) + header + body


def chirp(rate_hz: int, seconds: float) -> np.ndarray:
    """A rising tone that fades in and out, float64 (T,) in [-0.4, 0.4]."""
    time = np.arange(max(1, round(rate_hz * seconds))) / rate_hz
    fade = np.sin(np.pi * (time + 0.5 / rate_hz) / (seconds + 1 / rate_hz)) ** 2
    return 0.4 * fade * np.sin(1 + 2 * np.pi * (180 + 200 * time) * time)


def wav_16_bit(samples: np.ndarray, rate_hz: int) -> bytes:
    """A plain WAV of (T,) or (T, channels) samples in [-1, 1]."""
    data = np.rint(samples * 32767).astype("<i2").tobytes()
    channels = 1 if samples.ndim == 1 else samples.shape[1]
    return _riff(_format(_PCM, channels, rate_hz, 16), _chunk(b"data", data))


def wav_8_bit(samples: np.ndarray, rate_hz: int) -> bytes:
    """One as old telephones wrote it."""
    data = np.rint(samples * 127 + 128).astype(np.uint8).tobytes()
    return _riff(_format(_PCM, 1, rate_hz, 8), _chunk(b"data", data))


def wav_24_bit(samples: np.ndarray, rate_hz: int) -> bytes:
    """One as recorders write it, with an extensible header behind other chunks."""
    data = np.rint(samples * (2**23 - 1)).astype("<i4").view(np.uint8)
    fields = _format(_EXTENSIBLE, 1, rate_hz, 24)[8:]
    fields += struct.pack("<HHIH", 22, 24, 4, _PCM) + _GUID_TAIL
    return _riff(
        _chunk(b"bext", bytes(602)), _chunk(b"fmt ", fields),
        _chunk(b"LIST", b"odd"), _chunk(b"data", data.reshape(-1, 4)[:, :3].tobytes()),
    )  # fmt: skip


def wav_streamed(samples: np.ndarray, rate_hz: int) -> bytes:
    """Floats by a writer that did not know how many would come."""
    data = samples.astype("<f4").tobytes()
    return _riff(
        _format(_FLOAT, 1, rate_hz, 32), _chunk(b"fact", bytes(4)),
        struct.pack("<4sI", b"data", 0xFFFFFFFF) + data,
    )  # fmt: skip


def _format(tag, channels, rate_hz, bits):
    width = channels * bits // 8
    fields = (tag, channels, rate_hz, rate_hz * width, width, bits)
    return _chunk(b"fmt ", struct.pack("<HHIIHH", *fields))


def _chunk(name, body):
    return struct.pack("<4sI", name, len(body)) + body + b"\0" * (len(body) % 2)


def _riff(*chunks):
    body = b"WAVE" + b"".join(chunks)
    return struct.pack("<4sI", b"RIFF", len(body)) + body
