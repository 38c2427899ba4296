"""Files to arrays with the decoders that users of WebDataset choose.

Legend: S pixels a side, T samples.
"""

import io
import wave

import numpy as np
import simplejpeg
import soundfile
import soxr
import torch
from PIL import Image

_JPEG_MAGIC = b"\xff\xd8\xff"


def decode_with_pillow(data: bytes, size: int) -> np.ndarray:
    """The central square of an image, uint8 (S, S, 3); zeros if there is none."""
    if not data:
        return np.zeros((size, size, 3), np.uint8)
    image = Image.open(io.BytesIO(data)).convert("RGB")
    left, top, side = _square(*image.size)
    box = (left, top, left + side, top + side)
    if side != size:
        return np.asarray(image.resize((size, size), Image.Resampling.BILINEAR, box))
    return np.asarray(image.crop(box))


def decode_with_simplejpeg(data: bytes, size: int) -> np.ndarray:
    """The same by libjpeg-turbo in its fastest mode and PyTorch's resizing.

    Large pictures are scaled down by a power of two while they are decoded. Other
    eighths, which libjpeg-turbo knows too, it computes slower than the whole picture.
    """
    if not data.startswith(_JPEG_MAGIC):
        return decode_with_pillow(data, size)
    height, width, *_ = simplejpeg.decode_jpeg_header(data)
    shrink = max(s for s in (1, 2, 4, 8) if s == 1 or s * size <= min(height, width))
    pixels = simplejpeg.decode_jpeg(
        data,
        fastdct=True,
        fastupsample=True,
        min_height=-(-height // shrink),
        min_width=-(-width // shrink),
    )
    left, top, side = _square(pixels.shape[1], pixels.shape[0])
    square = pixels[top : top + side, left : left + side]
    if side == size:
        return np.ascontiguousarray(square)
    planes = torch.from_numpy(square).permute(2, 0, 1)[None]
    resized = torch.nn.functional.interpolate(
        planes, (size, size), mode="bilinear", antialias=True
    )
    return resized[0].permute(1, 2, 0).contiguous().numpy()


def _square(width, height):
    side = min(width, height)
    return (width - side) // 2, (height - side) // 2, side


def decode_sound(
    data: bytes, num_samples: int, sample_rate_hz: int
) -> tuple[np.ndarray, int]:
    """Mono samples at the given rate, float32 (T,), zero beyond their number."""
    padded = np.zeros(num_samples, np.float32)
    if not data:
        return padded, 0
    samples = _read_plain_wav(data, sample_rate_hz, num_samples)
    if samples is None:
        samples, rate_hz = soundfile.read(io.BytesIO(data), dtype="float32")
        samples = samples if samples.ndim == 1 else samples.mean(axis=1)
        if rate_hz != sample_rate_hz:
            samples = soxr.resample(samples, rate_hz, sample_rate_hz)
    samples = samples[:num_samples]
    padded[: len(samples)] = samples
    return padded, len(samples)


def _read_plain_wav(data, sample_rate_hz, max_samples):
    """Without a decoder where none is needed, or None."""
    if data[:4] != b"RIFF":
        return None
    with wave.open(io.BytesIO(data)) as sound:
        if sound.getparams()[:3] != (1, 2, sample_rate_hz):
            return None
        frames = sound.readframes(max_samples)
    return np.frombuffer(frames, np.int16).astype(np.float32) / 2**15
